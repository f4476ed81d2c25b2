#include "server/backup_manifest.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;

namespace {

backup_manifest sample() {
    return {.made = 1'795'780'800'000,
            .version = "1.2.3",
            .facts = {.schema = 6, .epoch = 7, .users = 1, .pairs = 2, .events = 3},
            .checksums = {{"keys", std::string(64, 'a')}, {"onechat.db", std::string(64, 'b')}}};
}

}  // namespace

TEST_CASE("a manifest is read as it was written") {
    CHECK(read_manifest(write_manifest(sample())) == sample());
}

TEST_CASE("no beginning of a manifest passes for one") {
    const auto whole = write_manifest(sample());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK_THROWS_AS(read_manifest(whole.substr(0, size)), std::runtime_error);
    }
}

TEST_CASE("a manifest can't name a file elsewhere") {
    auto strange = sample();
    strange.checksums[0].first = "../keys";
    CHECK_THROWS_AS(read_manifest(write_manifest(strange)), std::runtime_error);
}

TEST_CASE("numbers that are none are refused") {
    auto text = write_manifest(sample());
    text.replace(text.find("users 1"), 7, "users -1");
    CHECK_THROWS_WITH(read_manifest(text), Catch::Contains("users"));
}

TEST_CASE("what could speak to a terminal is in no manifest") {
    auto strange = sample();
    strange.version = "1.2.3\x1b[2J";
    CHECK_THROWS_WITH(read_manifest(write_manifest(strange)), Catch::Contains("version"));
    strange = sample();
    strange.checksums[0].first = "ke\x1b[2Jys";
    CHECK_THROWS_WITH(read_manifest(write_manifest(strange)),
                      !Catch::Contains("\x1b") && Catch::Contains("line"));
}

TEST_CASE("when a backup was made is known from a manifest that is not whole") {
    const auto whole = write_manifest(sample());
    CHECK(made_of_manifest(whole) == sample().made);
    CHECK(made_of_manifest(whole.substr(0, whole.size() / 2)) == sample().made);
    CHECK_FALSE(made_of_manifest("onechat backup 1\n"));
    CHECK_FALSE(made_of_manifest("\nmade yesterday\n"));
}
