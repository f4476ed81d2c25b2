// An append-only text file beside the database, a line for each thing that a restored backup must
// not undo. Knows nothing of what the lines say. Lives on the storage thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace onechat::storage {

class line_log {
public:
    explicit line_log(std::filesystem::path file) : file_{std::move(file)} {}

    // Whole lines, with their ends. True when they are on the disk. May be tried again when a line
    // that is there twice does no harm.
    [[nodiscard]] bool append(std::string_view lines) const;
    // The file holds these lines and no others, or is as it was: false.
    [[nodiscard]] bool replace(std::string_view lines) const;

    // Shows the lines one by one, passing over those that are longer than ours can be. No file, no
    // lines. Throws storage_error when there is one that can't be read; `loss` says what is then
    // not known.
    void read(std::string_view loss, const std::function<void(std::string_view)>& show) const;

private:
    std::filesystem::path file_;
};

}  // namespace onechat::storage
