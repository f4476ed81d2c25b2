// Files and folders that their owner alone may read, and that are on the disk when a function
// returns. What can't be done is a std::runtime_error with a sentence. Any thread.
#pragma once

#include <filesystem>
#include <string_view>

namespace onechat {

void make_private_folder(const std::filesystem::path& folder);  // or leaves the one that is there
void write_private_file(const std::filesystem::path& file, std::string_view content);
void copy_private_file(const std::filesystem::path& from, const std::filesystem::path& to);
void sync_folder(const std::filesystem::path& folder);
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace onechat
