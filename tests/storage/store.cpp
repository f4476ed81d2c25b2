// The store's contract, on everything that fills it.
#include "storage/store.hpp"

#include "tests/storage/worlds.hpp"

#include <random>

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

using seq_list = std::vector<std::uint64_t>;

std::vector<cid_mark> marks(std::uint64_t count) {
    std::vector<cid_mark> out;
    for (std::uint64_t i = 1; i <= count; ++i) {
        out.push_back({.cid = i * 3, .seq = i * 2 + (i % 2), .digest = i * 0x9E3779B97F4A7C15});
    }
    return out;
}

}  // namespace

EACH_STORE("a user is found by the subject, with everything that was said about them") {
    world<TestType> at;

    const auto found =
        answered(at.store, find_user{.name = user(3).name, .user = {}, .blocked = {}});

    CHECK(found.user == user(3));
    CHECK_FALSE(
        answered(at.store, find_user{.name = user(9).name, .user = {}, .blocked = {}}).user);
}

EACH_STORE("an account that has a row keeps it") {
    world<TestType> at;
    user_row again = user(7);
    again.account = user(2).account;
    again.person = user(2).person;

    done(at.store, make_user{again});

    CHECK_FALSE(answered(at.store, find_user{.name = again.name, .user = {}, .blocked = {}}).user);
    CHECK(answered(at.store, find_user{.name = user(2).name, .user = {}, .blocked = {}}).user ==
          user(2));
    done(at.store, make_user{user(2)});
}

EACH_STORE("a second user with a used id or subject, or without an account, is refused") {
    world<TestType> at;
    user_row same_id = user(7);
    same_id.id = user_id{2};
    user_row same_subject = user(7);
    same_subject.name = user(2).name;
    user_row no_account = user(7);
    no_account.account = "";

    CHECK(tried(at.store, make_user{same_id}) == commit_result::refused);
    CHECK(tried(at.store, make_user{same_subject}) == commit_result::refused);
    CHECK(tried(at.store, make_user{no_account}) == commit_result::refused);
    CHECK_FALSE(at.store.why().empty());
    CHECK(at.store.last_user() == user_id{4});
}

EACH_STORE("the last user is the one with the highest id") {
    world<TestType> at;

    done(at.store, make_user{user(90)});
    done(at.store, make_user{user(50)});

    CHECK(at.store.last_user() == user_id{90});
}

EACH_STORE("the newest event is the one that was stored last, whatever its pair and time") {
    world<TestType> at;
    CHECK(at.store.newest_at() == 0);
    const pair_id one = done(at.store, meeting(1, 2, 5000)).live.pair.id;
    const auto other = done(at.store, meeting(3, 4, 6000)).live;
    CHECK(at.store.newest_at() == 6000);

    done(at.store, text(one, 2));
    CHECK(at.store.newest_at() == 5002);
    std::array<change, 2> batch{text(one, 3), text(pair_id{999}, 1)};
    REQUIRE(at.store.commit(batch) == commit_result::refused);
    CHECK(at.store.newest_at() == 5002);
    std::array<change, 2> voided{void_chat{other.chat}, text(pair_id{999}, 1)};
    REQUIRE(at.store.commit(voided) == commit_result::refused);
    CHECK(at.store.newest_at() == 5002);
    done(at.store, text(one, 3));
    done(at.store, void_chat{other.chat});
    CHECK(at.store.newest_at() == 5003);
    done(at.store, meeting(3, 4, 4000));
    CHECK(at.store.newest_at() == 4000);
}

EACH_STORE("the first chat of two users makes their pair and its start event") {
    world<TestType> at;
    auto asked = meeting(1, 2, 7000);
    asked.topic = "music";
    asked.epoch = 44;

    const auto opened = done(at.store, asked);

    REQUIRE(opened.opened);
    const pair_row& pair = opened.live.pair;
    CHECK(pair.name == "pair-1-2");
    const seat_row one{.user = user_id{1}, .alias = "Alias 1", .avatar = "fox", .marks = {}};
    const seat_row two{.user = user_id{2}, .alias = "Alias 2", .avatar = "owl", .marks = {}};
    CHECK(pair.seats[0] == one);
    CHECK(pair.seats[1] == two);
    CHECK(pair.first_seq == 1);
    CHECK(pair.last_seq == 1);
    CHECK(pair.last_at == 7000);
    CHECK(pair.met == 0);
    CHECK(opened.live.started == 7000);
    CHECK(opened.live.topic == "music");
    CHECK(opened.live.unmarked.empty());
    const message_row start{.pair = pair.id,
                            .seq = 1,
                            .epoch = 44,
                            .from = side::system,
                            .kind = event_kind::start,
                            .at = 7000,
                            .body = {}};
    CHECK(opened.recent == std::vector{start});
    CHECK(events(at.store, pair.id) == std::vector{start});
}

