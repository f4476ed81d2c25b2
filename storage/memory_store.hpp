// The store's contract in plain containers, for tests and simulations. Nothing survives it, and it
// is not for a server: it is used by one thread, its reader() included.
#pragma once

#include "storage/store.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace onechat::storage {

class memory_store final : public store, private store_reader {
public:
    [[nodiscard]] commit_result commit(std::span<change> batch) override;
    [[nodiscard]] std::vector<live_pair> open_chats() override;
    [[nodiscard]] std::vector<parting> partings(unix_ms since) override;
    [[nodiscard]] std::int64_t last_epoch() override { return epoch_; }
    [[nodiscard]] user_id last_user() override;
    [[nodiscard]] store_reader& reader() override { return *this; }
    [[nodiscard]] std::string why() const override { return broken_; }

    // What a side's `clear` does to its pair.
    void clear(pair_id pair, side who);
    // What an erasure does to the row of a user.
    void erase(user_id user);

private:
    struct record {
        pair_row pair;
        std::vector<message_row> events;  // dense, from seq 1
        std::uint64_t marked = 0;         // the last seq when the marks were kept
    };
    struct chat_row {
        pair_id pair{};
        unix_ms started = 0;
        std::optional<unix_ms> ended;
        std::optional<std::string> topic;
    };

    [[nodiscard]] bool answer(question& asked) override;
    void fill(find_events& asked) const;
    void fill(find_keep& asked) const;
    void fill(find_user& asked) const;

    void apply(append& asked);
    void apply(open_chat& asked);
    void apply(void_chat& asked);
    void apply(end_chat& asked);
    void apply(mark_seen& asked);
    void apply(make_user& asked);
    void apply(start_epoch& asked);

    void add(const message_row& row);
    [[nodiscard]] record* find(pair_id pair);
    [[nodiscard]] record* find_open(const std::array<user_id, 2>& users);
    [[nodiscard]] record* make_pair(const open_chat& asked);
    [[nodiscard]] bool may_chat(user_id user, unix_ms at) const;
    [[nodiscard]] bool is_live(pair_id pair) const { return live_.contains(pair); }
    [[nodiscard]] std::vector<message_row> unmarked(const record& of) const;

    // The first broken rule of a batch; it undoes the batch.
    void refuse(const char* why);
    template <typename Undo>
    void on_refusal(Undo undo) {
        undo_.emplace_back(std::move(undo));
    }

    std::map<user_id, user_row> users_;
    std::set<std::pair<provider, std::string>> accounts_;
    std::map<subject, user_id> subjects_;
    std::map<pair_id, record> pairs_;
    std::map<std::string, pair_id, std::less<>> names_;
    std::map<std::array<user_id, 2>, pair_id> open_pairs_;
    std::map<chat_id, chat_row> chats_;
    std::map<pair_id, chat_id> live_;
    std::int64_t epoch_ = 0;
    std::int64_t last_chat_ = 0;
    std::string broken_;
    std::vector<std::function<void()>> undo_;
};

}  // namespace onechat::storage
