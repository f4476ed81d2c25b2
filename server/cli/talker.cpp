#include "server/cli/talker.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat::cli {

namespace client = protocol::client;
namespace server = protocol::server;
using protocol::user_state;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// Full jitter between nothing and a bound that doubles from the first to the second, so that the
// clients of a server that died don't come back all at once.
constexpr milliseconds first_pause{500};
constexpr milliseconds pause_max{20'000};

constexpr seconds quit_max{2};  // for the server's `idle` when we leave
std::string sentence_of(const server::bye& said, const transcript& lines) {
    switch (static_cast<protocol::close_code>(said.code)) {
        case protocol::close_code::replaced:
            return "A newer connection of the same user took over.";
        case protocol::close_code::login_required:
            return "The server does not accept this login any more. Start again to be a new guest.";
        case protocol::close_code::banned:
            return "The server has banned you" +
                   (said.until ? " until " + lines.day_and_time(*said.until) : std::string{}) + ".";
        case protocol::close_code::protocol_error:
            return "The server says that this program breaks the protocol.";
        case protocol::close_code::erased:
            return "The account is gone, as its owner asked.";
        default:
            return "The server says not to come back: " + visible(said.reason) + ".";
    }
}

}  // namespace

talker::talker(talker_options options, lobby::random_source& random)
    : options_{std::move(options)}, random_{random}, transcript_{options_.calendar} {}

talker::conversation::conversation(const server::matched& met, std::uint64_t held_to)
    : pair{met.pair}, name{name_of(met.partner)}, held{held_to}, texts{met.pair, met.last_cid} {}

// ---- the connection ----

void talker::opened(time_point now, actions& out) {
    opened_once_ = true;
    link_ = link::greeting;
    bye_.reset();
    greet(now, out);
}

void talker::greet(time_point now, actions& out) {
    client::hello hello;
    if (token_) {
        hello.token = token_;
    } else {
        hello.login.emplace();
    }
    if (const auto& held = current_ ? current_ : former_) {
        hello.held = client::held_position{held->pair, held->held.whole_to(), epoch_};
    }
    request(std::move(hello), now, out);
}

void talker::connect_failed(const std::string& sentence, time_point now, actions& out) {
    if (finished_) {
        return;
    }
    if (!opened_once_) {
        finish(1, sentence + ".", out);
        return;
    }
    come_back(now, out);
}

void talker::closed(time_point now, actions& out) {
    if (finished_) {
        return;
    }
    link_ = link::none;
    answer_due_ = false;
    ask_again_at_.reset();
    if (quit_by_) {
        finish(0, {}, out);
        return;
    }
    if (bye_ && !protocol::should_reconnect(bye_->code)) {
        finish(1, sentence_of(*bye_, transcript_), out);
        return;
    }
    if (!std::exchange(outage_told_, true)) {
        note(out, current_ ? "the connection is lost; what you say is sent when it is back"
                           : "the connection is lost; trying again");
    }
    come_back(now, out);
}

void talker::come_back(time_point now, actions& out) {
    const auto bound = std::min(pause_max, first_pause * (1 << std::min(attempts_, 6U)));
    ++attempts_;
    milliseconds pause{random_.below(static_cast<std::uint64_t>(bound.count()) + 1)};
    if (bye_ && bye_->retry_ms) {
        pause = milliseconds{*bye_->retry_ms};
        bye_.reset();
    }
    dial_at_ = now + pause;
    end_if_all_is_said(now, out);
}

// ---- where we stand ----

// Says what is still to be said for the person's wish to come true; also after a reconnect.
void talker::ask(time_point now, actions& out) {
    ask_again_at_.reset();
    if (link_ == link::greeting) {
        greet(now, out);
        return;
    }
    if (link_ != link::welcomed || quit_by_) {
        return;
    }
    if (current_ && (current_->parts == parting::none || !searches_)) {
        if (current_->parts != parting::none) {
            current_->parts = parting::leave;
            request(client::leave{current_->pair}, now, out);
        }
        return;
    }
    if (!searches_) {
        if (state_ == user_state::waiting) {
            request(client::cancel{}, now, out);
        }
        return;
    }
    topics_changed_ = false;
    if (current_) {
        current_->parts = parting::next;
        request(
            client::next{
                .topics = options_.topics, .nickname = options_.nickname, .pair = current_->pair},
            now, out);
    } else {
        request(client::find{.topics = options_.topics, .nickname = options_.nickname}, now, out);
    }
}