EACH_STORE("a chat with an unknown, banned or erased user is not opened, and harms nobody") {
    world<TestType> at;
    done(at.store, make_user{user(9)});
    done(at.store, ban(9, {1000}));
    done(at.store, erasure(4));

    std::array<change, 5> batch{meeting(1, 77), meeting(2, 9, 5999), meeting(3, 4), meeting(1, 2),
                                make_user{user(10)}};
    REQUIRE(at.store.commit(batch) == commit_result::done);

    CHECK_FALSE(std::get<open_chat>(batch[0]).opened);
    CHECK_FALSE(std::get<open_chat>(batch[1]).opened);
    CHECK_FALSE(std::get<open_chat>(batch[2]).opened);
    CHECK(std::get<open_chat>(batch[3]).opened);
    CHECK(at.store.open_chats().size() == 1);
    CHECK(at.store.last_user() == user_id{10});
    CHECK_FALSE(answered(at.store, keep("pair-2-9", 2, 0, 0)).pair);
}

EACH_STORE("a ban that is over at the time of the chat doesn't matter") {
    world<TestType> at;
    done(at.store, make_user{user(9)});
    done(at.store, ban(9, {1000}));

    CHECK(done(at.store, meeting(1, 9, 6000)).opened);
}

EACH_STORE("two who meet again go on in their record") {
    world<TestType> at;
    const auto first = done(at.store, meeting(1, 2));
    const pair_id pair = first.live.pair.id;
    done(at.store, text(pair, 2, "a"));
    done(at.store, text(pair, 3, "b"));
    done(at.store, ending(first.live, 4, 9000));

    auto again = meeting(1, 2, 9500, "another-name");
    again.seeds = {};
    again.recent_max = 3;
    again = done(at.store, again);

    CHECK(again.opened);
    CHECK(again.live.pair.id == pair);
    CHECK(again.live.pair.name == "pair-1-2");
    CHECK(again.live.pair.seats[0].alias == "Alias 1");
    CHECK(again.live.pair.met == 1);
    CHECK(again.live.pair.last_seq == 5);
    CHECK(again.live.chat != first.live.chat);
    CHECK(seqs(again.recent) == seq_list{3, 4, 5});
}

EACH_STORE("a chat never starts before the pair's last event") {
    world<TestType> at;
    const auto first = done(at.store, meeting(1, 2, 5000));
    done(at.store, ending(first.live, 2, 9000));

    const auto again = done(at.store, meeting(1, 2, 6000));

    CHECK(again.live.started == 9000);
    CHECK(again.live.pair.last_at == 9000);
    CHECK(again.recent.back().at == 9000);
}

EACH_STORE("a pair has one open chat at a time") {
    world<TestType> at;
    done(at.store, meeting(1, 2));

    CHECK(tried(at.store, meeting(1, 2)) == commit_result::refused);
    CHECK(at.store.open_chats().size() == 1);
}

EACH_STORE("what either side has cleared is closed: they meet as strangers") {
    world<TestType> at;
    const side who = GENERATE(side::one, side::two);
    const auto first = done(at.store, meeting(1, 2));
    done(at.store, ending(first.live, 2));
    done(at.store, clearing(who == side::one ? 1 : 2, "pair-1-2"));

    const auto again = done(at.store, meeting(1, 2, 9999, "fresh"));

    CHECK(again.opened);
    CHECK(again.live.pair.id != first.live.pair.id);
    CHECK(again.live.pair.name == "fresh");
    CHECK(again.live.pair.met == 0);
    CHECK(again.live.pair.last_seq == 1);
    CHECK(again.recent.size() == 1);
}

