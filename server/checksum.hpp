// The SHA-256 of a file, as 64 hexadecimal digits: tells whether a copy is still what it was. Any
// thread.
#pragma once

#include <filesystem>
#include <string>

namespace onechat {

// Throws std::runtime_error when the file can't be read.
[[nodiscard]] std::string checksum_of(const std::filesystem::path& file);

}  // namespace onechat
