#include "storage/sqlite.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <sys/stat.h>

using namespace onechat::storage;
using onechat::test::temp_dir;

namespace {

mode_t rights(const std::filesystem::path& file) {
    struct stat found {};
    REQUIRE(::stat(file.c_str(), &found) == 0);
    return found.st_mode & 07777;
}

struct fixture {
    temp_dir dir;
    database db{dir / "a.db", database::access::write};

    fixture() { db.run_or_throw("CREATE TABLE t (id INTEGER PRIMARY KEY, a ANY UNIQUE) STRICT"); }
    std::int64_t count() {
        statement counting{db, "SELECT count(*) FROM t"};
        auto found = counting.query();
        REQUIRE(found.next());
        return found.integer(0);
    }
};

}  // namespace

TEST_CASE("what is bound comes back, bytes and all", "[sqlite]") {
    fixture at;
    statement echo{at.db, "SELECT ?, ?, ?, ?, ?, ?, ?"};
    const std::array<std::uint8_t, 3> bytes{0, 255, 7};
    const std::string text{"a\0b'; --", 8};
    const std::optional<std::string> none;
    const std::optional<std::string> some = "x";

    auto row = echo.query(INT64_MIN, text, bytes, none, some, std::string_view{}, true);

    REQUIRE(row.next());
    CHECK(row.integer(0) == INT64_MIN);
    CHECK(row.text(1) == text);
    CHECK(std::ranges::equal(row.bytes(2), bytes));
    CHECK(row.null(3));
    CHECK(row.text(4) == "x");
    CHECK_FALSE(row.null(5));
    CHECK(row.text(5).empty());
    CHECK(row.integer(6) == 1);
    CHECK_FALSE(row.next());
}

TEST_CASE("a failure sticks until it is forgiven, and the first one is told", "[sqlite]") {
    fixture at;
    statement add{at.db, "INSERT INTO t (a) VALUES (?)"};
    statement all{at.db, "SELECT a FROM t"};
    CHECK(add.run(1) == 1);

    CHECK(add.run(1) == 0);
    at.db.fail(fault::lost, "a later one");
    CHECK(add.run(2) == 0);
    CHECK_FALSE(all.query().next());

    CHECK(at.db.fault() == fault::rule);
    CHECK(at.db.complaint().find("UNIQUE") != std::string::npos);
    at.db.forgive();
    CHECK(add.run(2) == 1);
    CHECK(at.count() == 2);
}

TEST_CASE("a transaction that isn't committed, or fails, changes nothing", "[sqlite]") {
    fixture at;
    statement add{at.db, "INSERT INTO t (a) VALUES (?)"};
    {
        transaction left{at.db, transaction::kind::write};
        add.run(1);
    }
    CHECK(at.count() == 0);
    {
        transaction failed{at.db, transaction::kind::write};
        add.run(1);
        add.run(1);
        CHECK_FALSE(failed.commit());
    }
    CHECK(at.db.fault() == fault::rule);
    CHECK_FALSE(at.db.in_transaction());
    at.db.forgive();
    CHECK(at.count() == 0);
    {
        transaction kept{at.db, transaction::kind::write};
        add.run(1);
        CHECK(kept.commit());
    }
    CHECK(at.count() == 1);
}

TEST_CASE("rows let go of their lock when they go out of scope", "[sqlite]") {
    fixture at;
    statement add{at.db, "INSERT INTO t (a) VALUES (?)"};
    add.run(1);
    statement all{at.db, "SELECT a FROM t"};
    {
        auto half_read = all.query();
        CHECK(half_read.next());
    }

    at.db.run("DROP TABLE t");

    CHECK_FALSE(at.db.failed());
}

TEST_CASE("a reading connection can't write", "[sqlite]") {
    fixture at;
    database reader{at.dir / "a.db", database::access::read};

    reader.run("INSERT INTO t (a) VALUES (1)");

    CHECK(reader.failed());
    CHECK(at.count() == 0);
}

TEST_CASE("failures are sorted by what can be done about them", "[sqlite]") {
    CHECK(sort_failure(SQLITE_OK, 0) == fault::none);
    CHECK(sort_failure(SQLITE_DONE, 0) == fault::none);
    CHECK(sort_failure(SQLITE_FULL, 0) == fault::full);
    CHECK(sort_failure(SQLITE_BUSY, 0) == fault::busy);
    CHECK(sort_failure(SQLITE_BUSY_SNAPSHOT, 0) == fault::busy);
    CHECK(sort_failure(SQLITE_CONSTRAINT_UNIQUE, 0) == fault::rule);
    CHECK(sort_failure(SQLITE_CONSTRAINT_FOREIGNKEY, 0) == fault::rule);
    CHECK(sort_failure(SQLITE_IOERR_WRITE, ENOSPC) == fault::full);
    CHECK(sort_failure(SQLITE_IOERR_WRITE, EDQUOT) == fault::full);
    CHECK(sort_failure(SQLITE_IOERR_SHMSIZE, ENOSPC) == fault::full);
    CHECK(sort_failure(SQLITE_IOERR_WRITE, EIO) == fault::lost);
    CHECK(sort_failure(SQLITE_IOERR_FSYNC, EIO) == fault::lost);
    // A sync that finds no room has lost pages that were thought written.
    CHECK(sort_failure(SQLITE_IOERR_FSYNC, ENOSPC) == fault::lost);
    CHECK(sort_failure(SQLITE_CORRUPT, 0) == fault::lost);
    CHECK(sort_failure(SQLITE_NOTADB, 0) == fault::lost);
}

TEST_CASE("nobody but the owner can read the database, whatever the umask", "[sqlite]") {
    temp_dir dir;
    const mode_t before = ::umask(0);
    database made{dir / "a.db", database::access::write};
    ::umask(before);
    made.run_or_throw("PRAGMA journal_mode = WAL; CREATE TABLE t (a)");

    CHECK(rights(dir / "a.db") == 0600);
    CHECK(rights(dir / "a.db-wal") == 0600);
    CHECK(rights(dir / "a.db-shm") == 0600);
}

TEST_CASE("rights that are too wide are mended", "[sqlite]") {
    temp_dir dir;
    { const database made{dir / "a.db", database::access::write}; }
    REQUIRE(::chmod((dir / "a.db").c_str(), 0644) == 0);

    const database again{dir / "a.db", database::access::write};

    CHECK(rights(dir / "a.db") == 0600);
}

TEST_CASE("a database that can't be opened is refused with its name", "[sqlite]") {
    temp_dir dir;
    const auto missing = dir / "no such directory/a.db";

    std::string sentence;
    try {
        const database refused{missing, database::access::write};
    } catch (const storage_error& failure) {
        sentence = failure.what();
    }
    CHECK(sentence.find("no such directory/a.db") != std::string::npos);
    CHECK_THROWS_AS(database(missing, database::access::read), storage_error);
    CHECK_THROWS_AS(database(dir.path(), database::access::write), storage_error);
}