EACH_STORE("a pair's name is nobody else's") {
    world<TestType> at;
    done(at.store, meeting(1, 2, 5000, "same"));

    CHECK(tried(at.store, meeting(3, 4, 5000, "same")) == commit_result::refused);
}

EACH_STORE("an event keeps all that it says") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    const message_row row{.pair = pair,
                          .seq = 2,
                          .epoch = 1'700'000'000'000,
                          .from = side::two,
                          .kind = event_kind::recall,
                          .cid = 9'007'199'254'740'991,
                          .ref = 1,
                          .reason = end_reason::timeout,
                          .at = 1'800'000'000'000,
                          .body = "na\u00efve \U0001F98A '; DROP TABLE messages; --"};

    done(at.store, append{row});

    CHECK(events(at.store, pair).back() == row);
    const auto live = at.store.open_chats();
    REQUIRE(live.size() == 1);
    CHECK(live[0].pair.last_seq == 2);
    CHECK(live[0].pair.last_at == row.at);
}

EACH_STORE("an event's seq must follow the pair's last, or nothing of its batch happens") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    const std::vector wrong{text(pair, 1), text(pair, 4), text(pair, 0), text(pair_id{999}, 1)};
    const append bad = wrong[GENERATE(0U, 1U, 2U, 3U)];

    std::array<change, 4> batch{text(pair, 2), meeting(3, 4), make_user{user(9)}, bad};
    CHECK(at.store.commit(batch) == commit_result::refused);

    const auto& opened = std::get<open_chat>(batch[1]);
    CHECK_FALSE(opened.opened);
    CHECK(opened.live.pair.name.empty());
    CHECK(opened.recent.empty());
    CHECK(seqs(events(at.store, pair)) == seq_list{1});
    CHECK(at.store.open_chats().size() == 1);
    CHECK(at.store.last_user() == user_id{4});

    std::array<change, 2> good{text(pair, 2), meeting(3, 4)};
    CHECK(at.store.commit(good) == commit_result::done);
    CHECK(std::get<open_chat>(good[1]).opened);
}

EACH_STORE("a whole chat fits into one batch, in order") {
    world<TestType> at;
    const auto first = done(at.store, meeting(1, 2)).live;
    const pair_id pair = first.pair.id;

    std::array<change, 5> batch{text(pair, 2), text(pair, 3), ending(first, 4), meeting(1, 2, 9100),
                                text(pair, 6)};
    REQUIRE(at.store.commit(batch) == commit_result::done);

    CHECK(seqs(events(at.store, pair)) == seq_list{1, 2, 3, 4, 5, 6});
    CHECK(std::get<open_chat>(batch[3]).live.pair.met == 1);
}

EACH_STORE("a voided chat leaves no trace but its pair") {
    world<TestType> at;
    const auto voided = done(at.store, meeting(1, 2));
    done(at.store, void_chat{voided.live.chat});

    CHECK(at.store.open_chats().empty());
    CHECK(at.store.partings(0).empty());
    CHECK(events(at.store, voided.live.pair.id).empty());
    const auto left = answered(at.store, keep("pair-1-2", 1, 9, 9));
    REQUIRE(left.pair);
    CHECK(left.pair->last_seq == 0);
    CHECK(left.pair->last_at == 0);
    const auto again = done(at.store, meeting(1, 2, 8000));
    CHECK(again.live.pair.id == voided.live.pair.id);
    CHECK(again.live.pair.last_seq == 1);
    CHECK(again.live.chat != voided.live.chat);
}

EACH_STORE("voiding restores where an older pair stood") {
    world<TestType> at;
    const auto first = done(at.store, meeting(1, 2));
    done(at.store, ending(first.live, 2, 9000));
    const auto voided = done(at.store, meeting(1, 2, 9500));
    done(at.store, void_chat{voided.live.chat});

    const auto left = answered(at.store, keep("pair-1-2", 1, 9, 9)).pair;

    REQUIRE(left);
    CHECK(left->last_seq == 2);
    CHECK(left->last_at == 9000);
    CHECK(left->met == 1);
    std::array<change, 3> batch{meeting(1, 2, 9600), make_user{user(8)}, meeting(1, 8)};
    CHECK(at.store.commit(batch) == commit_result::done);
    CHECK(std::get<open_chat>(batch[0]).live.pair.last_seq == 3);
}

