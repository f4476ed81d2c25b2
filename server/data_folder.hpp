// The folder that holds all that is remembered: made with mode 0700, and locked, so that one
// process works on it. Of what lies in it no more than whether it belongs together. Held for the
// life of the process.
#pragma once

#include <filesystem>

namespace onechat {

// A restore was interrupted: `restore_marker` is there from before anything is moved until all is
// in its place.
inline constexpr const char* restore_marker = "restore-under-way";
[[nodiscard]] bool is_half_restored(const std::filesystem::path& data);

// There is a database, and no keys to it.
[[nodiscard]] bool lacks_keys(const std::filesystem::path& data);

class data_folder {
public:
    // Throws std::runtime_error with a sentence when it can't be made or another process holds it.
    explicit data_folder(std::filesystem::path where);
    ~data_folder();
    data_folder(const data_folder&) = delete;
    data_folder& operator=(const data_folder&) = delete;

    // Throws when a restore was interrupted, or the keys are missing: made anew without a word they
    // would log everybody out and free whoever is banned.
    void refuse_if_torn() const;

    [[nodiscard]] std::filesystem::path database() const { return where_ / "onechat.db"; }
    [[nodiscard]] std::filesystem::path keys() const { return where_ / "keys"; }
    [[nodiscard]] std::filesystem::path admin_token() const { return where_ / "admin.token"; }
    // Where the operator's port really is, while there is one: `onechat admin` brings the token
    // there, and nowhere else.
    [[nodiscard]] std::filesystem::path admin_address() const { return where_ / "admin.address"; }

    // Whether a process holds that folder.
    [[nodiscard]] static bool in_use(const std::filesystem::path& where);

private:
    std::filesystem::path where_;
    int lock_ = -1;
};

}  // namespace onechat
