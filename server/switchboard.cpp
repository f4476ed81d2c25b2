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

// `recent` may be cut to fit a frame: the oldest go first.
void cut_recent(server::matched& told) {
    auto& recent = *told.recent;
    recent.erase(recent.begin(),
                 recent.begin() + static_cast<std::ptrdiff_t>((recent.size() + 1) / 2));
}

lobby::lobby_options with_topics(lobby::lobby_options options, const topics& offered) {
    options.topics.clear();
    for (const topic& one : offered.all()) {
        options.topics.push_back(one.id);
    }
    return options;
}

}  // namespace

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
      lobby_{with_topics(options_.lobby, topics_), random},
      random_{random},
      epoch_{known.epoch},
      epoch_stored_{known.epoch_stored},
      last_user_{static_cast<std::int64_t>(known.last_user)} {
    restore(std::move(known.open_chats), now);
    for (const auto& parted : known.partings) {
        const auto ago =
            std::chrono::milliseconds{std::max<std::int64_t>(0, now.unix_ms - parted.at)};
        lobby_.remember_parting(same<lobby::user_id>(parted.one), same<lobby::user_id>(parted.two),
                                now.steady - ago);
    }
}

// Nobody is in two chats. Should a crash have left somebody in two, the newest one is theirs.
void switchboard::restore(std::vector<storage::live_pair> open_chats, moment now) {
    std::ranges::sort(open_chats, std::ranges::greater{}, &storage::live_pair::chat);
    for (storage::live_pair& live : open_chats) {
        lobby::opened_chat opened = chat_of(std::move(live));
        if (lobby_.talking(opened.seats[0].user) == nullptr &&
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

void switchboard::opened(session_id id, peer& line, moment now) {
    session& who = sessions_[id];
    who.id = id;
    who.line = &line;
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
    if (who->at == stage::welcomed) {
        lobby_.vanish(id, now, effects_);
    }
    sessions_.erase(id);
    finish_turn(now);
}

void switchboard::drained(session_id id, moment now) {
    session* who = find(id);
    if (who != nullptr && who->at == stage::welcomed) {
        show_more(*who, now);
        finish_turn(now);
    }
}

void switchboard::dismiss(session_id id, protocol::close_code why, moment now) {
    session* who = find(id);
    if (who != nullptr && who->at != stage::closing) {
        const bool welcomed = who->at == stage::welcomed;
        hang_up(*who, why);
        if (welcomed) {
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
    who.at = stage::closing;
    who.shows.clear();
    who.line->close(static_cast<std::uint16_t>(why), last.reason, frame_);
}

void switchboard::drain() {
    draining_ = true;
    for (auto& [id, who] : sessions_) {
        if (who.at != stage::closing) {
            hang_up(who, protocol::close_code::restarting, drain_retry_ms());
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

// ---- requests ----

// One overload per request; a request that this server does not serve is forbidden.
struct switchboard::dispatch {
    switchboard& board;
    session& who;
    const lobby::request_number& rid;
    moment now;

    [[nodiscard]] lobby::caller caller() const { return {who.id, rid}; }

    void operator()(const client::hello& said) const { board.hello(who, said, rid, now); }

    void operator()(const client::find& said) const {
        if (auto wanted = board.wish_of(who, said.topics, said.nickname, said.avatar, rid)) {
            board.make_row(who);
            board.lobby_.find(caller(), *std::move(wanted), now, board.effects_);
        }
    }
    void operator()(const client::next& said) const {
        if (auto wanted = board.wish_of(who, said.topics, said.nickname, said.avatar, rid)) {
            board.make_row(who);
            board.lobby_.next(caller(), *std::move(wanted), said.pair, now, board.effects_);
        }
    }
    void operator()(const client::cancel&) const {
        board.lobby_.cancel(caller(), now, board.effects_);
    }
    void operator()(const client::say& said) const {
        board.lobby_.say(caller(), said, now, board.effects_);
    }
    void operator()(const client::leave& said) const {
        board.lobby_.leave(caller(), said.pair, now, board.effects_);
    }
    void operator()(const client::away&) const { board.lobby_.away(who.id, board.effects_); }
    void operator()(const client::ping&) const {
        server::pong answer;
        answer.now = now.unix_ms;
        board.send(who, answer, rid);
    }
    template <class Later>
    void operator()(const Later&) const {
        board.refuse(who, refusal::forbidden, "This server does not serve this request.", rid);
    }
};

void switchboard::received(session_id id, std::string_view text, moment now) {
    session* found = find(id);
    if (found == nullptr || found->at == stage::closing) {
        return;
    }
    session& who = *found;
    now_ = now;
    look_at_store();
    const auto said = protocol::parse(text);
    if (!said) {
        send(who, protocol::answer_to(said.error()), said.error().rid);
        count_refusal(who, said.error().code);
        if (protocol::is_malformed(said.error().code) &&
            who.malformed.reaches(protocol::limits::malformed_max, protocol::limits::malformed_time,
                                  now.steady)) {
            condemned_.push_back({id, protocol::close_code::protocol_error});
        }
        finish_turn(now);
        return;
    }
    const bool hello = std::holds_alternative<client::hello>(said->message);
    if (who.at == stage::new_ && !hello) {
        if (const auto* early = std::get_if<client::say>(&said->message)) {
            server::nack refused;
            refused.pair = early->pair;
            refused.cid = early->cid;
            refused.code = refusal::not_ready;
            send(who, refused, said->rid);
            count_refusal(who, refusal::not_ready);
        } else {
            refuse(who, refusal::not_ready, "Say `hello` first and wait for `welcome`.", said->rid);
        }
    } else {
        if (who.at == stage::welcomed && !std::holds_alternative<client::ping>(said->message) &&
            !std::holds_alternative<client::away>(said->message)) {
            lobby_.here(id, effects_);
        }
        std::visit(dispatch{*this, who, said->rid, now}, said->message);
    }
    finish_turn(now);
}

std::optional<lobby::wish> switchboard::wish_of(
    session& who, const std::optional<std::vector<std::string>>& topics,
    const std::optional<std::string>& nickname, const std::optional<std::string>& avatar,
    const lobby::request_number& rid) {
    lobby::wish wanted;
    wanted.nickname = nickname;
    wanted.avatar = avatar;
    if (topics) {
        wanted.topics.emplace();
        for (const std::string& name : *topics) {
            const auto topic = topics_.find(name);
            if (!topic) {
                refuse(who, refusal::unknown_topic, "No such topic; `welcome` lists them.", rid,
                       "topics");
                return std::nullopt;
            }
            if (std::ranges::find(*wanted.topics, *topic) == wanted.topics->end()) {
                wanted.topics->push_back(*topic);
            }
        }
    }
    return wanted;
}

// A guest's row is made at the first `find`, so that a flood of hellos writes nothing.
void switchboard::make_row(session& who) {
    if (const auto found = guests_.find(who.claims.name); found != guests_.end()) {
        due_guests_.insert(found->first);
        store_guest(found->first, found->second);
    }
}

// What the store had no room for is tried again: nobody is matched without a row.
void switchboard::make_rows() {
    const std::vector<subject> due{due_guests_.begin(), due_guests_.end()};
    for (const subject& name : due) {
        store_guest(name, guests_.at(name));
    }
}

void switchboard::store_guest(const subject& name, unstored_guest& guest) {
    if (guest.storing) {
        return;
    }
    storage::make_user made;
    made.user.id = same<storage::user_id>(guest.user);
    made.user.name = name;
    made.user.account = hex_of(name);
    made.user.person =
        keys_.person(static_cast<std::uint8_t>(storage::provider::guest), made.user.account);
    made.user.created = now_.unix_ms;
    made.user.seen = now_.unix_ms;
    guest.storing = true;
    write(0, std::move(made));
}

// ---- effects ----

void switchboard::finish_turn(moment now) {
    carry_out(effects_);
    while (!condemned_.empty()) {
        const auto [id, why] = condemned_.back();
        condemned_.pop_back();
        session* who = find(id);
        if (who == nullptr || who->at == stage::closing) {
            continue;
        }
        const bool welcomed = who->at == stage::welcomed;
        hang_up(*who, why,
                why == protocol::close_code::flood ? std::optional{flood_retry_ms} : std::nullopt);
        if (welcomed) {
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
    if (to == nullptr || to->at != stage::welcomed) {
        return;  // gone, and what it misses is in the store
    }
    send(*to, what.what, what.rid);
    if (const auto* refused = std::get_if<server::nack>(&what.what)) {
        count_refusal(*to, refused->code);
    } else if (const auto* error = std::get_if<server::error>(&what.what)) {
        count_refusal(*to, error->code);
    }
}

void switchboard::carry_out(lobby::keep&& what) {
    write(0, storage::append{row_of(what.pair, epoch_, std::move(what.what))});
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
    return found == sessions_.end() ? nullptr : &found->second;
}

void switchboard::send(session& to, const protocol::server_message& what,
                       const lobby::request_number& rid) {
    frame_.clear();
    protocol::write(frame_, what, rid);
    if (frame_.size() > protocol::limits::server_frame_bytes_max) {
        protocol::server_message cut = what;
        auto* matched = std::get_if<server::matched>(&cut);
        if (auto* welcome = std::get_if<server::welcome>(&cut);
            welcome != nullptr && welcome->pair) {
            matched = &*welcome->pair;
        }
        while (frame_.size() > protocol::limits::server_frame_bytes_max) {
            assert(matched != nullptr && matched->recent && !matched->recent->empty() &&
                   "only `recent` can outgrow a frame");
            cut_recent(*matched);
            frame_.clear();
            protocol::write(frame_, cut, rid);
        }
    }
    to.line->send(frame_);
}

void switchboard::refuse(session& who, refusal code, std::string_view text,
                         const lobby::request_number& rid, std::optional<std::string> field) {
    server::error refused;
    refused.code = code;
    refused.text = text;
    refused.field = std::move(field);
    if (code == refusal::store_unavailable || code == refusal::platform_busy) {
        refused.retry_ms = 1000;
    }
    send(who, refused, rid);
    count_refusal(who, code);
}

void switchboard::count_refusal(session& who, refusal code) {
    if (options_.rate_limits && !is_our_trouble(code) &&
        who.refused.reaches(protocol::limits::refusals_max, protocol::limits::refusals_time,
                            now_.steady)) {
        condemned_.push_back({who.id, protocol::close_code::flood});
    }
}

}  // namespace onechat
