#include "server/net/message_assembler.hpp"

#include "server/net/utf8.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace onechat::net {
namespace {

arrival violation(std::uint16_t code, std::string_view why) {
    return {arrival::what::violation, code, why};
}

arrival closing(std::string_view payload) {
    if (payload.empty()) {
        return {arrival::what::close, close_code::none, {}};
    }
    if (payload.size() < 2) {
        return violation(close_code::protocol_error, "bad close frame");
    }
    const auto code = static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                                 static_cast<unsigned char>(payload[1]));
    if (!is_sendable(code)) {
        return violation(close_code::protocol_error, "bad close code");
    }
    payload.remove_prefix(2);
    if (!is_utf8(payload)) {
        return violation(close_code::not_utf8, "close reason is not UTF-8");
    }
    return {arrival::what::close, code, payload};
}

std::span<char> take(std::span<char>& bytes, std::uint64_t wanted) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), wanted));
    const auto taken = bytes.first(size);
    bytes = bytes.subspan(size);
    return taken;
}

std::string_view view(std::span<const char> bytes) {
    return {bytes.data(), bytes.size()};
}

}  // namespace

// Exists only while a header, a payload or a message is incomplete.
struct message_assembler::partial {
    time_point since;
    std::array<char, frame_header_max> header_bytes{};
    std::uint8_t header_have = 0;

    frame_header frame;  // whose payload is awaited
    std::uint64_t payload_have = 0;
    bool in_payload = false;

    bool in_message = false;
    bool is_text = false;
    unsigned fragments = 0;
    utf8_validator utf8;
    std::vector<char> message;
    std::vector<char> control;  // a control frame may come in pieces between two fragments

    [[nodiscard]] bool idle() const { return header_have == 0 && !in_payload && !in_message; }
};

message_assembler::message_assembler() = default;
message_assembler::~message_assembler() = default;
message_assembler::message_assembler(message_assembler&&) noexcept = default;
message_assembler& message_assembler::operator=(message_assembler&&) noexcept = default;

message_assembler::time_point message_assembler::unfinished_since() const {
    return partial_ ? partial_->since : time_point::max();
}

void message_assembler::expect_pong() {
    if (pongs_expected_ != std::numeric_limits<std::uint8_t>::max()) {
        ++pongs_expected_;
    }
}

message_assembler::partial& message_assembler::hold(time_point now) {
    if (!partial_) {
        partial_ = std::make_unique<partial>();
        partial_->since = now;
    }
    return *partial_;
}

arrival message_assembler::next(std::span<char>& bytes, role own, const message_limits& limits,
                                time_point now) {
    if (partial_ && partial_->idle()) {
        partial_.reset();  // what the last call delivered
    }
    while (!bytes.empty() || (partial_ && partial_->in_payload)) {
        if (partial_ && partial_->in_payload) {
            const auto got = take_payload(bytes);
            if (got.kind != arrival::what::nothing || partial_->in_payload) {
                return got;
            }
            continue;  // a fragment is complete, its message is not
        }

        frame_header header;
        if (partial_ && partial_->header_have != 0) {
            partial_->header_bytes.at(partial_->header_have++) = bytes.front();
            bytes = bytes.subspan(1);
            const auto have = view(partial_->header_bytes).substr(0, partial_->header_have);
            const auto state = read_header(have, own, header);
            if (state == header_state::incomplete) {
                continue;
            }
            if (state == header_state::violation) {
                return violation(close_code::protocol_error, "bad frame");
            }
            partial_->header_have = 0;
        } else {
            const auto state = read_header(view(bytes), own, header);
            if (state == header_state::violation) {
                return violation(close_code::protocol_error, "bad frame");
            }
            if (state == header_state::incomplete) {
                auto& held = hold(now);
                const auto start = take(bytes, frame_header_max);
                std::copy(start.begin(), start.end(), held.header_bytes.begin());
                held.header_have = static_cast<std::uint8_t>(start.size());
                break;
            }
            bytes = bytes.subspan(header.header_bytes);
        }

        if (const auto refused = begin(header, limits, now);
            refused.kind != arrival::what::nothing) {
            return refused;
        }
        const bool alone =
            is_control(header.op) || (header.fin && header.op != opcode::continuation);
        if (alone && header.payload_bytes <= bytes.size()) {
            const auto payload = take(bytes, header.payload_bytes);
            if (header.masked) {
                apply_mask(payload, header.mask);
            }
            return whole_frame(header, view(payload));
        }
        auto& held = hold(now);
        held.frame = header;
        held.payload_have = 0;
        held.in_payload = true;
        if (!is_control(header.op)) {
            held.in_message = true;
            ++held.fragments;
            if (header.op != opcode::continuation) {
                held.is_text = header.op == opcode::text;
            }
        }
    }
    if (partial_ && partial_->idle()) {
        partial_.reset();
    }
    return {};
}

