#include "server/switchboard.hpp"

#include "server/record.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat {

namespace client = protocol::client;
namespace server = protocol::server;
using protocol::refusal;

namespace {

// What a client that was closed for its refusals waits before it comes back.
constexpr std::int64_t flood_retry_ms = 10'000;

// Refusals that say more of the server than of the client.
bool is_our_trouble(refusal code) {
    return code == refusal::in_flight_full || code == refusal::store_unavailable;
}

// What outgrew a frame carries fewer events, the newest ones: `recent` may be cut, and a page of
// `history` then says `more`.
void shorten(protocol::server_message& what) {
    std::vector<server::event>* events = nullptr;
    if (auto* page = std::get_if<server::history>(&what)) {
        events = &page->events;
        page->more = true;
    } else if (auto* matched = std::get_if<server::matched>(&what)) {
        events = &*matched->recent;
    } else if (auto* welcome = std::get_if<server::welcome>(&what)) {
        events = &*welcome->pair->recent;
    }
    assert(events != nullptr && !events->empty() && "only lists of events outgrow a frame");
    const auto half = static_cast<std::ptrdiff_t>((events->size() + 1) / 2);
    events->erase(events->begin(), events->begin() + half);
}

lobby::lobby_options lobby_of(const switchboard_options& from, const topics& offered) {
    lobby::lobby_options options = from.lobby;
    options.unjudged_pass = from.moderation.unjudged_pass;
    options.topics.clear();
    for (const topic& one : offered.all()) {
        options.topics.push_back(one.id);
    }
    return options;
}

}  // namespace

// People choose their addresses, so the low half, which they choose most freely, is not enough.
std::size_t address_hash::operator()(const address_key& from) const noexcept {
    const std::string_view bytes{reinterpret_cast<const char*>(from.data()), from.size()};
    return std::hash<std::string_view>{}(bytes);
}

std::size_t switchboard::subject_hash::operator()(const subject& name) const noexcept {
    // Random already.
    std::size_t hash = 0;
    std::copy_n(name.begin(), sizeof(hash), reinterpret_cast<std::uint8_t*>(&hash));
    return hash;
}

switchboard::switchboard(switchboard_options options, const keys& secrets,
                         lobby::random_source& random, store_ports store, start_facts known,
                         moment now)
    : options_{std::move(options)},
      keys_{secrets},
      topics_{options_.topics},
      store_{std::move(store)},
      chain_{options_.moderation},
      lobby_{lobby_of(options_, topics_), random, &chain_},
      random_{random},
      epoch_{known.epoch},
      epoch_stored_{known.epoch_stored},
      last_user_{static_cast<std::int64_t>(known.last_user)},
      retention_{options_.limits, options_.bans},
      clock_{now, known.newest_at} {
    restore(std::move(known.open_chats), now);
    for (const auto& parted : known.partings) {
        const auto ago =
            std::chrono::milliseconds{std::max<std::int64_t>(0, now.unix_ms - parted.at)};
        lobby_.remember_parting(same<lobby::user_id>(parted.one), same<lobby::user_id>(parted.two),
                                now.steady - ago);
    }
}

// Nobody is in two chats. Should a crash have left somebody in two, the newest one is theirs. In a
// pair that is closed, by an older backup say, there is no chat.
void switchboard::restore(std::vector<storage::live_pair> open_chats, moment now) {
    std::ranges::sort(open_chats, std::ranges::greater{}, &storage::live_pair::chat);
    for (storage::live_pair& live : open_chats) {
        const bool closed = live.closed;
        lobby::opened_chat opened = chat_of(std::move(live));
        if (!closed && lobby_.talking(opened.seats[0].user) == nullptr &&
            lobby_.talking(opened.seats[1].user) == nullptr) {
            lobby_.restore(std::move(opened), now);
            continue;
        }
        lobby::end_chat ending;
        ending.pair = opened.pair;
        ending.chat = opened.chat;
        ending.end.seq = opened.last_seq + 1;
        ending.end.at = std::max(opened.last_at, now.unix_ms);
        ending.end.kind = protocol::event_kind::end;
        ending.end.reason = protocol::end_reason::timeout;
        ending.marks = {std::move(opened.seats[0].accepted), std::move(opened.seats[1].accepted)};
        effects_.emplace_back(std::move(ending));  // carried out in the first turn
    }
}

