// What a user asks of the records of all their pairs: who is in a pair of that name, whom they met,
// what they said themselves, whom they block. Never changes anything; lives on the thread of its
// connection, and a failure sticks to that.
#pragma once

#include "storage/queries.hpp"
#include "storage/rows.hpp"
#include "storage/sqlite.hpp"
#include "storage/store.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace onechat::storage {

// find_own_texts looks at no more than about so many events: a few milliseconds.
inline constexpr std::uint32_t own_texts_scan_max = 2000;

class record_queries {
public:
    record_queries(database& db, queries& reads);

    // A user's place in a pair.
    struct seat {
        pair_id pair{};
        side who = side::one;
        bool cleared = false;
        user_id partner{};
    };
    // None when there is no such pair, or it is not this user's.
    [[nodiscard]] std::optional<seat> find(std::string_view name, user_id user);

    struct identity {
        person_key person{};
        bool erased = false;
        // The key was overwritten: nobody can tell any more who this was.
        [[nodiscard]] bool forgotten() const { return erased && person == person_key{}; }
    };
    // An unknown user is one that is erased and forgotten.
    [[nodiscard]] identity who(user_id user);

    [[nodiscard]] std::vector<person_key> blocked(user_id user);
    // The key that `user` blocks this partner by, if so.
    [[nodiscard]] std::optional<person_key> block_on(user_id user, const identity& partner,
                                                     pair_id pair);

    // A user's pairs from this one on, ascending.
    struct own_pair {
        pair_id id{};
        side who = side::one;
    };
    [[nodiscard]] std::vector<own_pair> pairs_of(user_id user, pair_id from, std::uint32_t limit);

    void history(find_history& asked);
    void list(list_pairs& asked);
    void own_texts(find_own_texts& asked);
    void count(count_texts& asked);

private:
    [[nodiscard]] std::optional<listed_pair> entry(pair_id pair, user_id user);
    // False when the page is full.
    [[nodiscard]] bool add_own_texts(find_own_texts& asked, const own_pair& in, std::uint32_t& scan,
                                     std::size_t& bytes);

    queries& reads_;
    statement seat_;
    statement who_;
    statement blocked_;
    statement block_by_person_;
    statement block_by_pair_;
    statement pairs_;
    statement listed_;
    std::array<statement, 2> unseen_;
    statement texts_;
};

}  // namespace onechat::storage
