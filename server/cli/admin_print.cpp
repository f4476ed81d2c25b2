#include "server/cli/admin_print.hpp"

#include "protocol/limits.hpp"

#include <utf8proc.h>

namespace onechat::cli {

namespace {

// How many columns of a terminal it takes: two for a character of Chinese, none for an accent.
// REQUIRES: valid UTF-8.
std::size_t columns_of(const std::string& text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        utf8proc_int32_t code_point = 0;
        const auto bytes =
            utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                             static_cast<utf8proc_ssize_t>(text.size() - at), &code_point);
        columns += bytes > 0 ? static_cast<std::size_t>(utf8proc_charwidth(code_point)) : 1;
        at += bytes > 0 ? static_cast<std::size_t>(bytes) : 1;
    }
    return columns;
}

std::string padded(const std::string& text, std::size_t width) {
    const std::size_t length = columns_of(text);
    return text + std::string(width > length ? width - length : 0, ' ');
}

void add_line(std::string& out, const cells& row, const std::vector<std::size_t>& widths) {
    std::string line;
    for (std::size_t n = 0; n < row.size(); ++n) {
        line += padded(row[n], widths[n]) + "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
}

}  // namespace

std::string table_of(const cells& head, const std::vector<cells>& rows) {
    std::vector<std::size_t> widths;
    for (std::size_t n = 0; n < head.size(); ++n) {
        widths.push_back(head[n].size());
        for (const cells& row : rows) {
            widths[n] = std::max(widths[n], columns_of(row[n]));
        }
    }
    std::string out;
    add_line(out, head, widths);
    for (const cells& row : rows) {
        add_line(out, row, widths);
    }
    return out;
}

std::string list_of(const std::vector<std::pair<std::string, std::string>>& lines) {
    std::size_t width = 0;
    for (const auto& [name, value] : lines) {
        width = std::max(width, name.size());
    }
    std::string out;
    for (const auto& [name, value] : lines) {
        out += padded(name, width) + "  " + value + "\n";
    }
    return out;
}

std::string time_text(std::int64_t unix_ms) {
    if (unix_ms == 0) {
        return "-";
    }
    return unix_ms >= protocol::limits::integer_max ? "for ever"
                                                    : transcript{local_time}.day_and_time(unix_ms);
}

}  // namespace onechat::cli