// Says the texts that may be said.
void talker::pump(time_point now, actions& out) {
    if (link_ != link::welcomed || !current_ || current_->parts != parting::none) {
        return;
    }
    for (client::say& text : current_->texts.due(now)) {
        send(std::move(text), now, out);
    }
}

// The chat is not the current one any more, but acks and its last events may still come.
void talker::put_aside(actions& out) {
    if (!current_) {
        return;
    }
    if (former_) {
        chat_over(former_, out);
    }
    former_ = std::exchange(current_, std::nullopt);
}

void talker::chat_over(std::optional<conversation>& which, actions& out) {
    auto ended = std::exchange(which, std::nullopt);
    for (const std::string& text : ended->texts.give_up()) {
        not_sent(out, text, "the chat is over");
    }
    if (!current_) {
        hint(out);
    }
}

void talker::hint(actions& out) const {
    if (!searches_ && !quit_by_ && !end_by_) {
        note(out, "press Enter or /next to look for somebody else");
    }
}

std::optional<talker::conversation>* talker::talk_of(std::string_view pair) {
    if (current_ && current_->pair == pair) {
        return &current_;
    }
    return former_ && former_->pair == pair ? &former_ : nullptr;
}

// ---- the end ----

void talker::input_ended(time_point now, actions& out) {
    if (!finished_ && !quit_by_ && !end_by_) {
        end_by_ = now + last_texts_max;
        end_if_all_is_said(now, out);
    }
}

void talker::end_if_all_is_said(time_point now, actions& out) {
    if (!end_by_ || finished_ || quit_by_) {
        return;
    }
    const bool says = current_ && current_->parts == parting::none && current_->texts.waits() &&
                      link_ == link::welcomed && now < *end_by_;
    if (!says) {
        leave_and_quit(now, out);
    }
}

void talker::leave_and_quit(time_point now, actions& out) {
    if (finished_ || quit_by_) {
        return;
    }
    const bool next_said = current_ && current_->parts == parting::next;
    if (link_ != link::welcomed) {
        finish(0, {}, out);
    } else if (current_ && !next_said) {
        if (current_->parts == parting::none) {
            current_->parts = parting::leave;
            request(client::leave{current_->pair}, now, out);
        }
        quit_by_ = now + quit_max;
    } else if (searches_ || state_ == user_state::waiting || answer_due_) {
        if (searches_ || state_ == user_state::waiting) {
            request(client::cancel{}, now, out);
        }
        quit_by_ = now + quit_max;
    } else {
        finish(0, {}, out);
    }
}

void talker::finish(int status, std::string sentence, actions& out) {
    finished_ = true;
    for (auto* const talk : {&former_, &current_}) {
        if (*talk) {
            for (const std::string& text : (*talk)->texts.give_up()) {
                not_sent(out, text, "or the server's answer was lost");
            }
        }
    }
    out.push_back(quit{status, std::move(sentence)});
}

// ---- time ----

void talker::tick(time_point now, actions& out) {
    if (finished_) {
        return;
    }
    if (quit_by_ && now >= *quit_by_) {
        finish(0, {}, out);
        return;
    }
    if (dial_at_ && now >= *dial_at_) {
        dial_at_.reset();
        out.push_back(dial{});
    }
    if (ask_again_at_ && now >= *ask_again_at_) {
        ask(now, out);
    }
    pump(now, out);
    end_if_all_is_said(now, out);
    if (!finished_ && link_ == link::welcomed && now >= last_said_ + heartbeat_) {
        send(client::ping{}, now, out);
    }
}

std::optional<talker::time_point> talker::wake(time_point now) const {
    if (finished_) {
        return std::nullopt;
    }
    std::optional<time_point> first;
    const auto consider = [&](const std::optional<time_point>& when) {
        if (when && (!first || *when < *first)) {
            first = when;
        }
    };
    consider(dial_at_);
    consider(ask_again_at_);
    consider(quit_by_);
    consider(end_by_);
    if (link_ == link::welcomed) {
        consider(last_said_ + heartbeat_);
        if (current_) {
            consider(current_->texts.wake(now));
        }
    }
    return first;
}

void talker::send(protocol::client_message what, time_point now, actions& out) {
    last_said_ = now;
    out.push_back(transmit{std::move(what), {}});
}

// A request of which at most the newest awaits its answer, known by its rid.
void talker::request(protocol::client_message what, time_point now, actions& out) {
    last_said_ = now;
    answer_due_ = true;
    ask_again_at_.reset();
    out.push_back(transmit{std::move(what), ++last_rid_});
}

}  // namespace onechat::cli