// ---- connections ----

void switchboard::opened(session_id id, peer& line, const caller& from, moment now) {
    session& who = *sessions_.emplace(id, std::make_unique<session>()).first->second;
    who.id = id;
    who.line = &line;
    who.from = from.network;
    who.address = from.address;
    who.port = from.port;
    who.opened_at = now.steady;
    latecomers_.push_back(id);
    if (draining_) {
        hang_up(who, protocol::close_code::restarting, drain_retry_ms());
    }
}

void switchboard::closed(session_id id, moment now) {
    session* who = find(id);
    if (who == nullptr) {
        return;
    }
    stop_greeting(*who);
    release_guest(who->claims.name, who->holds_guest);
    if (is_present(*who)) {
        lobby_.vanish(id, now, effects_);
    }
    if (who->came) {
        now_ = now;
        note_access(*who, storage::access_action::close);
    }
    sessions_.erase(id);
    finish_turn(now);
}

void switchboard::drained(session_id id, moment now) {
    session* who = find(id);
    if (who != nullptr && is_present(*who)) {
        show_more(*who, now);
        export_more(*who);
        finish_turn(now);
    }
}

void switchboard::dismiss(session_id id, protocol::close_code why, moment now) {
    session* who = find(id);
    if (who != nullptr && who->at != stage::closing) {
        const bool present = is_present(*who);
        hang_up(*who, why);
        if (present) {
            lobby_.vanish(id, now, effects_);
        }
        finish_turn(now);
    }
}

void switchboard::hang_up(session& who, protocol::close_code why,
                          std::optional<std::int64_t> retry_ms, std::optional<std::int64_t> until) {
    server::bye last;
    last.code = static_cast<std::uint32_t>(why);
    last.reason = protocol::reason_of(why);
    last.retry_ms = retry_ms;
    last.until = until;
    frame_.clear();
    protocol::write(frame_, last, std::nullopt);
    stop_greeting(who);
    ++counts_.byes[why];
    who.at = stage::closing;
    who.shows.clear();
    who.exports.reset();
    who.line->close(static_cast<std::uint16_t>(why), last.reason, frame_);
}

void switchboard::drain() {
    draining_ = true;
    for (auto& [id, who] : sessions_) {
        if (who->at != stage::closing) {
            hang_up(*who, protocol::close_code::restarting, drain_retry_ms());
        }
    }
}

