// Rows and changes that the storage tests are made of, and the shortest way to commit them.
#pragma once

#include "storage/store.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
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

inline recall_text recall(pair_id pair, std::uint64_t seq, std::uint64_t ref, side from = side::one,
                          unix_ms sealed_until = 20'000) {
    return {.row = {.pair = pair,
                    .seq = seq,
                    .epoch = 1,
                    .from = from,
                    .kind = event_kind::recall,
                    .ref = ref,
                    .at = static_cast<unix_ms>(5000 + seq),
                    .body = {}},
            .sealed_until = sealed_until};
}

inline clear_pair clearing(std::int64_t user, std::string name) {
    return {.user = user_id{user}, .name = std::move(name), .at = 6000};
}

inline block_person blocking(std::int64_t user, std::string name, bool on = true,
                             std::uint32_t blocks_max = 100) {
    return {.user = user_id{user},
            .name = std::move(name),
            .on = on,
            .at = 7000,
            .blocks_max = blocks_max};
}

inline add_report reporting(std::int64_t user, std::string name, unix_ms kept_until = 30'000,
                            std::uint32_t evidence_max = 50) {
    return {.reporter = user_id{user},
            .name = std::move(name),
            .reason = 2,
            .note = "the note",
            .nickname = "the nickname",
            .at = 8000,
            .kept_until = kept_until,
            .evidence_max = evidence_max};
}

inline erase_user erasure(std::int64_t user, unix_ms at = 10'000, unix_ms sealed_until = 20'000,
                          std::string receipt = {}) {
    return {.user = user_id{user},
            .receipt = receipt.empty() ? "receipt-" + std::to_string(user) : std::move(receipt),
            .at = at,
            .sealed_until = sealed_until};
}

// Given at 5000, for the level's term.
inline ban_person ban(std::int64_t user, std::vector<unix_ms> terms, unix_ms at = 5000) {
    return {.user = user_id{user},
            .reason = "the reason",
            .by = "the operator",
            .at = at,
            .terms = std::move(terms)};
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

// Purges until nothing is due; `rows` and `completed` of all steps together.
inline purge purged(store& where, unix_ms now, std::uint32_t rows_max = 200) {
    purge all{.now = now, .rows_max = rows_max, .completed = {}};
    for (int steps = 0; steps < 1000; ++steps) {
        auto step = done(where, purge{.now = now, .rows_max = rows_max, .completed = {}});
        all.rows += step.rows;
        all.completed.insert(all.completed.end(), step.completed.begin(), step.completed.end());
        if (!step.more) {
            return all;
        }
    }
    all.more = true;
    return all;
}

// Cuts until nothing is due; `rows` of all steps together.
inline cut_records cut(store& where, unix_ms before, std::uint32_t rows_max = 200,
                       unix_ms now = 1'000'000) {
    cut_records all{.before = before, .chats_before = before, .now = now, .rows_max = rows_max};
    for (int steps = 0; steps < 1000; ++steps) {
        const auto step = done(
            where, cut_records{
                       .before = before, .chats_before = before, .now = now, .rows_max = rows_max});
        all.rows += step.rows;
        if (!step.more) {
            return all;
        }
    }
    all.more = true;
    return all;
}

// The list of a user's pairs, a line for each.
inline std::vector<std::string> listed(store& where, std::int64_t user, list_pairs asked = {}) {
    asked.user = user_id{user};
    std::vector<std::string> lines;
    for (const listed_pair& one : answered(where, asked).pairs) {
        lines.push_back(one.pair.name + " at " + std::to_string(one.listed_at) + ": " +
                        std::to_string(one.last.seq) + " '" + one.last.body + "', " +
                        std::to_string(one.unseen) + " unseen" + (one.blocked ? ", blocked" : ""));
    }
    return lines;
}

// All that a user has said, page by page.
inline std::vector<std::string> own_texts(store& where, std::int64_t user,
                                          std::uint32_t limit = 100) {
    std::vector<std::string> texts;
    find_own_texts asked{.user = user_id{user}, .limit = limit, .texts = {}};
    for (int pages = 0; pages < 10'000; ++pages) {
        asked = answered(where, asked);
        for (const own_text& one : asked.texts) {
            texts.push_back(one.name + " " + std::to_string(one.seq) + " " + one.body);
        }
        if (!asked.more) {
            return texts;
        }
        asked.pair = asked.next_pair;
        asked.seq = asked.next_seq;
    }
    return {"without end"};
}

// All that a user's texts are counted to, step by step.
struct counted_texts {
    std::uint64_t texts = 0;
    std::uint64_t most = 0;  // in one step
    int steps = 0;
};

inline counted_texts counted(store& where, std::int64_t user, std::uint32_t rows_max = 5000) {
    counted_texts all;
    count_texts asked{.user = user_id{user}, .rows_max = rows_max};
    do {
        asked = answered(where, asked);
        all.texts += asked.texts;
        all.most = std::max(all.most, asked.texts);
        all.steps += 1;
        asked.pair = asked.next_pair;
        asked.seq = asked.next_seq;
    } while (asked.more && all.steps < 100'000);
    return all;
}

inline find_keep keep(std::string name, std::int64_t user, std::uint64_t seq, std::int64_t epoch) {
    return {.name = std::move(name), .user = user_id{user}, .seq = seq, .epoch = epoch, .pair = {}};
}

}  // namespace test

}  // namespace onechat::storage
