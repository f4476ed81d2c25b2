#include "server/lobby/lobby.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat::lobby {

namespace server = protocol::server;

namespace {

// What a client that was refused for the store's sake waits before it tries again.
constexpr std::int64_t store_retry_ms = 1000;

// The end of a chat is told after a commit, or when a resuming client has caught up.
constexpr std::chrono::milliseconds asks_retry{500};

bool blocks(const newcomer& one, const newcomer& other) {
    return std::ranges::binary_search(one.blocked, other.person);
}

}  // namespace

lobby::lobby(lobby_options options, random_source& random, moderator* judge)
    : options_{std::move(options)},
      random_{random},
      judge_{judge},
      reviews_{options_.held_time},
      topic_counts_(options_.topics.size(), 0),
      partings_{options_.parted_time} {}

void lobby::assert_owner() const {
    assert(std::this_thread::get_id() == owner_);
}

lobby::person& lobby::of(session_id session) {
    assert_owner();
    const auto found = sessions_.find(session);
    assert(found != sessions_.end() && "a request comes over a session that has arrived");
    return *found->second;
}

lobby::person* lobby::present(user_id user) {
    const auto found = people_.find(user);
    return found == people_.end() ? nullptr : &found->second;
}

// ---- a start ----

void lobby::restore(opened_chat opened, moment now) {
    auto made = std::make_unique<chat>(std::move(opened), now);
    for (const side at : {side::one, side::two}) {
        person& who = people_[made->user(at)];
        who.who.user = made->user(at);
        who.seat = at;
        who.talking = made.get();
        set_deadline(who, now.steady + options_.away_time);
        await(*made, at, now);
    }
    const pair_id pair = made->pair();
    chats_.emplace(pair, std::move(made));
}

void lobby::remember_parting(user_id one, user_id two, time_point when) {
    partings_.note(one, two, when);
}

// ---- connections ----

lobby::arrival lobby::arrive(session_id session, newcomer who, effects& out) {
    assert_owner();
    person& comes = people_[who.user];
    arrival result;
    result.replaced = std::exchange(comes.session, session);
    if (result.replaced != session_id::none) {
        sessions_.erase(result.replaced);
    }
    sessions_.emplace(session, &comes);
    if (std::exchange(comes.known, true)) {
        // Newer than what the store was asked for this arrival.
        who.blocked = std::move(comes.who.blocked);
    }
    if (const auto tired = tired_.extract(who.user)) {
        comes.used = tired.mapped();
    }
    comes.who = std::move(who);
    comes.away = false;
    set_deadline(comes, std::nullopt);
    stop_leaving(comes, out);  // the new connection is shown the record up to its end
    forget_asked(comes);
    comes.reading = false;
    if (comes.talking != nullptr) {
        comes.talking->attach(comes.seat, session, out);
        result.state = protocol::user_state::paired;
    } else {
        result.state = comes.waits ? protocol::user_state::waiting : protocol::user_state::idle;
    }
    return result;
}

void lobby::vanish(session_id session, moment now, effects& out) {
    assert_owner();
    const auto found = sessions_.find(session);
    if (found == sessions_.end()) {
        return;
    }
    person& gone = *found->second;
    sessions_.erase(found);
    gone.session = session_id::none;
    forget_asked(gone);
    gone.reading = false;
    stop_leaving(gone, out);
    if (gone.talking != nullptr) {
        gone.talking->detach(gone.seat, out);
        await(*gone.talking, gone.seat, now);
        set_deadline(gone, now.steady + options_.away_time);
    } else if (gone.waits) {
        gone.waits->engaged = match_id::none;
        set_deadline(gone, now.steady + options_.ticket_kept_time);
    }
    forget_if_gone(gone);
}

const chat* lobby::talking(user_id user) const {
    const auto found = people_.find(user);
    return found == people_.end() ? nullptr : found->second.talking;
}

bool lobby::settling(pair_id pair) const {
    const auto found = chats_.find(pair);
    return found != chats_.end() && found->second->ended() && !found->second->stored_whole();
}

lobby::caught_up lobby::catch_up(session_id session, pair_id pair, std::uint64_t shown, moment now,
                                 effects& out) {
    person& who = of(session);
    chat* in = chat_of(who, pair);
    if (in == nullptr) {
        return {chat::progress::over, shown};
    }
    const side at = in == who.talking ? who.seat : who.left_seat;
    const caught_up result{in->catch_up(at, shown, out), in->durable_seq()};
    if (result.made == chat::progress::over) {
        see_off(who, now, out);
        drop_if_over(*in);
    }
    return result;
}