// What a header alone can break, before any memory is used for its payload.
arrival message_assembler::begin(const frame_header& header, const message_limits& limits,
                                 time_point now) {
    if (is_control(header.op)) {
        if (over_control_rate(header.op, limits, now)) {
            return violation(close_code::policy, "too many control frames");
        }
        return {};
    }
    const bool in_message = partial_ && partial_->in_message;
    if (in_message != (header.op == opcode::continuation)) {
        return violation(close_code::protocol_error,
                         in_message ? "message inside a message" : "stray continuation");
    }
    if (header.op == opcode::binary && !limits.binary_allowed) {
        return violation(close_code::unsupported, "text only");
    }
    const std::uint64_t have = in_message ? partial_->message.size() : 0;
    if (header.payload_bytes > limits.message_bytes_max ||
        have + header.payload_bytes > limits.message_bytes_max) {
        return violation(close_code::too_big, "message too big");
    }
    if ((in_message ? partial_->fragments : 0) >= limits.fragments_max) {
        return violation(close_code::policy, "too many fragments");
    }
    return {};
}

arrival message_assembler::take_payload(std::span<char>& bytes) {
    auto& held = *partial_;
    const auto piece = take(bytes, held.frame.payload_bytes - held.payload_have);
    if (held.frame.masked) {
        apply_mask(piece, held.frame.mask, held.payload_have);
    }
    held.payload_have += piece.size();
    const bool control = is_control(held.frame.op);
    auto& target = control ? held.control : held.message;
    target.insert(target.end(), piece.begin(), piece.end());
    if (!control && held.is_text && !held.utf8.feed(view(piece))) {
        return violation(close_code::not_utf8, "text is not UTF-8");
    }
    if (held.payload_have < held.frame.payload_bytes) {
        return {};
    }

    held.in_payload = false;
    if (control) {
        // Delivered from here; a new one may only begin with the next call.
        const auto got = whole_frame(held.frame, view(held.control));
        held.control.clear();  // keeps the bytes that the payload points to
        return got;
    }
    if (!held.frame.fin) {
        return {};
    }
    if (held.is_text && !held.utf8.complete()) {
        return violation(close_code::not_utf8, "text is not UTF-8");
    }
    held.in_message = false;
    return {held.is_text ? arrival::what::text : arrival::what::binary, 0, view(held.message)};
}

// A control frame, or a message of one frame.
arrival message_assembler::whole_frame(const frame_header& header, std::string_view payload) {
    switch (header.op) {
        case opcode::text:
            if (!is_utf8(payload)) {
                return violation(close_code::not_utf8, "text is not UTF-8");
            }
            return {arrival::what::text, 0, payload};
        case opcode::ping:
            return {arrival::what::ping, 0, payload};
        case opcode::pong:
            return {arrival::what::pong, 0, payload};
        case opcode::close:
            return closing(payload);
        case opcode::binary:
        case opcode::continuation:
            break;
    }
    return {arrival::what::binary, 0, payload};
}

// Never more moments than the limit, and nothing for those who send no control frames.
bool message_assembler::over_control_rate(opcode op, const message_limits& limits, time_point now) {
    if (op == opcode::close) {
        return false;
    }
    if (op == opcode::pong && pongs_expected_ != 0) {
        --pongs_expected_;
        return false;
    }
    if (!control_frames_) {
        control_frames_ = std::make_unique<std::vector<time_point>>();
    }
    auto& recent = *control_frames_;
    const auto counts = std::ranges::find_if(
        recent, [&](time_point at) { return now - at < limits.control_window; });
    recent.erase(recent.begin(), counts);
    if (recent.size() >= limits.control_frames_max) {
        return true;
    }
    recent.push_back(now);
    return false;
}

}  // namespace onechat::net
