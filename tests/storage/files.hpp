// A store whose files a test looks into.
#pragma once

#include "storage/sqlite_store.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>

namespace onechat::storage::test {

inline std::string content(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// With users whose accounts are unlike any other bytes.
struct store_on_disk {
    onechat::test::temp_dir dir;
    std::filesystem::path file = dir / "onechat.db";
    std::unique_ptr<sqlite_store> store = std::make_unique<sqlite_store>(file);
    std::mt19937_64 random{7};

    void reopen() {
        store.reset();
        store = std::make_unique<sqlite_store>(file);
    }
    // Both files, as anybody may read them who finds the disk.
    [[nodiscard]] bool holds(std::string_view bytes) const {
        return content(file).find(bytes) != std::string::npos ||
               content(file.string() + "-wal").find(bytes) != std::string::npos;
    }
    [[nodiscard]] std::string log() const { return content(dir / "erasures.log"); }

    std::string word(std::size_t size) {
        std::string made;
        while (made.size() < size) {
            made += static_cast<char>('a' + random() % 26);
        }
        return made;
    }
    user_row add_user(std::int64_t id) {
        user_row row = user(id);
        for (std::size_t i = 0; i < 4; ++i) {
            row.name[i] = row.person[i] = static_cast<std::uint8_t>(id >> (8 * i));
        }
        row.person[15] = 1;
        row.account = "o" + word(27);
        done(*store, make_user{row});
        return row;
    }
    std::string ask(const char* sql) const {
        database db{file, database::access::read};
        return db.ask(sql);
    }
};

}  // namespace onechat::storage::test
