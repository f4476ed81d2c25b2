// So many texts and searches of one person, and not more.
#include "server/lobby/lobby.hpp"
#include "tests/lobby/stage.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
namespace server = protocol::server;

namespace {

constexpr std::uint64_t burst = 4;

// Five texts a second after a burst of four.
lobby_options few_texts() {
    auto options = stage_options();
    options.texts = rate{5, 1s, burst};
    return options;
}

// Ten searches a minute after a burst of three.
lobby_options few_finds() {
    auto options = stage_options();
    options.finds = rate{10, 1min, 3};
    return options;
}

void say_burst(stage& here, int user, std::uint64_t first = 1) {
    for (std::uint64_t cid = first; cid < first + burst; ++cid) {
        here.say(user, cid, "x");
    }
}

std::optional<std::int64_t> last_retry(const stage& here, int user) {
    const auto nacks = messages<server::nack>(here.out, session_of(user));
    return nacks.empty() ? std::nullopt : nacks.back().retry_ms;
}

}  // namespace

// ---- texts ----

TEST_CASE("after a burst a text is refused until a whole burst is there again") {
    stage here{few_texts()};
    here.pair_up(1, 2);
    say_burst(here, 1);
    CHECK(here.hear(2).size() == burst);
    CHECK(here.hear(1).empty());
    take<keep>(here.out);

    here.say(1, 5, "one too many");

    CHECK(last_retry(here, 1) == 800);
    CHECK(here.hear(1) == words{"nack 5 rate_limited"});
    CHECK(here.out.empty());
}

TEST_CASE("until then every further text is refused for the rest, then they are said in order") {
    stage here{few_texts()};
    here.pair_up(1, 2);
    say_burst(here, 1);
    here.say(1, 5, "first");
    here.hear(1);

    here.wait(750ms);
    here.say(1, 6, "second");
    CHECK(last_retry(here, 1) == 50);
    here.wait(49ms);
    here.say(1, 7, "third");
    CHECK(last_retry(here, 1) == 1);
    here.wait(1ms);
    here.hear(1);
    here.hear(2);
    here.say(1, 8, "first");
    here.say(1, 9, "second");

    CHECK(here.hear(2) == words{"text 6 partner first", "text 7 partner second"});
    CHECK(here.hear(1).empty());
    CHECK(here.hall.limited().texts == 1);
}

TEST_CASE("no text gets through a refusal, although one would be allowed meanwhile") {
    auto options = stage_options();
    options.texts = rate{5, 1s, burst};
    stage here{options};
    here.pair_up(1, 2);
    const gate muted{protocol::refusal::platform_busy, 3000};
    here.hall.say({session_of(1), {}}, {1, "checked", {}}, here.now, here.out, muted);
    here.hear(1);

    here.wait(2999ms);
    here.say(1, 2, "on its way");

    CHECK(last_retry(here, 1) == 1);
    CHECK(here.hear(1) == words{"nack 2 platform_busy"});
    here.wait(1ms);
    here.say(1, 3, "checked");
    CHECK(here.hear(2) == words{"text 2 partner checked"});
}

TEST_CASE("a shorter refusal does not open the way before a longer one ends") {
    stage here;
    here.pair_up(1, 2);
    const auto refused_for = [&](std::uint64_t cid, std::int64_t retry_ms) {
        const gate why{protocol::refusal::rate_limited, retry_ms};
        here.hall.say({session_of(1), {}}, {cid, "x", {}}, here.now, here.out, why);
    };
    refused_for(1, 1000);
    refused_for(2, 30);
    here.hear(1);

    here.wait(31ms);
    here.say(1, 3, "too early");

    CHECK(last_retry(here, 1) == 969);
}

TEST_CASE("whoever has 64 texts to say after a resume says them without a flood of refusals") {
    auto options = stage_options();
    options.texts = rate{5, 1s, 20};
    stage here{options};
    here.pair_up(1, 2);
    std::uint64_t cid = 0;
    std::size_t left = 64;
    std::size_t refusals = 0;
    while (left > 0) {
        for (std::size_t n = left; n > 0; --n) {
            here.say(1, ++cid, "x");
        }
        here.commit();
        const auto nacks = messages<server::nack>(here.out, session_of(1)).size();
        refusals += nacks;
        left = nacks;
        here.wait(std::chrono::milliseconds{left > 0 ? *last_retry(here, 1) : 0});
        here.out.clear();
    }

    CHECK(refusals < protocol::limits::refusals_max);
}