EACH_STORE("only an open chat in which nothing has happened can be voided") {
    world<TestType> at;
    const auto live = done(at.store, meeting(1, 2)).live;
    done(at.store, text(live.pair.id, 2));
    const auto ended = done(at.store, meeting(3, 4)).live;
    done(at.store, ending(ended, 2));

    CHECK(tried(at.store, void_chat{live.chat}) == commit_result::refused);
    CHECK(tried(at.store, void_chat{ended.chat}) == commit_result::refused);
    CHECK(tried(at.store, void_chat{chat_id{999}}) == commit_result::refused);
    CHECK(at.store.open_chats().size() == 1);
}

EACH_STORE("the end closes the chat, counts it and keeps both sides' marks") {
    world<TestType> at;
    const auto live = done(at.store, meeting(1, 2)).live;
    auto end = ending(live, 2, 9000);
    end.marks = {marks(64), marks(3)};

    done(at.store, end);

    CHECK(at.store.open_chats().empty());
    CHECK(events(at.store, live.pair.id).back() == end.end);
    const auto pair = answered(at.store, keep("pair-1-2", 1, 9, 9)).pair;
    REQUIRE(pair);
    CHECK(pair->met == 1);
    CHECK(pair->last_seq == 2);
    CHECK(pair->last_at == 9000);
    CHECK(pair->seats[0].marks == marks(64));
    CHECK(pair->seats[1].marks == marks(3));
    CHECK(done(at.store, meeting(1, 2)).live.pair.seats[0].marks == marks(64));
}

EACH_STORE("a chat is ended once, by an end event of its own pair") {
    world<TestType> at;
    const auto live = done(at.store, meeting(1, 2)).live;
    const auto other = done(at.store, meeting(3, 4)).live;
    auto of_another = ending(live, 2);
    of_another.end.pair = other.pair.id;
    auto no_end = ending(live, 2);
    no_end.end.kind = event_kind::text;

    CHECK(tried(at.store, of_another) == commit_result::refused);
    CHECK(tried(at.store, no_end) == commit_result::refused);
    CHECK(tried(at.store, ending(live, 3)) == commit_result::refused);
    CHECK(at.store.open_chats().size() == 2);
    done(at.store, ending(live, 2));
    CHECK(tried(at.store, ending(live, 3)) == commit_result::refused);
}

EACH_STORE("partings are the chats that ended at a time or later") {
    world<TestType> at;
    done(at.store, ending(done(at.store, meeting(1, 2)).live, 2, 9000));
    done(at.store, ending(done(at.store, meeting(3, 4)).live, 2, 8000));
    done(at.store, ending(done(at.store, meeting(1, 4)).live, 2, 7000));
    done(at.store, meeting(1, 3));

    const auto recent = at.store.partings(8000);

    REQUIRE(recent.size() == 2);
    CHECK(recent[0].one == user_id{3});
    CHECK(recent[0].two == user_id{4});
    CHECK(recent[0].at == 8000);
    CHECK(recent[1].one == user_id{1});
    CHECK(recent[1].at == 9000);
}

EACH_STORE("a chat that had not ended comes with the texts its marks don't know") {
    world<TestType> at;
    const auto first = done(at.store, meeting(1, 2)).live;
    const pair_id pair = first.pair.id;
    done(at.store, text(pair, 2, "known"));
    auto end = ending(first, 3);
    end.marks[0] = marks(1);
    done(at.store, end);
    auto again = meeting(1, 2, 9500);
    again.topic = "films";
    again = done(at.store, again);
    done(at.store, text(pair, 5, "unknown"));
    auto recall = text(pair, 6, "");
    recall.row.kind = event_kind::recall;
    done(at.store, recall);
    done(at.store, text(pair, 7, "as well"));

    const auto live = at.store.open_chats();

    REQUIRE(live.size() == 1);
    CHECK(live[0].chat == again.live.chat);
    CHECK(live[0].started == 9500);
    CHECK(live[0].topic == "films");
    CHECK(live[0].pair.id == pair);
    CHECK(live[0].pair.met == 1);
    CHECK(live[0].pair.last_seq == 7);
    CHECK(live[0].pair.seats[0].marks == marks(1));
    CHECK(seqs(live[0].unmarked) == seq_list{5, 7});
    CHECK(live[0].unmarked[0].body == "unknown");
}

