// The store's contract, continued: the list of one's pairs, and one's own texts.
#include "tests/storage/worlds.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

using lines = std::vector<std::string>;

append from_two(append what) {
    what.row.from = side::two;
    return what;
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

EACH_STORE("the list is ordered by the newest beginning or end of a chat") {
    world<TestType> at;
    past_chat(at.store, 1, 2, 9000);
    past_chat(at.store, 1, 3, 9500);
    done(at.store, meeting(1, 4, 9200));

    const lines all{"pair-1-3 at 9500: 4 'two', 1 unseen", "pair-1-4 at 9200: 1 '', 0 unseen",
                    "pair-1-2 at 9000: 4 'two', 1 unseen"};
    CHECK(listed(at.store, 1) == all);
    CHECK(listed(at.store, 2) == lines{"pair-1-2 at 9000: 4 'two', 1 unseen"});
    CHECK(listed(at.store, 99).empty());

    done(at.store, meeting(1, 2, 9600));
    CHECK(listed(at.store, 1)[0] == "pair-1-2 at 9600: 5 'two', 1 unseen");
}

EACH_STORE("a listed pair tells what the row does, and which side asks") {
    world<TestType> at;
    past_chat(at.store, 1, 2, 9000);
    done(at.store, mark_seen{pair_id{1}, side::two, 2});

    const auto page = answered(at.store, list_pairs{.user = user_id{2}, .before = {}, .pairs = {}});

    REQUIRE(page.pairs.size() == 1);
    const listed_pair& one = page.pairs[0];
    auto pair = *answered(at.store, keep("pair-1-2", 2, 9, 9)).pair;
    CHECK(one.pair == pair);
    CHECK(one.who == side::two);
    CHECK(one.last.kind == event_kind::end);
    CHECK(one.last.at == 9000);
    CHECK(one.unseen == 0);
    CHECK_FALSE(one.blocked);
}

EACH_STORE("a voided chat leaves the list as it was") {
    world<TestType> at;
    past_chat(at.store, 1, 2, 9000);
    past_chat(at.store, 1, 3, 9100);
    const auto before = listed(at.store, 1);

    done(at.store, void_chat{done(at.store, meeting(1, 2, 9500)).live.chat});
    done(at.store, void_chat{done(at.store, meeting(1, 4, 9500)).live.chat});

    CHECK(listed(at.store, 1) == before);
    CHECK(listed(at.store, 4).empty());
}

EACH_STORE("the list comes in pages that go on where the last ended, also among equal times") {
    world<TestType> at;
    for (std::int64_t id = 10; id < 21; ++id) {
        done(at.store, make_user{user(id)});
        past_chat(at.store, id < 16 ? 4 : 3, id, id % 2 == 0 ? 9000 : 9001);
        if (id >= 16) {
            past_chat(at.store, 4, id, 9000);
        }
    }
    const auto all = listed(at.store, 4);
    REQUIRE(all.size() == 11);

    lines paged;
    list_pairs asked{.user = user_id{4}, .before = {}, .limit = 3, .pairs = {}};
    for (int pages = 1;; ++pages) {
        REQUIRE(pages < 9);
        for (const auto& line : listed(at.store, 4, asked)) {
            paged.push_back(line);
        }
        const auto page = answered(at.store, asked);
        if (!page.more) {
            CHECK(page.pairs.size() == 2);
            break;
        }
        CHECK(page.pairs.size() == 3);
        asked.before = {.listed_at = page.pairs.back().listed_at,
                        .name = page.pairs.back().pair.name};
    }

    CHECK(paged == all);
    list_pairs exact{.user = user_id{4}, .before = {}, .limit = 11, .pairs = {}};
    CHECK_FALSE(answered(at.store, exact).more);
}

EACH_STORE("a place whose name is unknown stands before all pairs of its time") {
    world<TestType> at;
    past_chat(at.store, 1, 2, 9000);
    past_chat(at.store, 1, 3, 9001);
    list_pairs asked{.before = list_pairs::place{.listed_at = 9001, .name = "none"}, .pairs = {}};

    CHECK(listed(at.store, 1, asked) == lines{"pair-1-2 at 9000: 4 'two', 1 unseen"});
    asked.before->listed_at = 9000;
    CHECK(listed(at.store, 1, asked).empty());
}

EACH_STORE("a page of the list is bounded by its bytes, and holds one pair at least") {
    world<TestType> at;
    past_chat(at.store, 1, 2, 9000);
    past_chat(at.store, 1, 3, 9001);
    past_chat(at.store, 1, 4, 9002);
    list_pairs asked{.user = user_id{1}, .before = {}, .pairs = {}};

    asked.bytes_max = 8;
    const auto two = answered(at.store, asked);
    CHECK(two.pairs.size() == 2);
    CHECK(two.more);
    asked.bytes_max = 0;
    CHECK(answered(at.store, asked).pairs.size() == 1);
    asked.bytes_max = 9;
    CHECK_FALSE(answered(at.store, asked).more);
}

EACH_STORE("the preview is the newest text that is not gone, among the last 20 events") {
    world<TestType> at;
    const auto live = past_chat(at.store, 1, 2);
    const pair_id pair = live.pair.id;
    const auto again = done(at.store, meeting(1, 2, 9500)).live;
    done(at.store, text(pair, 6, "oops"));

    SECTION("a text is itself") {
        CHECK(listed(at.store, 1)[0] == "pair-1-2 at 9500: 6 'oops', 1 unseen");
    }
    SECTION("a recalled text as the newest event shows nothing") {
        done(at.store, recall(pair, 7, 6));
        CHECK(listed(at.store, 1)[0] == "pair-1-2 at 9500: 7 'two', 1 unseen");
        done(at.store, text(pair, 8, "new"));
        done(at.store, erasure(1));
        CHECK(listed(at.store, 2)[0] == "pair-1-2 at 9500: 8 '', 0 unseen");
    }
    SECTION("further back than 20 events there is no preview") {
        done(at.store, recall(pair, 7, 6));
        for (std::uint64_t seq = 8; seq <= 22; ++seq) {
            done(at.store, recall(pair, seq, 6));
        }
        CHECK(listed(at.store, 1)[0] == "pair-1-2 at 9500: 22 'two', 1 unseen");
        done(at.store, recall(pair, 23, 6));
        CHECK(listed(at.store, 1)[0] == "pair-1-2 at 9500: 23 '', 1 unseen");
    }
    CHECK(again.pair.last_seq == 5);
}

EACH_STORE("unseen are the partner's texts behind seen, without those that are gone, up to 100") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    for (std::uint64_t seq = 2; seq <= 151; ++seq) {
        done(at.store, text(pair, seq));
    }
    const auto unseen = [&](std::int64_t user) {
        list_pairs asked{.user = user_id{user}, .before = {}, .pairs = {}};
        return answered(at.store, asked).pairs[0].unseen;
    };

    CHECK(unseen(2) == 100);
    CHECK(unseen(1) == 0);
    done(at.store, mark_seen{pair, side::two, 145});
    CHECK(unseen(2) == 6);
    done(at.store, recall(pair, 152, 150));
    CHECK(unseen(2) == 5);
    std::vector<change> own;
    for (std::uint64_t seq = 153; seq <= 1147; ++seq) {
        own.emplace_back(from_two(text(pair, seq)));
    }
    REQUIRE(at.store.commit(own) == commit_result::done);
    CHECK(unseen(2) == 3);  // the newest 1000 events begin at 148
}

