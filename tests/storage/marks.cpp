#include "storage/marks.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::storage;

TEST_CASE("marks come back from their bytes", "[marks]") {
    constexpr std::uint64_t most = UINT64_MAX;
    const std::vector<cid_mark> marks{{.cid = 1, .seq = 2, .digest = 0},
                                      {.cid = 2, .seq = 9, .digest = most},
                                      {.cid = 5, .seq = 4, .digest = 0x0102030405060708},
                                      {.cid = most, .seq = most, .digest = 7},
                                      {.cid = most, .seq = 1, .digest = 8}};

    CHECK(unpack_marks(pack_marks(marks)) == marks);
    CHECK(unpack_marks(pack_marks({})) == std::vector<cid_mark>{});
}

TEST_CASE("64 marks of a lively chat take about 11 bytes each", "[marks]") {
    std::vector<cid_mark> marks;
    for (std::uint64_t i = 1; i <= 64; ++i) {
        marks.push_back({.cid = 1000 + i, .seq = 100'000 + 2 * i, .digest = i << 40});
    }

    CHECK(pack_marks(marks).size() <= 64 * 11 + 8);
}

TEST_CASE("damaged bytes are told apart from marks", "[marks]") {
    const std::vector<cid_mark> marks{{.cid = 300, .seq = 300, .digest = 1}};
    const auto good = pack_marks(marks);

    CHECK_FALSE(unpack_marks({}));
    for (std::size_t length = 2; length < good.size(); ++length) {
        CHECK_FALSE(unpack_marks(std::span{good}.first(length)));
    }
    auto other_version = good;
    other_version[0] = 9;
    CHECK_FALSE(unpack_marks(other_version));
    std::vector<std::uint8_t> endless(20, 0xff);
    endless[0] = 1;
    CHECK_FALSE(unpack_marks(endless));
}