EACH_STORE("unmarked texts are looked for among the newest 10,000 events") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    std::vector<change> batch;
    for (std::uint64_t seq = 2; seq <= 10'050; ++seq) {
        batch.emplace_back(text(pair, seq));
    }
    REQUIRE(at.store.commit(batch) == commit_result::done);

    const auto live = at.store.open_chats();

    REQUIRE(live.size() == 1);
    CHECK(live[0].unmarked.size() == 10'000);
    CHECK(live[0].unmarked.front().seq == 51);
    CHECK(live[0].unmarked.back().seq == 10'050);
}

EACH_STORE("seen moves forward, never back") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, mark_seen{pair, side::one, 5});
    done(at.store, mark_seen{pair, side::two, 9});
    done(at.store, mark_seen{pair, side::one, 3});

    const auto seats = answered(at.store, keep("pair-1-2", 1, 9, 9)).pair->seats;

    CHECK(seats[0].seen == 5);
    CHECK(seats[1].seen == 9);
    CHECK(tried(at.store, mark_seen{pair_id{999}, side::one, 1}) == commit_result::refused);
    CHECK(tried(at.store, mark_seen{pair, side::system, 1}) == commit_result::refused);
}

EACH_STORE("every epoch is higher than the last, whatever the clock says") {
    world<TestType> at;

    CHECK(at.store.begin_epoch(5000) == 5000);
    CHECK(at.store.begin_epoch(4000) == 5001);
    CHECK(at.store.begin_epoch(5001) == 5002);
    CHECK(at.store.begin_epoch(9000) == 9000);
}

EACH_STORE("a page of events grows to either side and says whether there is more") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    for (std::uint64_t seq = 2; seq <= 10; ++seq) {
        done(at.store, text(pair, seq, std::string(10, 'x')));
    }
    find_events asked{.pair = pair, .events = {}};

    SECTION("the newest") {
        asked.limit = 3;
        const auto page = answered(at.store, asked);
        CHECK(seqs(page.events) == seq_list{8, 9, 10});
        CHECK(page.more);
    }
    SECTION("the newest before a seq") {
        asked.before = 4;
        const auto page = answered(at.store, asked);
        CHECK(seqs(page.events) == seq_list{1, 2, 3});
        CHECK_FALSE(page.more);
    }
    SECTION("exactly as many as there are") {
        asked.limit = 10;
        const auto page = answered(at.store, asked);
        CHECK(page.events.size() == 10);
        CHECK_FALSE(page.more);
    }
    SECTION("the oldest after a seq") {
        asked.after = 4;
        asked.limit = 2;
        asked.newest = false;
        const auto page = answered(at.store, asked);
        CHECK(seqs(page.events) == seq_list{5, 6});
        CHECK(page.more);
    }
    SECTION("between two") {
        asked.after = 4;
        asked.before = 7;
        asked.newest = GENERATE(true, false);
        const auto page = answered(at.store, asked);
        CHECK(seqs(page.events) == seq_list{5, 6});
        CHECK_FALSE(page.more);
    }
    SECTION("as many as the bytes allow") {
        asked.bytes_max = 29;
        const auto page = answered(at.store, asked);
        CHECK(seqs(page.events) == seq_list{9, 10});
        CHECK(page.more);
    }
    SECTION("one at least") {
        asked.bytes_max = GENERATE(0U, 1U, 9U);
        asked.newest = false;
        asked.after = 1;
        const auto page = answered(at.store, asked);
        CHECK(seqs(page.events) == seq_list{2});
        CHECK(page.more);
    }
    SECTION("of a pair that doesn't exist: nothing") {
        asked.pair = pair_id{999};
        asked.more = true;
        asked.events.resize(3);
        const auto page = answered(at.store, asked);
        CHECK(page.events.empty());
        CHECK_FALSE(page.more);
    }
    SECTION("nothing beyond the last") {
        asked.after = 10;
        asked.newest = GENERATE(true, false);
        CHECK(answered(at.store, asked).events.empty());
    }
}

