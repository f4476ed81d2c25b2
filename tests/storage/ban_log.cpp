#include "storage/ban_log.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <fstream>

using namespace onechat::storage;
using onechat::test::temp_dir;

namespace {

ban_line banned(std::uint8_t who, unix_ms since, unix_ms until) {
    ban_line line{.since = since, .until = until, .level = 2, .serial = 3};
    line.person.fill(who);
    line.name.fill(static_cast<std::uint8_t>(who + 1));
    return line;
}

}  // namespace

TEST_CASE("a ban is read as it was written, and its newest line counts", "[ban_log]") {
    temp_dir dir;
    const ban_log log{dir / "bans.log"};
    CHECK(log.read().empty());
    const auto one = banned(7, 5000, 9000);
    auto two = banned(9, 5000, 8000);
    CHECK(log.append(std::array{one, two}));
    two.until = 6000;
    two.lifted = true;
    CHECK(log.append(std::array{two}));

    const auto found = log.read();

    CHECK(found == std::vector<ban_line>{one, two});
}

TEST_CASE("a torn or strange line of the log of bans is passed over", "[ban_log]") {
    temp_dir dir;
    const ban_log log{dir / "bans.log"};
    const auto one = banned(7, 5000, 9000);
    CHECK(log.append(std::array{one}));
    std::ofstream{dir / "bans.log", std::ios::app} << "hello\n"
                                                   << std::string(32, 'a') << " 5000 "
                                                   << std::string(32, 'b') << " 7000 1";
    CHECK(log.append(std::array{banned(8, 1, 2)}));

    CHECK(log.read().size() == 2);
}
