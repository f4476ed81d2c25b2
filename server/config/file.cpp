#include "server/config/file.hpp"

#include "protocol/unicode.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace onechat {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

class file_reader {
public:
    explicit file_reader(std::string_view text) : left_{text} {}

    file_contents read() {
        while (!left_.empty()) {
            ++line_;
            read_line();
            skip_line();
        }
        return std::move(found_);
    }

private:
    void read_line() {
        skip_blanks();
        if (at_end_of_line()) {
            return;
        }
        if (left_.front() == '[') {
            return problem("Sections are not used here: all keys stand in one list.");
        }
        const std::string_view line = left_.substr(0, left_.find('\n'));
        const auto equals = line.find('=');
        if (equals == std::string_view::npos || trimmed(line.substr(0, equals)).empty()) {
            return problem("This is no setting; write key = \"value\".");
        }
        file_entry entry{.key = std::string{trimmed(line.substr(0, equals))},
                         .values = {},
                         .array = false,
                         .line = line_};
        left_.remove_prefix(equals + 1);
        skip_blanks();
        if (!read_value(entry)) {
            return;
        }
        skip_blanks();
        if (!at_end_of_line()) {
            return problem(entry.key + ": There is more behind the value.");
        }
        keep(std::move(entry));
    }

    // False when it is wrong, and told.
    bool read_value(file_entry& entry) {
        if (at_end_of_line()) {
            problem(entry.key + ": The value is missing.");
            return false;
        }
        if (at_quote()) {
            return read_quoted(entry);
        }
        if (at_array()) {
            entry.array = true;
            return read_array(entry);
        }
        std::string_view value = left_.substr(0, left_.find('\n'));
        for (std::size_t at = value.find('#'); at != std::string_view::npos;
             at = value.find('#', at + 1)) {
            if (value[at - 1] == ' ' || value[at - 1] == '\t') {
                value = value.substr(0, at);
                break;
            }
        }
        left_.remove_prefix(value.size());
        entry.values.emplace_back(trimmed(value));
        return true;
    }

    // As in TOML: escapes within "", none within ''.
    bool read_quoted(file_entry& entry) {
        const char quote = left_.front();
        std::string value;
        for (std::size_t at = 1; at < left_.size() && left_[at] != '\n'; ++at) {
            char letter = left_[at];
            if (letter == quote) {
                left_.remove_prefix(at + 1);
                entry.values.push_back(std::move(value));
                return true;
            }
            if (letter == '\\' && quote == '"') {
                constexpr std::string_view escapes = "\"\\ntr";
                constexpr std::string_view meant = "\"\\\n\t\r";
                ++at;
                const auto which = at < left_.size() ? escapes.find(left_[at]) : escapes.npos;
                if (which == escapes.npos) {
                    problem(entry.key + R"(: Behind a \ in "..." comes one of " \ n t r; )" +
                            "'...' takes it as it is.");
                    return false;
                }
                letter = meant[which];
            }
            value += letter;
        }
        problem(entry.key + ": The quote is not closed in its line.");
        return false;
    }

    bool read_array(file_entry& entry) {
        left_.remove_prefix(1);
        for (bool wants_comma = false;;) {
            skip_lines();
            if (left_.starts_with(']')) {
                left_.remove_prefix(1);
                return true;
            }
            if (wants_comma && left_.starts_with(',')) {
                left_.remove_prefix(1);
                wants_comma = false;
                continue;
            }
            if (left_.empty()) {
                problem_at(entry.line, entry.key + ": The [ is not closed.");
                return false;
            }
            if (wants_comma || !at_quote()) {
                problem(entry.key + ": Between [ and ] stand quoted values, and commas.");
                skip_array();
                return false;
            }
            if (!read_quoted(entry)) {
                skip_array();
                return false;
            }
            wants_comma = true;
        }
    }

    void keep(file_entry entry) {
        const auto first = std::ranges::find(found_.entries, entry.key, &file_entry::key);
        if (first != found_.entries.end()) {
            return problem_at(entry.line, "\"" + entry.key + "\" is given twice, in line " +
                                              std::to_string(first->line) + " and in line " +
                                              std::to_string(entry.line) + ".");
        }
        found_.entries.push_back(std::move(entry));
    }

    [[nodiscard]] bool at_quote() const {
        return left_.starts_with('"') || left_.starts_with('\'');
    }

    // Not at an address like [::1]:8080.
    [[nodiscard]] bool at_array() const {
        if (!left_.starts_with('[')) {
            return false;
        }
        const auto next = left_.find_first_not_of(" \t\r\n", 1);
        return next == std::string_view::npos ||
               std::string_view{"\"']#"}.find(left_[next]) != std::string_view::npos;
    }

    [[nodiscard]] bool at_end_of_line() const {
        return left_.empty() || left_.front() == '\n' || left_.front() == '#';
    }

    void skip_blanks() {
        left_.remove_prefix(std::min(left_.find_first_not_of(blanks), left_.size()));
    }

    void skip_line() {
        left_.remove_prefix(std::min(left_.find('\n'), left_.size()));
        left_.remove_prefix(left_.empty() ? 0 : 1);
    }

    // To the next letter that is no comment.
    void skip_lines() {
        for (skip_blanks(); !left_.empty() && at_end_of_line(); skip_blanks()) {
            skip_line();
            ++line_;
        }
    }

    // To the end of an array that is wrong, as its lines would only bring more complaints.
    void skip_array() {
        const auto end = std::min(left_.find(']'), left_.size());
        line_ += static_cast<std::size_t>(std::count(left_.begin(), left_.begin() + end, '\n'));
        left_.remove_prefix(end);
    }

    void problem(std::string sentence) { problem_at(line_, std::move(sentence)); }

    void problem_at(std::size_t line, std::string sentence) {
        found_.problems.push_back({line, std::move(sentence)});
    }

    std::string_view left_;
    std::size_t line_ = 0;
    file_contents found_;
};

std::string quoted(const std::string& value) {
    std::string out = "\"";
    for (const char letter : value) {
        switch (letter) {
            case '\n':
                out += "\\n";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\r':
                out += "\\r";
                break;
            case '"':
            case '\\':
                out += '\\';
                [[fallthrough]];
            default:
                out += letter;
        }
    }
    return out + "\"";
}

}  // namespace

file_contents parse_config_file(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    const auto refused = [](const char* sentence) { return file_contents{{}, {{0, sentence}}}; };
    if (text.size() > config_file_bytes_max) {
        return refused("This is no configuration file: it is larger than 64 KiB.");
    }
    if (text.find('\0') != std::string_view::npos) {
        return refused("This is no configuration file: it holds a NUL.");
    }
    if (!protocol::valid_utf8(text)) {
        return refused("This is no configuration file: it is not in UTF-8.");
    }
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    return file_reader{text}.read();
}

std::string write_config_value(const std::vector<std::string>& values, bool array) {
    if (!array) {
        const std::string& value = values.front();
        const bool number = value.find_first_not_of("0123456789") == std::string::npos;
        return number && !value.empty() ? value : quoted(value);
    }
    if (values.size() < 2) {
        return "[" + (values.empty() ? "" : quoted(values.front())) + "]";
    }
    std::string out = "[\n";
    for (const std::string& value : values) {
        out += "    " + quoted(value) + ",\n";
    }
    return out + "]";
}

}  // namespace onechat