EACH_STORE("a resuming client keeps what was stored in its epoch or before") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;  // seq 1 in epoch 1
    for (std::uint64_t seq = 2; seq <= 12; ++seq) {
        done(at.store, text(pair, seq, "x", seq <= 4 ? 10 : seq <= 9 ? 20 : 30));
    }
    const auto kept = [&](std::uint64_t seq, std::int64_t epoch) {
        return answered(at.store, keep("pair-1-2", 2, seq, epoch)).keep;
    };

    CHECK(kept(12, 30) == 12);
    CHECK(kept(99, 30) == 12);
    CHECK(kept(UINT64_MAX, 99) == 12);
    CHECK(kept(7, 30) == 7);
    CHECK(kept(12, 29) == 9);
    CHECK(kept(12, 20) == 9);
    CHECK(kept(12, 19) == 4);
    CHECK(kept(3, 19) == 3);
    CHECK(kept(12, 9) == 1);
    CHECK(kept(12, 0) == 0);
    CHECK(kept(0, 30) == 0);
}

EACH_STORE("only the two of a pair find it, until they clear it") {
    world<TestType> at;
    const auto pair = done(at.store, meeting(1, 2)).live.pair;

    const auto one = answered(at.store, keep("pair-1-2", 1, 1, 1));
    CHECK(one.pair == pair);
    CHECK(one.who == side::one);
    const auto two = answered(at.store, keep("pair-1-2", 2, 1, 1));
    CHECK(two.pair == pair);
    CHECK(two.who == side::two);
    CHECK_FALSE(answered(at.store, keep("pair-1-2", 3, 1, 1)).pair);
    CHECK_FALSE(answered(at.store, keep("pair-9-9", 1, 1, 1)).pair);
    CHECK_FALSE(answered(at.store, keep("' OR 1=1 --", 1, 1, 1)).pair);

    done(at.store, clearing(1, "pair-1-2"));
    const auto cleared = answered(at.store, keep("pair-1-2", 1, 1, 1));
    CHECK_FALSE(cleared.pair);
    CHECK(cleared.keep == 0);
    CHECK(answered(at.store, keep("pair-1-2", 2, 1, 1)).keep == 1);
}

EACH_STORE("an empty batch is done") {
    world<TestType> at;
    CHECK(at.store.commit({}) == commit_result::done);
}