std::vector<tell> lobby::owed_acks(session_id session, pair_id pair, std::uint64_t seq) {
    person& who = of(session);
    chat* in = chat_of(who, pair);
    if (in == nullptr) {
        return {};
    }
    return in->owed_acks(in == who.talking ? who.seat : who.left_seat, seq);
}

chat* lobby::chat_of(const person& who, pair_id pair) {
    for (chat* in : {who.talking, who.leaving}) {
        if (in != nullptr && in->pair() == pair) {
            return in;
        }
    }
    return nullptr;
}

// ---- outcomes ----

void lobby::chat_opened(match_id match, opened_chat opened, const std::vector<event>& recent,
                        moment now, effects& out) {
    assert_owner();
    const auto found = engagements_.find(match);
    assert(found != engagements_.end());
    const engagement met = std::move(found->second);
    engagements_.erase(found);

    const std::array<person*, 2> both{present(met.users[0]), present(met.users[1])};
    for (person* who : both) {
        who->opening = false;
    }
    const auto still_engaged = [&](const person* who) {
        return who->waits && who->waits->engaged == match;
    };
    // A block that came meanwhile, over another connection say, wins as well.
    const bool apart = blocks(both[0]->who, both[1]->who) || blocks(both[1]->who, both[0]->who);
    if (!still_engaged(both[0]) || !still_engaged(both[1]) || apart) {
        out.push_back(void_chat{opened.chat});
        for (person* who : both) {
            if (still_engaged(who)) {
                who->waits->engaged = match_id::none;
            }
            forget_if_gone(*who);
        }
        return;
    }
    if (met.topic) {
        opened.topic = options_.topics[static_cast<std::size_t>(*met.topic)];
    }
    auto made = std::make_unique<chat>(std::move(opened), now);
    for (const side at : {side::one, side::two}) {
        const ticket& waited = *both[index(at)]->waits;
        made->introduce(at, waited.nickname, waited.avatar);
    }
    made->begin(now);
    for (const side at : {side::one, side::two}) {
        seat(*both[index(at)], *made, at, recent, out);
    }
    const pair_id pair = made->pair();
    const bool first = chats_.emplace(pair, std::move(made)).second;
    assert(first && "a pair has one chat at a time");
    static_cast<void>(first);
}

void lobby::seat(person& who, chat& in, side at, const std::vector<event>& recent, effects& out) {
    give_up(who);
    who.talking = &in;
    who.seat = at;
    in.enter(at, who.session);
    server::matched told = in.described_to(at);
    told.recent.emplace();
    for (const event& past : recent) {
        told.recent->push_back(shown_to(at, past, in.name()));
    }
    out.push_back(tell{who.session, std::move(told), {}});
}

void lobby::chat_not_opened(match_id match) {
    assert_owner();
    const auto found = engagements_.find(match);
    assert(found != engagements_.end());
    for (const user_id user : found->second.users) {
        person& who = *present(user);
        who.opening = false;
        if (who.waits && who.waits->engaged == match) {
            who.waits->engaged = match_id::none;
        }
        forget_if_gone(who);
    }
    engagements_.erase(found);
}

void lobby::user_stored(user_id user, moment now, effects& out) {
    assert_owner();
    if (person* who = present(user); who != nullptr && !std::exchange(who->who.stored, true)) {
        if (eligible(*who)) {
            ++eligible_count_;
        }
        if (options_.match_round.count() == 0) {
            match(now, out);
        }
    }
}

void lobby::stored(pair_id pair, std::uint64_t seq, moment now, effects& out) {
    assert_owner();
    const auto found = chats_.find(pair);
    if (found == chats_.end()) {
        return;
    }
    chat& in = *found->second;
    in.stored(seq, out);
    if (!in.ended()) {
        return;
    }
    for (const side at : {side::one, side::two}) {
        person* who = present(in.user(at));
        if (who != nullptr && who->leaving == &in) {
            see_off(*who, now, out);
        }
    }
    drop_if_over(in);
}

// ---- leaving ----

