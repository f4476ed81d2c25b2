#include "storage/database_copy.hpp"

#include "storage/migrations.hpp"
#include "storage/sqlite.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace onechat::storage {

namespace {

void must_exist(const std::filesystem::path& file) {
    if (!std::filesystem::is_regular_file(file)) {
        throw storage_error{"There is no database " + file.string() + "."};
    }
}

// SQLite fills an empty file as well as none, and keeps its rights.
void make_empty(const std::filesystem::path& file) {
    const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made < 0) {
        throw storage_error{file.string() +
                            " can't be made: " + std::generic_category().message(errno) + "."};
    }
    ::close(made);
}

// SQLite does not sync what it copies to.
void sync(const std::filesystem::path& file) {
    const int copy = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = copy >= 0 && ::fsync(copy) == 0;
    const std::string why = std::generic_category().message(errno);
    if (copy >= 0) {
        ::close(copy);
    }
    if (!synced) {
        throw storage_error{file.string() + " can't be synced: " + why + "."};
    }
}

std::int64_t number(database& db, const char* sql) {
    return std::stoll(db.ask(sql));
}

}  // namespace

void copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
    must_exist(from);
    make_empty(to);
    database db{from, database::access::read};
    {
        statement copy{db, "VACUUM INTO ?1"};
        copy.run(to.string());
    }
    db.throw_if_failed();
    sync(to);
}

database_facts facts_of(const std::filesystem::path& file) {
    must_exist(file);
    database db{file, database::access::read};
    database_facts found;
    found.schema = number(db, "PRAGMA user_version");
    if (found.schema == 0) {
        return found;
    }
    const auto count = [&](const char* sql) { return static_cast<std::uint64_t>(number(db, sql)); };
    found.epoch = number(db, "SELECT ifnull((SELECT value FROM meta WHERE key = 'epoch'), 0)");
    found.users = count("SELECT count(*) FROM users");
    found.pairs = count("SELECT count(*) FROM pairs");
    found.events = count("SELECT count(*) FROM messages");
    return found;
}

void check_database(const std::filesystem::path& file) {
    must_exist(file);
    database db{file, database::access::read};
    const std::int64_t schema = number(db, "PRAGMA user_version");
    if (schema > schema_version() || schema < 1) {
        throw storage_error{file.string() + " has schema " + std::to_string(schema) +
                            "; this program knows 1 to " + std::to_string(schema_version()) + "."};
    }
    if (const auto trouble = db.ask("PRAGMA integrity_check(1)"); trouble != "ok") {
        throw storage_error{file.string() + " is damaged: " + trouble + "."};
    }
    if (!db.ask("PRAGMA foreign_key_check").empty()) {
        throw storage_error{file.string() + " is damaged: a row refers to one that isn't there."};
    }
}

void migrate_file(const std::filesystem::path& file) {
    must_exist(file);
    database db{file, database::access::write};
    db.run_or_throw("PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;");
    migrate(db);
}

std::int64_t epoch_if_readable(const std::filesystem::path& file) {
    try {
        return facts_of(file).epoch;
    } catch (const storage_error&) {
        return 0;  // the clock alone makes the next epoch newer then
    }
}

void raise_epoch(const std::filesystem::path& file, std::int64_t epoch) {
    must_exist(file);
    database db{file, database::access::write};
    statement raise{db,
                    "INSERT INTO meta (key, value) VALUES ('epoch', ?1) "
                    "ON CONFLICT (key) DO UPDATE SET value = max(value, ?1)"};
    raise.run(epoch);
    db.throw_if_failed();
}

}  // namespace onechat::storage
