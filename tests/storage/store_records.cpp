// The store's contract, continued: recalling, clearing, reading a record, logging out.
#include "tests/storage/worlds.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

using seq_list = std::vector<std::uint64_t>;
using lines = std::vector<std::string>;

append from_two(append what) {
    what.row.from = side::two;
    return what;
}

find_history history(std::string name, std::int64_t user) {
    return {.name = std::move(name), .user = user_id{user}, .events = {}};
}

// A pair whose chat is over: start, "one" from the first, "two" from the second, end at 9000.
live_pair past_chat(store& where, std::int64_t one, std::int64_t two, unix_ms end = 9000) {
    const auto live = done(where, meeting(one, two)).live;
    done(where, text(live.pair.id, 2, "one"));
    done(where, from_two(text(live.pair.id, 3, "two")));
    done(where, ending(live, 4, end));
    return live;
}

}  // namespace

EACH_STORE("a recalled text is gone at once and says so, and its event follows") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, text(pair, 2, "secret"));

    done(at.store, recall(pair, 3, 2));

    const auto rows = events(at.store, pair);
    REQUIRE(rows.size() == 3);
    CHECK(rows[1].gone == gone_reason::recall);
    CHECK(rows[1].body.empty());
    CHECK(rows[1].cid == 2);
    const message_row event = recall(pair, 3, 2).row;
    CHECK(rows[2] == event);
    CHECK(answered(at.store, history("pair-1-2", 2)).events[1].body.empty());
    CHECK(own_texts(at.store, 1).empty());
    CHECK(answered(at.store, count_texts{.user = user_id{1}}).texts == 0);
}

EACH_STORE("who meets again sees no recalled text, but a repeated one is still recognised") {
    world<TestType> at;
    const auto live = done(at.store, meeting(1, 2)).live;
    done(at.store, text(live.pair.id, 2, "secret"));
    done(at.store, recall(live.pair.id, 3, 2));

    const auto restored = at.store.open_chats();
    REQUIRE(restored.size() == 1);
    REQUIRE(restored[0].unmarked.size() == 1);
    CHECK(restored[0].unmarked[0].body == "secret");
    CHECK(restored[0].unmarked[0].gone == gone_reason::recall);

    done(at.store, ending(live, 4));
    const auto again = done(at.store, meeting(1, 2, 9500));
    REQUIRE(again.recent.size() == 5);
    CHECK(again.recent[1].gone == gone_reason::recall);
    CHECK(again.recent[1].body.empty());
}

EACH_STORE("a chat in a pair that a side has cleared is found closed, and can be ended") {
    world<TestType> at;
    const auto live = done(at.store, meeting(1, 2)).live;
    CHECK_FALSE(at.store.open_chats()[0].closed);
    done(at.store, clearing(1, "pair-1-2"));

    const auto open = at.store.open_chats();

    REQUIRE(open.size() == 1);
    CHECK(open[0].closed);
    done(at.store, ending(open[0], 2));
    CHECK(at.store.open_chats().empty());
    CHECK(events(at.store, live.pair.id).back().kind == event_kind::end);
    CHECK(listed(at.store, 1).empty());
    CHECK(listed(at.store, 2) == std::vector<std::string>{"pair-1-2 at 9000: 2 '', 0 unseen"});
}