// A chat that was found at a start is none of which it is known how long it lasted.
void lobby::note_skip(const chat& ending, side by, moment now) {
    if (options_.skips && by != side::system && ending.began() &&
        now.steady - *ending.began() < options_.skips->shorter_than) {
        present(ending.user(by))->used.skips.note(*options_.skips, now.steady);
    }
}

void lobby::part(chat& ending, chat::leaving how, moment now, effects& out) {
    note_skip(ending, how.by, now);
    partings_.note(ending.user(side::one), ending.user(side::two), now.steady);
    how.when_stored = store_ != store_state::closed;
    ending.end(std::move(how), now, out);
    for (const side at : {side::one, side::two}) {
        person& who = *present(ending.user(at));
        who.talking = nullptr;
        stop_leaving(who, out);
        who.leaving = &ending;
        who.left_seat = at;
        if (const auto& nickname = ending.nickname(other(at))) {
            std::erase_if(who.met, [&](const auto& met) { return met.pair == ending.name(); });
            if (who.met.size() == met_max) {
                who.met.erase(who.met.begin());
            }
            who.met.push_back({ending.name(), *nickname});
        }
        set_deadline(who, std::nullopt);
        see_off(who, now, out);
        forget_if_gone(who);
    }
}

void lobby::set_reading(session_id session, bool reads) {
    person& who = of(session);
    who.reading = reads;
    if (reads && who.waits) {
        who.waits->engaged = match_id::none;  // the match under way is given up
    }
}

void lobby::ask_next(person& who, search asked, effects& out) {
    if (who.asks_next.size() == options_.asks_max) {
        refuse({who.session, asked.rid}, protocol::refusal::rate_limited,
               "Too many searches wait; the first is under way.", out, asks_retry);
        return;
    }
    who.asks_next.push_back(std::move(asked));
}

// Once someone who leaves has been told so, what they asked meanwhile is done.
void lobby::see_off(person& who, moment now, effects& out) {
    if (who.leaving != nullptr && who.session != session_id::none &&
        !who.leaving->dismissed(who.left_seat)) {
        return;
    }
    who.leaving = nullptr;
    do_asked(who, now, out);
}

// Nothing more of the ended chat is told to this person's connection.
void lobby::stop_leaving(person& who, effects& out) {
    if (who.leaving != nullptr) {
        chat& left = *std::exchange(who.leaving, nullptr);
        left.detach(who.left_seat, out);
        drop_if_over(left);
    }
}

void lobby::drop_if_over(const chat& ended) {
    if (ended.over()) {
        chats_.erase(ended.pair());
    }
}

// ---- small parts ----

bool lobby::eligible(const person& who) {
    // Who stepped back from a match waits until it is undone on disk: a crash must never find
    // somebody in two chats.
    return who.waits && who.who.stored && !who.opening && !who.reading && who.held == 0 &&
           !who.away && who.naming == review_id::none && who.session != session_id::none;
}

// Takes somebody out of those who wait between two rounds.
void lobby::step_out(person& who) {
    if (eligible(who) && eligible_count_ > 0) {
        --eligible_count_;
    }
    give_up(who);
}

void lobby::give_up(person& who) {
    if (who.waits) {
        line_[who.waits->place] = nullptr;
        who.waits.reset();
    }
}

void lobby::refuse(const caller& by, protocol::refusal code, std::string_view text, effects& out,
                   std::optional<std::chrono::milliseconds> retry) const {
    server::error refused;
    refused.code = code;
    refused.text = text;
    if (code == protocol::refusal::store_unavailable || code == protocol::refusal::platform_busy) {
        refused.retry_ms = store_retry_ms;
    }
    if (retry) {
        refused.retry_ms = retry->count();
    }
    out.push_back(tell{by.session, std::move(refused), by.rid});
}

void lobby::set_deadline(person& who, std::optional<time_point> when) {
    if (who.deadline) {
        deadlines_.erase({*who.deadline, who.who.user});
    }
    who.deadline = when;
    if (when) {
        deadlines_.emplace(*when, who.who.user);
    }
}

void lobby::forget_if_gone(const person& who) {
    if (who.session == session_id::none && who.talking == nullptr && !who.waits && !who.opening &&
        who.held == 0) {
        assert(!who.deadline);
        if ((options_.texts || options_.finds || options_.skips) &&
            tired_.size() < options_.people_max) {
            tired_.insert_or_assign(who.who.user, who.used);
        }
        people_.erase(user_id{who.who.user});
    }
}

}  // namespace onechat::lobby
