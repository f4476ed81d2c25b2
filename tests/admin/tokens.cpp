#include "server/admin/tokens.hpp"

#include "server/keys.hpp"
#include "storage/memory_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace onechat;
using admin::open_tokens;

namespace {

std::string line_of(const std::filesystem::path& file) {
    std::ifstream in{file};
    std::string line;
    std::getline(in, line);
    return line;
}

struct fixture {
    test::temp_dir dir;
    storage::memory_store store;
    std::filesystem::path file = dir / "admin.token";
};

}  // namespace

TEST_CASE("the first start makes an owner's token that only its owner may read") {
    fixture at;

    const auto made = open_tokens(at.store, at.file, 7);

    struct stat about {};
    REQUIRE(::stat(at.file.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777U) == 0600U);
    const auto* owner = made.find(line_of(at.file));
    REQUIRE(owner != nullptr);
    CHECK(owner->role == storage::admin_role::owner);
    CHECK(owner->created == 7);
    CHECK(made.all().size() == 1);
}

TEST_CASE("later starts know it again and make no other, with or without the file") {
    fixture at;
    const std::string token =
        (static_cast<void>(open_tokens(at.store, at.file, 7)), line_of(at.file));

    CHECK(open_tokens(at.store, at.file, 8).find(token) != nullptr);
    std::filesystem::remove(at.file);
    const auto again = open_tokens(at.store, at.file, 9);
    CHECK(again.find(token) != nullptr);
    CHECK_FALSE(std::filesystem::exists(at.file));
}

TEST_CASE("a file that can't be made keeps no server from starting, and lets nobody in") {
    fixture at;

    CHECK(open_tokens(at.store, at.dir / "absent/admin.token", 7).all().empty());

    CHECK(open_tokens(at.store, at.file, 8).all().size() == 1);
}

TEST_CASE("a file that a crash left without a row is taken at its word") {
    fixture at;
    const std::string token = read_or_make_secret(at.file);

    const auto opened = open_tokens(at.store, at.file, 7);

    CHECK(opened.find(token) != nullptr);
    CHECK(line_of(at.file) == token);
}

TEST_CASE("a token file that others may read, or that holds anything else, ends the start") {
    fixture at;
    {
        std::ofstream out{at.file};
        out << "password\n";
    }
    ::chmod(at.file.c_str(), 0600);
    CHECK_THROWS_WITH(open_tokens(at.store, at.file, 7), Catch::Contains("no token of ours"));
    ::chmod(at.file.c_str(), 0644);
    CHECK_THROWS_WITH(open_tokens(at.store, at.file, 7), Catch::Contains("readable by other"));
}

TEST_CASE("only the whole token is right, and a use is noted once a minute") {
    const std::string secret = random_secret();
    admin::tokens known{{{.name = "ann", .digest = digest_of(secret)}}};

    CHECK(known.find(secret)->name == "ann");
    CHECK(known.find(secret.substr(1)) == nullptr);
    CHECK(known.find(secret + " ") == nullptr);
    CHECK(known.find("") == nullptr);
    CHECK(known.note_use("ann", 60'000));
    CHECK_FALSE(known.note_use("ann", 119'999));
    CHECK(known.note_use("ann", 120'000));
    CHECK_FALSE(known.note_use("bo", 120'000));
    known.drop("ann");
    CHECK(known.find(secret) == nullptr);
}

TEST_CASE("token names are short words") {
    for (const char* const good : {"ann", "a", "0-a.b_c", "abcdefghijklmnopqrstuvwxyz012345"}) {
        CHECK(admin::is_token_name(good));
    }
    for (const char* const bad :
         {"", "Ann", "-a", ".a", "a b", "a/b", "ä", "abcdefghijklmnopqrstuvwxyz0123456"}) {
        CHECK_FALSE(admin::is_token_name(bad));
    }
}
