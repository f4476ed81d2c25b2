// A data folder as a server leaves it, for tests of what keeps it from being lost.
#pragma once

#include "server/backups.hpp"
#include "server/keys.hpp"
#include "server/restoring.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <sys/stat.h>

namespace onechat::test {

namespace fs = std::filesystem;
namespace rows = onechat::storage::test;

inline constexpr std::int64_t noon = 1'795'780'800'000;  // 2026-11-27 12:00 UTC
inline constexpr std::int64_t minute = 60'000;

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

inline unsigned mode_of(const fs::path& file) {
    struct stat about {};
    return ::stat(file.c_str(), &about) == 0 ? about.st_mode & 0777U : 0U;
}

}  // namespace onechat::test
