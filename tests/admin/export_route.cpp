#include "tests/admin/office.hpp"

using namespace onechat;
using namespace onechat::test;

TEST_CASE("an export for somebody holds what their own would, and leaves its row") {
    office at;
    have_talked(at);
    REQUIRE(at.ask("POST", "/users/1/ban").status == 200);

    const auto page = at.get<admin::export_page>("/users/1/export");

    REQUIRE(page.records.size() == 3);
    CHECK(page.records[0].kind == protocol::record_kind::account);
    CHECK(page.records[0].provider == protocol::provider::guest);
    CHECK(page.records[1].kind == protocol::record_kind::ban);
    CHECK(page.records[2].text == "hello from one");
    CHECK(page.records[2].pair.has_value());
    CHECK_FALSE(page.next);
    CHECK(at.audit().at(0) == "owner: export user, user 1, because of a test");
}

TEST_CASE("an export goes on where its page ended, and says the account once") {
    office at;
    at.pair_up(1, 2);
    for (int n = 1; n <= 600; ++n) {
        at.say_text(1, n, "text " + std::to_string(n));
        at.settle();
        at.pass(1s);
    }

    std::size_t texts = 0;
    std::size_t others = 0;
    std::size_t pages = 0;
    for (std::optional<std::string> after{""}; after; ++pages) {
        const auto page = at.get<admin::export_page>("/users/1/export" +
                                                     (after->empty() ? "" : "?after=" + *after));
        for (const auto& record : page.records) {
            const bool text = record.kind == protocol::record_kind::text;
            texts += text ? 1 : 0;
            others += text ? 0 : 1;
            CHECK((!text || record.text == "text " + std::to_string(texts)));
        }
        after = page.next;
    }

    CHECK(texts == 600);
    CHECK(others == 1);
    CHECK(pages == 2);
    CHECK(at.audit().size() == pages);
}

TEST_CASE("nobody's export, an erased one's, and a place that is none are refused") {
    office at;
    have_talked(at);

    CHECK(at.told("GET", "/users/99/export") == "404 not_found");
    for (const char* const after : {"", "1", "1.", ".1", "1.2.3", "x.1", "-1.1"}) {
        INFO(after);
        CHECK(at.told("GET", std::string{"/users/1/export?after="} + after) == "400 bad_query");
    }
    REQUIRE(at.ask("DELETE", "/users/1").status == 200);
    CHECK(at.told("GET", "/users/1/export") == "409 erased");
    office::wishes moderator;
    moderator.who = "moderator";
    CHECK(at.told("GET", "/users/2/export", moderator) == "403 forbidden");
}