EACH_STORE("one's own texts come pair by pair, in pages, without what is gone") {
    world<TestType> at;
    past_chat(at.store, 2, 3);
    past_chat(at.store, 1, 2);
    past_chat(at.store, 1, 3);
    past_chat(at.store, 3, 4);
    const auto live = done(at.store, meeting(2, 3, 9500)).live;
    done(at.store, text(live.pair.id, 6, "three"));
    done(at.store, text(live.pair.id, 7, "gone"));
    done(at.store, recall(live.pair.id, 8, 7));
    const lines all{"pair-2-3 2 one", "pair-2-3 6 three", "pair-1-2 3 two"};

    CHECK(own_texts(at.store, 2) == all);
    CHECK(own_texts(at.store, 2, 1) == all);
    CHECK(own_texts(at.store, 99).empty());
    CHECK(answered(at.store, count_texts{.user = user_id{2}}).texts == 3);
    CHECK(answered(at.store, count_texts{.user = user_id{99}}).texts == 0);
    find_own_texts asked{.user = user_id{2}, .bytes_max = 4, .texts = {}};
    const auto page = answered(at.store, asked);
    CHECK(page.texts.size() == 1);
    CHECK(page.more);
    CHECK(page.texts[0].at == 5002);
    asked.bytes_max = 0;
    CHECK(answered(at.store, asked).texts.size() == 1);
}

