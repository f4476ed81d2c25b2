// What people change of what is stored: blocks, reports, logging out, erasing.
#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::test;
namespace server = protocol::server;

namespace {

std::string about(const std::string& type, const std::string& pair) {
    return R"({"t":")" + type + R"(","pair":")" + pair + R"("})";
}
const std::string erase = R"({"t":"erase","confirm":true})";

}  // namespace

TEST_CASE("blocking the partner ends the chat first, and is answered after the commit") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.say(1, about("block", pair));

    CHECK(here.hear(1).empty());
    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
    here.settle();
    CHECK(here.hear(1) == words{"end 2 me left", "idle", "blocked"});
    CHECK(here.last<server::blocked>(1).on);
}

TEST_CASE("a block wins over a match that is being written") {
    switchboard_options options;
    options.lobby.rematch_after = 0ms;
    house here{options};
    const auto pair = here.pair_up(1, 2);
    here.say(1, about("leave", pair));
    here.settle();
    here.say(1, R"({"t":"find"})");
    here.say(2, R"({"t":"find"})");
    here.wait(300ms);
    here.board->tick(here.now);  // engaged, not yet written
    REQUIRE(here.store.writes.size() == 1);
    here.say(1, about("block", pair));
    here.settle();
    here.pass(1s);

    CHECK(here.all<server::matched>(1).size() == 1);
    CHECK(here.all<server::matched>(2).size() == 1);
    here.say(1, about("unblock", pair));
    here.settle();
    here.pass(1s);
    CHECK(here.all<server::matched>(1).size() == 2);
}

TEST_CASE("a block is remembered by the next arrival") {
    switchboard_options options;
    options.lobby.rematch_after = 0ms;
    house here{options};
    const auto pair = here.pair_up(1, 2);
    here.say(1, about("block", pair));
    here.settle();
    const auto token = here.token(1);
    here.drop(1);
    here.come_back(3, token);
    here.say(3, R"({"t":"find"})");
    here.say(2, R"({"t":"find"})");
    here.settle();
    here.pass(1s);

    CHECK(here.all<server::matched>(3).empty());
}

TEST_CASE("a block is not forgotten by a hello that came in before it was stored") {
    switchboard_options options;
    options.lobby.rematch_after = 0ms;
    house here{options};
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    here.say(1, about("block", pair));
    here.drop(1);
    here.connect(3);
    here.say(3, R"({"t":"hello","v":1,"token":")" + token + R"("})");
    auto read_early = std::exchange(here.store.reads, {});
    std::vector<storage::read_job> answers;
    for (auto& job : read_early) {
        job.ok = here.store.behind.reader().answer(job.what);
        answers.push_back(std::move(job));
    }
    here.commit();
    here.board->answered(std::move(answers), here.now);
    here.settle();
    here.say(3, R"({"t":"find"})");
    here.say(2, R"({"t":"find"})");
    here.settle();
    here.pass(1s);

    CHECK(here.all<server::welcome>(3).size() == 1);
    CHECK(here.all<server::matched>(3).empty());
}

TEST_CASE("beyond the most blocks a server keeps a further one is refused") {
    switchboard_options options;
    options.limits.blocks_max = 0;
    house here{options};
    const auto pair = here.pair_up(1, 2);
    here.say(1, about("leave", pair));
    here.settle();
    here.hear(1);
    here.say(1, about("block", pair));
    here.settle();

    CHECK(here.hear(1) == words{"error forbidden"});
    CHECK(here.board->counted().limits.blocks == 1);
}

TEST_CASE("with a full disk nothing is changed, and the chat goes on") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.store.state = lobby::store_state::closed;
    for (const auto& asked :
         {about("clear", pair), about("block", pair), about("unblock", pair), erase,
          std::string{R"({"t":"logout"})"}, std::string{R"({"t":"notify","templates":["a"]})"},
          R"({"t":"report","reason":"spam","pair":")" + pair + R"("})"}) {
        here.say(1, asked);
        CHECK(here.hear(1) == words{"error store_unavailable"});
    }
    CHECK(here.hear(2).empty());
    CHECK(here.store.writes.empty());
}

