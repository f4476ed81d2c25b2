#include "storage/sqlite.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace onechat::storage {

namespace {

// How long a statement waits for another process, a backup or an operator's shell, to let go.
constexpr int busy_wait_ms = 2000;

// How long the acks wait for a reader to let go of the log. Our own reads are far shorter.
constexpr int truncate_wait_ms = 20;

constexpr mode_t owner_only = S_IRUSR | S_IWUSR;

std::string reason() {
    return std::generic_category().message(errno);
}

// A new file's name is only durable once its directory is.
void sync_directory_of(const std::filesystem::path& file) {
    const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    const int directory = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0 || ::fsync(directory) != 0) {
        const std::string why = reason();
        if (directory >= 0) {
            ::close(directory);
        }
        throw storage_error{"The directory of " + file.string() + " can't be synced: " + why + "."};
    }
    ::close(directory);
}

// SQLite gives the log and the shared memory the rights of the database, so it is made by us first,
// whatever the umask. An existing file is never opened here: closing it would drop the locks that
// another connection of this process holds.
void make_private(const std::filesystem::path& file) {
    const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, owner_only);
    if (made >= 0) {
        ::close(made);
        sync_directory_of(file);
    } else if (errno != EEXIST) {
        throw storage_error{"The database " + file.string() + " can't be made: " + reason() + "."};
    }
    for (const char* suffix : {"", "-wal", "-shm"}) {
        const std::string name = file.string() + suffix;
        struct stat found {};
        if (::stat(name.c_str(), &found) != 0) {
            continue;
        }
        if (!S_ISREG(found.st_mode)) {
            throw storage_error{name + " is not a plain file; move it away."};
        }
        if ((found.st_mode & 07777) != owner_only && ::chmod(name.c_str(), owner_only) != 0) {
            throw storage_error{
                name + " can be read by others and its rights can't be mended: " + reason() + "."};
        }
    }
}

// Counting its memory makes SQLite take a lock for every allocation, and nobody reads the count.
// Refused, and then without effect, when SQLite is in use already.
void count_no_memory() {
    static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(once);
}

}  // namespace

fault sort_failure(int extended_code, int system_errno) {
    switch (extended_code & 0xff) {
        case SQLITE_OK:
        case SQLITE_ROW:
        case SQLITE_DONE:
            return fault::none;
        case SQLITE_FULL:
            return fault::full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return fault::busy;
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
        case SQLITE_TOOBIG:
            return fault::rule;
        default:
            break;
    }
    // SQLite says FULL only for ENOSPC in a write; quotas, file size limits and the growing of the
    // shared memory surface as I/O errors. All of them come before the commit is in the log.
    const bool no_room = system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG;
    const bool growing =
        extended_code == SQLITE_IOERR_WRITE || extended_code == SQLITE_IOERR_SHMSIZE;
    return growing && no_room ? fault::full : fault::lost;
}

struct database::transaction_words {
    explicit transaction_words(database& db)
        : read{db, "BEGIN"}, write{db, "BEGIN IMMEDIATE"}, commit{db, "COMMIT"} {}

    statement read;
    statement write;
    statement commit;
};

database::database(const std::filesystem::path& file, access how) : file_{file} {
    count_no_memory();
    if (how == access::write) {
        make_private(file);
    }
    const int flags = (how == access::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr);
    if (code != SQLITE_OK) {
        sqlite3_close_v2(handle_);
        throw storage_error{"The database " + file.string() +
                            " can't be opened: " + sqlite3_errstr(code) + "."};
    }
    sqlite3_busy_timeout(handle_, busy_wait_ms);
    // Takes the place of SQLite's own checkpoints, which hide their failures. (PRAGMA
    // wal_autocheckpoint, even with 0, would take this hook away.)
    sqlite3_wal_hook(
        handle_,
        [](void* self, sqlite3*, const char*, int frames) {
            static_cast<database*>(self)->log_frames_ = frames;
            return SQLITE_OK;
        },
        this);
    words_ = std::make_unique<transaction_words>(*this);
}

void database::give_up_when(const std::atomic<bool>& stop) {
    constexpr int steps_between_looks = 10'000;  // well below a millisecond
    // SQLite wants a pointer that it may write by; nobody does.
    sqlite3_progress_handler(
        handle_, steps_between_looks,
        [](void* when) { return static_cast<const std::atomic<bool>*>(when)->load() ? 1 : 0; },
        const_cast<std::atomic<bool>*>(&stop));
}

database::~database() {
    words_.reset();
    sqlite3_close_v2(handle_);
}

