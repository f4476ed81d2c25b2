#include "server/cli/bench_text.hpp"

#include <array>
#include <charconv>
#include <system_error>

namespace onechat::cli {

namespace {

template <class Number>
void append(std::string& out, Number number) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
    out += ' ';
}

template <class Number>
bool take(std::string_view& from, Number& into) {
    const char* const end = from.data() + from.size();
    const auto [stop, trouble] = std::from_chars(from.data(), end, into);
    if (trouble != std::errc{} || stop == end || *stop != ' ') {
        return false;
    }
    from.remove_prefix(static_cast<std::size_t>(stop - from.data()) + 1);
    return true;
}

}  // namespace

void bench_text::write(std::string& out, std::size_t bytes) const {
    out.clear();
    append(out, user);
    append(out, number);
    append(out, due);
    if (out.size() < bytes) {
        out.append(bytes - out.size(), '.');
    }
}

std::optional<bench_text> bench_text::read(std::string_view text) {
    bench_text read;
    if (!take(text, read.user) || !take(text, read.number) || !take(text, read.due)) {
        return std::nullopt;
    }
    return read;
}

}  // namespace onechat::cli
