// What lies in a data folder and in a backup by which name, and the small things that making and
// restoring backups share. No order of steps. For commands and threads of their own.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace onechat {

inline constexpr const char* database_name = "onechat.db";
inline constexpr const char* keys_name = "keys";
inline constexpr const char* manifest_name = "manifest";
inline constexpr const char* replaced_prefix = "replaced-";
inline constexpr std::array log_names{"erasures.log", "bans.log", "promises.log"};

// 2026-11-27T045557Z: sorts by time and is a name on every file system.
[[nodiscard]] std::string name_of_moment(std::int64_t unix_ms);
// The moment; nothing: it is no such name.
[[nodiscard]] std::optional<std::int64_t> moment_of_name(const std::string& name);

// Throws when there is none: a folder that was misspelt is not to be made.
void must_have_database(const std::filesystem::path& data);

// Throws a sentence when it can't be read.
[[nodiscard]] std::string read_whole(const std::filesystem::path& file);

[[nodiscard]] std::uintmax_t size_of(const std::filesystem::path& file);            // 0 without one
[[nodiscard]] std::uintmax_t database_size(const std::filesystem::path& database);  // and its log

// Throws unless the folder's disk has room for that, and some to spare.
void need_room(const std::filesystem::path& folder, std::uintmax_t bytes);

// A new folder in `data` for what is replaced at `now`: none that was there before.
[[nodiscard]] std::filesystem::path make_replaced_folder(const std::filesystem::path& data,
                                                         std::int64_t now);

}  // namespace onechat
