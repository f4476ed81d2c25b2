#include "server/cli/checkup.hpp"

#include "storage/migrations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace onechat;
using namespace onechat::cli;
using namespace std::chrono_literals;
using onechat::test::temp_dir;

namespace {

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;
constexpr std::int64_t ext4 = 0xEF53;

health worst_of(const findings& found) {
    return std::ranges::max(found, {}, &finding::how).how;
}

std::string said_in(const findings& found) {
    std::string all;
    for (const finding& one : found) {
        all += one.sentence + "\n";
    }
    return all;
}

std::filesystem::path made_folder(const temp_dir& dir) {
    const auto data = dir / "data";
    REQUIRE(::mkdir(data.c_str(), 0700) == 0);
    return data;
}

void make_file(const std::filesystem::path& file, mode_t mode, const std::string& bytes = "x") {
    std::ofstream{file} << bytes;
    REQUIRE(::chmod(file.c_str(), mode) == 0);
}

// The head of a database of that form.
std::string database_head(std::int64_t version) {
    std::string head = "SQLite format 3";
    head.resize(100, '\0');
    head[62] = static_cast<char>(version >> 8);
    head[63] = static_cast<char>(version);
    return head;
}

}  // namespace

TEST_CASE("a folder that isn't there is well, and one that is a file is not") {
    const temp_dir dir;
    make_file(dir / "file", 0600);

    CHECK(worst_of(look_at_folder(dir / "data", ::geteuid())) == health::well);
    CHECK(worst_of(look_at_folder(dir / "file", ::geteuid())) == health::wrong);
    CHECK(worst_of(look_at_folder(dir / "file/data", ::geteuid())) == health::wrong);
}

TEST_CASE("what others can read is told by its name") {
    const temp_dir dir;
    const auto data = made_folder(dir);
    make_file(data / "keys", 0600);
    make_file(data / "onechat.db", 0600);
    CHECK(worst_of(look_at_folder(data, ::geteuid())) == health::well);

    make_file(data / "keys", 0640);
    const auto found = look_at_folder(data, ::geteuid());
    CHECK(worst_of(found) == health::wrong);
    CHECK_THAT(said_in(found), Catch::Contains("data/keys can be read by others"));

    make_file(data / "keys", 0600);
    REQUIRE(::chmod(data.c_str(), 0755) == 0);
    CHECK(worst_of(look_at_folder(data, ::geteuid())) == health::look);
}

TEST_CASE("nothing that a server or a backup makes may be anybody else's") {
    const temp_dir dir;
    const auto data = made_folder(dir);
    for (const char* name : {"onechat.db", "onechat.db-wal", "onechat.db-shm", "keys", "lock",
                             "erasures.log", "bans.log", "admin.token"}) {
        INFO(name);
        make_file(data / "keys", 0600);
        make_file(data / name, 0644);
        CHECK_THAT(said_in(look_at_folder(data, ::geteuid())),
                   Catch::Contains(std::string{name} + " can be read by others"));
        std::filesystem::remove(data / name);
    }
    REQUIRE(::mkdir((data / "backups").c_str(), 0700) == 0);
    make_file(data / "keys", 0600);
    CHECK(worst_of(look_at_folder(data, ::geteuid())) == health::well);
    REQUIRE(::chmod((data / "backups").c_str(), 0777) == 0);
    CHECK_THAT(said_in(look_at_folder(data, ::geteuid())), Catch::Contains("chmod 700"));
}

TEST_CASE("a folder from which no server would start is wrong") {
    const temp_dir dir;
    const auto data = made_folder(dir);
    make_file(data / "onechat.db", 0600);
    CHECK_THAT(said_in(look_at_folder(data, ::geteuid())), Catch::Contains("keys are missing"));

    make_file(data / "keys", 0600);
    make_file(data / "restore-under-way", 0600);
    const auto found = look_at_folder(data, ::geteuid());
    CHECK(worst_of(found) == health::wrong);
    CHECK_THAT(said_in(found), Catch::Contains("restore was interrupted"));
}

TEST_CASE("a folder of somebody else is wrong for all but root") {
    const temp_dir dir;
    const auto data = made_folder(dir);

    CHECK(worst_of(look_at_folder(data, ::geteuid() + 1)) == health::wrong);
    CHECK(worst_of(look_at_folder(data, 0)) == health::well);
}