TEST_CASE("repeats of accepted texts are answered whatever the limit") {
    stage here{few_texts()};
    here.pair_up(1, 2);
    say_burst(here, 1);
    here.say(1, 5, "refused");
    here.commit();
    here.out.clear();

    for (int n = 0; n < 10; ++n) {
        here.say(1, 4, "x");
    }

    CHECK(here.hear(1) == words(10, "ack 4 dup"));
}

TEST_CASE("refused texts and repeats do not count against the limit") {
    stage here{few_texts()};
    here.pair_up(1, 2);
    say_burst(here, 1);
    for (std::uint64_t cid = 5; cid < 50; ++cid) {
        here.say(1, cid, "refused");
        here.say(1, 4, "x");
        here.say(1, 4, "conflict");
    }
    here.hear(2);

    here.wait(800ms);
    here.say(1, 50, "again");

    CHECK(here.hear(2) == words{"text 6 partner again"});
}

TEST_CASE("who goes and comes back does not begin anew") {
    stage here{few_finds()};
    for (int time = 0; time < 3; ++time) {
        here.come(1, time);
        here.find(1, {}, time);
        here.hall.cancel({session_of(1, time), {}}, here.now, here.out);
        here.go(1, time);
    }
    CHECK(here.hall.people_count() == 0);
    here.out.clear();
    here.come(1, 3);
    here.find(1, {}, 3);

    CHECK(here.hear(1, 3) == words{"error rate_limited"});
    here.go(1, 3);
    here.pass(20s);
    here.come(1, 4);
    here.find(1, {}, 4);
    CHECK(here.hear(1, 4) == words{"waiting 0 0"});
}

TEST_CASE("everybody has a limit of their own") {
    stage here{few_texts()};
    here.pair_up(1, 2);
    say_burst(here, 1);
    here.say(1, 5, "refused");
    here.out.clear();

    say_burst(here, 2);

    CHECK(here.hear(1).size() == burst);
    CHECK(here.hear(2).empty());
}

TEST_CASE("a new connection brings no new burst") {
    stage here{few_texts()};
    here.pair_up(1, 2);
    say_burst(here, 1);
    here.say(1, 5, "refused");
    here.commit();
    here.out.clear();

    here.go(1);
    here.come(1, 1);
    here.out.clear();
    here.say(1, 6, "refused", {}, 1);
    CHECK(here.hear(1, 1) == words{"nack 6 rate_limited"});
    here.come(1, 2);  // takes over
    here.out.clear();
    here.say(1, 7, "refused", {}, 2);

    CHECK(here.hear(1, 2) == words{"nack 7 rate_limited"});
    CHECK(here.hear(2).empty());
}

TEST_CASE("a new chat brings no new burst") {
    auto options = stage_options();
    options.texts = rate{1, 1min, burst};
    stage here{options};
    here.pair_up(1, 2);
    say_burst(here, 1);
    here.next(1);
    here.commit();
    here.come(3);
    here.find(3);
    here.pass(200ms);
    here.open_chats();
    REQUIRE(here.hall.talking(user_id{3}) != nullptr);
    here.out.clear();

    here.say(1, 1, "hello");

    CHECK(here.hear(1) == words{"nack 1 rate_limited"});
    CHECK(here.hear(3).empty());
}

