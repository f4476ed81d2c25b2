#include "tests/admin/office.hpp"

#include <algorithm>

using namespace onechat;
using namespace onechat::test;

TEST_CASE("whom somebody has met is read with a reason, which stays") {
    office at;
    have_talked(at);

    const auto page = at.get<admin::pair_page>("/users/1/pairs");

    REQUIRE(page.pairs.size() == 1);
    CHECK(page.pairs[0].seats[1].user == "2");
    CHECK(page.pairs[0].met == 1);
    CHECK_FALSE(page.next);
    CHECK(at.told("GET", "/users/99/pairs") == "404 not_found");
    CHECK(at.audit() == std::vector<std::string>{"owner: read pairs, user 99, because of a test",
                                                 "owner: read pairs, user 1, because of a test"});
}

TEST_CASE("a record is read page by page, after the row that says so") {
    office at;
    have_talked(at);

    const auto newest = at.get<admin::record>("/pairs/1/events?limit=2");
    REQUIRE(newest.events.size() == 2);
    CHECK(newest.events[0].text == "hello from two");
    CHECK(newest.events[0].user == "2");
    CHECK(newest.events[1].kind == protocol::event_kind::end);
    CHECK_FALSE(newest.live);
    REQUIRE(newest.next == "3");
    const auto oldest = at.get<admin::record>("/pairs/1/events?limit=2&before=3");
    CHECK(oldest.events[0].kind == protocol::event_kind::start);
    CHECK_FALSE(oldest.events[0].user);
    CHECK_FALSE(oldest.next);
    CHECK(at.audit().size() == 2);
}

TEST_CASE("a text that is removed is gone for both phones at their next sync") {
    office at;
    have_talked(at);

    CHECK_THAT(at.told("DELETE", "/pairs/1/events/2"), Catch::Contains(R"("texts":1)"));

    const auto pair = at.all<protocol::server::matched>(1).at(0).pair;
    for (const int n : {1, 2}) {
        at.say(n, R"({"t":"history","pair":")" + pair + "\"}");
        at.settle();
        const auto page = at.last<protocol::server::history>(n);
        CHECK(page.events.at(1).gone == protocol::gone_reason::removed);
        CHECK_FALSE(page.events.at(1).text);
        CHECK(page.events.back().kind == protocol::event_kind::recall);
        CHECK(page.events.back().ref == 2);
    }
    CHECK(at.told("DELETE", "/pairs/1/events/2") == "404 not_found");
    CHECK(at.told("DELETE", "/pairs/1/events/1") == "404 not_found");  // no text
    CHECK(at.told("DELETE", "/pairs/1/events/0") == "404 not_found");
    CHECK(at.told("DELETE", "/pairs/9/events/2") == "404 not_found");
    CHECK(at.told("DELETE", "/pairs/x/events/2") == "400 bad_id");
    CHECK(at.audit() ==
          std::vector<std::string>{"owner: remove event, pair 1 event 2, because of a test"});
}

TEST_CASE("in a live chat both see at once that a text is removed, and the chat goes on") {
    office at;
    at.pair_up(1, 2);
    at.say_text(1, 1, "hello");
    at.settle();
    at.hear(1);
    at.hear(2);

    CHECK_THAT(at.told("DELETE", "/pairs/1/events/2"), Catch::Contains(R"("texts":1)"));

    for (const int n : {1, 2}) {
        const auto told = at.last<protocol::server::event>(n);
        CHECK(told.kind == protocol::event_kind::recall);
        CHECK(told.ref == 2);
        CHECK(told.gone == protocol::gone_reason::removed);
    }
    CHECK(at.told("DELETE", "/pairs/1/events/2") == "404 not_found");
    CHECK(at.audit().size() == 1);
    at.say_text(2, 1, "and on it goes");
    at.settle();
    CHECK(at.last<protocol::server::event>(1).text == "and on it goes");
    CHECK_FALSE(at.board->failed());
}

TEST_CASE("all texts of a pair are removed, unless the two talk") {
    office at;
    at.pair_up(1, 2);
    at.say_text(1, 1, "hello");
    at.settle();
    CHECK(at.told("DELETE", "/pairs/1/events") == "409 pair_is_live");
    CHECK(at.audit().empty());
    at.say(1, R"({"t":"leave"})");
    at.settle();

    CHECK_THAT(at.told("DELETE", "/pairs/1/events"),
               Catch::Contains(R"({"texts":1,"more":false})"));
    CHECK_THAT(at.told("DELETE", "/pairs/1/events"),
               Catch::Contains(R"({"texts":0,"more":false})"));
    CHECK(at.told("DELETE", "/pairs/9/events") == "404 not_found");
    CHECK(at.audit().size() == 1);
}

TEST_CASE("a text that several remove at once is removed once, with one event and one row") {
    office at;
    at.pair_up(1, 2);
    at.say_text(1, 1, "hello");
    at.settle();
    at.hear(1);
    std::vector<unsigned> statuses;
    office::wishes why;
    for (int n = 0; n < 5; ++n) {
        at.door->answer(office::request("DELETE", "/admin/api/v1/pairs/1/events/2", why,
                                        at.secrets_of["owner"]),
                        [&](const net::http_answer& said) { statuses.push_back(said.status); });
    }

    at.settle();

    std::ranges::sort(statuses);
    CHECK(statuses == std::vector<unsigned>{200, 404, 404, 404, 404});
    CHECK(at.hear(1).size() == 1);
    CHECK(at.get<admin::record>("/pairs/1/events").events.size() == 3);
    CHECK(at.audit().size() == 2);
}

// The look at the text comes back after the other removal is stored.
TEST_CASE("a text that was removed while somebody looked at it is not removed again") {
    office at;
    at.pair_up(1, 2);
    at.say_text(1, 1, "hello");
    at.settle();
    at.hear(1);
    std::vector<unsigned> statuses;
    office::wishes why;
    const auto remove = [&] {
        at.door->answer(office::request("DELETE", "/admin/api/v1/pairs/1/events/2", why,
                                        at.secrets_of["owner"]),
                        [&](const net::http_answer& said) { statuses.push_back(said.status); });
    };
    remove();
    remove();
    auto late = std::move(at.store.reads.back());
    at.store.reads.pop_back();
    late.ok = at.store.behind.reader().answer(late.what);
    at.settle();
    REQUIRE(statuses == std::vector<unsigned>{200});

    std::vector<storage::read_job> answers;
    answers.push_back(std::move(late));
    at.board->answered(std::move(answers), at.now);
    at.settle();

    CHECK(statuses == std::vector<unsigned>{200, 404});
    CHECK(at.hear(1).size() == 1);
    CHECK(at.audit().size() == 1);
}