EACH_STORE("texts are counted in steps, whose sum is the whole") {
    world<TestType> at;
    for (std::int64_t id = 10; id < 150; ++id) {
        done(at.store, make_user{user(id)});
        past_chat(at.store, 2, id);
    }
    past_chat(at.store, 1, 2);
    past_chat(at.store, 3, 4);
    done(at.store, clearing(2, "pair-2-11"));
    const pair_id pair = done(at.store, meeting(2, 10, 9500)).live.pair.id;
    std::vector<change> batch;
    for (std::uint64_t seq = 6; seq <= 3000; ++seq) {
        batch.emplace_back(seq % 1000 == 0 ? text(pair, seq) : from_two(text(pair, seq)));
    }
    REQUIRE(at.store.commit(batch) == commit_result::done);

    CHECK(counted(at.store, 2).texts == 141 + 3);
    CHECK(counted(at.store, 2).steps == 1);
    const auto small = counted(at.store, 2, 100);
    CHECK(small.texts == 141 + 3);
    CHECK(small.most <= 100);
    CHECK(small.steps >= 35);
    CHECK(small.steps <= 37);
    CHECK(counted(at.store, 2, 1).texts == 141 + 3);
    CHECK(counted(at.store, 2, 0).texts == 141 + 3);
    CHECK(counted(at.store, 3).texts == 1);
    CHECK(counted(at.store, 999, 1).texts == 0);
    done(at.store, erasure(2));
    purged(at.store, 20'000);
    CHECK(counted(at.store, 2, 7).texts == 141 + 3);
}

EACH_STORE("a step of the count ends in the middle of what the partner said") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    std::vector<change> batch;
    for (std::uint64_t seq = 2; seq <= 7000; ++seq) {
        batch.emplace_back(seq == 6990 ? from_two(text(pair, seq, "mine")) : text(pair, seq));
    }
    REQUIRE(at.store.commit(batch) == commit_result::done);

    const auto step = answered(at.store, count_texts{.user = user_id{2}});

    CHECK(step.texts == 0);
    CHECK(step.more);
    CHECK(step.next_pair == pair);
    CHECK(step.next_seq == 5000);
    const auto rest = answered(
        at.store, count_texts{.user = user_id{2}, .pair = step.next_pair, .seq = step.next_seq});
    CHECK(rest.texts == 1);
    CHECK_FALSE(rest.more);
}

EACH_STORE("a page of own texts ends in the middle of what the partner said, and goes on there") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    std::vector<change> batch;
    for (std::uint64_t seq = 2; seq <= 5000; ++seq) {
        batch.emplace_back(seq == 4990 ? from_two(text(pair, seq, "mine")) : text(pair, seq));
    }
    REQUIRE(at.store.commit(batch) == commit_result::done);

    const auto page = answered(at.store, find_own_texts{.user = user_id{2}, .texts = {}});

    CHECK(page.texts.empty());
    CHECK(page.more);
    CHECK(page.next_pair == pair);
    CHECK(page.next_seq > 1000);
    CHECK(own_texts(at.store, 2) == lines{"pair-1-2 4990 mine"});
}
