// The store's contract, continued: the erasure of an account.
#include "tests/storage/worlds.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

using lines = std::vector<std::string>;

append from_two(append what) {
    what.row.from = side::two;
    return what;
}

// User 2 has met 1 and 3, and has said two texts to each.
void said_something(store& where) {
    const pair_id with_one = done(where, meeting(1, 2)).live.pair.id;
    done(where, from_two(text(with_one, 2, "a")));
    done(where, text(with_one, 3, "partner's"));
    done(where, from_two(text(with_one, 4, "b")));
    const pair_id with_three = done(where, meeting(2, 3)).live.pair.id;
    done(where, text(with_three, 2, "c"));
    done(where, text(with_three, 3, "d"));
    done(where, from_two(text(with_three, 4, "partner's")));
}

std::string shown(store& where, std::int64_t pair) {
    std::string all;
    for (const message_row& row : events(where, pair_id{pair})) {
        all += row.gone == gone_reason::erase ? "[erased] " : row.body + " ";
    }
    return all;
}

std::optional<user_row> row_of(store& where, std::int64_t who) {
    return answered(where, find_user{.name = user(who).name, .user = {}, .blocked = {}}).user;
}

}  // namespace

EACH_STORE("an erased user has no account, no token, and no text that reads") {
    world<TestType> at;
    said_something(at.store);

    const auto erased = done(at.store, erasure(2, 10'000));

    CHECK(erased.erased);
    CHECK(erased.reports_until == 0);
    CHECK(erased.banned_until == 0);
    REQUIRE(row_of(at.store, 2));
    CHECK(row_of(at.store, 2)->account.empty());
    CHECK(row_of(at.store, 2)->tokens_from == 10'000);
    CHECK(shown(at.store, 1) == " [erased] partner's [erased] ");
    CHECK(shown(at.store, 2) == " [erased] [erased] partner's ");
    for (const message_row& row : events(at.store, pair_id{1})) {
        CHECK((row.body.empty() || row.body == "partner's"));
    }
    CHECK(own_texts(at.store, 2).empty());
    CHECK(own_texts(at.store, 1) == lines{"pair-1-2 3 partner's"});
    CHECK(answered(at.store, count_texts{.user = user_id{2}}).texts == 4);
    CHECK(listed(at.store, 1)[0] == "pair-1-2 at 5000: 4 '', 0 unseen");
    CHECK_FALSE(done(at.store, meeting(2, 4)).opened);
}

EACH_STORE("a token that was revoked later than the erasure stays revoked") {
    world<TestType> at;
    done(at.store, revoke_tokens{user_id{2}, 12'000});
    done(at.store, erasure(2, 10'000));
    CHECK(row_of(at.store, 2)->tokens_from == 12'000);
}

EACH_STORE("an unknown or erased user is not erased again") {
    world<TestType> at;
    done(at.store, erasure(2));
    const auto before = row_of(at.store, 2);

    CHECK_FALSE(done(at.store, erasure(2, 15'000, 25'000, "another")).erased);
    CHECK_FALSE(done(at.store, erasure(99)).erased);

    CHECK(row_of(at.store, 2) == before);
    CHECK(purged(at.store, 99'999).completed == lines{"receipt-2"});
}

EACH_STORE("a refused erasure leaves everything as it was") {
    world<TestType> at;
    said_something(at.store);
    done(at.store, blocking(2, "pair-1-2"));
    done(at.store, erasure(4, 10'000, 20'000, "taken"));
    std::array<change, 2> batch{erasure(2), text(pair_id{999}, 1)};
    std::array<change, 1> same_receipt{erasure(3, 10'000, 20'000, "taken")};

    CHECK(at.store.commit(batch) == commit_result::refused);
    CHECK(at.store.commit(same_receipt) == commit_result::refused);

    CHECK_FALSE(std::get<erase_user>(batch[0]).erased);
    CHECK_FALSE(std::get<erase_user>(same_receipt[0]).erased);
    CHECK(row_of(at.store, 2) == user(2));
    CHECK(row_of(at.store, 3) == user(3));
    CHECK(own_texts(at.store, 2).size() == 4);
    CHECK(listed(at.store, 2).size() == 2);
    done(at.store, make_user{user(3)});
    CHECK(purged(at.store, 99'999).completed == lines{"taken"});
}

EACH_STORE("who comes back after an erasure is somebody new") {
    world<TestType> at;
    said_something(at.store);
    done(at.store, erasure(2));
    user_row again = user(9);
    again.account = user(2).account;
    again.person = user(2).person;

    done(at.store, make_user{again});

    CHECK(row_of(at.store, 9) == again);
    CHECK(done(at.store, meeting(1, 9, 11'000)).live.pair.last_seq == 1);
    CHECK(shown(at.store, 1) == " [erased] partner's [erased] ");
}

EACH_STORE("the erased bodies are overwritten in small steps, and then that is told once") {
    world<TestType> at;
    said_something(at.store);
    done(at.store, recall(pair_id{1}, 5, 2, side::two, 20'000));
    done(at.store, erasure(2, 10'000, 20'000));

    CHECK(purged(at.store, 19'999).rows == 0);
    CHECK(row_of(at.store, 2)->person == user(2).person);
    std::uint32_t rows = 0;
    lines completed;
    int steps = 0;
    for (bool more = true; more; ++steps) {
        const auto step = done(at.store, purge{.now = 20'000, .rows_max = 1, .completed = {}});
        CHECK(step.rows <= 1);
        rows += step.rows;
        completed.insert(completed.end(), step.completed.begin(), step.completed.end());
        more = step.more;
        REQUIRE(steps < 99);
    }

    CHECK(rows == 4);
    CHECK(steps >= 4);
    CHECK(completed == lines{"receipt-2"});
    CHECK(purged(at.store, 99'999).completed.empty());
    CHECK(row_of(at.store, 2)->person == person_key{});
    CHECK(events(at.store, pair_id{1})[1].gone == gone_reason::recall);
    CHECK(events(at.store, pair_id{1})[3].gone == gone_reason::erase);
    CHECK(events(at.store, pair_id{1})[2].body == "partner's");
    CHECK(answered(at.store, count_texts{.user = user_id{2}}).texts == 3);
    for (const live_pair& live : at.store.open_chats()) {
        for (const message_row& row : live.unmarked) {
            CHECK((row.body.empty() || row.body == "partner's"));
        }
    }
}

EACH_STORE("the work goes on through many pairs and long ones") {
    world<TestType> at;
    for (std::int64_t id = 10; id < 140; ++id) {
        done(at.store, make_user{user(id)});
        const pair_id pair = done(at.store, meeting(2, id)).live.pair.id;
        done(at.store, text(pair, 2, "x"));
    }
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    std::vector<change> batch;
    for (std::uint64_t seq = 2; seq <= 500; ++seq) {
        batch.emplace_back(seq % 100 == 0 ? from_two(text(pair, seq)) : text(pair, seq));
    }
    REQUIRE(at.store.commit(batch) == commit_result::done);
    done(at.store, erasure(2));
    done(at.store, erasure(3));

    const auto all = purged(at.store, 20'000, 10);

    CHECK_FALSE(all.more);
    CHECK(all.rows == 130 + 5);
    CHECK(all.completed.size() == 2);
}

EACH_STORE("a report that is open keeps its end in the receipt") {
    world<TestType> at;
    said_something(at.store);
    done(at.store, reporting(1, "pair-1-2", 30'000));
    done(at.store, reporting(3, "pair-2-3", 40'000));
    done(at.store, reporting(2, "pair-1-2", 50'000));

    CHECK(done(at.store, erasure(2)).reports_until == 40'000);
    CHECK(done(at.store, erasure(1)).reports_until == 50'000);
    // Five texts, both reporters' notes, and their own three texts in the evidence.
    CHECK(purged(at.store, 20'000).rows == 5 + 2 + 3);
    CHECK(purged(at.store, 40'000).rows == 2 + 4 + 4);
}

EACH_STORE("what an erased user said as a reporter is overwritten in small steps as well") {
    world<TestType> at;
    said_something(at.store);
    done(at.store, from_two(text(pair_id{1}, 5, "sealed")));
    done(at.store, recall(pair_id{1}, 6, 5, side::two, 20'000));
    done(at.store, reporting(2, "pair-1-2", 90'000));
    done(at.store, reporting(2, "pair-2-3", 90'000));
    done(at.store, reporting(1, "pair-1-2", 90'000));
    done(at.store, erasure(2, 10'000, 20'000));

    std::uint32_t rows = 0;
    int steps = 0;
    for (bool more = true; more; ++steps) {
        const auto step = done(at.store, purge{.now = 20'000, .rows_max = 1, .completed = {}});
        CHECK(step.rows <= 1);
        CHECK(step.completed.empty() == step.more);
        rows += step.rows;
        more = step.more;
        REQUIRE(steps < 99);
    }

    CHECK(rows == 5 + 2 + 5);  // texts, notes, and the texts as they were copied by both reports
    CHECK(purged(at.store, 90'000).rows == 6 + 1 + 4 + 1 + 6 + 1);
}

EACH_STORE("a refused purge puts back what it took from the reports") {
    world<TestType> at;
    said_something(at.store);
    done(at.store, reporting(2, "pair-1-2", 90'000));
    done(at.store, erasure(2, 10'000, 20'000));
    std::array<change, 2> batch{purge{.now = 20'000, .completed = {}}, text(pair_id{999}, 1)};

    CHECK(at.store.commit(batch) == commit_result::refused);

    CHECK(purged(at.store, 20'000).rows == 4 + 1 + 2);
}

EACH_STORE("a chat of an erased user is found closed, and can be ended") {
    world<TestType> at;
    const auto live = done(at.store, meeting(1, 2)).live;
    done(at.store, meeting(3, 4));
    CHECK_FALSE(live.closed);
    CHECK_FALSE(at.store.open_chats()[0].closed);
    done(at.store, erasure(2));

    const auto open = at.store.open_chats();

    REQUIRE(open.size() == 2);
    CHECK(open[0].closed);
    CHECK_FALSE(open[1].closed);
    done(at.store, ending(open[0], open[0].pair.last_seq + 1, 11'000));
    REQUIRE(at.store.open_chats().size() == 1);
    CHECK(at.store.open_chats()[0].pair.name == "pair-3-4");
    CHECK(events(at.store, live.pair.id).back().kind == event_kind::end);
    CHECK(at.store.partings(11'000).size() == 1);
}

EACH_STORE("while a ban runs the person stays known, and is forgotten after it") {
    world<TestType> at;
    done(at.store, make_user{user(9)});
    done(at.store, ban(9, {55'000}));

    const auto erased = done(at.store, erasure(9));

    CHECK(erased.banned_until == 60'000);
    CHECK(purged(at.store, 59'999).completed == lines{"receipt-9"});
    CHECK(row_of(at.store, 9)->person == user(9).person);
    const auto after = purged(at.store, 60'000);
    CHECK_FALSE(after.more);
    CHECK(after.completed.empty());
    CHECK(row_of(at.store, 9)->person == person_key{});
}

EACH_STORE("a purge without anything due does nothing and ends") {
    world<TestType> at;
    said_something(at.store);
    std::array<change, 1> batch{
        purge{.now = 99'999, .rows_max = 0, .rows = 7, .more = true, .completed = {"old answer"}}};

    REQUIRE(at.store.commit(batch) == commit_result::done);

    const auto& asked = std::get<purge>(batch[0]);
    CHECK(asked.rows == 0);
    CHECK_FALSE(asked.more);
    CHECK(asked.completed.empty());
}

EACH_STORE("a chat that ends after an erasure leaves no marks of what was said") {
    world<TestType> at;
    const auto live = done(at.store, meeting(1, 2)).live;
    done(at.store, from_two(text(live.pair.id, 2)));
    done(at.store, erasure(2, 10'000, 10'000));
    purged(at.store, 10'000);
    auto end = ending(live, 3, 11'000);
    end.marks[1] = {{.cid = 2, .seq = 2, .digest = 77}};

    done(at.store, end);

    CHECK(answered(at.store, keep("pair-1-2", 1, 9, 9)).pair->seats[1].marks.empty());
    CHECK(at.store.open_chats().empty());
}
