// Files and folders that their owner alone may read, and that are on the disk when a function
// returns. What root makes belongs to whoever has the folder that it is made in. What can't be done
// is a std::runtime_error with a sentence. Any thread.
#pragma once

#include <filesystem>
#include <string_view>

namespace onechat {

void make_private_folder(const std::filesystem::path& folder);  // or leaves the one that is there
// False when there is one already.
[[nodiscard]] bool make_new_folder(const std::filesystem::path& folder);
void write_private_file(const std::filesystem::path& file, std::string_view content);
void copy_private_file(const std::filesystem::path& from, const std::filesystem::path& to);
void sync_folder(const std::filesystem::path& folder);
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);
void remove_durably(const std::filesystem::path& file);  // or finds none

// A folder for what is under way, without what an earlier one left there; gone with all that is in
// it when this is, unless that has got another name.
class passing_folder {
public:
    explicit passing_folder(std::filesystem::path where);
    ~passing_folder();
    passing_folder(const passing_folder&) = delete;
    passing_folder& operator=(const passing_folder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return where_; }
    [[nodiscard]] std::filesystem::path operator/(const char* name) const { return where_ / name; }

private:
    std::filesystem::path where_;
};

}  // namespace onechat