TEST_CASE("a refusal of the old chat does not hold in the next one") {
    stage here;
    here.pair_up(1, 2);
    const gate muted{protocol::refusal::platform_busy, 60'000};
    here.hall.say({session_of(1), {}}, {1, "x", {}}, here.now, here.out, muted);
    here.next(1);
    here.commit();
    here.come(3);
    here.find(3);
    here.pass(200ms);
    here.open_chats();
    here.out.clear();

    here.say(1, 1, "hello");

    CHECK(here.hear(3) == words{"text 2 partner hello"});
}

TEST_CASE("a caller that takes no text just now says why, unless the store takes none at all") {
    stage here;
    here.pair_up(1, 2);
    here.say(1, 1, "x");
    here.commit();
    here.out.clear();
    const gate muted{protocol::refusal::blocked_text, 0};
    const auto say = [&](std::uint64_t cid) {
        here.hall.say({session_of(1), {}}, {cid, "x", {}}, here.now, here.out, muted);
    };

    say(1);
    say(2);
    CHECK(here.hear(1) == words{"ack 1 dup", "nack 2 blocked_text"});
    here.say(1, 3, "not hindered by it");
    CHECK(here.hear(2).size() == 1);
    here.hall.set_store(store_state::closed);
    say(4);
    CHECK(here.hear(1) == words{"nack 4 store_unavailable"});
}

// ---- searches ----

TEST_CASE("one search too many is refused with the time to wait, and keeps the place as it is") {
    stage here{few_finds()};
    here.come(1);
    for (int n = 0; n < 3; ++n) {
        here.find(1);
    }
    here.hear(1);

    here.hall.find({session_of(1), 12}, {}, here.now, here.out);

    const auto errors = messages<server::error>(here.out, session_of(1));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].retry_ms == 6000);
    CHECK(std::get<tell>(here.out.back()).rid == 12);
    CHECK(here.hear(1) == words{"error rate_limited"});
    here.come(2);
    here.find(2);
    here.pass(200ms);
    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("a refused search makes nobody wait, and after its time it is heard") {
    stage here{few_finds()};
    here.come(1);
    for (int n = 0; n < 3; ++n) {
        here.find(1);
        here.cancel(1);
    }
    here.hear(1);

    here.find(1);
    here.cancel(1);
    CHECK(here.hear(1) == words{"error rate_limited", "error not_waiting"});
    here.wait(5999ms);
    here.find(1);
    here.wait(1ms);
    here.find(1);

    CHECK(here.hear(1) == words{"error rate_limited", "waiting 0 0"});
}

TEST_CASE("a refused next leaves the chat as it is") {
    stage here{few_finds()};
    here.pair_up(1, 2);
    here.leave(1);
    here.commit();
    here.find(1);
    here.find(2);
    here.pass(9s);  // gives one back
    here.open_chats();
    REQUIRE(here.hall.talking(user_id{1}) != nullptr);
    here.find(2);  // refused for another reason: does not count
    here.out.clear();

    here.next(1);
    here.commit();
    REQUIRE(here.hall.talking(user_id{1}) == nullptr);
    here.come(3);
    here.find(3);
    here.pass(200ms);
    here.open_chats();
    const chat* current = here.hall.talking(user_id{1});
    REQUIRE(current != nullptr);
    here.next(1);
    here.commit();
    here.come(4);
    here.find(4);
    here.pass(200ms);
    here.open_chats();
    current = here.hall.talking(user_id{1});
    REQUIRE(current != nullptr);
    here.out.clear();
    here.next(1);

    CHECK(here.hear(1) == words{"error rate_limited"});
    CHECK(here.out.empty());
    CHECK(here.hall.talking(user_id{1}) == current);
    CHECK_FALSE(current->ended());
    here.say(4, 1, "still here");
    CHECK(here.hear(1).size() == 1);
}

TEST_CASE("find and next draw on the same limit") {
    stage here{few_finds()};
    here.come(1);

    here.find(1);
    here.next(1);
    here.next(1);
    here.find(1);
    here.next(1);

    CHECK(here.hear(1) == words{"waiting 0 0", "waiting 0 0", "waiting 0 0", "error rate_limited",
                                "error rate_limited"});
}

TEST_CASE("a next for another pair and a find in a chat are refused without counting") {
    stage here{few_finds()};
    here.pair_up(1, 2);  // one search
    for (int n = 0; n < 10; ++n) {
        here.next(1, "pair0");
        here.find(1);
    }
    here.out.clear();

    here.next(1);

    CHECK(here.hear(1) == words{"waiting 0 0"});
}

TEST_CASE("the limit of searches outlives the connection of somebody who waits") {
    stage here{few_finds()};
    here.come(1);
    for (int n = 0; n < 3; ++n) {
        here.find(1);
    }
    here.go(1);
    here.come(1, 1);

    here.find(1, {}, 1);

    CHECK(here.hear(1, 1) == words{"error rate_limited"});
}