EACH_STORE("a recall of what can't be recalled takes nothing back, but stands in the record") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, text(pair, 2, "kept"));
    const auto [ref, from] = GENERATE(table<std::uint64_t, side>(
        {{2, side::two}, {1, side::one}, {9, side::one}, {0, side::one}}));

    done(at.store, recall(pair, 3, ref, from));

    CHECK(seqs(events(at.store, pair)) == seq_list{1, 2, 3});
    CHECK(events(at.store, pair)[1].body == "kept");
    CHECK(purged(at.store, 99'999).rows == 0);
}

EACH_STORE("a recall's seq must follow, and it must be a recall: else nothing is taken back") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, text(pair, 2, "kept"));
    auto no_recall = recall(pair, 3, 2);
    no_recall.row.kind = event_kind::text;

    CHECK(tried(at.store, recall(pair, 4, 2)) == commit_result::refused);
    CHECK(tried(at.store, recall(pair_id{99}, 1, 2)) == commit_result::refused);
    CHECK(tried(at.store, no_recall) == commit_result::refused);
    std::array<change, 2> batch{recall(pair, 3, 2), text(pair, 9)};
    CHECK(at.store.commit(batch) == commit_result::refused);

    CHECK(events(at.store, pair)[1].body == "kept");
    CHECK(purged(at.store, 99'999).rows == 0);
    done(at.store, recall(pair, 3, 2));
    CHECK(purged(at.store, 99'999).rows == 1);
}

EACH_STORE("a sealed body is overwritten when its time has come, and not before") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, text(pair, 2, "secret"));
    done(at.store, text(pair, 3, "later"));
    done(at.store, recall(pair, 4, 2, side::one, 20'000));
    done(at.store, recall(pair, 5, 3, side::one, 20'001));

    CHECK(purged(at.store, 19'999).rows == 0);
    CHECK(purged(at.store, 20'000).rows == 1);

    const auto unmarked = at.store.open_chats()[0].unmarked;
    REQUIRE(unmarked.size() == 2);
    CHECK(unmarked[0].body.empty());
    CHECK(unmarked[1].body == "later");
    CHECK(purged(at.store, 20'001).rows == 1);
}

EACH_STORE("who clears a pair has it no more; the other one keeps it") {
    world<TestType> at;
    past_chat(at.store, 1, 2);

    CHECK(done(at.store, clearing(1, "pair-1-2")).result == pair_change::done);

    CHECK_FALSE(answered(at.store, history("pair-1-2", 1)).found);
    CHECK(answered(at.store, history("pair-1-2", 2)).found);
    CHECK(listed(at.store, 1).empty());
    CHECK(listed(at.store, 2).size() == 1);
    CHECK(own_texts(at.store, 1) == lines{"pair-1-2 2 one"});
    CHECK(done(at.store, clearing(1, "pair-1-2")).result == pair_change::unknown);
    CHECK(done(at.store, clearing(2, "pair-1-2")).result == pair_change::done);
}

EACH_STORE("nobody clears what isn't theirs, and a refused batch clears nothing") {
    world<TestType> at;
    past_chat(at.store, 1, 2);

    CHECK(done(at.store, clearing(3, "pair-1-2")).result == pair_change::unknown);
    CHECK(done(at.store, clearing(1, "pair-9-9")).result == pair_change::unknown);
    CHECK(done(at.store, clearing(99, "pair-1-2")).result == pair_change::unknown);
    std::array<change, 2> batch{clearing(1, "pair-1-2"), text(pair_id{999}, 1)};
    CHECK(at.store.commit(batch) == commit_result::refused);
    CHECK(std::get<clear_pair>(batch[0]).result == pair_change::unknown);
    CHECK(listed(at.store, 1).size() == 1);
    CHECK(done(at.store, meeting(1, 2, 9500)).live.pair.met == 1);
}

EACH_STORE("a chat that was cleared meanwhile can be voided or ended") {
    world<TestType> at;
    const bool voids = GENERATE(true, false);
    const auto live = done(at.store, meeting(1, 2)).live;
    done(at.store, clearing(2, "pair-1-2"));

    if (voids) {
        done(at.store, void_chat{live.chat});
    } else {
        done(at.store, ending(live, 2));
    }

    CHECK(at.store.open_chats().empty());
    CHECK(listed(at.store, 1).size() == (voids ? 0 : 1));
    CHECK(done(at.store, meeting(1, 2, 9500, "fresh")).live.pair.name == "fresh");
}

EACH_STORE("history is a page of the pair, for its two people") {
    world<TestType> at;
    past_chat(at.store, 1, 2);

    auto asked = history("pair-1-2", 2);
    asked.before = 4;
    asked.limit = 2;
    const auto page = answered(at.store, asked);

    CHECK(page.found);
    CHECK(page.who == side::two);
    CHECK(seqs(page.events) == seq_list{2, 3});
    CHECK(page.events[0].body == "one");
    CHECK(page.more);
    CHECK(answered(at.store, history("pair-1-2", 1)).who == side::one);
    CHECK(answered(at.store, history("pair-1-2", 1)).events.size() == 4);
    CHECK_FALSE(answered(at.store, history("pair-1-2", 3)).found);
    CHECK_FALSE(answered(at.store, history("pair-3-4", 1)).found);
    CHECK(answered(at.store, history("pair-3-4", 1)).events.empty());
}

EACH_STORE("tokens are revoked forward, never back") {
    world<TestType> at;
    const auto from = [&] {
        return answered(at.store, find_user{.name = user(1).name, .user = {}, .blocked = {}})
            .user->tokens_from;
    };

    done(at.store, revoke_tokens{user_id{1}, 9000});
    CHECK(from() == 9000);
    done(at.store, revoke_tokens{user_id{1}, 8000});
    CHECK(from() == 9000);
    done(at.store, revoke_tokens{user_id{99}, 8000});
    std::array<change, 2> batch{revoke_tokens{user_id{1}, 9999}, text(pair_id{999}, 1)};
    CHECK(at.store.commit(batch) == commit_result::refused);
    CHECK(from() == 9000);
}
