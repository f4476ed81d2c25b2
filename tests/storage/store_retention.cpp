// The store's contract, continued: what is cut for its age.
#include "tests/storage/worlds.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

// A chat of 1 and 2 with texts at 5002 to 5005, which ends at 6000.
live_pair talked(store& where) {
    const auto opened = done(where, meeting(1, 2)).live;
    for (std::uint64_t seq = 2; seq <= 5; ++seq) {
        done(where, text(opened.pair.id, seq, "text " + std::to_string(seq)));
    }
    return opened;
}

live_pair talked_and_left(store& where) {
    const auto opened = talked(where);
    auto end = ending(opened, 6, 6000);
    end.marks[0] = {{4, 4, 44, 5004}, {5, 5, 55, 5005}};
    done(where, end);
    return opened;
}

find_history history(std::string name = "pair-1-2", std::int64_t user = 1) {
    return {.name = std::move(name), .user = user_id{user}, .events = {}};
}

}  // namespace

EACH_STORE("what is older is cut from the beginning of a pair, and the rest stays") {
    world<TestType> at;
    const auto pair = talked_and_left(at.store).pair.id;

    CHECK(cut(at.store, 5004).rows == 3);

    CHECK(seqs(events(at.store, pair)) == std::vector<std::uint64_t>{4, 5, 6});
    const auto page = answered(at.store, history());
    CHECK(page.found);
    CHECK(seqs(page.events) == std::vector<std::uint64_t>{4, 5, 6});
    CHECK_FALSE(page.more);
    CHECK(answered(at.store, keep("pair-1-2", 1, 6, 1)).pair->first_seq == 4);
    CHECK(own_texts(at.store, 1).size() == 2);
    CHECK(cut(at.store, 5004).rows == 0);
}

EACH_STORE("an event of just that time stays, and one of a moment before goes") {
    world<TestType> at;
    const auto pair = talked_and_left(at.store).pair.id;
    cut(at.store, 5002);
    CHECK(events(at.store, pair).front().seq == 2);
    cut(at.store, 5003);
    CHECK(events(at.store, pair).front().seq == 3);
}

EACH_STORE("steps are no longer than asked, and say whether more is due") {
    world<TestType> at;
    talked_and_left(at.store);
    std::uint32_t rows = 0;
    int steps = 0;
    for (bool more = true; more; ++steps) {
        const auto step =
            done(at.store,
                 cut_records{.before = 9000, .chats_before = 9000, .now = 9999, .rows_max = 1});
        CHECK(step.rows <= 1);
        rows += step.rows;
        more = step.more;
        REQUIRE(steps < 99);
    }
    CHECK(rows == 7);  // six events and the chat
}

