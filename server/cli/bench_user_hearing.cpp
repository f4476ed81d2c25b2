// What a bench user makes of what it hears.
#include "server/cli/bench_text.hpp"
#include "server/cli/bench_user.hpp"

#include <algorithm>
#include <utility>

namespace onechat::cli {

namespace server = protocol::server;
using what = bench_record::what;

void bench_user::out_of_order(std::string sentence) {
    figures_.breaches.note(figures_.breaches.disorder, 1,
                           "user " + std::to_string(number_) + ": " + std::move(sentence));
}

// ---- a line begins and ends ----

void bench_user::hear(line& over, const server::welcome& said, time_point now) {
    for (line& older : lines_) {
        older.outdated = older.outdated || &older == current_;
    }
    over.outdated = false;
    current_ = &over;
    token_ = said.token;
    epoch_ = said.epoch;
    chat_ = nullptr;
    replayed_ = nullptr;
    waits_ = said.state == protocol::user_state::waiting;
    for (bench_record& one : records_) {
        one.end_due = false;
    }
    if ((over.held != nullptr) != said.held.has_value()) {
        out_of_order("`held` of the welcome does not answer `held` of the hello");
    } else if (said.held) {
        answer_to_held(over, *said.held);
    }
    if ((said.state == protocol::user_state::paired) != said.pair.has_value()) {
        out_of_order("a welcome whose `state` and `pair` don't fit together");
        return;
    }
    if (said.pair) {
        ++figures_.resumes;
        const bench_record* const known = record_of(said.pair->pair);
        const bool was_left = known != nullptr && known->left && !known->ended;
        enter(*said.pair);
        replayed_ = chat_;
        if (was_left) {
            leave_for_next(now);
            caught_up(now);
        } else if (number_ % 2 == 0) {
            say_open_again();  // every other user does not wait for the replay
        }
    } else if (over.held != nullptr && !over.held->ended) {
        replayed_ = over.held;
    } else {
        caught_up(now);
    }
    seek(now);
}

void bench_user::answer_to_held(const line& over, const server::held_answer& said) {
    bench_record& held = *over.held;
    if (said.pair != held.pair() || said.keep > over.held_seq) {
        out_of_order("`held` was answered with another pair or more than was held");
        return;
    }
    held.keep_to(said.keep, over.held_seq, figures_.breaches);
    if (held.through() < said.keep) {
        // Another line's `keep` came between: what this line was told we hold is gone.
        held.pass_over();
        wants_new_line_ = true;
    }
    if (said.gap.value_or(false)) {
        ++figures_.gaps;
        held.expect_gap();
    }
}

void bench_user::hear(line& over, const server::bye& said, time_point) {
    figures_.refused("bye " + said.reason);
    retry_after_ = std::chrono::milliseconds{said.retry_ms.value_or(0)};
    if (protocol::should_reconnect(said.code)) {
        return;
    }
    const bool other_line = lines_.size() > 1;
    if (said.code != static_cast<std::uint32_t>(protocol::close_code::replaced) ||
        (&over == current_ && !other_line)) {
        out_of_order("sent away for good: " + said.reason);
        banished_ = true;
    }
}

// ---- a chat begins and ends ----

void bench_user::hear(const server::matched& said, time_point now) {
    waits_ = false;
    figures_.speed.match.add(now - sought_at_);
    enter(said);
    look_for_holes();
    pump(now);
}

void bench_user::enter(const server::matched& chat) {
    bench_record* record = record_of(chat.pair);
    if (record == nullptr) {
        record = &records_.emplace_back(chat.pair, number_);
    }
    chat_ = record;
    record->ended = false;
    record->left = false;
    record->note_last_cid(chat.last_cid, figures_.breaches);
    if (!chat.recent) {
        return;
    }
    if (!chat.recent->empty() && chat.recent->front().seq > record->through() + 1) {
        record->pass_over();
        return;
    }
    for (const server::event& past : *chat.recent) {
        take(*record, past);
    }
}

void bench_user::hear(const server::partner& said, time_point now) {
    bench_record* const record = record_of(said.pair);
    if (record == nullptr) {
        out_of_order("news of a partner in a pair that was never told");
        return;
    }
    if (said.state != protocol::partner_state::left) {
        if (record == replayed_) {
            caught_up(now);
        }
        return;
    }
    if (!record->ended && !record->torn()) {
        out_of_order("the partner left before the chat's end");
    }
    if (record == chat_) {
        chat_ = nullptr;
    }
    if (record == replayed_) {
        caught_up(now);
    }
    seek(now);
}

void bench_user::hear(const server::idle&, time_point now) {
    chat_ = nullptr;
    waits_ = false;
    seek(now);
}

// What the line was opened for has been told.
void bench_user::caught_up(time_point now) {
    const bool patient = number_ % 2 == 1;
    if (replayed_ == chat_ && chat_ != nullptr && patient) {
        say_open_again();
    }
    replayed_ = nullptr;
    look_for_holes();
    pump(now);
}

// Records of which an end or a part was never asked for: only a new line can bring it.
void bench_user::look_for_holes() {
    wants_new_line_ =
        wants_new_line_ || std::ranges::any_of(records_, [&](const bench_record& one) {
            const bool over = &one != chat_ && !one.end_due;
            return (over && !one.ended) || (one.torn() && one.open().empty());
        });
}

// ---- texts ----

void bench_user::hear(const server::event& said, time_point now) {
    bench_record* const record = record_of(said.pair);
    if (record == nullptr) {
        out_of_order("an event of a pair that was never told");
        return;
    }
    if (said.from == protocol::sender::partner && said.kind == protocol::event_kind::text) {
        shown(said.pair, said.seq, said.text.value_or(""), now);
        return;
    }
    take(*record, said);
    if (said.kind == protocol::event_kind::end) {
        record->give_up_all();
        record->ended = true;
        record->end_due = false;
        if (record == replayed_ && record != chat_) {
            caught_up(now);
        }
    }
}

void bench_user::take(bench_record& in, const server::event& said) {
    if (said.from == protocol::sender::me && said.kind == protocol::event_kind::text) {
        take_own(in, said);
        return;
    }
    const auto text = said.kind == protocol::event_kind::text
                          ? bench_text::read(said.text.value_or(""))
                          : std::nullopt;
    in.take(said.seq, text ? what::theirs : what::other, text ? text->number : 0,
            figures_.breaches);
}

// The answer to a text whose `ack` was lost with an older line.
void bench_user::take_own(bench_record& in, const server::event& said) {
    const auto text = bench_text::read(said.text.value_or(""));
    if (!text || text->user != number_ || !said.cid) {
        out_of_order("a text of one's own that one never said");
        return;
    }
    if (in.settle(*said.cid, true)) {
        ++figures_.speed.acked;
    }
    in.take(said.seq, what::mine, text->number, figures_.breaches);
}

void bench_user::shown(std::string_view pair, std::uint64_t seq, std::string_view text,
                       time_point now) {
    bench_record* const record = record_of(pair);
    const auto read = bench_text::read(text);
    if (record == nullptr || !read) {
        out_of_order("a text that no user of this bench said, or of a pair that was never told");
        return;
    }
    if (!record->take(seq, what::theirs, read->number, figures_.breaches)) {
        if (replayed_ == nullptr) {
            figures_.breaches.note(figures_.breaches.duplicates, 1,
                                   "user " + std::to_string(number_) + ": event " +
                                       std::to_string(seq) + " came twice");
        }
        return;
    }
    ++figures_.speed.delivered;
    if (habits_.answers && talks_) {
        owe(now, now);
    }
    if (replayed_ == nullptr) {
        figures_.speed.delivery.add(now.time_since_epoch() - std::chrono::nanoseconds{read->due},
                                    now);
        if (record->torn() && record->open().empty() && record == chat_ && !wants_new_line_) {
            figures_.breaches.note(figures_.breaches.lost, 1,
                                   "user " + std::to_string(number_) + ": event " +
                                       std::to_string(seq) + " came after " +
                                       std::to_string(record->through()));
            wants_new_line_ = true;
        }
    }
}

void bench_user::hear(const server::ack& said, time_point now) {
    acked(said.pair, said.cid, said.seq, now);
}

void bench_user::acked(std::string_view pair, std::uint64_t cid, std::uint64_t seq,
                       time_point now) {
    bench_record* const record = record_of(pair);
    if (record == nullptr) {
        out_of_order("an ack of a pair that was never told");
        return;
    }
    const auto settled = record->settle(cid, true);
    if (!settled) {
        // The repeat of an answer to a text that was said twice.
        if (!record->holds(seq) && !record->torn()) {
            out_of_order("an ack of cid " + std::to_string(cid) + ", which nobody awaits");
        }
        return;
    }
    ++figures_.speed.acked;
    figures_.speed.ack.add(now.time_since_epoch() - std::chrono::nanoseconds{settled->due}, now);
    record->take_answered(seq, settled->number, figures_.breaches);
    if (record == chat_) {
        pump(now);
    }
}

// ---- refusals ----

void bench_user::hear(const server::nack& said, time_point now) {
    using protocol::refusal;
    figures_.refused("nack " + std::string{protocol::name_of(said.code)});
    bench_record* const record = said.pair ? record_of(*said.pair) : nullptr;
    if (record == nullptr) {
        return;
    }
    switch (said.code) {
        case refusal::not_paired:
            record->give_up(said.cid);
            return;
        case refusal::in_flight_full:
        case refusal::rate_limited:
        case refusal::store_unavailable:
        case refusal::platform_busy: {
            const auto found =
                std::ranges::find(record->open(), said.cid, &bench_record::unanswered::cid);
            if (found != record->open().end()) {
                found->cid = 0;
            }
            silent_until_ = std::max(silent_until_,
                                     now + std::chrono::milliseconds{said.retry_ms.value_or(20)});
            return;
        }
        default:
            out_of_order("refused with " + std::string{protocol::name_of(said.code)});
            record->give_up(said.cid);
    }
}

void bench_user::hear(const server::error& said, time_point now) {
    figures_.refused(protocol::name_of(said.code));
    waits_ = false;
    silent_until_ =
        std::max(silent_until_, now + std::chrono::milliseconds{said.retry_ms.value_or(100)});
}

}  // namespace onechat::cli
