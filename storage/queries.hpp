// What is read from the tables, as rows of rows.hpp: the questions that the writing connection and
// the reading one have in common. Never changes anything; lives on the thread of its connection,
// and a failure sticks to that.
#pragma once

#include "storage/hide.hpp"
#include "storage/rows.hpp"
#include "storage/sqlite.hpp"
#include "storage/store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::storage {

// A chat that a crash interrupted is rebuilt from at most so many of its pair's newest events.
inline constexpr std::uint64_t unmarked_events_max = 10'000;

class queries {
public:
    explicit queries(database& db);

    [[nodiscard]] std::optional<user_row> user(const subject& name);
    // Of the user who has the account behind that key now.
    [[nodiscard]] std::optional<subject> subject_of(provider from, const person_key& person);
    [[nodiscard]] std::optional<pair_row> pair(pair_id id) { return one_pair(pair_by_id_, id); }
    [[nodiscard]] std::optional<pair_row> pair(std::string_view name) {
        return one_pair(pair_by_name_, name);
    }
    // The pair of two users that neither has cleared.
    [[nodiscard]] std::optional<pair_row> open_pair(const std::array<user_id, 2>& users) {
        return one_pair(pair_by_users_, users[0], users[1]);
    }

    // The same without marks, for those who only look at a pair.
    [[nodiscard]] std::optional<pair_row> bare_pair(pair_id id) {
        return one_pair(bare_pair_by_id_, id);
    }
    [[nodiscard]] std::string name(pair_id pair);
    [[nodiscard]] erased_sides erased(pair_id pair);

    // The texts after those that the pair's saved marks know, sealed bodies included: the digest of
    // what was said recognises what is said again.
    [[nodiscard]] std::vector<message_row> unmarked(const pair_row& pair);
    [[nodiscard]] std::vector<message_row> newest(pair_id pair, std::uint32_t limit);
    void page(find_events& asked) { page(asked, erased(asked.pair)); }
    void page(find_events& asked, const erased_sides& erased);

    // The newest event at or below `seq` of an epoch at or below `epoch`, 0 for none; one that was
    // cut counts as far as it is known.
    [[nodiscard]] std::uint64_t keep(const pair_row& pair, std::uint64_t seq, std::int64_t epoch);

    // Damaged ones are the connection's failure.
    [[nodiscard]] std::vector<cid_mark> read_marks(bytes_view bytes);
    [[nodiscard]] static person_key read_person(bytes_view bytes);

private:
    template <typename... Keys>
    std::optional<pair_row> one_pair(statement& by, const Keys&... keys) {
        auto found = by.query(keys...);
        return found.next() ? std::optional{read_pair(found)} : std::nullopt;
    }
    pair_row read_pair(const statement::rows& row);

    database& db_;
    statement user_;
    statement subject_of_;
    statement pair_by_id_;
    statement bare_pair_by_id_;
    statement pair_by_name_;
    statement pair_by_users_;
    statement name_;
    statement erased_;
    statement marked_;
    statement masks_;
    statement texts_;
    statement newest_;
    statement oldest_;
    statement epoch_;
};

}  // namespace onechat::storage
