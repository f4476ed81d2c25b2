// What a client asks: who may say it now, to whom it goes, and what it may cost.
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace onechat {

namespace client = protocol::client;
namespace server = protocol::server;
using protocol::refusal;

namespace {

// A client that has too much under way waits about as long as the store takes for one answer.
constexpr std::chrono::milliseconds busy_retry{200};

// Whoever says too much may still stop: what takes the load away is never too much.
bool ends_something(const protocol::client_message& said) {
    return std::holds_alternative<client::erase>(said) ||
           std::holds_alternative<client::logout>(said) ||
           std::holds_alternative<client::leave>(said) ||
           std::holds_alternative<client::away>(said);
}

bool has_no_answer(const protocol::client_message& said) {
    return std::holds_alternative<client::typing>(said) ||
           std::holds_alternative<client::seen>(said) || std::holds_alternative<client::away>(said);
}

}  // namespace

// One overload per request.
struct switchboard::dispatch {
    switchboard& board;
    session& who;
    const lobby::request_number& rid;
    moment now;

    [[nodiscard]] lobby::caller caller() const { return {who.id, rid}; }

    void operator()(const client::hello& said) const { board.hello(who, said, rid, now); }

    // ---- chatting: the lobby's ----

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
    void operator()(client::say& said) const {
        board.lobby_.say(caller(), std::move(said), now, board.effects_);
    }
    void operator()(const client::typing& said) const {
        board.lobby_.typing(who.id, said, board.effects_);
    }
    void operator()(const client::seen& said) const {
        board.lobby_.seen(who.id, said, board.effects_);
    }
    void operator()(const client::recall& said) const {
        board.lobby_.recall(caller(), said, now, board.effects_);
    }
    void operator()(const client::leave& said) const {
        board.lobby_.leave(caller(), said.pair, now, board.effects_);
    }
    void operator()(const client::away&) const { board.lobby_.away(who.id, now, board.effects_); }
    void operator()(const client::ping&) const {
        server::pong answer;
        answer.now = now.unix_ms;
        board.send(who, answer, rid);
    }

    // ---- reading ----

    void operator()(const client::history& said) const {
        storage::find_history question;
        question.name = said.pair;
        question.user = same<storage::user_id>(who.user);
        question.before = said.before.value_or(question.before);
        question.limit = said.limit.value_or(protocol::limits::page_default);
        board.ask_for(who, rid, said.pair, std::move(question));
    }
    void operator()(const client::pairs& said) const { board.list_pairs(who, said, rid); }
    void operator()(const client::export_records&) const { board.begin_export(who, rid); }

    // ---- changing ----

    void operator()(const client::clear& said) const { board.clear(who, said.pair, rid); }
    void operator()(const client::block& said) const { board.block(who, said.pair, true, rid); }
    void operator()(const client::unblock& said) const { board.block(who, said.pair, false, rid); }
    void operator()(const client::report& said) const { board.report(who, said, rid); }
    void operator()(const client::notify& said) const { board.note(who, said, rid); }
    void operator()(const client::erase&) const { board.erase(who, rid); }
    void operator()(const client::logout&) const { board.log_out(who, rid); }
};

void switchboard::received(session_id id, std::string_view text, moment now) {
    session* found = find(id);
    if (found == nullptr || found->at == stage::closing) {
        return;
    }
    session& who = *found;
    now_ = now;
    look_at_store();
    std::optional<std::chrono::milliseconds> wait;
    if (options_.messages) {
        wait = who.messages.take(*options_.messages, now.steady);
    }
    auto said = protocol::parse(text);
    if (!said) {
        refuse_unreadable(who, said.error(), now);
    } else if (who.at == stage::new_ && !std::holds_alternative<client::hello>(said->message)) {
        refuse_early(who, *said);
    } else if (wait && !ends_something(said->message)) {
        refuse_flood(who, *said, *wait, now);
    } else if (who.at == stage::departing) {
        refuse_departing(who, *said);
    } else {
        if (who.at == stage::welcomed && !std::holds_alternative<client::ping>(said->message) &&
            !std::holds_alternative<client::away>(said->message)) {
            lobby_.here(id, effects_);
        }
        std::visit(dispatch{*this, who, said->rid, now}, said->message);
    }
    finish_turn(now);
}

void switchboard::refuse_departing(session& who, const protocol::request& said) {
    if (const auto* ping = std::get_if<client::ping>(&said.message)) {
        dispatch{*this, who, said.rid, now_}(*ping);
    } else if (!has_no_answer(said.message)) {
        refuse(who, refusal::forbidden, "The session ends.", said.rid);
    }
}

void switchboard::refuse_unreadable(session& who, const protocol::reject& why, moment now) {
    send(who, protocol::answer_to(why), why.rid);
    count_refusal(who, why.code);
    if (protocol::is_malformed(why.code) &&
        who.malformed.reaches(protocol::limits::malformed_max, protocol::limits::malformed_time,
                              now.steady)) {
        condemned_.emplace_back(who.id, protocol::close_code::protocol_error);
    }
}

void switchboard::refuse_early(session& who, const protocol::request& said) {
    const auto* text = std::get_if<client::say>(&said.message);
    if (text == nullptr) {
        refuse(who, refusal::not_ready, "Say `hello` first and wait for `welcome`.", said.rid);
        return;
    }
    server::nack refused;
    refused.pair = text->pair;
    refused.cid = text->cid;
    refused.code = refusal::not_ready;
    send(who, std::move(refused), said.rid);
    count_refusal(who, refusal::not_ready);
}

// A text that was accepted before is answered all the same, and `typing` may get lost.
void switchboard::refuse_flood(session& who, const protocol::request& said,
                               std::chrono::milliseconds wait, moment now) {
    ++counts_.limits.messages;
    if (const auto* text = std::get_if<client::say>(&said.message);
        text != nullptr && who.at == stage::welcomed) {
        lobby_.say({who.id, said.rid}, *text, now, effects_,
                   lobby::gate{refusal::rate_limited, wait.count()});
    } else if (!std::holds_alternative<client::typing>(said.message)) {
        refuse(who, refusal::rate_limited, "Too many messages.", said.rid, {}, wait);
    }
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

// ---- a guest's row ----

// It is made at the first request that needs one, so that a flood of hellos writes nothing.
void switchboard::make_row(session& who) {
    if (const auto found = guests_.find(who.claims.name); found != guests_.end()) {
        due_guests_.insert(found->first);
        store_guest(found->first, found->second);
        note_login(who);
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

// ---- requests that the store answers ----

// A connection has few of them under way, so that nobody fills the store's queues alone.
bool switchboard::has_room(session& who, const lobby::request_number& rid) {
    if (who.asked + who.parting_words.size() < options_.limits.store_requests_max) {
        return true;
    }
    ++counts_.limits.store_requests;
    refuse(who, refusal::rate_limited, "Too many requests at once; wait for an answer.", rid, {},
           busy_retry);
    return false;
}

std::uint64_t switchboard::note_request(session& who, const lobby::request_number& rid,
                                        std::string pair) {
    ++who.asked;
    requests_.emplace(++last_ticket_,
                      request{who.id, who.user, who.claims.name, rid, std::move(pair)});
    return last_ticket_;
}

std::uint64_t switchboard::ask_for(session& who, const lobby::request_number& rid, std::string pair,
                                   storage::question what) {
    if (!has_room(who, rid)) {
        return 0;
    }
    storage::read_job job;
    job.ticket = last_ticket_ + 1;
    job.what = std::move(what);
    if (!store_.read(std::move(job))) {
        refuse(who, refusal::platform_busy, "Too many people read just now.", rid);
        return 0;
    }
    last_read_ = note_request(who, rid, std::move(pair));
    return last_read_;
}

// Whoever asked, if they are still here.
switchboard::session* switchboard::end_request(const request& done) {
    session* who = find(done.from);
    if (who != nullptr) {
        --who->asked;
    }
    return who != nullptr && is_present(*who) ? who : nullptr;
}

}  // namespace onechat
