// What the fuzz targets share: the fuzzer's bytes as decisions, a way to say what is wrong, and
// UTF-8 judged by its definition, since oracles must not trust the code that they judge. A target
// is one function; libFuzzer or replay.cpp calls it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace onechat::fuzz {

// Ends the process: the fuzzer keeps the input that led here.
inline void must(bool holds, const char* sentence) {
    if (!holds) {
        std::fprintf(stderr, "It does not hold that %s.\n", sentence);
        std::abort();
    }
}

// With FUZZ_TRACE set an input tells what it does: how one finds out why it was kept.
inline void trace(const std::string& line) {
    static const bool wanted = std::getenv("FUZZ_TRACE") != nullptr;
    if (wanted) {
        std::fprintf(stderr, "%s\n", line.c_str());
    }
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// Decisions, one byte each; when they are used up every further one is 0.
class decisions {
public:
    explicit decisions(std::string_view bytes) : left_{bytes} {}

    [[nodiscard]] bool any() const { return !left_.empty(); }
    std::uint8_t byte() {
        const std::string_view one = take(1);
        return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one.front());
    }
    std::string_view take(std::size_t count) {
        const std::string_view taken = left_.substr(0, count);
        left_.remove_prefix(taken.size());
        return taken;
    }
    std::string_view rest() { return take(left_.size()); }

private:
    std::string_view left_;
};

// Where a text is cut into pieces: most are small, some are empty.
class cuts {
public:
    explicit cuts(std::uint8_t seed) : state_{seed} {}

    std::size_t next() {
        state_ = state_ * 1'103'515'245U + 12'345U;
        return state_ >> 16 & ((state_ >> 28 & 1U) != 0 ? 0x7FU : 0x3U);
    }

private:
    std::uint32_t state_;
};

struct utf8 {
    bool whole = true;      // well-formed
    bool hopeful = true;    // may become so when more follows
    std::size_t count = 0;  // code points
};

namespace detail {

// How many bytes the code point at the front has; 0 when there is none.
inline std::size_t code_point_at(std::string_view text) {
    const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (at(0) < 0x80) {
        return 1;
    }
    const std::size_t size = at(0) >= 0xF0 ? 4 : at(0) >= 0xE0 ? 3 : 2;
    if (at(0) < 0xC0 || at(0) >= 0xF8 || text.size() < size) {
        return 0;
    }
    std::uint32_t value = at(0) & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(i) & 0xC0U) != 0x80) {
            return 0;
        }
        value = value << 6 | (at(i) & 0x3FU);
    }
    const std::uint32_t least = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    return value < least || value > 0x10FFFF || surrogate ? 0 : size;
}

// Whether some continuation makes it one code point.
inline bool may_become_one(std::string_view tail) {
    std::string tried{tail};
    while (tried.size() < 4) {
        for (int next = 0x80; next < 0xC0 && tried.size() < 4; ++next) {
            const std::string with = tried + static_cast<char>(next);
            if (code_point_at(with) == with.size() || code_point_at(with + '\x80') == 3 ||
                code_point_at(with + '\x80') == 4 || code_point_at(with + "\x80\x80") == 4) {
                return true;
            }
        }
        tried += '\x80';
    }
    return false;
}

}  // namespace detail

inline utf8 judge_utf8(std::string_view text) {
    utf8 found;
    while (!text.empty()) {
        const std::size_t size = detail::code_point_at(text);
        if (size == 0) {
            found.whole = false;
            found.hopeful = text.size() < 4 && detail::may_become_one(text);
            return found;
        }
        ++found.count;
        text.remove_prefix(size);
    }
    return found;
}

}  // namespace onechat::fuzz
