#include "server/platform/filter/filter_file.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <stdexcept>

using namespace onechat::platform;
using onechat::test::temp_dir;

namespace {

std::filesystem::path write(const temp_dir& folder, std::string_view rules) {
    const auto file = folder.path() / "words.txt";
    std::ofstream{file} << rules;
    return file;
}

std::string complaint_about(const std::filesystem::path& file) {
    try {
        static_cast<void>(open_filter(file));
    } catch (const std::runtime_error& trouble) {
        return trouble.what();
    }
    return {};
}

}  // namespace

TEST_CASE("without a file the built-in set holds") {
    CHECK(open_filter({})->judge("刷单").flagged);
    CHECK(!open_filter({})->judge("坏词").flagged);
}

TEST_CASE("a file's rules come to the built-in ones") {
    const temp_dir folder;

    const auto judge = open_filter(write(folder, "flag 坏词\n"));

    CHECK(judge->judge("坏词").flagged);
    CHECK(judge->judge("刷单").flagged);
}

TEST_CASE("all mistakes of a file are told with their places") {
    const temp_dir folder;
    const auto file = write(folder, "flag 坏词\nmask\n\nforbid x\n");

    const std::string complaint = complaint_about(file);

    CHECK_THAT(complaint, Catch::StartsWith(file.string() + ":2: "));
    CHECK_THAT(complaint, Catch::Contains("\n" + file.string() + ":4: "));
}

TEST_CASE("what can't be read is told") {
    const temp_dir folder;

    CHECK_THAT(complaint_about(folder.path() / "none"), Catch::Contains("No such file"));
    CHECK_THAT(complaint_about(folder.path()), Catch::Contains("no file"));
}

TEST_CASE("a file that is too large is told so without its place in it") {
    const temp_dir folder;
    const auto file = write(folder, std::string(rules_file_bytes_max + 1, '#'));

    CHECK_THAT(complaint_about(file),
               Catch::Equals(file.string() + ": This is no file of rules: it is larger than "
                                             "4 MiB."));
}

TEST_CASE("while a server runs, a bad file is told in one line and a good one is taken") {
    const temp_dir folder;

    const auto bad = try_filter(write(folder, "mask\nforbid x\n"));
    const auto good = try_filter(write(folder, "flag 坏词\n"));

    CHECK(bad.made == nullptr);
    CHECK_THAT(bad.trouble, Catch::Contains(":1: ") && Catch::Contains("; "));
    CHECK(bad.trouble.find('\n') == std::string::npos);
    REQUIRE(good.made != nullptr);
    CHECK(good.made->judge("坏词").flagged);
}
