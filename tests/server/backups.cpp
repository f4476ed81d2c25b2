#include "server/backups.hpp"

#include "server/data_folder.hpp"
#include "server/keys.hpp"
#include "storage/migrations.hpp"
#include "storage/sqlite.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <memory>
#include <optional>
#include <sys/stat.h>

using namespace onechat;
using onechat::test::temp_dir;
namespace fs = std::filesystem;
namespace rows = onechat::storage::test;

namespace {

constexpr std::int64_t noon = 1'795'780'800'000;  // 2026-11-27 12:00 UTC
constexpr std::int64_t minute = 60'000;

// A data folder with users 1 to 3, and a chat of 1 and 2.
struct place {
    temp_dir dir;
    fs::path data = dir / "data";
    std::unique_ptr<storage::sqlite_store> store;
    storage::pair_id pair{};

    place() {
        fs::create_directory(data);
        static_cast<void>(keys::open(data / "keys"));
        open();
        static_cast<void>(store->begin_epoch(noon - minute));
        for (const int id : {1, 2, 3}) {
            rows::done(*store, storage::make_user{rows::user(id)});
        }
        pair = rows::done(*store, rows::meeting(1, 2)).live.pair.id;
        rows::done(*store, rows::text(pair, 2, "before"));
    }
    void open() {
        store.reset();
        store = std::make_unique<storage::sqlite_store>(data / "onechat.db");
    }
    fs::path back_up(std::int64_t now = noon, std::uint32_t kept_max = 7) {
        return make_backup(data, now, kept_max).folder;
    }
    restored restore(const fs::path& backup, std::int64_t now = noon + minute) {
        store.reset();
        auto done = restore_backup(backup, data, now);
        open();
        return done;
    }
};

unsigned mode_of(const fs::path& file) {
    struct stat about {};
    return ::stat(file.c_str(), &about) == 0 ? about.st_mode & 0777U : 0U;
}

void spoil(const fs::path& file) {
    std::fstream bytes{file, std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekg(100);
    const char before = static_cast<char>(bytes.get());
    bytes.seekp(100);
    bytes.put(static_cast<char>(before ^ 1));
}

}  // namespace

TEST_CASE("a backup is made while the store is in use, and is good", "[backups]") {
    place at;

    const auto made = make_backup(at.data, noon, 7);
    rows::done(*at.store, rows::text(at.pair, 3, "after"));

    CHECK(made.folder == at.data / "backups" / "2026-11-27T120000Z");
    CHECK(made.manifest.facts.events == 2);
    CHECK(made.manifest.facts.users == 3);
    CHECK(made.manifest.facts.schema > 0);
    CHECK(verify_backup(made.folder) == made.manifest);
    CHECK(mode_of(made.folder) == 0700);
    for (const auto& entry : fs::directory_iterator{made.folder}) {
        INFO(entry.path().filename());
        CHECK(mode_of(entry.path()) == 0600);
    }
    CHECK_FALSE(fs::exists(at.data / "backups" / "part"));
}

TEST_CASE("the oldest backups beyond the bound are removed, and nothing else", "[backups]") {
    place at;
    fs::create_directory(at.data / "backups");
    fs::create_directory(at.data / "backups" / "mine");
    for (int n = 0; n < 3; ++n) {
        at.back_up(noon + n * minute, 3);
    }
    const auto made = make_backup(at.data, noon + 3 * minute, 3);

    CHECK(made.removed == std::vector<fs::path>{at.data / "backups" / "2026-11-27T120000Z"});
    CHECK_FALSE(fs::exists(made.removed.front()));
    CHECK(fs::exists(at.data / "backups" / "2026-11-27T120100Z"));
    CHECK(fs::exists(at.data / "backups" / "mine"));
}

TEST_CASE("what a backup left behind when it was killed is in nobody's way", "[backups]") {
    place at;
    at.back_up();
    fs::create_directory(at.data / "backups" / "part");
    std::ofstream{at.data / "backups" / "part" / "onechat.db"} << "half";
    CHECK(verify_backup(at.back_up(noon + minute)).facts.events == 2);
    CHECK_THROWS_WITH(at.back_up(noon + minute), Catch::Contains("there already"));
}

TEST_CASE("a folder without a database has nothing to back up", "[backups]") {
    const temp_dir dir;
    CHECK_THROWS_WITH(make_backup(dir.path(), noon, 7), Catch::Contains("no database"));
}

TEST_CASE("whatever is changed in a backup is found", "[backups]") {
    place at;
    const auto backup = at.back_up();
    SECTION("a byte of the database") {
        spoil(backup / "onechat.db");
    }
    SECTION("a byte of the keys") {
        std::ofstream{backup / "keys", std::ios::app} << ' ';
    }
    SECTION("a file that is gone") {
        fs::remove(backup / "keys");
    }
    SECTION("a torn manifest") {
        fs::resize_file(backup / "manifest", fs::file_size(backup / "manifest") - 2);
    }
    SECTION("no manifest") {
        fs::remove(backup / "manifest");
    }
    CHECK_THROWS_AS(verify_backup(backup), std::runtime_error);
    at.store.reset();
    const auto before = fs::last_write_time(at.data / "onechat.db");
    CHECK_THROWS_AS(restore_backup(backup, at.data, noon), std::runtime_error);
    CHECK(fs::last_write_time(at.data / "onechat.db") == before);
}

TEST_CASE("a backup of a newer version is refused with a sentence", "[backups]") {
    place at;
    at.store.reset();
    const auto version = storage::facts_of(at.data / "onechat.db").schema;
    {
        storage::database db{at.data / "onechat.db", storage::database::access::write};
        db.run_or_throw(("PRAGMA user_version = " + std::to_string(version + 1)).c_str());
    }
    const auto backup = at.back_up();
    CHECK_THROWS_WITH(verify_backup(backup), Catch::Contains("has schema"));
    CHECK_THROWS_WITH(restore_backup(backup, at.data, noon), Catch::Contains("has schema"));
}

TEST_CASE("a restore puts back what was there, keeps what it replaces, and goes on above it",
          "[backups]") {
    place at;
    const auto backup = at.back_up();
    rows::done(*at.store, rows::text(at.pair, 3, "after"));
    static_cast<void>(at.store->begin_epoch(noon + 10 * minute));

    const auto done = at.restore(backup);

    CHECK(rows::seqs(rows::events(*at.store, at.pair)) == std::vector<std::uint64_t>{1, 2});
    CHECK(done.replaced == at.data / "replaced-2026-11-27T120100Z");
    CHECK(storage::facts_of(done.replaced / "onechat.db").events == 3);
    CHECK(mode_of(done.replaced) == 0700);
    CHECK(mode_of(at.data / "onechat.db") == 0600);
    CHECK(at.store->last_epoch() == noon + 10 * minute);
    CHECK(*at.store->begin_epoch(noon) == noon + 10 * minute + 1);
    CHECK_FALSE(fs::exists(at.data / "restoring"));
}

TEST_CASE("a damaged database is replaced all the same", "[backups]") {
    place at;
    const auto backup = at.back_up();
    at.store.reset();
    std::ofstream{at.data / "onechat.db", std::ios::trunc} << "this is no database at all";

    CHECK(restore_backup(backup, at.data, noon).epoch == noon - minute);

    CHECK(storage::facts_of(at.data / "onechat.db").events == 2);
}

TEST_CASE("a backup can be restored where there is nothing", "[backups]") {
    place at;
    const auto backup = at.back_up();
    const temp_dir elsewhere;

    const auto done = restore_backup(backup, elsewhere / "new", noon);

    CHECK(done.replaced.empty());
    CHECK(storage::facts_of(elsewhere / "new/onechat.db").users == 3);
}

TEST_CASE("what was erased or banned since the backup is again after a restore", "[backups]") {
    place at;
    rows::done(*at.store, rows::erasure(3, noon, noon, "before"));
    const auto backup = at.back_up();
    rows::done(*at.store, rows::erasure(1, noon, noon, "after"));
    const auto banned = rows::done(*at.store, rows::ban(2, {2'592'000'000}, noon));

    at.restore(backup);

    CHECK(at.store->erase_again(noon) == 1);
    CHECK(at.store->ban_again(noon) == 1);
    CHECK(rows::events(*at.store, at.pair)[1].gone == storage::gone_reason::erase);
    CHECK(rows::answered(*at.store, storage::find_standing{.person = rows::user(2).person})
              .banned_until == banned.until);
    std::ifstream log{at.data / "erasures.log"};
    const std::string lines{std::istreambuf_iterator<char>{log}, {}};
    CHECK(lines.find("before") != std::string::npos);
    CHECK(lines.find("before") == lines.rfind("before"));
    CHECK(lines.find("after") != std::string::npos);
}

TEST_CASE("the logs of a backup count where the data folder has lost its own", "[backups]") {
    place at;
    const auto old = at.back_up();
    rows::done(*at.store, rows::erasure(1, noon, noon, "after"));
    rows::done(*at.store, rows::ban(2, {2'592'000'000}, noon));
    const auto newer = at.back_up(noon + minute);
    at.store.reset();
    fs::remove(at.data / "erasures.log");
    fs::remove(at.data / "bans.log");
    static_cast<void>(restore_backup(newer, at.data, noon + 2 * minute));

    at.restore(old, noon + 3 * minute);

    CHECK(at.store->erase_again(noon) == 1);
    CHECK(at.store->ban_again(noon) == 1);
}

TEST_CASE("while a server holds the folder nothing is restored or migrated", "[backups]") {
    place at;
    const auto backup = at.back_up();
    const data_folder server{at.data};
    CHECK_THROWS_WITH(restore_backup(backup, at.data, noon), Catch::Contains("in use"));
    CHECK_THROWS_WITH(migrate_data(at.data, false), Catch::Contains("in use"));
    CHECK_THROWS_WITH(migrate_data(at.data, true), Catch::Contains("in use"));
}

TEST_CASE("an interrupted restore is not taken for a new folder", "[backups]") {
    place at;
    const auto backup = at.back_up();
    at.store.reset();
    CHECK_NOTHROW(refuse_half_restored(at.data));
    fs::create_directory(at.data / "restoring");
    fs::copy_file(at.data / "onechat.db", at.data / "restoring/onechat.db");
    CHECK_NOTHROW(refuse_half_restored(at.data));  // nothing was replaced yet
    fs::rename(at.data / "onechat.db", at.dir / "aside.db");

    CHECK_THROWS_WITH(refuse_half_restored(at.data), Catch::Contains("interrupted"));

    static_cast<void>(restore_backup(backup, at.data, noon + minute));
    CHECK_NOTHROW(refuse_half_restored(at.data));
    CHECK(storage::facts_of(at.data / "onechat.db").events == 2);
}

TEST_CASE("a dry migration leaves the database as it is, a real one doesn't", "[backups]") {
    const temp_dir dir;
    fs::create_directory(dir / "data");
    const auto database = dir / "data/onechat.db";
    {
        storage::database old{database, storage::database::access::write};
        storage::migrate(old, 2);
    }

    const auto tried = migrate_data(dir / "data", true);

    CHECK(tried.before.schema == 2);
    CHECK(tried.after.schema == storage::schema_version());
    CHECK(storage::facts_of(database).schema == 2);
    CHECK_FALSE(fs::exists(dir / "data/migrating"));
    CHECK(migrate_data(dir / "data", false).after.schema == storage::schema_version());
    CHECK(storage::facts_of(database).schema == storage::schema_version());
}

TEST_CASE("no database is made where there was none to migrate", "[backups]") {
    const temp_dir dir;
    CHECK_THROWS_WITH(migrate_data(dir / "data", false), Catch::Contains("no database"));
    CHECK_FALSE(fs::exists(dir / "data/onechat.db"));
}
