// The judge of load tests must find what it looks for.
#include "server/cli/bench_record.hpp"

#include "tests/support/catch.hpp"

namespace onechat::cli {

namespace {

using what = bench_record::what;

struct listening {
    bench_breaches breaches;
    bench_record record{"p", 1};

    void hear(std::uint64_t seq, std::uint64_t number) {
        record.take(seq, what::theirs, number, breaches);
    }
};

}  // namespace

TEST_CASE("a record without fault is no breach") {
    listening one;
    one.record.take(1, what::other, 0, one.breaches);
    one.hear(2, 1);
    one.hear(4, 2);
    CHECK(one.record.torn());

    one.record.take_answered(3, 1, one.breaches);

    CHECK(one.record.through() == 4);
    CHECK_FALSE(one.record.torn());
    CHECK_FALSE(one.breaches.any());
}

TEST_CASE("a number that is left out is a loss") {
    listening one;
    one.hear(1, 1);
    one.hear(2, 4);

    CHECK(one.breaches.lost == 2);
}

TEST_CASE("a number that comes again under another seq is a duplicate") {
    listening one;
    one.hear(1, 1);
    one.hear(2, 2);
    one.hear(3, 1);

    CHECK(one.breaches.duplicates == 1);
}

TEST_CASE("an acked text that is not kept is a loss, a text of the partner's is not") {
    listening one;
    one.hear(1, 1);
    one.record.take_answered(2, 1, one.breaches);
    one.hear(3, 2);

    one.record.keep_to(2, 3, one.breaches);
    CHECK_FALSE(one.breaches.any());
    one.hear(3, 2);  // said again by the partner
    CHECK_FALSE(one.breaches.any());

    one.record.keep_to(1, 3, one.breaches);
    CHECK(one.breaches.lost == 1);
}

TEST_CASE("a last cid below an acked one is a loss") {
    listening one;
    one.record.add(0).cid = one.record.next_cid();
    REQUIRE(one.record.settle(1, true));

    one.record.note_last_cid(0, one.breaches);

    CHECK(one.breaches.lost == 1);
}

TEST_CASE("after a told gap the numbers are taken as they come") {
    listening one;
    one.hear(1, 1);
    one.record.expect_gap();
    one.record.take_answered(5000, 9, one.breaches);  // a repeat's answer overtakes the replay
    for (std::uint64_t seq = 4001; seq < 5000; ++seq) {
        one.hear(seq, seq);
    }

    CHECK(one.record.through() == 5000);
    CHECK_FALSE(one.breaches.any());
}

TEST_CASE("two records of a pair must tell the same") {
    listening one;
    listening two;
    one.record.take_answered(1, 1, one.breaches);
    one.record.take_answered(2, 2, one.breaches);
    two.hear(1, 1);
    bench_breaches found;

    bench_record::compare(one.record, two.record, found);
    CHECK(found.lost == 2);  // an event, which is a text
    two.hear(2, 2);
    found = {};
    bench_record::compare(one.record, two.record, found);
    CHECK_FALSE(found.any());
}

TEST_CASE("texts that are given up give their numbers back") {
    bench_record record{"p", 1};
    for (int n = 0; n < 3; ++n) {
        record.add(0).cid = record.next_cid();
    }

    record.give_up(2);

    CHECK(record.open().size() == 1);
    CHECK(record.add(0).number == 2);
    CHECK(record.next_cid() == 4);
}

}  // namespace onechat::cli
