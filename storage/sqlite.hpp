// SQLite's C API with owners: a database connection, a prepared statement, a transaction. Not a
// query builder and not an abstraction over other databases. A connection and its statements are
// used by one thread at a time.
//
// The first failure sticks to the connection: until `forgive`, every further statement does
// nothing, so a sequence of statements is written as the story it is and judged once, at its end.
// Start-up code, which nobody can answer, uses the functions that throw.
#pragma once

#include <array>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

struct sqlite3;
struct sqlite3_module;
struct sqlite3_stmt;

namespace onechat::storage {

// What went wrong, by what can be done about it.
enum class fault : std::uint8_t {
    none,
    full,  // no room on the disk, or over a quota: try again later
    busy,  // another process holds a lock: try again later
    rule,  // a constraint of the schema: our mistake
    lost,  // an I/O error or a damaged file: what is on disk is unknown
};

// Sorts an extended result code of SQLite, with the errno that came with it.
[[nodiscard]] fault sort_failure(int extended_code, int system_errno);

// Storage can't start. The sentence tells a person what to do.
class storage_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class database {
public:
    enum class access : std::uint8_t { write, read };

    // Opens a file, and with `write` makes it when it is missing; nobody but its owner may read it
    // afterwards. Throws storage_error.
    database(const std::filesystem::path& file, access how);
    ~database();
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    // Runs statements that have no parameters and answer nothing.
    void run(const char* sql);
    // The same for start-up: throws storage_error.
    void run_or_throw(const char* sql);
    // The first column of the first row, for pragmas at start-up. Throws storage_error.
    [[nodiscard]] std::string ask(const char* sql);

    [[nodiscard]] enum fault fault() const { return fault_; }
    [[nodiscard]] bool failed() const { return fault_ != fault::none; }
    // A sentence about the failure for the log; it never holds a value from a row.
    [[nodiscard]] const std::string& complaint() const { return complaint_; }
    // Records a failure that was found above SQLite. The first one stays.
    void fail(enum fault what, std::string_view complaint);
    void forgive();
    void throw_if_failed() const;

    // What runs while, or after, this becomes true fails soon. It must outlive the connection. Not
    // for one with transactions: a COMMIT might fail after it has been done.
    void give_up_when(const std::atomic<bool>& stop);

    // Gives SQL on this connection a table that the program itself fills. Both must outlive it.
    // Throws storage_error.
    void add_module(const char* name, const sqlite3_module& module, void* data);

    [[nodiscard]] std::int64_t last_insert_id() const;
    [[nodiscard]] bool in_transaction() const;

    // Frames in the write-ahead log after this connection's last commit.
    [[nodiscard]] int log_frames() const { return log_frames_; }
    // Copies the log into the database without waiting for readers.
    void checkpoint();
    // Copies the log and cuts it to nothing: then what was overwritten is in neither file. Waits a
    // moment for a reader that is in the way; `busy` when it stays.
    void truncate_log();

private:
    friend class statement;
    friend class transaction;
    struct transaction_words;  // BEGIN and COMMIT, which every answer needs, parsed once
    void note(int code);
    void checkpoint(int mode);

    sqlite3* handle_ = nullptr;
    std::filesystem::path file_;
    enum fault fault_ = fault::none;
    std::string complaint_;
    int log_frames_ = 0;
    std::unique_ptr<transaction_words> words_;
};

using bytes_view = std::span<const std::uint8_t>;

// Prepared once, run many times. The database must outlive it.
class statement {
public:
    // The rows of one run. Text and bytes that were bound must stay where they are until this goes
    // out of scope; with it the statement lets go of its read lock.
    class rows {
    public:
        explicit rows(statement& from) : from_{from} {}
        ~rows() { from_.reset(); }
        rows(const rows&) = delete;
        rows& operator=(const rows&) = delete;

        // False after the last row, and on failure.
        [[nodiscard]] bool next() { return from_.step(); }
        [[nodiscard]] bool null(int column) const;
        [[nodiscard]] std::int64_t integer(int column) const;
        [[nodiscard]] std::string text(int column) const;
        [[nodiscard]] bytes_view bytes(int column) const;  // valid until `next`

        template <typename Value>
        [[nodiscard]] Value as(int column) const {
            return static_cast<Value>(integer(column));
        }

    private:
        statement& from_;
    };

    // Throws storage_error when the SQL does not fit the schema.
    statement(database& db, const std::string& sql);
    ~statement();
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    // Binds all parameters, in order.
    template <typename... Values>
    [[nodiscard]] rows query(const Values&... values) {
        bind_all(values...);
        return rows{*this};
    }

    // The same for statements that answer nothing; returns how many rows they changed.
    template <typename... Values>
    int run(const Values&... values) {
        bind_all(values...);
        return finish();
    }

    // For a statement that takes the values of several rows: binds those of one, the first is 0,
    // and runs it when all are bound.
    template <typename... Values>
    void bind_row(std::size_t row, const Values&... values) {
        int position = static_cast<int>(row * sizeof...(Values));
        (bind(++position, values), ...);
    }
    int run_bound() { return finish(); }

private:
    template <typename... Values>
    void bind_all(const Values&... values) {
        bind_row(0, values...);
    }

    template <typename Value>
    requires std::integral<Value> || std::is_enum_v<Value>
    void bind(int position, Value value) {
        bind_integer(position, static_cast<std::int64_t>(value));
    }
    void bind(int position, std::string_view text);
    void bind(int position, bytes_view bytes);
    void bind(int position, std::nullopt_t);
    template <typename Value>
    void bind(int position, const std::optional<Value>& value) {
        value ? bind(position, *value) : bind(position, std::nullopt);
    }

    void bind_integer(int position, std::int64_t value);
    [[nodiscard]] bool step();
    int finish();
    void reset();

    database& db_;
    sqlite3_stmt* handle_ = nullptr;
};

// "INSERT INTO ..." with a row of so many parameters, so many times.
[[nodiscard]] std::string insert_rows(std::string_view into, std::size_t columns, std::size_t rows);

// Everything between construction and `commit` happens or, with a failure or without `commit`, does
// not.
class transaction {
public:
    enum class kind : std::uint8_t { read, write };

    transaction(database& db, kind what);
    ~transaction();
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;

    // False when it was rolled back: the database knows why.
    [[nodiscard]] bool commit();

private:
    database& db_;
};

}  // namespace onechat::storage