TEST_CASE("a folder is in use while a server holds its lock") {
    const temp_dir dir;
    CHECK_FALSE(is_in_use(dir.path()));
    make_file(dir / "lock", 0600);
    CHECK_FALSE(is_in_use(dir.path()));

    const int held = ::open((dir / "lock").c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(::flock(held, LOCK_EX) == 0);
    CHECK(is_in_use(dir.path()));

    // Whoever only looks as well is no server, and is not in the way of one.
    REQUIRE(::flock(held, LOCK_SH) == 0);
    CHECK_FALSE(is_in_use(dir.path()));

    ::close(held);
    CHECK_FALSE(is_in_use(dir.path()));
}

TEST_CASE("a database's form is known from its head") {
    const temp_dir dir;
    const auto form_of = [&](const std::string& bytes) {
        make_file(dir / "onechat.db", 0600, bytes);
        return look_at_database(dir.path())->how;
    };
    const auto ours = storage::schema_version();
    CHECK_FALSE(look_at_database(dir.path()));

    CHECK(form_of("") == health::well);
    CHECK(form_of(database_head(ours)) == health::well);
    CHECK(form_of(database_head(ours - 1)) == health::look);
    CHECK(form_of(database_head(ours + 1)) == health::wrong);
    CHECK(form_of(database_head(ours).substr(0, 63)) == health::wrong);
    CHECK(form_of(std::string(4096, 'x')) == health::wrong);
}

TEST_CASE("a disk is well with room, a file system of this machine, and a quick sync") {
    const auto how = [](disk_facts disk) { return worst_of(look_at_disk(disk)); };

    CHECK(how({.free_bytes = 3 * gibibyte, .kind = ext4, .sync = 1ms}) == health::well);
    CHECK(how({.free_bytes = gibibyte, .kind = ext4, .sync = 1ms}) == health::look);
    CHECK(how({.free_bytes = gibibyte / 16, .kind = ext4, .sync = 1ms}) == health::wrong);
    CHECK(how({.free_bytes = 3 * gibibyte, .kind = ext4, .sync = 21ms}) == health::look);
    CHECK(how({.free_bytes = 3 * gibibyte, .kind = ext4, .sync = {}}) == health::look);
    for (const std::int64_t kind : {0x6969L, 0xFF534D42L, 0x65735546L, 0x01021994L, 0x794C7630L}) {
        CHECK(how({.free_bytes = 3 * gibibyte, .kind = kind, .sync = 1ms}) == health::look);
    }
}

TEST_CASE("a disk is measured where the data will be, and left as it was") {
    const temp_dir dir;

    const auto disk = disk_facts_of(dir.path());

    CHECK(disk.free_bytes > 0);
    REQUIRE(disk.sync);
    CHECK(*disk.sync > 0ns);
    CHECK(std::filesystem::is_empty(dir.path()));
}

TEST_CASE("a clock before the database's last change is wrong") {
    const auto now = std::chrono::system_clock::now();

    CHECK(look_at_clock({.now = now, .newest_file = now - 1h}).how == health::well);
    CHECK(look_at_clock({.now = now, .newest_file = now + 59min}).how == health::well);
    CHECK(look_at_clock({.now = now, .newest_file = now + 61min}).how == health::wrong);
    CHECK(look_at_clock({.now = now, .is_synchronised = false, .newest_file = {}}).how ==
          health::look);
}

TEST_CASE("open files are compared with the connections that are wanted") {
    CHECK(look_at_files(20'000, 0).how == health::well);
    CHECK(look_at_files(20'000, 19'836).how == health::well);
    CHECK(look_at_files(20'000, 19'837).how == health::look);
    CHECK(look_at_files(1024, 0).how == health::look);
    CHECK(look_at_backlog(4096).how == health::well);
    CHECK(look_at_backlog(128).how == health::look);
}

TEST_CASE("a port that is taken is right where systemd holds it") {
    const int held = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(::bind(held, reinterpret_cast<const sockaddr*>(&at), size) == 0);
    REQUIRE(::listen(held, 1) == 0);
    REQUIRE(::getsockname(held, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    const endpoint where{"127.0.0.1", ntohs(at.sin_port)};

    CHECK(look_at_port("port", where).how == health::wrong);
    CHECK(look_at_port("port", where, true).how == health::look);
    ::close(held);
}

TEST_CASE("a port is free until somebody listens there") {
    CHECK(look_at_port("port", {"127.0.0.1", 0}).how == health::well);
    CHECK(look_at_port("port", {"192.0.2.1", 0}).how == health::wrong);
    CHECK_THAT(look_at_port("port", {"192.0.2.1", 8080}).sentence,
               Catch::StartsWith("192.0.2.1:8080: "));
}
