// Bans over a restored backup; what a ban is stands in store_bans.cpp.
#include "storage/sqlite_bans.hpp"

#include "tests/storage/files.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

constexpr unix_ms month = 2'592'000'000;

struct restored {
    store_on_disk at;

    void back_up() {
        at.store.reset();
        std::filesystem::copy_file(at.file, at.dir / "backup.db",
                                   std::filesystem::copy_options::overwrite_existing);
        at.reopen();
    }
    std::size_t restore(unix_ms now = 10'000) {
        at.store.reset();
        std::filesystem::copy_file(at.dir / "backup.db", at.file,
                                   std::filesystem::copy_options::overwrite_existing);
        at.reopen();
        return at.store->ban_again(now);
    }
    unix_ms until(const user_row& who) {
        return answered(*at.store, find_standing{.person = who.person}).banned_until;
    }
    [[nodiscard]] std::string log() const { return content(at.dir / "bans.log"); }
};

}  // namespace

TEST_CASE("who was banned after the backup is banned again", "[sqlite_bans]") {
    restored world;
    const auto one = world.at.add_user(1);
    const auto two = world.at.add_user(2);
    world.back_up();
    const auto given = done(*world.at.store, ban(1, {month}));
    CHECK(world.log().find("the reason") == std::string::npos);

    CHECK(world.restore() == 1);

    CHECK(world.until(one) == given.until);
    CHECK(world.until(two) == 0);
    CHECK(answered(*world.at.store, find_bans{.user = user_id{1}, .bans = {}}).bans.size() == 1);
    CHECK(world.restore() == 1);
    CHECK(world.at.store->ban_again(10'000) == 0);
}

TEST_CASE("a ban that was lifted after the backup stays lifted", "[sqlite_bans]") {
    restored world;
    const auto one = world.at.add_user(1);
    done(*world.at.store, ban(1, {month}));
    world.back_up();
    CHECK(world.at.store->ban_again(6000) == 0);
    done(*world.at.store, lift_ban{.user = user_id{1}, .at = 7000});

    CHECK(world.restore() == 1);

    CHECK(world.until(one) == 7000);
    CHECK(done(*world.at.store, ban(1, {month, 2 * month}, 8000)).level == 1);
}

TEST_CASE("what somebody changed in the database by hand is not changed back", "[sqlite_bans]") {
    restored world;
    const auto one = world.at.add_user(1);
    done(*world.at.store, ban(1, {month}));
    world.at.store.reset();
    {
        database db{world.at.file, database::access::write};
        db.run_or_throw("DELETE FROM bans");
    }
    world.at.reopen();

    CHECK(world.at.store->ban_again(6000) == 0);

    CHECK(world.until(one) == 0);
    CHECK(world.log().empty());
}

TEST_CASE("bans go on being restored after a restore", "[sqlite_bans]") {
    restored world;
    const auto one = world.at.add_user(1);
    const auto two = world.at.add_user(2);
    world.back_up();
    done(*world.at.store, ban(1, {month}));
    CHECK(world.restore() == 1);
    done(*world.at.store, ban(2, {month}));

    CHECK(world.restore() == 2);

    CHECK(world.until(one) == 5000 + month);
    CHECK(world.until(two) == 5000 + month);
}

TEST_CASE("a ban that has ended since is not given again", "[sqlite_bans]") {
    restored world;
    world.at.add_user(1);
    world.back_up();
    done(*world.at.store, ban(1, {1000}));
    CHECK(world.restore(6000) == 0);
}

TEST_CASE("a ban finds a person whom the backup has never seen", "[sqlite_bans]") {
    restored world;
    world.back_up();
    const auto later = world.at.add_user(5);
    done(*world.at.store, ban(5, {month}));

    CHECK(world.restore() == 1);

    CHECK(world.until(later) == 5000 + month);
    user_row again = world.at.add_user(5);
    CHECK(world.until(again) == 5000 + month);
}

TEST_CASE("the log keeps nobody longer than the database does", "[sqlite_bans]") {
    restored world;
    world.at.add_user(1);
    world.at.add_user(2);
    done(*world.at.store, ban(1, {1000}));
    done(*world.at.store, ban(2, {month}));
    CHECK(std::ranges::count(world.log(), '\n') == 2);

    done(*world.at.store, purge{.now = 7000, .bans_before = 7000, .completed = {}});

    CHECK(std::ranges::count(world.log(), '\n') == 1);
    done(*world.at.store, erasure(2, 8000, 8000));
    purged(*world.at.store, 6000 + month);
    CHECK(std::ranges::count(world.log(), '\n') == 1);
    done(*world.at.store, purge{.now = 2 * month, .bans_before = 6000 + month, .completed = {}});
    CHECK(world.log().empty());
}

TEST_CASE("a log that could not be written is written when it can be", "[sqlite_bans]") {
    restored world;
    const auto one = world.at.add_user(1);
    world.back_up();
    std::filesystem::create_directory(world.at.dir / "bans.log");
    done(*world.at.store, ban(1, {month}));
    CHECK(world.at.store->logs_behind());
    std::filesystem::remove(world.at.dir / "bans.log");

    world.at.add_user(2);

    CHECK_FALSE(world.at.store->logs_behind());
    CHECK(world.restore() == 1);
    CHECK(world.until(one) == 5000 + month);
}
