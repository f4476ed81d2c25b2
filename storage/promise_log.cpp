#include "storage/promise_log.hpp"

#include "storage/hex.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

namespace onechat::storage {

namespace {

// The dot says that the line is whole.
std::string promise_text(const promise_line& line) {
    std::string text{static_cast<char>(line.what)};
    text += ' ' + std::to_string(line.at) + ' ' + line.pair + ' ';
    if (line.what == promise::gone) {
        text += std::to_string(line.seq) + ' ' + std::to_string(line.epoch) + ' ' +
                std::to_string(static_cast<int>(line.why));
    } else {
        text += hex_of(line.user) + ' ' + hex_of(line.person);
    }
    return text + " .\n";
}

// Takes a line apart at its blanks.
class promise_words {
public:
    explicit promise_words(std::string_view text) : left_{text} {}

    std::string_view next() {
        const auto end = std::min(left_.find(' '), left_.size());
        const auto word = left_.substr(0, end);
        left_.remove_prefix(std::min(end + 1, left_.size()));
        return word;
    }
    template <class Number>
    Number number() {
        const auto word = next();
        Number found = 0;
        const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), found);
        good_ = good_ && wrong == std::errc{} && end == word.data() + word.size();
        return found;
    }
    name_bytes name() {
        auto word = next();
        const auto found = take_hex(word);
        good_ = good_ && found && word.empty();
        return found.value_or(name_bytes{});
    }
    // After the last word: whether all of them were.
    bool end() { return next() == "." && left_.empty() && good_; }

private:
    std::string_view left_;
    bool good_ = true;
};

std::optional<promise_line> parsed_promise(std::string_view text) {
    promise_words words{text};
    const auto what = words.next();
    if (what.size() != 1 || std::string_view{"gcbu"}.find(what) == std::string_view::npos) {
        return std::nullopt;
    }
    promise_line line;
    line.what = promise{what[0]};
    line.at = words.number<unix_ms>();
    line.pair = words.next();
    if (line.what == promise::gone) {
        line.seq = words.number<std::uint64_t>();
        line.epoch = words.number<std::int64_t>();
        line.why = gone_reason{words.number<std::uint8_t>()};
    } else {
        line.user = words.name();
        line.person = words.name();
    }
    return words.end() ? std::optional{line} : std::nullopt;
}

}  // namespace

bool promise_log::append(std::span<const promise_line> lines) const {
    std::string text;
    for (const promise_line& line : lines) {
        text += promise_text(line);
    }
    return file_.append(text);
}

void promise_log::read(const std::function<void(const promise_line&)>& show) const {
    file_.read("nobody knows what was taken back.", [&](std::string_view text) {
        if (const auto line = parsed_promise(text)) {
            show(*line);
        }
    });
}

void promise_log::prune(unix_ms now) const {
    unix_ms newest = 0;
    unix_ms oldest = now;
    read([&](const promise_line& line) {
        newest = std::max(newest, line.at);
        oldest = std::min(oldest, line.at);
    });
    const unix_ms kept_from =
        std::min(now, newest) - std::chrono::milliseconds{promises_kept}.count();
    if (oldest >= kept_from) {
        return;
    }
    std::string kept;
    read([&](const promise_line& line) {
        kept += line.at >= kept_from ? promise_text(line) : std::string{};
    });
    static_cast<void>(file_.replace(kept));
}

}  // namespace onechat::storage
