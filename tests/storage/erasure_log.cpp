#include "storage/erasure_log.hpp"

#include "storage/sqlite.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

using namespace onechat::storage;
using onechat::test::temp_dir;

namespace {

struct fixture {
    temp_dir dir;
    std::filesystem::path file = dir / "erasures.log";
    erasure_log log{file};

    [[nodiscard]] std::string read() const {
        std::string all;
        log.read([&](const erasure_line& line) {
            all += std::to_string(line.name[0]) + " " + std::to_string(line.at) + " " +
                   line.receipt + "; ";
        });
        return all;
    }
    void add_text(const std::string& text) const {
        std::ofstream{file, std::ios::app | std::ios::binary} << text;
    }
};

erasure_line line(std::uint8_t byte, unix_ms at, std::string receipt) {
    erasure_line made{.at = at, .receipt = std::move(receipt)};
    made.name.fill(byte);
    return made;
}

}  // namespace

TEST_CASE("lines come back as they were written, one by one", "[erasure_log]") {
    const fixture at;
    CHECK(at.read().empty());
    const std::vector two{line(7, 1000, "first"), line(255, 2000, "second")};
    CHECK(at.log.append(two));
    CHECK(at.log.append(std::vector{line(9, 3000, "third")}));

    CHECK(at.read() == "7 1000 first; 255 2000 second; 9 3000 third; ");
    CHECK(std::filesystem::status(at.file).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("a torn last line is passed over, and the next one is whole", "[erasure_log]") {
    const fixture at;
    CHECK(at.log.append(std::vector{line(7, 1000, "first")}));
    at.add_text("0909090909090909");
    CHECK(at.read() == "7 1000 first; ");

    CHECK(at.log.append(std::vector{line(8, 2000, "second")}));

    CHECK(at.read() == "7 1000 first; 8 2000 second; ");
}

TEST_CASE("a line that is torn behind its subject still names it", "[erasure_log]") {
    const fixture at;
    at.add_text("08080808080808080808080808080808 20");
    CHECK(at.read() == "8 20 ; ");
}

TEST_CASE("damaged lines, whatever they hold, hide no other", "[erasure_log]") {
    const fixture at;
    at.add_text("\n\nnonsense\n" + std::string(5000, 'x') + "\n" + std::string(32, '-') + " 1 r\n" +
                std::string(32, '0') + " here r\n" + std::string(600, '0') + "\n" +
                std::string(10, '\0') + "\n");
    CHECK(at.log.append(std::vector{line(7, 1000, "first")}));

    CHECK(at.read() == "7 1000 first; ");
}

TEST_CASE("what can't be written says so, and what can't be read throws", "[erasure_log]") {
    const fixture at;
    std::filesystem::create_directory(at.file);

    CHECK_FALSE(at.log.append(std::vector{line(7, 1000, "first")}));
    CHECK_THROWS_AS(at.read(), storage_error);
}