EACH_STORE("a pair of which nothing is left is not listed until the two meet again") {
    world<TestType> at;
    const auto pair = talked_and_left(at.store).pair.id;

    cut(at.store, 9000);

    CHECK(events(at.store, pair).empty());
    CHECK(listed(at.store, 1).empty());
    CHECK_FALSE(answered(at.store, history()).more);
    const auto again = done(at.store, meeting(1, 2, 10'000, "another"));
    CHECK(again.live.pair.id == pair);
    CHECK(again.live.pair.met == 1);
    CHECK(again.live.pair.last_seq == 7);
    CHECK(seqs(again.recent) == std::vector<std::uint64_t>{7});
    CHECK(listed(at.store, 1) == std::vector<std::string>{"pair-1-2 at 10000: 7 '', 0 unseen"});
    done(at.store, text(pair, 8, "new"));
    CHECK(own_texts(at.store, 1) == std::vector<std::string>{"pair-1-2 8 new"});
}

EACH_STORE("what is unseen counts only what is left") {
    world<TestType> at;
    talked_and_left(at.store);
    CHECK(listed(at.store, 2)[0] == "pair-1-2 at 6000: 6 'text 5', 4 unseen");
    cut(at.store, 5004);
    CHECK(listed(at.store, 2)[0] == "pair-1-2 at 6000: 6 'text 5', 2 unseen");
}

EACH_STORE("a live chat goes on behind what was cut of it") {
    world<TestType> at;
    const auto pair = talked(at.store).pair.id;

    CHECK(cut(at.store, 9000, 200, 20'000).rows == 5);

    auto open = at.store.open_chats();
    REQUIRE(open.size() == 1);
    CHECK(open[0].pair.last_seq == 5);
    CHECK(open[0].pair.last_at == 5005);
    CHECK(open[0].pair.first_seq == 6);
    CHECK(open[0].unmarked.empty());
    CHECK(
        open[0].pair.seats[0].marks ==
        std::vector<cid_mark>{{2, 2, 0, 5002}, {3, 3, 0, 5003}, {4, 4, 0, 5004}, {5, 5, 0, 5005}});
    done(at.store, text(pair, 6, "goes on"));
    CHECK(at.store.open_chats()[0].unmarked.size() == 1);
    done(at.store, ending(at.store.open_chats()[0], 7));
    CHECK(seqs(events(at.store, pair)) == std::vector<std::uint64_t>{6, 7});
    CHECK(cut(at.store, 30'000).rows == 3);
}

EACH_STORE("a start that nothing follows stays, since its chat may be voided") {
    world<TestType> at;
    const auto first = talked_and_left(at.store);
    const auto again = done(at.store, meeting(1, 2, 7000));

    CHECK(cut(at.store, 9000, 200, 20'000).rows == 7);

    CHECK(seqs(events(at.store, first.pair.id)) == std::vector<std::uint64_t>{7});
    done(at.store, void_chat{again.live.chat});
    CHECK(events(at.store, first.pair.id).empty());
    CHECK(answered(at.store, keep("pair-1-2", 1, 6, 1)).pair->last_seq == 6);
    CHECK(answered(at.store, keep("pair-1-2", 1, 6, 1)).pair->last_at == 6000);
    CHECK(done(at.store, meeting(1, 2, 30'000)).live.pair.last_seq == 7);
}

EACH_STORE("marks outlive the texts that are cut, without what those said") {
    world<TestType> at;
    talked_and_left(at.store);

    cut(at.store, 5005);

    const auto marks = done(at.store, meeting(1, 2, 10'000)).live.pair.seats[0].marks;
    CHECK(marks == std::vector<cid_mark>{{4, 4, 0, 5004}, {5, 5, 55, 5005}});
}

EACH_STORE("a client keeps what was cut as far as its epoch is known") {
    world<TestType> at;
    const auto pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, text(pair, 2, "a", 1));
    done(at.store, text(pair, 3, "b", 4));
    done(at.store, text(pair, 4, "c", 4));
    done(at.store, text(pair, 5, "d", 7));
    cut(at.store, 5004);

    const auto kept = [&](std::uint64_t seq, std::int64_t epoch) {
        return answered(at.store, keep("pair-1-2", 1, seq, epoch)).keep;
    };

    CHECK(kept(2, 4) == 2);
    CHECK(kept(3, 9) == 3);
    CHECK(kept(3, 3) == 0);
    CHECK(kept(5, 3) == 0);
    CHECK(kept(5, 4) == 4);
    CHECK(kept(9, 7) == 5);
    cut(at.store, 9000);
    CHECK(kept(5, 7) == 5);
    CHECK(kept(5, 6) == 0);
}

EACH_STORE("evidence is a copy and stays when its texts are cut") {
    world<TestType> at;
    talked_and_left(at.store);
    done(at.store, reporting(2, "pair-1-2", 30'000));

    cut(at.store, 9000);

    CHECK(purged(at.store, 30'000).rows == 7);  // six events and the report
}

EACH_STORE("a seal on a text that is cut ends without harm, and a recall finds nothing") {
    world<TestType> at;
    const auto pair = talked(at.store).pair.id;
    done(at.store, recall(pair, 6, 3, side::one, 20'000));
    cut(at.store, 5005);

    done(at.store, recall(pair, 7, 2, side::one, 20'000));

    CHECK(purged(at.store, 20'000).rows == 1);
    CHECK(events(at.store, pair).front().body == "text 5");
}

EACH_STORE("an erased user's texts that are cut are no longer overwritten or counted") {
    world<TestType> at;
    talked_and_left(at.store);
    done(at.store, erasure(1, 10'000, 20'000));
    cut(at.store, 5004);
    CHECK(counted(at.store, 1).texts == 2);
    CHECK(purged(at.store, 20'000).rows == 2);
    CHECK(cut(at.store, 9000).rows == 4);
}

EACH_STORE("a refused cut leaves everything as it was") {
    world<TestType> at;
    const auto pair = talked_and_left(at.store).pair.id;
    std::array<change, 2> batch{cut_records{.before = 9000, .chats_before = 9000, .now = 9999},
                                text(pair_id{999}, 1)};

    CHECK(at.store.commit(batch) == commit_result::refused);

    CHECK(std::get<cut_records>(batch[0]).rows == 0);
    CHECK(events(at.store, pair).size() == 6);
    CHECK(at.store.partings(0).size() == 1);
    CHECK(listed(at.store, 1).size() == 1);
    CHECK(done(at.store, meeting(1, 2, 10'000)).live.pair.seats[0].marks[0].digest == 44);
}

EACH_STORE("chats are forgotten by their own time") {
    world<TestType> at;
    talked_and_left(at.store);
    done(at.store, cut_records{.before = 9000, .chats_before = 6000, .now = 9999});
    CHECK(at.store.partings(0).size() == 1);
    done(at.store, cut_records{.before = 9000, .chats_before = 6001, .now = 9999});
    CHECK(at.store.partings(0).empty());
}

EACH_STORE("access is listed newest first, page by page, and goes by its own time") {
    world<TestType> at;
    for (std::uint16_t n = 1; n <= 5; ++n) {
        access_row row{.user = user_id{n == 3 ? 2 : 1}, .port = n, .at = 5000 + n};
        row.address.fill(static_cast<std::uint8_t>(n));
        row.action = n % 2 == 1 ? access_action::login : access_action::close;
        done(at.store, add_access{row});
    }
    const auto ports = [&](const list_access& page) {
        std::vector<int> found;
        for (const access_row& row : page.rows) {
            found.push_back(row.port);
        }
        return found;
    };

    const auto first = answered(at.store, list_access{.user = user_id{1}, .limit = 2, .rows = {}});
    const auto last = answered(
        at.store,
        list_access{.user = user_id{1}, .before = first.rows.back().id, .limit = 2, .rows = {}});

    CHECK(ports(first) == std::vector{5, 4});
    CHECK(first.more);
    CHECK(first.rows[0].address[7] == 5);
    CHECK(first.rows[0].at == 5005);
    CHECK(first.rows[1].action == access_action::close);
    CHECK(ports(last) == std::vector{2, 1});
    CHECK_FALSE(last.more);
    done(at.store, erasure(1));
    const auto cut = done(at.store, cut_records{.access_before = 5004, .now = 9999});
    CHECK(cut.rows == 3);
    CHECK_FALSE(cut.more);
    CHECK(ports(answered(at.store, list_access{.user = user_id{1}, .rows = {}})) ==
          std::vector{5, 4});
}

EACH_STORE("steps of access are no longer than asked, and a refused one changes nothing") {
    world<TestType> at;
    for (unix_ms n = 1; n <= 3; ++n) {
        done(at.store, add_access{{.user = user_id{1}, .at = n}});
    }
    const auto step =
        done(at.store, cut_records{.access_before = 9000, .now = 9999, .rows_max = 2});
    CHECK(step.rows == 2);
    CHECK(step.more);
    std::array<change, 2> batch{cut_records{.access_before = 9000, .now = 9999},
                                text(pair_id{999}, 1)};

    CHECK(at.store.commit(batch) == commit_result::refused);

    CHECK(answered(at.store, list_access{.user = user_id{1}, .rows = {}}).rows.size() == 1);
}
