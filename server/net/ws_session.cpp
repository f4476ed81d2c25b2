#include "server/net/ws_session.hpp"

#include "server/net/connections.hpp"
#include "server/net/mask_source.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <utility>

namespace onechat::net {

ws_session::ws_session(connections& owner, transport stream, role own, ws_events& events,
                       connection_id id)
    : owner_(owner),
      events_(events),
      id_(id),
      heard_(owner.now_),
      transport_(std::move(stream)),
      own_(own) {}

ws_session::~ws_session() {
    transport_.close();
}

std::size_t ws_session::outbox_bytes() const {
    return outbox_ ? outbox_->size() : 0;
}

void ws_session::send(std::string_view text) {
    queue_message(opcode::text, text);
}

void ws_session::send_binary(std::string_view bytes) {
    queue_message(opcode::binary, bytes);
}

void send_binary(peer& to, std::string_view bytes) {
    static_cast<ws_session&>(to).send_binary(bytes);
}

void ws_session::close(std::uint16_t code, std::string_view reason, std::string_view last_words) {
    assert(is_sendable(code) && reason.size() <= close_reason_max);
    if (stage_ != stage::open) {
        return;
    }
    if (!last_words.empty()) {
        queue(opcode::text, last_words);
    }
    queue_close(code, reason);
    stage_ = stage::awaiting_close;
    // Outside a turn `now_` may be a quarter of a second old: never too late, hardly too early.
    closing_by_ = owner_.now_ + owner_.options_.flush_max;
    owner_.wheel_.schedule_no_later(*this, closing_by_);
}

void ws_session::queue_message(opcode op, std::string_view payload) {
    if (stage_ != stage::open || overflowed_) {
        return;
    }
    if (!fits(payload.size())) {
        send_early();
        if (!fits(payload.size())) {
            overflowed_ = true;  // told from flush(): the caller is amid something
            owner_.needs_flush(*this);
            return;
        }
    }
    ++owner_.traffic_.messages_sent;
    queue(op, payload);
}

bool ws_session::fits(std::size_t payload_bytes) const {
    return outbox_bytes() + payload_bytes + frame_header_max <= owner_.options_.outbox_bytes_max;
}

// Long messages may meet in one turn, and a peer that reads is not slow. What goes wrong here, and
// what doesn't fit, flush() meets again; only there may anybody be told.
void ws_session::send_early() {
    if (blocked_ || !outbox_) {
        return;
    }
    const auto put = transport_.write(outbox_->waiting());
    ++owner_.traffic_.writes;
    owner_.traffic_.bytes_sent += put.bytes;
    outbox_->consume(put.bytes);
}

void ws_session::queue(opcode op, std::string_view payload) {
    frame_header header{
        .payload_bytes = payload.size(), .op = op, .fin = true, .masked = own_ == role::client};
    if (header.masked) {
        header.mask = next_mask();
    }
    std::array<char, frame_header_max> bytes{};
    const auto header_bytes = write_header(bytes.data(), header);

    if (!outbox_) {
        outbox_ = owner_.outboxes_.lend();
    }
    outbox_->reserve(header_bytes + payload.size(), owner_.options_.outbox_bytes_max);
    outbox_->append({bytes.data(), header_bytes});
    char* const landed = outbox_->append(payload);
    if (header.masked) {
        apply_mask({landed, payload.size()}, header.mask);
    }
    paced_ = paced_ || outbox_->size() >= owner_.options_.paced_bytes;
    owner_.needs_flush(*this);
}

void ws_session::queue_close(std::uint16_t code, std::string_view reason) {
    std::array<char, control_payload_max> payload{};
    if (code == close_code::none) {
        queue(opcode::close, {});
        return;
    }
    payload[0] = static_cast<char>(code >> 8);
    payload[1] = static_cast<char>(code & 0xFF);
    reason = reason.substr(0, close_reason_max);
    std::copy(reason.begin(), reason.end(), payload.begin() + 2);
    queue(opcode::close, {payload.data(), reason.size() + 2});
}

void ws_session::start(std::span<char> early) {
    if (!early.empty()) {
        take(early);
    }
    if (stage_ == stage::dead) {
        return;
    }
    // Readable already? Then adding tells so, and an end that has come meanwhile is told as well.
    if (!owner_.poller_.add(transport_.descriptor(), *this)) {
        lost();
        return;
    }
    owner_.wheel_.schedule_no_later(*this, next_deadline());
    if (transport_.is_tls()) {
        // An end that TLS has seen behind the early bytes is not told by the descriptor again.
        ready({.readable = true});
    }
}

void ws_session::ready(poller::readiness now_ready) {
    const bool crossed = crossed_;
    crossed_ = false;
    if ((now_ready.writable || crossed) && stage_ != stage::dead) {
        write_outbox();
    }
    if (now_ready.readable || now_ready.ended || crossed) {
        // After an end no further edge comes: read up to it. Before, a short read has emptied the
        // socket, and there will be an edge for what comes next.
        while (stage_ != stage::dead && read_once(now_ready.ended)) {
        }
    }
}

// False when there is nothing more to read now.
bool ws_session::read_once(bool to_the_end) {
    const std::span<char> buffer{owner_.read_buffer_.get(), connections::read_bytes_max};
    if (own_ == role::server) {
        acknowledge_with_answer(transport_.descriptor());  // docs/decisions/0025
    }
    const auto got = transport_.read(buffer);
    ++owner_.traffic_.reads;
    switch (got.what) {
        case transport::outcome::moved:
            break;
        case transport::outcome::wants_read:
            if (got.more) {
                owner_.poller_.watch(transport_.descriptor(), *this, blocked_);
            }
            return false;
        case transport::outcome::wants_write:
            crossed_ = true;
            owner_.poller_.watch(transport_.descriptor(), *this, true);
            return false;
        case transport::outcome::ended:
            stream_ended();
            return false;
        case transport::outcome::failed:
            lost();
            return false;
    }
    owner_.traffic_.bytes_received += got.bytes;
    heard_ = owner_.now_;
    pings_ = 0;
    take(buffer.first(got.bytes));
    if (got.more && stage_ != stage::dead) {
        // Perhaps: come back after the others.
        owner_.poller_.watch(transport_.descriptor(), *this, blocked_);
    }
    return to_the_end || got.again;
}

void ws_session::take(std::span<char> bytes) {
    while (stage_ == stage::open || stage_ == stage::awaiting_close) {
        const auto got = incoming_.next(bytes, own_, owner_.options_.message, owner_.now_);
        if (got.kind == arrival::what::nothing) {
            break;
        }
        if (stage_ == stage::open) {
            take_open(got);
        } else if (got.kind == arrival::what::close || got.kind == arrival::what::violation) {
            finish();
        }
    }
    if (stage_ == stage::open && incoming_.unfinished()) {
        owner_.wheel_.schedule_no_later(
            *this, incoming_.unfinished_since() + owner_.options_.message_time_max);
    }
}

void ws_session::take_open(const arrival& got) {
    switch (got.kind) {
        case arrival::what::text:
            ++owner_.traffic_.messages_received;
            events_.received(id_, got.payload);
            break;
        case arrival::what::binary:
            ++owner_.traffic_.messages_received;
            events_.received_binary(id_, got.payload);
            break;
        case arrival::what::ping:
            queue(opcode::pong, got.payload);
            break;
        case arrival::what::close:
            peer_closed(got.code);
            break;
        case arrival::what::violation:
            fail(got.code, got.payload);
            break;
        case arrival::what::pong:
        case arrival::what::nothing:
            break;
    }
}

// RFC 6455, section 5.5.1: answered with the same code.
void ws_session::peer_closed(std::uint16_t code) {
    queue_close(code, {});
    finish();
}

// Section 7.1.7: what comes after a violation means nothing.
void ws_session::fail(std::uint16_t code, std::string_view why) {
    auto& counted = owner_.traffic_;
    ++(code == 1009 ? counted.too_big : code == 1008 ? counted.too_much : counted.violations);
    queue_close(code, why);
    finish();
}

void ws_session::finish() {
    stage_ = stage::finishing;
    closing_by_ = owner_.now_ + owner_.options_.flush_max;
    owner_.wheel_.schedule_no_later(*this, closing_by_);
    owner_.needs_flush(*this);
    report_closed();
}

// A peer may end its stream right after its last frame and still read ours.
void ws_session::stream_ended() {
    if (stage_ == stage::open || stage_ == stage::lingering) {
        lost();
        return;
    }
    peer_ended_ = true;
    if (stage_ == stage::awaiting_close) {
        finish();
    }
}

void ws_session::lost() {
    if (stage_ == stage::dead) {
        return;
    }
    stage_ = stage::dead;
    cancel();
    owner_.poller_.remove(transport_.descriptor());
    transport_.close();
    owner_.bury(*this);
    report_closed();
}

void ws_session::report_closed() {
    if (!close_told_) {
        close_told_ = true;
        events_.closed(id_);
    }
}

void ws_session::report(trouble_kind kind) {
    if (stage_ != stage::open || trouble_told_) {
        return;
    }
    trouble_told_ = true;
    ++(kind == trouble_kind::slow ? owner_.traffic_.stalled : owner_.traffic_.silent);
    events_.trouble(id_, kind);
    if (stage_ == stage::open) {
        close(close_code::policy, kind == trouble_kind::slow ? "slow" : "idle", {});
    }
}

void ws_session::flush() {
    if (stage_ == stage::dead) {
        return;
    }
    if (overflowed_) {
        report(trouble_kind::slow);
    }
    if (!blocked_) {
        write_outbox();
    }
}

void ws_session::write_outbox() {
    if (!outbox_) {
        if (stage_ == stage::finishing) {
            outbox_emptied(false);
        }
        return;
    }
    while (!outbox_->empty()) {
        const auto size = outbox_->size();
        const auto put = transport_.write(outbox_->waiting());
        ++owner_.traffic_.writes;
        if (put.what == transport::outcome::failed || put.what == transport::outcome::ended) {
            lost();
            return;
        }
        crossed_ = crossed_ || put.what == transport::outcome::wants_read;
        if (put.what == transport::outcome::moved) {
            owner_.traffic_.bytes_sent += put.bytes;
            outbox_->consume(put.bytes);
            stalled_ = owner_.now_;
            if (put.bytes == size) {
                break;
            }
            // Rather than trying once more in vain: a short write means a full socket, and the
            // edge that follows EPOLL_CTL_MOD tells when that was not so.
        }
        if (!blocked_) {
            blocked_ = true;
            stalled_ = owner_.now_;
            owner_.poller_.watch(transport_.descriptor(), *this, true);
            owner_.wheel_.schedule_no_later(*this, stalled_ + owner_.options_.stall_max);
        }
        return;
    }
    const bool tell = blocked_ || paced_;
    owner_.outboxes_.give_back(std::move(outbox_));
    if (blocked_) {
        blocked_ = false;
        owner_.poller_.watch(transport_.descriptor(), *this, false);
    }
    outbox_emptied(tell);
}

void ws_session::outbox_emptied(bool tell) {
    paced_ = false;
    switch (stage_) {
        case stage::open:
            if (tell && !overflowed_) {
                events_.drained(id_);
            }
            break;
        case stage::awaiting_close:
            closing_by_ = owner_.now_ + owner_.options_.close_wait_max;
            owner_.wheel_.schedule(*this, closing_by_);
            break;
        case stage::finishing:
            if (peer_ended_) {
                lost();
                break;
            }
            stage_ = stage::lingering;
            closing_by_ = owner_.now_ + owner_.options_.linger_max;
            owner_.wheel_.schedule(*this, closing_by_);
            // The server ends the stream, the client waits for that (section 7.1.1).
            if (own_ == role::server) {
                transport_.end_writing();
            }
            break;
        case stage::lingering:
        case stage::dead:
            break;
    }
}

void ws_session::expired(time_point now) {
    if (stage_ == stage::open) {
        check_open(now);
    } else if (now >= closing_by_) {
        lost();
    }
    if (stage_ != stage::dead) {
        owner_.wheel_.schedule_no_later(*this, next_deadline());
    }
}

void ws_session::check_open(time_point now) {
    const auto& options = owner_.options_;
    if (incoming_.unfinished() && now - incoming_.unfinished_since() >= options.message_time_max) {
        fail(close_code::policy, "message took too long");
        return;
    }
    if (blocked_ && now - stalled_ >= options.stall_max) {
        report(trouble_kind::slow);
        return;
    }
    const auto silence = now - heard_;
    if (silence >= options.idle_after) {
        report(trouble_kind::idle);
    } else if (silence >= options.ping_after * (pings_ + 1)) {
        pings_ = static_cast<std::uint8_t>(
            std::min<ws_options::duration::rep>(silence / options.ping_after, 255));
        incoming_.expect_pong();
        queue(opcode::ping, {});
    }
}

ws_session::time_point ws_session::next_deadline() const {
    const auto& options = owner_.options_;
    if (stage_ != stage::open) {
        return closing_by_;
    }
    auto due = heard_ + std::min(options.ping_after * (pings_ + 1), options.idle_after);
    if (incoming_.unfinished()) {
        due = std::min(due, incoming_.unfinished_since() + options.message_time_max);
    }
    if (blocked_) {
        due = std::min(due, stalled_ + options.stall_max);
    }
    return due;
}

}  // namespace onechat::net
