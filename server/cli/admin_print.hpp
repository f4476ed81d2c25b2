// Answers of the operator's API as tables and lists for a terminal, made from the tables that
// describe them. What users wrote can't control the terminal. Pure; main thread.
#pragma once

#include "protocol/codec.hpp"
#include "protocol/field.hpp"
#include "server/cli/transcript.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onechat::cli {

using cells = std::vector<std::string>;

// Columns as wide as their widest cell.
[[nodiscard]] std::string table_of(const cells& head, const std::vector<cells>& rows);
// "name  value" lines.
[[nodiscard]] std::string list_of(const std::vector<std::pair<std::string, std::string>>& lines);
// 2026-11-27 05:19, "for ever", or "-" for 0.
[[nodiscard]] std::string time_text(std::int64_t unix_ms);

namespace detail {

inline constexpr std::array<std::string_view, 13> times{
    "at",         "since",        "until",   "created", "seen",    "used", "banned_until",
    "kept_until", "sealed_until", "done_at", "started", "last_at", "made"};

[[nodiscard]] inline bool is_time(std::string_view name) {
    return name == "resolved" || std::ranges::find(times, name) != times.end();
}

inline std::string text_of(std::string_view, bool value) {
    return value ? "yes" : "no";
}
inline std::string text_of(std::string_view, const std::string& value) {
    return visible(value);
}
template <protocol::wire_integer T>
std::string text_of(std::string_view name, T value) {
    return sizeof(T) == 8 && is_time(name) ? time_text(static_cast<std::int64_t>(value))
                                           : std::to_string(value);
}
template <protocol::described_enum T>
std::string text_of(std::string_view, T value) {
    return std::string{protocol::name_of(value)};
}
template <protocol::described T>
std::string text_of(std::string_view name, const T& value);
template <class T>
std::string text_of(std::string_view name, const std::vector<T>& value) {
    std::string out;
    for (const T& each : value) {
        out += (out.empty() ? "" : ", ") + text_of(name, each);
    }
    return out;
}
template <class T>
std::string text_of(std::string_view name, const std::optional<T>& value) {
    return value ? text_of(name, *value) : std::string{};
}
// A part within a cell: its first two fields say which one.
template <protocol::described T>
std::string text_of(std::string_view, const T& value) {
    std::string out;
    int left = 2;
    protocol::for_each_field<T>([&](const auto& field) {
        out += (out.empty() ? "" : " ") + text_of(field.name, value.*field.member);
        return --left > 0;
    });
    return out;
}

}  // namespace detail

// A table with a column for each field that says something in one row at least.
template <protocol::described T>
[[nodiscard]] std::string table_of(const std::vector<T>& entries) {
    cells head;
    protocol::for_each_field<T>([&](const auto& field) {
        head.emplace_back(field.name);
        return true;
    });
    std::vector<cells> rows;
    for (const T& entry : entries) {
        cells& row = rows.emplace_back();
        protocol::for_each_field<T>([&](const auto& field) {
            row.push_back(detail::text_of(field.name, entry.*field.member));
            return true;
        });
    }
    for (std::size_t n = head.size(); n-- > 0;) {
        if (std::ranges::all_of(rows, [n](const cells& row) { return row[n].empty(); })) {
            head.erase(head.begin() + static_cast<std::ptrdiff_t>(n));
            for (cells& row : rows) {
                row.erase(row.begin() + static_cast<std::ptrdiff_t>(n));
            }
        }
    }
    return rows.empty() ? "none\n" : table_of(head, rows);
}

namespace detail {

template <class T>
inline constexpr bool is_parts = false;
template <protocol::described T>
inline constexpr bool is_parts<std::vector<T>> = true;
template <class T>
inline constexpr bool is_parts<std::optional<T>> = is_parts<T>;

template <class T>
std::string parts_table(const std::vector<T>& parts) {
    return table_of(parts);
}
template <class T>
std::string parts_table(const std::optional<T>& parts) {
    return parts ? parts_table(*parts) : std::string{};
}

}  // namespace detail

// One thing: a line for each field that says something, and a table for each list of parts.
template <protocol::described T>
[[nodiscard]] std::string list_of(const T& value) {
    std::vector<std::pair<std::string, std::string>> lines;
    std::string tables;
    protocol::for_each_field<T>([&](const auto& field) {
        const auto& member = value.*field.member;
        if constexpr (detail::is_parts<std::remove_cvref_t<decltype(member)>>) {
            const auto table = detail::parts_table(member);
            if (!table.empty()) {
                tables += "\n" + std::string{field.name} + ":\n" + table;
            }
        } else {
            const auto text = detail::text_of(field.name, member);
            if (!text.empty()) {
                lines.emplace_back(field.name, text);
            }
        }
        return true;
    });
    return list_of(lines) + tables;
}

}  // namespace onechat::cli
