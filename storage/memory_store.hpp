// The store's contract in plain containers, for tests and simulations. Nothing survives it, and it
// is not for a server: it is used by one thread, its reader() included.
#pragma once

#include "storage/hide.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
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
    [[nodiscard]] unix_ms newest_at() override;
    [[nodiscard]] store_reader& reader() override { return *this; }
    [[nodiscard]] std::string why() const override { return broken_; }

private:
    struct record {
        pair_row pair;
        std::vector<message_row> events;   // dense, from the pair's first_seq
        std::vector<std::uint64_t> order;  // of each event among those of all pairs
        std::uint64_t marked = 0;          // the last seq when the marks were kept
        unix_ms listed_at = 0;
        unix_ms cut_at = 0;  // of the newest event that was cut

        // Null for what was cut and for what never was.
        [[nodiscard]] message_row* at(std::uint64_t seq) {
            const bool here = seq >= pair.first_seq && seq - pair.first_seq < events.size();
            return here ? &events[seq - pair.first_seq] : nullptr;
        }
    };
    struct chat_row {
        pair_id pair{};
        unix_ms started = 0;
        std::optional<unix_ms> ended;
        std::optional<std::string> topic;
    };

    struct seal_row {
        unix_ms until = 0;
        pair_id pair{};
        std::uint64_t seq = 0;
    };
    struct report_row {
        std::int64_t id = 0;
        user_id reporter{};
        person_key person{};
        user_id target{};
        pair_id pair{};
        std::uint8_t reason = 0;
        std::string note;
        std::string nickname;
        unix_ms at = 0;
        unix_ms kept_until = 0;
        bool resolved = false;
        unix_ms resolved_at = 0;
        bool mutes = false;
        bool flagged = false;
        std::map<std::pair<pair_id, std::uint64_t>, message_row> evidence;
    };
    struct consent_row {
        std::uint32_t count = 0;
        unix_ms at = 0;
    };
    struct erasure_row {
        std::string receipt;
        user_id user{};
        unix_ms at = 0;
        unix_ms until = 0;
        unix_ms done_at = 0;
        bool done = false;
        bool person_kept = false;
        bool told = false;
    };
    struct ban {
        person_key person{};
        ban_row row;
    };
    // A user's place in a pair.
    struct seat {
        record* of = nullptr;
        side who = side::one;
        [[nodiscard]] seat_row& mine() const { return at(who); }
        [[nodiscard]] seat_row& other() const {
            return at(who == side::one ? side::two : side::one);
        }

    private:
        [[nodiscard]] seat_row& at(side side) const {
            return of->pair.seats[static_cast<std::size_t>(side)];
        }
    };

    // memory_answers.cpp
    [[nodiscard]] bool answer(question& asked) override;
    void fill(find_events& asked);
    void fill(find_keep& asked);
    void fill(find_user& asked);
    void fill(find_person& asked);
    void fill(find_history& asked);
    void fill(list_pairs& asked);
    void fill(find_own_texts& asked);
    void fill(count_texts& asked);
    void fill(find_bans& asked);
    void fill(find_standing& asked);
    void fill(count_standings& asked);
    [[nodiscard]] listed_pair entry(const seat& at) const;

    // memory_operator.cpp
    void fill(list_users& asked);
    void fill(describe_user& asked);
    void fill(list_pairs_of& asked);
    void fill(find_record& asked);
    void fill(list_reports& asked);
    void fill(find_report& asked);
    void fill(count_open_reports& asked);
    void fill(find_erasure& asked);
    void fill(list_audit& asked);
    void fill(list_access& asked);
    void fill(list_flags& asked);
    void fill(list_admin_tokens& asked);
    void apply(resolve_report& asked);
    void apply(remove_texts& asked);
    void apply(add_audit& asked) { add(asked.row); }
    void apply(add_admin_token& asked);
    void apply(drop_admin_token& asked);
    void apply(note_token_used& asked);
    void add(const audit_row& row);
    [[nodiscard]] bool is_meant(const list_users::wanted& only, const user_row& user) const;
    [[nodiscard]] user_row with_standing(user_row user) const;
    [[nodiscard]] static report_entry entry(const report_row& row);

    void apply(append& asked);
    void apply(open_chat& asked);
    void apply(void_chat& asked);
    void apply(end_chat& asked);
    void apply(mark_seen& asked);
    void apply(make_user& asked);
    void apply(start_epoch& asked);

    // memory_records.cpp
    void apply(recall_text& asked);
    void apply(remove_text& asked);
    void apply(flag_text& asked);
    void apply(flag_report& asked);
    void apply(take_consent& asked);
    void apply(drop_consents& asked);
    // False when it is no text that may be taken away so.
    bool take_away(const message_row& by, gone_reason why, unix_ms sealed_until);
    void apply(clear_pair& asked);
    void apply(block_person& asked);
    void apply(add_report& asked);
    void apply(note_consents& asked);
    void apply(revoke_tokens& asked);
    void unblock(block_person& asked, const seat& at);

    // memory_bans.cpp
    void apply(resolve_reports& asked);
    void apply(ban_person& asked);
    void apply(lift_ban& asked);
    [[nodiscard]] bool mutes(const report_row& report, const add_report& asked) const;
    [[nodiscard]] unix_ms banned_until(const person_key& person) const;
    [[nodiscard]] bool is_muted(const person_key& person) const;

    // memory_retention.cpp
    void apply(cut_records& asked);
    void apply(add_access& asked);
    void cut(cut_records& asked, record& of);
    void cut_marks(record& of);
    [[nodiscard]] static bool is_due(const cut_records& asked, const record& of);

    // memory_erasure.cpp
    void apply(erase_user& asked);
    void apply(purge& asked);
    void overwrite_seals(purge& asked);
    void overwrite_erased(purge& asked, erasure_row& one);
    // False when the step is full.
    [[nodiscard]] bool overwrite_texts(purge& asked, user_id user);
    [[nodiscard]] bool overwrite_reports(purge& asked, user_id user);
    void overwrite(message_row& row, gone_reason why);
    void forget_persons(purge& asked);
    // With the key goes what was only kept for it. False while a ban of the person runs.
    [[nodiscard]] bool forget(user_id user, unix_ms now);
    void drop_reports(purge& asked);
    void drop_bans(purge& asked);
    [[nodiscard]] bool is_due(const purge& asked) const;

    void add(const message_row& row);
    [[nodiscard]] record* find(pair_id pair);
    [[nodiscard]] record* find_open(const std::array<user_id, 2>& users);
    [[nodiscard]] record* make_pair(const open_chat& asked);
    [[nodiscard]] bool may_chat(user_id user, unix_ms at) const;
    [[nodiscard]] std::optional<seat> find_seat(std::string_view name, user_id user);
    // One of an erased user whose key was overwritten is nobody's any more.
    [[nodiscard]] bool is_erased(user_id user) const;
    [[nodiscard]] person_key person(user_id user) const;
    [[nodiscard]] bool is_forgotten(user_id user) const;
    [[nodiscard]] erased_sides erased(const record& of) const;
    // The key that `at` blocks the partner by, if so.
    [[nodiscard]] std::optional<person_key> block_on(const seat& at) const;
    [[nodiscard]] bool is_live(pair_id pair) const { return live_.contains(pair); }
    [[nodiscard]] std::vector<message_row> unmarked(const record& of) const;

    // Puts a value back as it is now. For what neither moves nor goes away by itself.
    template <typename Value>
    void restore_on_refusal(Value& value) {
        on_refusal([&value, before = value] { value = before; });
    }
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
    std::map<user_id, std::map<person_key, pair_id>> blocks_;
    std::map<user_id, std::map<std::string, consent_row>> consents_;
    std::vector<seal_row> seals_;
    std::vector<flag_entry> flags_;  // in the order of their making
    std::int64_t last_flag_ = 0;
    std::vector<report_row> reports_;
    std::vector<erasure_row> erasures_;
    std::vector<access_row> access_;  // in the order of their making
    std::int64_t last_access_ = 0;
    std::vector<ban> bans_;  // in the order of their making
    std::vector<audit_row> audit_;
    std::map<std::string, admin_token_row> admin_tokens_;
    std::int64_t last_report_ = 0;
    std::int64_t epoch_ = 0;
    std::int64_t last_chat_ = 0;
    std::uint64_t stored_ = 0;  // events, ever
    std::string broken_;
    std::vector<std::function<void()>> undo_;
};

}  // namespace onechat::storage
