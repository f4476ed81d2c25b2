#include "server/platform/trouble_report.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::platform;
using namespace std::chrono_literals;

namespace {

struct reported {
    std::optional<std::uint64_t> tell(std::string_view trouble) {
        return report.tell(trouble, now);
    }
    trouble_report report;
    trouble_report::time_point now{1h};
};

}  // namespace

TEST_CASE("a trouble is told when it begins, and when it is over, and not in between") {
    reported of;
    CHECK_FALSE(of.tell(""));

    CHECK(of.tell("slow") == 0U);
    CHECK_FALSE(of.tell("slow"));
    CHECK(of.tell("") == 0U);
    CHECK_FALSE(of.tell(""));
}

TEST_CASE("a trouble that flickers is told so often at once, then once a minute with a count") {
    reported of;
    std::uint64_t lines = 0;
    for (int i = 0; i < 15; ++i) {
        lines += of.tell("quota") ? 1U : 0U;
        lines += of.tell("") ? 1U : 0U;
    }
    CHECK(lines == trouble_report::at_once_max);

    of.now += 59s;
    CHECK_FALSE(of.tell("quota"));
    of.now += 1s;

    CHECK(of.tell("quota") == 26U);
    CHECK_FALSE(of.tell(""));
    of.now += 1min;
    CHECK(of.tell("") == 0U);
}

TEST_CASE("what was told last is true in the end") {
    reported of;
    for (int i = 0; i < 10; ++i) {
        static_cast<void>(of.tell(""));
        static_cast<void>(of.tell("quota"));
    }
    // Told: quota, well, quota, well.
    CHECK_FALSE(of.tell("quota"));
    of.now += 1min;

    CHECK(of.tell("quota"));
    of.now += 1h;
    CHECK_FALSE(of.tell("quota"));
}
