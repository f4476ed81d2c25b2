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

TEST_CASE("a token whose answer came too late lets nobody in, and leaves its name free") {
    office at;
    office::wishes with;
    with.body = R"({"name":"ann","role":"owner"})";
    at.begin("POST", "/tokens", with);
    at.now.steady += 31s;

    at.settle();

    CHECK_FALSE(at.answered);
    CHECK(at.tokens.all().size() == 3);
    CHECK(at.audit().size() == 2);
    CHECK(at.ask("POST", "/tokens", with).status == 200);
}

TEST_CASE("who waited too long is told in JSON that nobody knows what became of it") {
    const auto late = admin::late_answer();

    CHECK(late.status == 503);
    CHECK(late.content_type == "application/json");
    const auto why = protocol::parse_fields<admin::problem>(late.body);
    REQUIRE(why.has_value());
    CHECK(why->code == "took_too_long");
    CHECK_THAT(why->text, Catch::Contains("may have been done"));
}
