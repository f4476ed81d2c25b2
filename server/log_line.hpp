// How an event is worded for the operator: as `event key=value` or as members of a JSON object. One
// event is one line whatever its values hold. Not where it goes, when or how bad it was: log's.
// Pure: any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace onechat::log {

// One thing to know of an event. The key is a word of ours; texts may hold anything, since file
// names and other programs' sentences do.
class field {
public:
    field(std::string_view key, std::string_view text) : key_{key}, value_{std::string{text}} {}
    field(std::string_view key, const std::string& text) : key_{key}, value_{text} {}
    field(std::string_view key, const char* text) : key_{key}, value_{std::string{text}} {}
    field(std::string_view key, bool on) : key_{key}, value_{on} {}
    template <std::integral Number>
    field(std::string_view key, Number number)
        : key_{key}, value_{static_cast<std::int64_t>(number)} {}

    [[nodiscard]] std::string_view key() const { return key_; }
    [[nodiscard]] const auto& value() const { return value_; }

private:
    std::string_view key_;
    std::variant<std::string, std::int64_t, bool> value_;
};

using fields = std::initializer_list<field>;

// `drain sessions=12 why="asked to"`: in quotes, escaped as in JSON, when it isn't one plain word.
[[nodiscard]] std::string as_text(std::string_view event, fields about);

// `"event":"drain","sessions":12,"why":"asked to"`: the inside of an object, so that time and level
// can stand before it. What isn't UTF-8 becomes U+FFFD.
[[nodiscard]] std::string as_members(std::string_view event, fields about);

}  // namespace onechat::log
