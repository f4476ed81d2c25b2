// A secret that somebody else gave us, read from a file of its own. Main thread, at the start.
#pragma once

#include <filesystem>
#include <string>

namespace onechat {

inline constexpr std::size_t secret_bytes_max = 256;

// Its first line. Throws std::runtime_error with a sentence, which never repeats what is in it,
// when the file can't be read, is readable by others, or holds anything but visible ASCII.
[[nodiscard]] std::string read_secret(const std::filesystem::path& file);

}  // namespace onechat
