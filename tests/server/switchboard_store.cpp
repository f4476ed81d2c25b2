// When the store is full, slow, or its fate unknown.
#include "server/switchboard.hpp"
#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::test;
namespace server = protocol::server;

TEST_CASE("texts already shown when the writer is full are stored later, in order") {
    house here;
    here.pair_up(1, 2);
    here.store.admits = storage::admission::full;
    here.say_text(1, 1, "a");
    CHECK(here.hear(2) == words{"text 2 partner a"});

    here.say_text(1, 2, "b");
    CHECK(here.hear(1) == words{"nack 2 store_unavailable"});
    CHECK(here.hear(2).empty());
    here.say(2, R"({"t":"leave"})");
    here.store.admits = storage::admission::queued;
    here.pass(100ms);

    const words heard = here.hear(1);
    CHECK(heard == words{"ack 1", "end 3 partner left", "partner left left"});
    CHECK(here.store.behind.open_chats().empty());
    CHECK_FALSE(here.board->failed());
}

TEST_CASE("several changes of one turn that found no room keep their order") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.store.admits = storage::admission::full;
    here.say_text(1, 1, "a");
    here.say(1, R"({"t":"leave"})");
    here.store.admits = storage::admission::queued;
    here.pass(100ms);

    here.come_back(3, here.token(1), house::held(pair, 1, here.epoch(1)));

    CHECK(here.hear(3) == words{"welcome idle", "text 2 me a", "end 3 me left"});
    CHECK_FALSE(here.board->failed());
}

TEST_CASE("service resumes by itself when the store has room again") {
    house here;
    here.pair_up(1, 2);
    here.store.state = lobby::store_state::closed;
    here.say_text(1, 1, "a");
    here.say(1, R"({"t":"ping"})");
    CHECK(here.hear(1) == words{"nack 1 store_unavailable", "pong"});

    here.store.state = lobby::store_state::open;
    here.wait(5s);
    here.say_text(1, 2, "a");
    here.settle();

    CHECK(here.hear(1) == words{"ack 2"});
    CHECK(here.hear(2) == words{"text 2 partner a"});
}

TEST_CASE("a chat that could not be written is tried again, and people keep their places") {
    house here;
    here.come(1);
    here.come(2);
    here.say(1, R"({"t":"find"})");
    here.say(2, R"({"t":"find"})");
    here.settle();
    here.hear(1);
    here.wait(200ms);
    here.board->tick(here.now);
    REQUIRE_FALSE(here.store.writes.empty());

    here.commit(storage::commit_result::full);
    CHECK(here.hear(1).empty());
    here.pass(200ms);

    CHECK(here.hear(1).back() == "matched");
    CHECK_FALSE(here.board->failed());
}

TEST_CASE("a guest whose row could not be written is matched when the store has room again") {
    house here;
    here.come(1);
    here.come(2);
    here.say(1, R"({"t":"find"})");
    here.commit(storage::commit_result::full);
    here.say(2, R"({"t":"find"})");
    here.settle();

    here.pass(10s);

    CHECK(here.all<server::matched>(1).size() == 1);
    CHECK(here.all<server::matched>(2).size() == 1);
}

TEST_CASE("a guest whose row is not written does not hold up the others") {
    house here;
    here.come(1);
    here.say(1, R"({"t":"find"})");
    here.commit(storage::commit_result::full);
    here.come(2);
    here.come(3);
    here.say(2, R"({"t":"find"})");
    here.say(3, R"({"t":"find"})");

    here.pass(3s);

    const auto met = here.all<server::matched>(1).size() + here.all<server::matched>(2).size() +
                     here.all<server::matched>(3).size();
    CHECK(met == 2);
}

TEST_CASE("a commit of unknown fate fails the server, and nothing is acked") {
    house here;
    here.pair_up(1, 2);
    here.say_text(1, 1, "a");

    here.commit(storage::commit_result::unknown);

    CHECK(here.board->failed());
    CHECK(here.hear(1).empty());
}

TEST_CASE("a refused event fails the server: its record would have a hole") {
    house here;
    here.pair_up(1, 2);
    here.say_text(1, 1, "a");

    here.commit(storage::commit_result::refused);

    CHECK(here.board->failed());
    CHECK(here.hear(1).empty());
}