TEST_CASE("both stores answer a long random story alike", "[store]") {
    const unsigned seed = GENERATE(range(1U, 11U));
    INFO("seed " << seed);
    std::mt19937 random{seed};
    const auto below = [&](std::uint64_t bound) { return random() % bound; };
    world<memory_store> one;
    world<sqlite_store> two;
    const auto compare = [&](const change& left, const change& right) {
        if (const auto* asked = std::get_if<open_chat>(&left)) {
            const auto& other = std::get<open_chat>(right);
            CHECK(asked->opened == other.opened);
            CHECK(asked->live.pair == other.live.pair);
            CHECK(asked->live.chat == other.live.chat);
            CHECK(asked->live.started == other.live.started);
            CHECK(asked->live.unmarked == other.live.unmarked);
            CHECK(asked->live.closed == other.live.closed);
            CHECK(asked->recent == other.recent);
        } else if (const auto* clears = std::get_if<clear_pair>(&left)) {
            CHECK(clears->result == std::get<clear_pair>(right).result);
        } else if (const auto* blocks = std::get_if<block_person>(&left)) {
            CHECK(blocks->result == std::get<block_person>(right).result);
            CHECK(blocks->person == std::get<block_person>(right).person);
        } else if (const auto* reports = std::get_if<add_report>(&left)) {
            CHECK(reports->result == std::get<add_report>(right).result);
        } else if (const auto* erases = std::get_if<erase_user>(&left)) {
            CHECK(erases->erased == std::get<erase_user>(right).erased);
            CHECK(erases->reports_until == std::get<erase_user>(right).reports_until);
        } else if (const auto* purges = std::get_if<purge>(&left)) {
            CHECK(purges->rows == std::get<purge>(right).rows);
            CHECK(purges->more == std::get<purge>(right).more);
            CHECK(purges->completed == std::get<purge>(right).completed);
        }
    };
    std::vector<std::string> names;
    int receipts = 0;
    const auto any_request = [&]() -> change {
        const auto who = static_cast<std::int64_t>(1 + below(7));
        const std::string name = names.empty() ? "none" : names[below(names.size())];
        const auto at_some_time = static_cast<unix_ms>(below(9999));
        switch (below(20)) {
            case 0:
            case 1:
                return clearing(who, name);
            case 2:
            case 3:
                return reporting(who, name, at_some_time);
            case 4:
                return erasure(who, at_some_time, at_some_time, "r" + std::to_string(++receipts));
            case 5:
                return make_user{user(5 + static_cast<std::int64_t>(below(3)))};
            case 6:
            case 7:
            case 8:
                return purge{.now = at_some_time, .rows_max = 1000, .completed = {}};
            default:
                return blocking(who, name, below(3) != 0, 2);
        }
    };
    const auto any_change = [&]() -> change {
        if (below(8) == 0) {
            return any_request();
        }
        const auto live = one.store.open_chats();
        const auto chat =
            live.empty() ? live_pair{.pair = {.name = {}, .seats = {}}, .topic = {}, .unmarked = {}}
                         : live[below(live.size())];
        // Mostly right, now and then a mistake.
        const std::uint64_t next = chat.pair.last_seq + (below(30) == 0 ? 2 : 1);
        switch (below(8)) {
            case 0:
            case 1: {
                const auto first = static_cast<std::int64_t>(1 + below(5));
                const auto second = first + 1 + static_cast<std::int64_t>(below(2));
                return meeting(first, second, static_cast<unix_ms>(below(9999)),
                               "p" + std::to_string(below(1000)));
            }
            case 2:
                return void_chat{chat.chat};
            case 3: {
                auto end = ending(chat, next, static_cast<unix_ms>(below(9999)));
                end.marks = {marks(below(5)), marks(below(3))};
                return end;
            }
            case 4:
                return mark_seen{chat.pair.id, static_cast<side>(below(2)), below(20)};
            case 5:
                return recall(chat.pair.id, next, below(chat.pair.last_seq + 2),
                              static_cast<side>(below(2)), static_cast<unix_ms>(below(9999)));
            default:
                return text(chat.pair.id, next, "text " + std::to_string(random()));
        }
    };

    for (int step = 0; step < 400; ++step) {
        std::vector<change> batch;
        for (std::uint64_t i = 0; i <= below(3); ++i) {
            batch.push_back(any_change());
            if (std::holds_alternative<purge>(batch.back())) {
                break;
            }
        }
        auto copy = batch;
        const auto result = one.store.commit(batch);
        const bool alike = two.store.commit(copy) == result;
        INFO("step " << step << ": '" << one.store.why() << "' and '" << two.store.why() << "'");
        REQUIRE(alike);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            compare(batch[i], copy[i]);
            if (const auto* opened = std::get_if<open_chat>(&batch[i]); opened && opened->opened) {
                names.push_back(opened->live.pair.name);
            }
        }
    }
    for (std::int64_t pair = 1; pair < 40; ++pair) {
        CHECK(events(one.store, pair_id{pair}) == events(two.store, pair_id{pair}));
    }
    CHECK(one.store.newest_at() == two.store.newest_at());
    const auto chats = one.store.open_chats();
    const auto others = two.store.open_chats();
    REQUIRE(chats.size() == others.size());
    for (std::size_t i = 0; i < chats.size(); ++i) {
        CHECK(chats[i].closed == others[i].closed);
    }
    CHECK(one.store.partings(4000).size() == two.store.partings(4000).size());
    for (std::int64_t who = 1; who <= 7; ++who) {
        const auto left =
            answered(one.store, find_user{.name = user(who).name, .user = {}, .blocked = {}});
        const auto right =
            answered(two.store, find_user{.name = user(who).name, .user = {}, .blocked = {}});
        CHECK(left.user == right.user);
        CHECK(left.blocked == right.blocked);
        CHECK(listed(one.store, who) == listed(two.store, who));
        CHECK(own_texts(one.store, who) == own_texts(two.store, who));
        CHECK(counted(one.store, who).texts == counted(two.store, who, 3).texts);
        CHECK(counted(one.store, who, 3).texts == counted(two.store, who).texts);
    }
}
