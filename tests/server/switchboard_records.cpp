// What people read of their records.
#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::test;
namespace server = protocol::server;

TEST_CASE("a page of history is as its reader saw it, and carries the request's number") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.say_text(1, 1, "mine");
    here.say_text(2, 1, "yours");
    here.settle();

    here.say(1, R"({"t":"history","pair":")" + pair + R"(","rid":7})");
    here.settle();

    const auto page = here.last<server::history>(1);
    CHECK(here.lines.at(1)->said.back().rid == 7);
    REQUIRE(page.events.size() == 3);
    CHECK(page.events[1].from == protocol::sender::me);
    CHECK(page.events[1].cid == 1U);
    CHECK(page.events[2].from == protocol::sender::partner);
    CHECK_FALSE(page.events[2].cid);
    CHECK_FALSE(page.more);
}

TEST_CASE("a text is gone from a page that was read before the disk knew of its recall") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.say_text(1, 1, "a slip");
    here.settle();
    const std::string ask = R"({"t":"history","pair":")" + pair + R"("})";
    const auto shown = [&] { return here.last<server::history>(2).events.at(1); };
    const std::string recall = R"({"t":"recall","seq":2})";

    SECTION("and answered before it knows") {
        here.say(1, recall);
        here.say(2, ask);
        here.answer();
    }
    SECTION("and answered when it does") {
        here.say(2, ask);
        auto read = std::exchange(here.store.reads, {});
        std::vector<storage::read_job> page;
        page.push_back(std::move(read.front()));
        page.front().ok = here.store.behind.reader().answer(page.front().what);
        here.say(1, recall);
        here.commit();
        here.board->answered(std::move(page), here.now);
    }
    CHECK(shown().gone == protocol::gone_reason::recall);
    CHECK_FALSE(shown().text);

    here.settle();
    here.say(2, ask);
    here.settle();
    CHECK(shown().gone == protocol::gone_reason::recall);
}

TEST_CASE("a page that would outgrow a frame holds the newest events that fit, and says so") {
    house here;
    const auto pair = here.pair_up(1, 2);
    std::string heavy;
    for (int n = 0; n < 2000; ++n) {
        heavy += "\\u0001";  // six bytes on the wire each
    }
    for (int n = 1; n <= 12; ++n) {
        here.say_text(1, n, heavy);
    }
    here.settle();

    here.say(2, R"({"t":"history","pair":")" + pair + R"("})");
    here.settle();

    const auto page = here.last<server::history>(2);
    CHECK(page.more);
    REQUIRE(!page.events.empty());
    CHECK(page.events.back().seq == 13);
}

TEST_CASE("the fifth request at once is refused, and an answer makes room again") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const std::string asks = R"({"t":"history","pair":")" + pair + R"("})";
    for (int n = 0; n < 5; ++n) {
        here.say(1, asks);
    }
    CHECK(here.hear(1) == words{"error rate_limited"});
    CHECK(here.board->counted().limits.store_requests == 1);
    here.settle();
    here.say(1, asks);
    here.settle();

    CHECK(here.hear(1) == words{"history", "history", "history", "history", "history"});
}

TEST_CASE("a record that can't be read is an error, and the connection lives") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.say(1, R"({"t":"history","pair":")" + pair + R"("})");
    auto jobs = std::exchange(here.store.reads, {});
    std::vector<storage::read_job> failed;
    failed.push_back(std::move(jobs.front()));
    here.board->answered(std::move(failed), here.now);

    CHECK(here.hear(1) == words{"error store_unavailable"});
    CHECK(here.lines.at(1)->closed_with == 0);
}

TEST_CASE("an answer for somebody who has gone is nobody's") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.say(1, R"({"t":"history","pair":")" + pair + R"("})");
    here.say(1, R"({"t":"export"})");
    here.drop(1);
    here.settle();

    CHECK(here.board->session_count() == 1);
}

TEST_CASE("an export waits for a slow reader, and ends with the last page") {
    house here;
    here.pair_up(1, 2);
    for (int n = 1; n <= 60; ++n) {
        here.say_text(1, n, "text " + std::to_string(n));
    }
    here.settle();
    here.hear(1);
    here.lines.at(1)->waiting_bytes = 1'000'000;
    here.say(1, R"({"t":"export"})");
    here.settle();
    CHECK(here.hear(1) == words{"exported"});  // the account
    here.say(1, R"({"t":"export"})");
    CHECK(here.hear(1) == words{"error rate_limited"});

    here.lines.at(1)->waiting_bytes = 0;
    here.board->drained(lobby::session_id{1}, here.now);
    here.settle();

    std::size_t texts = 0;
    for (const auto& page : here.all<server::exported>(1)) {
        for (const auto& record : page.records) {
            texts += record.kind == protocol::record_kind::text ? 1 : 0;
        }
    }
    CHECK(texts == 60);
    CHECK_FALSE(here.last<server::exported>(1).more);
    here.say(1, R"({"t":"export"})");
    here.settle();
    CHECK(here.hear(1).front() == "exported");
}

TEST_CASE("a guest without a row has nothing to read") {
    house here;
    here.come(1);
    here.hear(1);
    here.say(1, R"({"t":"pairs"})");
    here.say(1, R"({"t":"export"})");
    here.settle();

    CHECK(here.hear(1) == words{"pairs", "exported"});
    CHECK(here.last<server::pairs>(1).pairs.empty());
    CHECK(here.last<server::exported>(1).records.empty());
    CHECK_FALSE(here.last<server::exported>(1).more);
}

TEST_CASE("a cursor that ends before the pair's name is a bad field, not the end of the list") {
    house here;
    const std::vector<std::string> cursors{"",
                                           ".",
                                           "1",
                                           "1.",
                                           ".AAAAAAAAAAAAAAAA",
                                           "-1.AAAAAAAAAAAAAAAA",
                                           "1.AAA",
                                           "1.AAAAAAAAAAAAAAAA=",
                                           "01.AAAAAAAAAAAAAAAA",
                                           "1.AAAAAAAAAAAAAAA "};

    int n = 0;
    for (const auto& cursor : cursors) {
        CAPTURE(cursor);
        here.come(++n);  // the fifth of one connection would be its last
        here.hear(n);
        here.say(n, R"({"t":"pairs","before":")" + cursor + R"("})");
        here.settle();
        CHECK(here.hear(n) == words{"error bad_field"});
        CHECK(here.last<server::error>(n).field == "before");
    }
    here.say(1, R"({"t":"pairs","before":"1.AAAAAAAAAAAAAAAA"})");
    here.settle();
    CHECK(here.hear(1) == words{"pairs"});
}