TEST_CASE("a hello that finds the readers busy is refused and may be said again") {
    house here;
    here.come(1);
    here.say(1, R"({"t":"find"})");
    here.settle();
    const auto token = here.token(1);
    here.store.reads_fit = false;
    here.come_back(2, token);
    CHECK(here.hear(2) == words{"error platform_busy"});

    here.store.reads_fit = true;
    here.say(2, R"({"t":"hello","v":1,"token":")" + token + "\"}");
    here.settle();

    CHECK(here.hear(2).front() == "welcome waiting");
}

TEST_CASE("a disk that can't be read sends people away to come again") {
    house here;
    here.come(1);
    here.say(1, R"({"t":"find"})");
    here.settle();
    here.connect(2);
    here.say(2, R"({"t":"hello","v":1,"token":")" + here.token(1) + "\"}");
    REQUIRE(here.store.reads.size() == 1);

    std::vector<storage::read_job> failed{std::make_move_iterator(here.store.reads.begin()),
                                          std::make_move_iterator(here.store.reads.end())};
    here.store.reads.clear();
    here.board->answered(std::move(failed), here.now);

    CHECK(here.hear(2) == words{"bye 4000"});
    CHECK(here.lines[1]->closed_with == 0);
}

TEST_CASE("an answer for a connection that is gone is passed over") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.connect(3);
    here.say(3, R"({"t":"hello","v":1,"token":")" + here.token(1) + '"' +
                    house::held(pair, 1, here.epoch(1)) + "}");
    here.drop(3);

    here.settle();
    here.say_text(1, 1, "undisturbed");
    here.settle();

    CHECK(here.hear(1) == words{"ack 1"});
}

TEST_CASE("of two hellos on one connection the last one wins") {
    house here;
    here.pair_up(1, 2);
    here.connect(3);
    here.say(3, R"({"t":"hello","v":1,"rid":1,"token":")" + here.token(1) + "\"}");
    here.say(3, R"({"t":"hello","v":1,"rid":2,"login":{"provider":"guest"}})");
    here.settle();

    CHECK(here.hear(3) == words{"welcome idle"});
    CHECK(here.lines[3]->said.back().rid == 2);
    CHECK(here.lines[1]->closed_with == 0);
}

TEST_CASE("the time to an ack runs from each text to its commit") {
    house here;
    here.pair_up(1, 2);
    here.say_text(1, 1, "a");
    here.wait(30ms);
    here.say_text(2, 1, "b");
    here.wait(20ms);

    here.commit();

    const histogram& times = here.board->counted().ack_times;
    CHECK(times.count() == 2);
    CHECK(times.sum() * 1000 == Approx(70));
}

TEST_CASE("a text that is said again has one time to its ack") {
    house here;
    here.pair_up(1, 2);
    here.say_text(1, 1, "a");
    here.wait(10ms);
    here.say_text(1, 1, "a");
    here.wait(10ms);
    here.commit();

    here.say_text(1, 1, "a");
    here.settle();

    CHECK(here.hear(1) == words{"ack 1", "ack 1 dup", "ack 1 dup"});
    CHECK(here.board->counted().ack_times.count() == 1);
    CHECK(here.board->counted().ack_times.sum() * 1000 == Approx(20));
}

TEST_CASE("an ack that nobody waits for any more counts as if it had been sent") {
    house here;
    here.pair_up(1, 2);
    here.say_text(1, 1, "a");
    here.drop(1);
    here.wait(10ms);

    here.commit();

    CHECK(here.board->counted().acks == 0);
    CHECK(here.board->counted().ack_times.count() == 1);
}

TEST_CASE("the time to an ack includes the wait for room in the writer's queue") {
    house here;
    here.pair_up(1, 2);
    here.store.admits = storage::admission::full;
    here.say_text(1, 1, "a");
    here.store.admits = storage::admission::queued;

    here.pass(100ms);

    CHECK(here.hear(1) == words{"ack 1"});
    CHECK(here.board->counted().ack_times.sum() * 1000 == Approx(100));
}
