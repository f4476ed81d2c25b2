#include "tests/admin/office.hpp"

using namespace onechat;
using namespace onechat::test;

namespace {

office::wishes order(std::string name, std::string role) {
    office::wishes with;
    with.body = R"({"name":")" + name + R"(","role":")" + role + "\"}";
    return with;
}

}  // namespace

TEST_CASE("a token is shown once, works at once, and is nothing once it is removed") {
    office at;

    const auto said = at.ask("POST", "/tokens", order("bo", "moderator"));
    REQUIRE(said.status == 200);
    const auto made = protocol::parse_fields<admin::new_token>(said.body).value();
    office::wishes bo;
    bo.who = made.token;
    CHECK(at.ask("GET", "/users", bo).status == 200);
    CHECK(at.told("GET", "/audit", bo) == "403 forbidden");
    const auto list = at.ask("GET", "/tokens");
    CHECK_THAT(list.body, Catch::Contains("\"bo\"") && !Catch::Contains(made.token));
    CHECK(at.ask("DELETE", "/tokens/bo").status == 200);
    CHECK(at.told("GET", "/users", bo) == "401 token_required");

    CHECK(at.audit() ==
          std::vector<std::string>{"owner: remove token, token bo, because of a test",
                                   "owner: add token moderator, token bo, because of a test"});
}

TEST_CASE("a name is taken once, fits, and the last owner stays") {
    office at;

    CHECK(at.told("POST", "/tokens", order("viewer", "viewer")) == "409 name_taken");
    CHECK(at.told("POST", "/tokens", order("Not Small", "viewer")) == "400 bad_field");
    CHECK(at.told("POST", "/tokens", order("", "viewer")) == "400 bad_field");
    CHECK(at.told("DELETE", "/tokens/owner") == "409 last_owner");
    CHECK(at.told("DELETE", "/tokens/nobody") == "404 not_found");
    CHECK(at.told("DELETE", "/tokens/..") == "400 bad_id");
    CHECK(at.tokens.all().size() == 3);
    CHECK(at.audit().empty());
}

TEST_CASE("there is an end to tokens") {
    office at;
    for (int n = 3; n < 100; ++n) {
        REQUIRE(at.ask("POST", "/tokens", order("t" + std::to_string(n), "viewer")).status == 200);
    }

    CHECK(at.told("POST", "/tokens", order("one-more", "viewer")) == "409 too_many");
}