TEST_CASE(
    "an erasure that the store gave up is told, and a fresh connection finds where it stands") {
    house here;
    here.pair_up(1, 2);
    const auto token = here.token(1);
    here.say(1, R"({"t":"export"})");
    here.say(1, erase);
    auto given_up = std::move(here.store.writes.back());
    here.store.writes.pop_back();
    here.commit();  // the end of the chat
    here.store.writes.push_back(std::move(given_up));
    here.commit(storage::commit_result::full);
    here.settle();  // the page of the export that was given up

    const auto heard = here.hear(1);
    REQUIRE(heard.size() >= 2);
    CHECK(heard[heard.size() - 2] == "error store_unavailable");
    CHECK(heard.back() == "bye 4000");
    here.drop(1);
    here.come_back(3, token);
    CHECK(here.hear(3) == words{"welcome idle"});
}

TEST_CASE("a request that fails does not end an export under way") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.say(1, R"({"t":"export"})");
    here.say(1, about("history", pair));
    std::vector<storage::read_job> failed;
    failed.push_back(std::move(here.store.reads.back()));
    here.store.reads.pop_back();
    here.board->answered(std::move(failed), here.now);
    here.settle();

    CHECK(here.hear(1) == words{"error store_unavailable", "exported", "exported"});
}

TEST_CASE("who clears a chat while it is still being shown hears its end first, then the answer") {
    house here;
    const auto pair = here.pair_up(1, 2);
    for (int n = 1; n <= 150; ++n) {
        here.say_text(2, n, "x");
        here.settle();
    }
    const auto token = here.token(1);
    const auto epoch = here.epoch(1);
    here.drop(1);
    here.connect(3);
    here.say(3,
             R"({"t":"hello","v":1,"token":")" + token + '"' + house::held(pair, 1, epoch) + "}");
    here.answer();  // the token
    here.answer();  // what is held
    here.say(3, about("clear", pair));
    here.settle();

    const auto heard = here.hear(3);
    REQUIRE(heard.size() > 3);
    CHECK(heard.back() == "cleared");
    CHECK(heard[heard.size() - 2] == "idle");
    CHECK(heard[heard.size() - 3] == "end 152 me left");
}

TEST_CASE("the chat of somebody erased is over at the start that follows") {
    house here;
    here.pair_up(1, 2);
    const auto token = here.token(2);
    storage::erase_user again;
    again.user = storage::user_id{1};
    again.receipt = "r";
    std::vector<storage::change> changes{again};
    REQUIRE(here.store.behind.commit(changes) == storage::commit_result::done);
    here.start();
    here.settle();
    here.come_back(3, token);

    CHECK(here.hear(3) == words{"welcome idle"});
}

TEST_CASE(
    "a report about an unknown pair is not counted, and what ends something is never too much") {
    switchboard_options options;
    options.reports = lobby::rate{1, 1h, 1};
    options.messages = lobby::rate{1, 1min, 8};
    house here{options};
    const auto pair = here.pair_up(1, 2);
    for (int n = 0; n < 3; ++n) {
        here.say(1, R"({"t":"report","reason":"spam","pair":"nobody"})");
        here.settle();
    }
    here.say(1, R"({"t":"report","reason":"spam","pair":")" + pair + R"("})");
    here.settle();
    CHECK(here.hear(1).back() == "reported");
    for (int n = 0; n < 10; ++n) {
        here.say(1, R"({"t":"ping"})");
    }
    CHECK(here.hear(1).back() == "error rate_limited");
    here.say(1, erase);
    here.settle();
    CHECK(here.hear(1).back() == "bye 4504");
}