void database::run(const char* sql) {
    if (!failed()) {
        errno = 0;
        note(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
    }
}

void database::run_or_throw(const char* sql) {
    run(sql);
    throw_if_failed();
}

std::string database::ask(const char* sql) {
    statement question{*this, sql};
    auto answer = question.query();
    std::string first = answer.next() ? answer.text(0) : std::string{};
    throw_if_failed();
    return first;
}

void database::fail(enum fault what, std::string_view complaint) {
    if (!failed()) {
        fault_ = what;
        complaint_ = complaint;
    }
}

void database::forgive() {
    fault_ = fault::none;
    complaint_.clear();
}

void database::throw_if_failed() const {
    if (failed()) {
        throw storage_error{"The database " + file_.string() + " can't be used: " + complaint_ +
                            "."};
    }
}

void database::add_module(const char* name, const sqlite3_module& module, void* data) {
    note(sqlite3_create_module_v2(handle_, name, &module, data, nullptr));
    throw_if_failed();
}

std::int64_t database::last_insert_id() const {
    return sqlite3_last_insert_rowid(handle_);
}

bool database::in_transaction() const {
    return sqlite3_get_autocommit(handle_) == 0;
}

void database::checkpoint() {
    checkpoint(SQLITE_CHECKPOINT_PASSIVE);
}

void database::truncate_log() {
    sqlite3_busy_timeout(handle_, truncate_wait_ms);
    checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
    sqlite3_busy_timeout(handle_, busy_wait_ms);
}

void database::checkpoint(int mode) {
    if (failed()) {
        return;
    }
    errno = 0;
    const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, mode, nullptr, nullptr);
    note(code);
    if (code == SQLITE_OK) {
        log_frames_ = 0;
    }
}

void database::note(int code) {
    // sqlite3_system_errno knows nothing of a failed COMMIT (3.40), so every call that may write is
    // made with errno at 0.
    const auto sorted = sort_failure(code, errno);
    if (sorted != fault::none) {
        fail(sorted, sqlite3_errmsg(handle_) + (" (code " + std::to_string(code) + ")"));
    }
}

statement::statement(database& db, const std::string& sql) : db_{db} {
    const int code = sqlite3_prepare_v3(db.handle_, sql.c_str(), static_cast<int>(sql.size()) + 1,
                                        SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
    if (code != SQLITE_OK) {
        throw storage_error{"The database " + db.file_.string() +
                            " doesn't fit this program: " + sqlite3_errmsg(db.handle_) + "."};
    }
}

statement::~statement() {
    sqlite3_finalize(handle_);
}

// A failure to bind is either a wrong position, which the first test of the statement shows, or a
// text beyond SQLite's limit; the statement would run with NULL then, so it must stick.
void statement::bind(int position, std::string_view text) {
    // An empty view may have no address, and SQLite would take that for NULL.
    const char* data = text.data() == nullptr ? "" : text.data();
    const int code =
        sqlite3_bind_text64(handle_, position, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
    if (code != SQLITE_OK) {
        db_.note(code);
    }
}

void statement::bind(int position, bytes_view bytes) {
    const int code = bytes.empty() ? sqlite3_bind_zeroblob(handle_, position, 0)
                                   : sqlite3_bind_blob64(handle_, position, bytes.data(),
                                                         bytes.size(), SQLITE_STATIC);
    if (code != SQLITE_OK) {
        db_.note(code);
    }
}

void statement::bind(int position, std::nullopt_t) {
    if (const int code = sqlite3_bind_null(handle_, position); code != SQLITE_OK) {
        db_.note(code);
    }
}

void statement::bind_integer(int position, std::int64_t value) {
    if (const int code = sqlite3_bind_int64(handle_, position, value); code != SQLITE_OK) {
        db_.note(code);
    }
}

bool statement::step() {
    if (db_.failed()) {
        return false;
    }
    errno = 0;
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        db_.note(code);
    }
    return false;
}

int statement::finish() {
    while (step()) {
    }
    const int changed = db_.failed() ? 0 : sqlite3_changes(db_.handle_);
    reset();
    return changed;
}

void statement::reset() {
    sqlite3_reset(handle_);
}

bool statement::rows::null(int column) const {
    return sqlite3_column_type(from_.handle_, column) == SQLITE_NULL;
}

std::int64_t statement::rows::integer(int column) const {
    return sqlite3_column_int64(from_.handle_, column);
}

std::string statement::rows::text(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(from_.handle_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(from_.handle_, column));
    return data == nullptr ? std::string{} : std::string{data, size};
}

bytes_view statement::rows::bytes(int column) const {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(from_.handle_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(from_.handle_, column));
    return {data, data == nullptr ? 0 : size};
}

std::string insert_rows(std::string_view into, std::size_t columns, std::size_t rows) {
    std::string row = "(?";
    for (std::size_t i = 1; i < columns; ++i) {
        row += ", ?";
    }
    row += ')';
    std::string sql = "INSERT INTO ";
    sql += into;
    sql += " VALUES " + row;
    for (std::size_t i = 1; i < rows; ++i) {
        sql += ", " + row;
    }
    return sql;
}

transaction::transaction(database& db, kind what) : db_{db} {
    // A write takes its lock at once: upgrading a read later could fail half-way with BUSY.
    (what == kind::write ? db_.words_->write : db_.words_->read).run();
}

transaction::~transaction() {
    if (!db_.in_transaction()) {
        return;
    }
    // The failure that led here is the one to keep; one of the rollback itself is far worse.
    const auto before = db_.fault();
    const auto complaint = db_.complaint();
    db_.forgive();
    db_.run("ROLLBACK");
    if (db_.failed() && db_.in_transaction()) {
        const auto worse = db_.complaint();
        db_.forgive();
        db_.fail(fault::lost, worse);
        return;
    }
    db_.forgive();
    if (before != fault::none) {
        db_.fail(before, complaint);
    }
}

bool transaction::commit() {
    db_.words_->commit.run();
    return !db_.failed();
}

}  // namespace onechat::storage
