// What `onechat doctor` looks at, one function for each thing that a server needs of its machine.
// What can be read of a folder is read here; what belongs to the whole machine is an argument, so
// that a test can be on any machine. Nothing is changed. Main thread.
#pragma once

#include "server/config/values.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::cli {

enum class health : std::uint8_t {
    well,
    look,   // it works, and somebody should know
    wrong,  // the server will not start, or not serve
};

struct finding {
    health how;
    std::string_view about;
    std::string sentence;
};
using findings = std::vector<finding>;

// Whose it is and who else may read it; what lies in it likewise, and whether it belongs together.
// `me` is who will run the server, or root.
[[nodiscard]] findings look_at_folder(const std::filesystem::path& data, std::uint32_t me);

// Takes on the rights of whoever has the folder, so that what is looked at is what the server will
// see. Only root can, and it can't be taken back. The user's name; nothing: nothing has changed.
[[nodiscard]] std::optional<std::string> become_owner_of(const std::filesystem::path& data);

// Whether a server runs on it: then its ports are rightly taken. Never holds the lock itself while
// nobody else does, since a server that starts in that moment would be refused.
[[nodiscard]] bool is_in_use(const std::filesystem::path& data);

// The database's form, from the file's head, without opening it as one.
[[nodiscard]] std::optional<finding> look_at_database(const std::filesystem::path& data);

struct disk_facts {
    std::uint64_t free_bytes = 0;
    std::int64_t kind = 0;  // f_type of statfs(2)
    // Of a small file written there; nothing: it can't be measured.
    std::optional<std::chrono::nanoseconds> sync;
};
[[nodiscard]] disk_facts disk_facts_of(const std::filesystem::path& folder);
[[nodiscard]] findings look_at_disk(const disk_facts& disk);

struct clock_facts {
    std::chrono::system_clock::time_point now;
    bool is_synchronised = true;
    // Of what lies in the data folder.
    std::optional<std::chrono::system_clock::time_point> newest_file;
};
[[nodiscard]] clock_facts clock_facts_of(const std::filesystem::path& data);
[[nodiscard]] finding look_at_clock(const clock_facts& clock);

// `files_max` is the hard limit of one process; `wanted` 0: as many connections as fit.
[[nodiscard]] finding look_at_files(std::uint64_t files_max, std::size_t wanted);
[[nodiscard]] finding look_at_backlog(std::uint64_t somaxconn);

// Whether it can be listened there, by trying it. With `by_systemd` its socket unit is enabled, and
// to find it taken is right.
[[nodiscard]] finding look_at_port(std::string_view about, const endpoint& where,
                                   bool by_systemd = false);

}  // namespace onechat::cli
