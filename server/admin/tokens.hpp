// Who may use the operator's API: the tokens as the loop knows them, and the first one of all. The
// store keeps them, by their digests. Loop thread, except for the functions that a start calls.
#pragma once

#include "storage/store.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::admin {

// Where the file says more than its token could, it is not ours.
inline constexpr std::size_t token_bytes_max = 128;

[[nodiscard]] bool is_token_name(std::string_view text);

class tokens {
public:
    explicit tokens(std::vector<storage::admin_token_row> known = {}) : known_{std::move(known)} {}

    // Whose token this is; null: nobody's. Takes as long for every wrong one.
    [[nodiscard]] const storage::admin_token_row* find(std::string_view token) const;

    void add(storage::admin_token_row made) { known_.push_back(std::move(made)); }
    void drop(std::string_view name);

    // True when the store should hear of it: the first use in a while.
    [[nodiscard]] bool note_use(std::string_view name, std::int64_t at);

    [[nodiscard]] const std::vector<storage::admin_token_row>& all() const { return known_; }

private:
    std::vector<storage::admin_token_row> known_;  // at most a hundred
};

// The tokens that are stored. When no owner is among them, one is made, and the file says it to
// whoever may read it (mode 0600); a file that is there already is taken at its word, so that a
// crash in between locks nobody out. Throws std::runtime_error with a sentence when the file can't
// be used. Nobody else uses the store yet.
[[nodiscard]] tokens open_tokens(storage::store& from, const std::filesystem::path& file,
                                 std::int64_t at);

}  // namespace onechat::admin
