#include "server/backup_thread.hpp"

#include "server/backups.hpp"
#include "server/keys.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <future>

using namespace onechat;
using onechat::test::temp_dir;
namespace fs = std::filesystem;

namespace {

constexpr backup_task task{.at = 1'795'780'800'000, .kept_max = 7};

struct living_data {
    temp_dir dir;
    fs::path data = dir / "data";
    std::promise<std::string> promised;

    living_data() {
        fs::create_directory(data);
        static_cast<void>(keys::open(data / "keys"));
    }
    backup_thread::completion told() {
        return [this](std::string trouble) { promised.set_value(std::move(trouble)); };
    }
};

}  // namespace

TEST_CASE("a backup is made beside a store that is open, and can be verified") {
    living_data at;
    storage::sqlite_store store{at.data / "onechat.db"};
    REQUIRE(store.begin_epoch(5));
    backup_thread thread{at.data, at.told()};

    thread.make(task);

    CHECK(at.promised.get_future().get().empty());
    CHECK(verify_backup(at.data / "backups" / "2026-11-27T120000Z").made == task.at);
}

TEST_CASE("what keeps a backup from being made is told in a sentence") {
    living_data at;
    backup_thread thread{at.data, at.told()};

    thread.make(task);

    CHECK_THAT(at.promised.get_future().get(), Catch::Contains("no database"));
}

TEST_CASE("a backup that is under way when the server stops is given up") {
    living_data at;
    const storage::sqlite_store store{at.data / "onechat.db"};
    {
        storage::database db{at.data / "onechat.db", storage::database::access::write};
        db.run_or_throw(
            "CREATE TABLE filler (x BLOB); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "
            "SELECT i + 1 FROM n WHERE i < 200000) INSERT INTO filler SELECT i FROM n");
    }
    const std::atomic<bool> stop = true;

    CHECK_THROWS_AS(make_backup(at.data, task.at, 7, &stop), storage::storage_error);
    CHECK_FALSE(fs::exists(at.data / "backups" / "2026-11-27T120000Z"));
    CHECK_FALSE(make_backup(at.data, task.at, 7).folder.empty());
}