// Spread over the clients, and longer with many, so that each second brings back about as many as
// a start can take.
std::int64_t switchboard::drain_retry_ms() {
    const std::uint64_t crowd = std::max<std::uint64_t>(1, sessions_.size() / 10'000);
    const auto least = static_cast<std::uint64_t>(protocol::limits::drain_retry_min.count());
    const auto most = static_cast<std::uint64_t>(protocol::limits::drain_retry_max.count());
    return static_cast<std::int64_t>(least + random_.below(most * crowd - least + 1));
}

// ---- effects ----

void switchboard::finish_turn(moment now) {
    carry_out(effects_);
    say_parting_words();
    while (!condemned_.empty()) {
        const auto [id, why, until] = condemned_.back();
        condemned_.pop_back();
        session* who = find(id);
        if (who == nullptr || who->at == stage::closing) {
            continue;
        }
        const bool present = is_present(*who);
        hang_up(*who, why,
                why == protocol::close_code::flood ? std::optional{flood_retry_ms} : std::nullopt,
                until);
        if (present) {
            lobby_.vanish(id, now, effects_);
            carry_out(effects_);
        }
    }
}

void switchboard::carry_out(lobby::effects& done) {
    for (auto& effect : done) {
        std::visit([this](auto& one) { carry_out(std::move(one)); }, effect);
    }
    done.clear();
}

void switchboard::carry_out(lobby::tell&& what) {
    session* to = find(what.to);
    if (to == nullptr || !is_present(*to)) {
        return;  // gone, and what it misses is in the store
    }
    send(*to, what.what, what.rid);
    if (const auto* refused = std::get_if<server::nack>(&what.what)) {
        count_refusal(*to, refused->code);
    } else if (const auto* error = std::get_if<server::error>(&what.what)) {
        count_refusal(*to, error->code);
    } else if (std::holds_alternative<server::ack>(what.what)) {
        ++counts_.acks;
    }
}

void switchboard::carry_out(lobby::keep&& what) {
    const bool recall = what.what.kind == protocol::event_kind::recall;
    const std::uint64_t seq = what.what.seq;
    auto row = row_of(what.pair, epoch_, std::move(what.what));
    if (recall) {
        if (row.from == storage::side::system) {
            storage::remove_text change;
            change.row = std::move(row);
            change.sealed_until = sealed_until();
            change.audit = std::exchange(removal_audit_, std::nullopt);
            write(std::exchange(removal_ticket_, 0), std::move(change));
        } else {
            write(0, storage::recall_text{std::move(row), sealed_until()});
        }
        return;
    }
    ++counts_.texts;
    write(0, storage::append{std::move(row), now_.steady});
    if (what.flagged) {
        flag(what.pair, seq, storage::flag_source::filter, 0);
    }
    if (what.doubted) {
        flag(what.pair, seq, storage::flag_source::platform, what.label);
    }
    if (const auto reviewed = looks_.find(what.review); reviewed != looks_.end()) {
        reviewed->second.pair = what.pair;
        reviewed->second.seq = seq;
    }
}

void switchboard::carry_out(lobby::note_seen&& what) {
    storage::mark_seen seen;
    seen.pair = same<storage::pair_id>(what.pair);
    seen.who = same<storage::side>(what.who);
    seen.seq = what.seq;
    write(0, seen);
}

void switchboard::carry_out(lobby::open_chat&& what) {
    storage::open_chat change;
    for (std::size_t n = 0; n < change.users.size(); ++n) {
        change.users[n] = same<storage::user_id>(what.users[n]);
        change.seeds[n] = {std::move(what.looks[n].alias), std::move(what.looks[n].avatar)};
    }
    change.name = random_name();
    change.epoch = epoch_;
    change.at = now_.unix_ms;
    change.recent_max = protocol::limits::recent_max;
    if (what.topic) {
        change.topic = topics_.all()[static_cast<std::size_t>(*what.topic)].id;
    }
    write(static_cast<std::uint64_t>(what.match), std::move(change));
}

void switchboard::carry_out(lobby::void_chat&& what) {
    write(0, storage::void_chat{same<storage::chat_id>(what.chat)});
}

void switchboard::carry_out(lobby::end_chat&& what) {
    write(0, ending_of(std::move(what), epoch_));
}

// ---- small parts ----

switchboard::session* switchboard::find(session_id id) {
    const auto found = sessions_.find(id);
    return found == sessions_.end() ? nullptr : found->second.get();
}

void switchboard::send(session& to, const protocol::server_message& what,
                       const lobby::request_number& rid) {
    frame_.clear();
    protocol::write(frame_, what, rid);
    if (frame_.size() > protocol::limits::server_frame_bytes_max) {
        protocol::server_message cut = what;
        while (frame_.size() > protocol::limits::server_frame_bytes_max) {
            shorten(cut);
            frame_.clear();
            protocol::write(frame_, cut, rid);
        }
    }
    to.line->send(frame_);
}

void switchboard::refuse(session& who, refusal code, std::string_view text,
                         const lobby::request_number& rid, std::optional<std::string> field,
                         std::optional<std::chrono::milliseconds> retry) {
    server::error refused;
    refused.code = code;
    refused.text = text;
    refused.field = std::move(field);
    if (code == refusal::store_unavailable || code == refusal::platform_busy) {
        refused.retry_ms = 1000;
    }
    if (retry) {
        refused.retry_ms = retry->count();
    }
    send(who, std::move(refused), rid);
    count_refusal(who, code);
}

void switchboard::count_refusal(session& who, refusal code) {
    ++counts_.refusals[code];
    if (options_.rate_limits && !is_our_trouble(code) &&
        who.refused.reaches(protocol::limits::refusals_max, protocol::limits::refusals_time,
                            now_.steady)) {
        condemned_.emplace_back(who.id, protocol::close_code::flood);
    }
}

}  // namespace onechat