TEST_CASE("an erasure ends the chat, tells its receipt, closes, and the token is no good") {
    house here;
    here.pair_up(1, 2);
    here.say_text(1, 1, "one");
    here.say_text(1, 2, "two");
    here.settle();
    const auto token = here.token(1);
    here.hear(1);
    here.hear(2);
    here.say(1, erase);
    here.say(1, R"({"t":"find"})");
    here.settle();

    CHECK(here.hear(1) == words{"error forbidden", "end 4 me left", "erased", "bye 4504"});
    CHECK(here.hear(2) == words{"end 4 partner left", "partner left left"});
    const auto receipt = here.last<server::erased>(1).receipt;
    CHECK(receipt.texts == 2);
    CHECK(receipt.at == here.now.unix_ms);
    REQUIRE(receipt.kept.size() == 3);
    CHECK(receipt.kept[0].what == "texts");
    CHECK(receipt.kept[0].until == here.now.unix_ms + 72 * 3'600'000);
    here.connect(5);
    here.say(5, R"({"t":"hello","v":1,"token":")" + token + R"("})");
    here.settle();
    CHECK(here.hear(5) == words{"bye 4501"});
}

TEST_CASE("who was on the way in with the token of an erased account is turned away") {
    house here;
    here.pair_up(1, 2);
    const auto token = here.token(1);
    here.say(1, erase);
    here.connect(5);
    here.say(5, R"({"t":"hello","v":1,"token":")" + token + R"("})");
    here.answer();  // the store still knows the account
    here.settle();

    CHECK(here.hear(5) == words{"error platform_busy"});
    CHECK(here.hear(1).back() == "bye 4504");
    here.say(5, R"({"t":"hello","v":1,"token":")" + token + R"("})");
    here.settle();
    CHECK(here.hear(5) == words{"bye 4501"});
}

TEST_CASE("after a logout the token is revoked, and a fresh login is not") {
    house here;
    here.pair_up(1, 2);
    const auto token = here.token(1);
    here.hear(1);
    here.say(1, R"({"t":"logout","rid":4})");
    here.settle();

    CHECK(here.hear(1) == words{"end 2 me left", "idle", "bye 4501"});
    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
    here.connect(5);
    here.say(5, R"({"t":"hello","v":1,"token":")" + token + R"("})");
    here.settle();
    CHECK(here.hear(5) == words{"bye 4501"});
}

TEST_CASE("a report carries what the partner called themself, during the chat and after it") {
    house here;
    here.come(1);
    here.come(2);
    here.say(1, R"({"t":"find"})");
    here.say(2, R"({"t":"find","nickname":"Mallory"})");
    here.settle();
    here.pass(200ms);
    const auto pair = here.last<server::matched>(1).pair;
    const auto told = [&](int n) {
        here.say(n, R"({"t":"report","reason":"spam","pair":")" + pair + R"("})");
        auto nickname = std::get<storage::add_report>(here.store.writes.back().what).nickname;
        here.settle();
        return nickname;
    };

    CHECK(told(1) == "Mallory");
    CHECK(told(2).empty());
    here.say(1, about("leave", pair));
    here.settle();
    CHECK(told(1) == "Mallory");
    CHECK(here.board->counted().reports == 3);
}

TEST_CASE("messages beyond the rate are refused, and a text that was accepted is answered") {
    switchboard_options options;
    options.messages = lobby::rate{1, 1s, 6};
    house here{options};
    const auto pair = here.pair_up(1, 2);
    here.say_text(1, 1, "hi");
    here.settle();
    for (int n = 0; n < 3; ++n) {
        here.say(1, R"({"t":"ping"})");
    }
    here.hear(1);
    here.say_text(1, 1, "hi");
    here.say_text(1, 2, "too much");
    here.say(1, R"({"t":"typing","on":true})");
    here.say(1, about("history", pair));

    CHECK(here.hear(1) == words{"ack 1 dup", "nack 2 rate_limited", "error rate_limited"});
    CHECK(here.board->counted().limits.messages >= 3);
}

TEST_CASE("new guests of one address are limited, and others are not") {
    switchboard_options options;
    options.guest_logins = lobby::rate{1, 1min, 1};
    house here{options};
    const std::string hello = R"({"t":"hello","v":1,"login":{"provider":"guest"}})";
    here.come(1);
    here.connect(2);
    here.say(2, hello);
    CHECK(here.hear(2) == words{"error rate_limited"});
    here.from = {1};
    here.come(3);
    CHECK(here.hear(3) == words{"welcome idle"});
    here.wait(1min);
    here.say(2, hello);
    CHECK(here.hear(2) == words{"welcome idle"});
}
