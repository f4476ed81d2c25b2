#include "storage/database_copy.hpp"

#include "storage/migrations.hpp"
#include "storage/ownership.hpp"
#include "storage/sqlite.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
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
    const bool given = made >= 0 && give_to_owner_of_folder(made, file);
    const std::string why = std::generic_category().message(errno);
    if (made >= 0) {
        ::close(made);
    }
    if (!given) {
        throw storage_error{file.string() + " can't be made: " + why + "."};
    }
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

// Byte 19 of the head (sqlite.org/fileformat2.html). A copy has no log.
bool has_log(const std::filesystem::path& file) {
    std::array<char, 20> head{};
    std::ifstream in{file, std::ios::binary};
    return in.read(head.data(), head.size()) && head[19] == 2;
}

// Whoever only reads a database that nobody has open leaves the files of its log behind, and a
// writer takes them away again. Where they are already, a server runs or was killed: then they are
// not ours.
database::access access_to(const std::filesystem::path& file) {
    std::error_code unknown;
    const bool in_use = std::filesystem::exists(file.string() + "-wal", unknown) || unknown;
    const bool ours = !in_use && has_log(file) && ::access(file.c_str(), W_OK) == 0;
    return ours ? database::access::write : database::access::read;
}

storage_error wrong_schema(const std::filesystem::path& file, std::int64_t schema) {
    return storage_error{file.string() + " has schema " + std::to_string(schema) +
                         "; this program knows 1 to " + std::to_string(schema_version()) + "."};
}

std::int64_t number(database& db, const char* sql) {
    return std::stoll(db.ask(sql));
}

}  // namespace

void copy_database(const std::filesystem::path& from, const std::filesystem::path& to,
                   const std::atomic<bool>* stop) {
    must_exist(from);
    make_empty(to);
    database db{from, access_to(from)};
    if (stop != nullptr) {
        db.give_up_when(*stop);
    }
    {
        statement copy{db, "VACUUM INTO ?1"};
        copy.run(to.string());
    }
    if (db.failed()) {
        throw storage_error{from.string() + " can't be copied to " + to.string() + ": " +
                            db.complaint() + "."};
    }
    sync(to);
}

database_facts facts_of(const std::filesystem::path& file) {
    must_exist(file);
    database db{file, access_to(file)};
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

void refuse_newer(const std::filesystem::path& file, const database_facts& facts) {
    if (facts.schema > schema_version()) {
        throw wrong_schema(file, facts.schema);
    }
}

void check_database(const std::filesystem::path& file) {
    must_exist(file);
    database db{file, database::access::read};
    const std::int64_t schema = number(db, "PRAGMA user_version");
    if (schema < 1) {
        throw wrong_schema(file, schema);
    }
    refuse_newer(file, {.schema = schema});
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

void note_restored(const std::filesystem::path& file, unix_ms at) {
    must_exist(file);
    database db{file, database::access::write};
    statement note{db, "INSERT OR REPLACE INTO meta (key, value) VALUES ('restored', ?1)"};
    note.run(at);
    db.throw_if_failed();
}

void void_admin_tokens(const std::filesystem::path& file, admin_role from, const audit_row& row) {
    must_exist(file);
    database db{file, database::access::write};
    if (db.ask("SELECT count(*) FROM sqlite_schema WHERE name IN ('audit', 'admin_tokens')") !=
        "2") {
        return;
    }
    transaction work{db, transaction::kind::write};
    {
        statement drop{db, "DELETE FROM admin_tokens WHERE role >= ?1"};
        drop.run(from);
        statement add{db, "INSERT INTO audit (at, who, act, target, why) VALUES (?, ?, ?, ?, ?)"};
        add.run(row.at, row.who, row.act, row.target, row.why);
    }
    if (!work.commit()) {
        db.throw_if_failed();
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
