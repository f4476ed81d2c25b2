// Rows and changes that the storage tests are made of, and the shortest way to commit them.
#pragma once

#include "storage/store.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onechat::storage {

// For Catch's messages.
inline std::ostream& operator<<(std::ostream& out, const message_row& row) {
    return out << "seq " << row.seq << " '" << row.body << "'";
}

namespace test {

inline user_row user(std::int64_t id) {
    user_row row{.id = user_id{id},
                 .name = {},
                 .from = provider::wechat,
                 .account = "account-" + std::to_string(id),
                 .person = {},
                 .created = 1000 + id,
                 .seen = 2000 + id,
                 .banned_until = 0,
                 .tokens_from = 3000 + id};
    row.name.fill(static_cast<std::uint8_t>(id));
    row.person.fill(static_cast<std::uint8_t>(100 + id));
    return row;
}

inline open_chat meeting(std::int64_t one, std::int64_t two, unix_ms at = 5000,
                         std::string_view name = {}) {
    return {.users = {user_id{one}, user_id{two}},
            .seeds = {{{"Alias " + std::to_string(one), "fox"},
                       {"Alias " + std::to_string(two), "owl"}}},
            .name = name.empty() ? "pair-" + std::to_string(one) + "-" + std::to_string(two)
                                 : std::string{name},
            .epoch = 1,
            .at = at,
            .topic = {},
            .live = {},
            .recent = {}};
}

inline append text(pair_id pair, std::uint64_t seq, std::string_view body = "hello",
                   std::int64_t epoch = 1) {
    return {{.pair = pair,
             .seq = seq,
             .epoch = epoch,
             .from = side::one,
             .kind = event_kind::text,
             .cid = seq,
             .at = static_cast<unix_ms>(5000 + seq),
             .body = std::string{body}}};
}

inline end_chat ending(const live_pair& live, std::uint64_t seq, unix_ms at = 9000) {
    return {.chat = live.chat,
            .end = {.pair = live.pair.id,
                    .seq = seq,
                    .epoch = 1,
                    .from = side::two,
                    .kind = event_kind::end,
                    .reason = end_reason::left,
                    .at = at,
                    .body = {}},
            .marks = {}};
}

inline commit_result tried(store& where, change what) {
    return where.commit({&what, 1});
}

// Commits one change and gives it back with its answer.
template <typename Change>
Change done(store& where, Change what) {
    change one{std::move(what)};
    REQUIRE(where.commit({&one, 1}) == commit_result::done);
    return std::get<Change>(std::move(one));
}

template <typename Question>
Question answered(store& where, Question asked) {
    question one{std::move(asked)};
    REQUIRE(where.reader().answer(one));
    return std::get<Question>(std::move(one));
}

inline std::vector<std::uint64_t> seqs(std::span<const message_row> rows) {
    std::vector<std::uint64_t> out;
    for (const message_row& row : rows) {
        out.push_back(row.seq);
    }
    return out;
}

inline std::vector<message_row> events(store& where, pair_id pair) {
    return answered(
               where,
               find_events{.pair = pair, .limit = 100'000, .bytes_max = SIZE_MAX, .events = {}})
        .events;
}

inline find_keep keep(std::string name, std::int64_t user, std::uint64_t seq, std::int64_t epoch) {
    return {.name = std::move(name), .user = user_id{user}, .seq = seq, .epoch = epoch, .pair = {}};
}

}  // namespace test

}  // namespace onechat::storage
