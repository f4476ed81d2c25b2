#include "server/cli/admin_print.hpp"

#include "protocol/limits.hpp"
#include "protocol/unicode.hpp"

namespace onechat::cli {

namespace {

std::string padded(const std::string& text, std::size_t width) {
    const std::size_t length = protocol::code_points_in(text);
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
            widths[n] = std::max(widths[n], protocol::code_points_in(row[n]));
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
