#include "server/cli/bench_user.hpp"

#include "protocol/codec.hpp"
#include "server/cli/bench_scan.hpp"
#include "server/cli/bench_text.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace onechat::cli {

namespace client = protocol::client;

namespace {

std::int64_t nanoseconds(bench_user::time_point when) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count();
}

}  // namespace

bench_user::bench_user(std::uint64_t number, const bench_habits& habits, bench_figures& figures)
    : number_{number}, habits_{habits}, figures_{figures} {}

// ---- lines ----

void bench_user::opened(line_id id, peer& to) {
    line fresh;
    fresh.id = id;
    fresh.to = &to;
    client::hello hello;
    if (token_.empty()) {
        hello.login.emplace();
    } else {
        hello.token = token_;
    }
    fresh.held = to_be_held();
    if (fresh.held != nullptr) {
        fresh.held_seq = fresh.held->through();
        hello.held = client::held_position{fresh.held->pair(), fresh.held_seq, epoch_};
    }
    lines_.push_back(fresh);
    send(to, hello);
}

void bench_user::received(line_id id, std::string_view text, time_point now) {
    const auto found = std::ranges::find(lines_, id, &line::id);
    if (found == lines_.end() || found->outdated) {
        return;
    }
    if (&*found == current_) {
        if (const auto shown_text = scan_partner_text(text)) {
            shown(shown_text->pair, shown_text->seq, shown_text->text, now);
            return;
        }
        if (const auto ack = scan_ack(text)) {
            acked(ack->pair, ack->cid, ack->seq, now);
            return;
        }
    }
    const auto said = protocol::parse_server(text);
    if (!said) {
        figures_.breaches.note(figures_.breaches.disorder, 1,
                               "no message of the protocol: " + said.error().text);
        return;
    }
    std::visit(
        [&](const auto& message) {
            if constexpr (requires { hear(*found, message, now); }) {
                hear(*found, message, now);
            } else if constexpr (requires { hear(message, now); }) {
                if (&*found == current_) {
                    hear(message, now);
                }
            }
        },
        said->message);
}

void bench_user::closed(line_id id) {
    const auto found = std::ranges::find(lines_, id, &line::id);
    if (found == lines_.end()) {
        return;
    }
    if (&*found == current_) {
        current_ = nullptr;
        chat_ = nullptr;
        replayed_ = nullptr;
        waits_ = false;
        for (bench_record& one : records_) {
            one.end_due = false;
        }
    }
    lines_.erase(found);
    // A line that was outdated by the one that went away now is of no use any more.
    wants_new_line_ = current_ == nullptr && std::ranges::any_of(lines_, &line::outdated);
}

// ---- what it is asked to do ----

void bench_user::find(time_point now) {
    seeks_ = true;
    seek(now);
}

void bench_user::talk(bool on, time_point now) {
    talks_ = on;
    if (!on) {
        figures_.overdue += owed_.size();
        owed_.clear();
    }
    pump(now);
}

void bench_user::owe(time_point due, time_point now) {
    if (owed_.size() >= owed_max) {
        ++figures_.overdue;
        return;
    }
    owed_.push_back(due);
    pump(now);
}

void bench_user::skip(time_point now) {
    if (paired() && replayed_ == nullptr && seeks_) {
        leave_for_next(now);
    }
}

void bench_user::leave_for_next(time_point now) {
    client::next next;
    next.pair = chat_->pair();
    chat_->left = true;
    chat_->end_due = true;
    chat_ = nullptr;
    replayed_ = nullptr;
    waits_ = true;
    sought_at_ = now;
    send(*current_->to, next);
}

void bench_user::nudge(time_point now) {
    if (now >= silent_until_) {
        seek(now);
        pump(now);
    }
}

void bench_user::seek(time_point now) {
    if (seeks_ && welcomed() && chat_ == nullptr && !waits_) {
        waits_ = true;
        sought_at_ = now;
        send(*current_->to, client::find{});
    }
}

bool bench_user::settled() const {
    return welcomed() && replayed_ == nullptr && !wants_new_line_ &&
           std::ranges::all_of(records_, [&](const bench_record& one) {
               return one.open().empty() && !one.torn() && (one.ended || &one == chat_);
           });
}

std::string bench_user::standing() const {
    std::string sentence = "user " + std::to_string(number_) + " has not settled:";
    sentence += welcomed() ? "" : " not welcomed;";
    sentence += replayed_ != nullptr ? " the replay of " + replayed_->pair() + " did not end;" : "";
    for (const bench_record& one : records_) {
        if (!one.open().empty() || one.torn() || (!one.ended && &one != chat_)) {
            sentence += " pair " + one.pair() + " at " + std::to_string(one.through()) + ", " +
                        std::to_string(one.open().size()) + " texts unanswered" +
                        (one.torn() ? ", with a hole" : "") + (one.ended ? ";" : ", not ended;");
        }
    }
    return sentence;
}

// ---- saying ----

void bench_user::pump(time_point now) {
    if (!paired() || replayed_ != nullptr || now < silent_until_) {
        return;
    }
    // What was refused for a while comes first, in order, once its followers were refused too.
    auto& open = chat_->open();
    const auto refused = std::ranges::find(open, 0U, &bench_record::unanswered::cid);
    if (std::any_of(refused, open.end(), [](const auto& one) { return one.cid != 0; })) {
        return;
    }
    std::for_each(refused, open.end(), [&](auto& one) { say(*chat_, one); });
    while (talks_ && open.size() < habits_.in_flight && (!habits_.scheduled || !owed_.empty())) {
        time_point due = now;
        if (habits_.scheduled) {
            due = owed_.front();
            owed_.pop_front();
        }
        ++figures_.speed.said;
        say(*chat_, chat_->add(nanoseconds(due)));
    }
}

void bench_user::say(bench_record& in, bench_record::unanswered& what) {
    if (what.cid == 0) {
        what.cid = in.next_cid();
    }
    say_.cid = what.cid;
    say_.pair = in.pair();
    bench_text{number_, what.number, what.due}.write(say_.text, habits_.text_bytes);
    send(*current_->to, say_);
}

void bench_user::say_open_again() {
    for (auto& one : chat_->open()) {
        if (one.cid != 0) {
            ++figures_.repeats;
        }
        say(*chat_, one);
    }
}

template <class Message>
void bench_user::send(peer& to, const Message& what) {
    frame_.clear();
    protocol::write(frame_, what);
    to.send(frame_);
}

// ---- records ----

bench_record* bench_user::record_of(std::string_view pair) {
    if (chat_ != nullptr && chat_->pair() == pair) {
        return chat_;
    }
    const auto found = std::ranges::find(records_, pair, &bench_record::pair);
    return found == records_.end() ? nullptr : &*found;
}

// A chat whose end has not been seen must be asked for before the chat that goes on, which the
// welcome tells of anyway.
bench_record* bench_user::to_be_held() {
    for (bench_record& one : records_) {
        if (&one != chat_ && (!one.ended || one.torn())) {
            return &one;
        }
    }
    return chat_ != nullptr ? chat_ : records_.empty() ? nullptr : &records_.back();
}

}  // namespace onechat::cli
