// The folder that holds all that is remembered: made with mode 0700, and locked, so that one
// process works on it. Not what lies in it. Held for the life of the process.
#pragma once

#include <filesystem>

namespace onechat {

class data_folder {
public:
    // Throws std::runtime_error with a sentence when it can't be made or another process holds it.
    explicit data_folder(std::filesystem::path where);
    ~data_folder();
    data_folder(const data_folder&) = delete;
    data_folder& operator=(const data_folder&) = delete;

    [[nodiscard]] std::filesystem::path database() const { return where_ / "onechat.db"; }
    [[nodiscard]] std::filesystem::path keys() const { return where_ / "keys"; }
    [[nodiscard]] std::filesystem::path admin_token() const { return where_ / "admin.token"; }

private:
    std::filesystem::path where_;
    int lock_ = -1;
};

}  // namespace onechat
