#include "storage/cut_marks.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::storage;

TEST_CASE("a mark of a text that is cut forgets what it said, and stays") {
    kept_marks kept{4, {{{{1, 2, 77, 5002}, {2, 4, 78, 5004}}, {}}}};

    CHECK(forget_texts(kept, {}, 3));

    CHECK(kept.of[0] == std::vector<cid_mark>{{1, 2, 0, 5002}, {2, 4, 78, 5004}});
    CHECK(kept.seq == 4);
    CHECK_FALSE(forget_texts(kept, {}, 3));
}

TEST_CASE("a text that had no mark yet leaves one without a digest") {
    kept_marks kept{4, {{{{1, 2, 77, 5002}}, {}}}};

    CHECK(forget_texts(kept, {{{{1, 2, 0, 5002}, {2, 5, 0, 5005}}, {{9, 6, 0, 5006}}}}, 6));

    CHECK(kept.of[0] == std::vector<cid_mark>{{1, 2, 0, 5002}, {2, 5, 0, 5005}});
    CHECK(kept.of[1] == std::vector<cid_mark>{{9, 6, 0, 5006}});
    CHECK(kept.seq == 6);
}

TEST_CASE("no side has more than 64 marks, the newest") {
    kept_marks kept;
    std::array<std::vector<cid_mark>, 2> texts;
    for (std::uint64_t n = 1; n <= marks_per_side_max + 1; ++n) {
        texts[0].push_back({n, n, 0, 5000});
    }

    CHECK(forget_texts(kept, std::move(texts), 100));

    CHECK(kept.of[0].size() == marks_per_side_max);
    CHECK(kept.of[0].front().cid == 2);
}
