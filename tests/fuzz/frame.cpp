// The bytes of one connection, cut anywhere, against a reader that sees them all at once and does
// what RFC 6455 says, one sentence after the other.
#include "server/net/message_assembler.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <vector>

using namespace onechat::net;
using namespace onechat::fuzz;
using what = arrival::what;

namespace {

struct heard {
    what kind{};
    std::uint16_t code = 0;
    std::string payload;
    bool operator==(const heard&) const = default;
};

struct outcome {
    std::vector<heard> all;
    bool unfinished = false;
};

struct situation {
    role own{};
    message_limits limits;
    std::chrono::seconds step{};  // between arrivals
    unsigned pongs = 0;           // expected
    std::string_view bytes;
};

outcome assemble(const situation& in, std::optional<cuts> cut) {
    outcome out;
    message_assembler assembler;
    for (unsigned n = 0; n < in.pongs; ++n) {
        assembler.expect_pong();
    }
    for (decisions left{in.bytes}; left.any();) {
        const auto piece = cut ? left.take(cut->next()) : left.rest();
        std::vector<char> bytes(piece.begin(), piece.end());  // so that reading beyond is seen
        for (std::span<char> unread{bytes};;) {
            const auto now = message_assembler::time_point{} + in.step * out.all.size();
            const auto got = assembler.next(unread, in.own, in.limits, now);
            if (got.kind == what::nothing) {
                must(unread.empty(), "nothing is said only when all bytes are used up");
                break;
            }
            const bool refused = got.kind == what::violation;
            out.all.push_back({got.kind, got.code, std::string{refused ? "" : got.payload}});
            if (refused) {
                must(!got.payload.empty() && got.payload.size() <= close_reason_max,
                     "a violation has a reason that fits a close frame");
                return out;
            }
        }
    }
    out.unfinished = assembler.unfinished();
    return out;
}

// ---- the reader that sees all bytes at once ----

class rfc_reader {
public:
    explicit rfc_reader(const situation& in) : in_{in}, left_{in.bytes}, pongs_{in.pongs} {}

    outcome read() {
        while (!left_.empty() && read_frame()) {
        }
        out_.unfinished = !left_.empty() || in_message_;
        return std::move(out_);
    }

private:
    unsigned at(std::size_t i) const { return static_cast<unsigned char>(left_[i]); }
    // Each says whether reading goes on.
    bool refuse(std::uint16_t code) {
        deliver(what::violation, code, {});
        left_ = {};
        in_message_ = false;
        return false;
    }
    bool deliver(what kind, std::uint16_t code, std::string_view payload) {
        out_.all.push_back({kind, code, std::string{payload}});
        return true;
    }

    bool read_frame() {
        const unsigned op = at(0) & 15U;
        const bool fin = at(0) >= 128;
        const bool control = op >= 8;
        if ((at(0) & 0x70U) != 0 || (op > 2 && op < 8) || op > 10 || (control && !fin)) {
            return refuse(1002);
        }
        if (left_.size() < 2) {
            return false;
        }
        const bool masked = at(1) >= 128;
        std::uint64_t size = at(1) & 127U;
        if (masked != (in_.own == role::server) || (control && size > 125)) {
            return refuse(1002);
        }
        const std::size_t wide = size < 126 ? 0 : size == 126 ? 2 : 8;
        if (left_.size() < 2 + wide) {
            return false;
        }
        if (wide != 0) {
            size = 0;
            for (std::size_t i = 0; i < wide; ++i) {
                size = size * 256 + at(2 + i);
            }
            if (size < (wide == 2 ? 126U : 65536U)) {
                return refuse(1002);
            }
        }
        const std::size_t header = 2 + wide + (masked ? 4 : 0);
        if (left_.size() < header) {
            return false;
        }
        return admit(op, size) && read_payload(op, fin, size, header);
    }

    bool admit(unsigned op, std::uint64_t size) {
        if (op >= 8) {
            return op == 8 || is_rare(op) || refuse(1008);
        }
        if (in_message_ != (op == 0)) {
            return refuse(1002);
        }
        if (op == 2 && !in_.limits.binary_allowed) {
            return refuse(1003);
        }
        const std::size_t have = in_message_ ? message_.size() : 0;
        if (size > in_.limits.message_bytes_max - have) {
            return refuse(1009);
        }
        return fragments_ < in_.limits.fragments_max || refuse(1008);
    }

    bool is_rare(unsigned op) {
        if (op == 10 && pongs_ > 0) {
            --pongs_;
            return true;
        }
        const auto now = in_.step * out_.all.size();
        const auto recent = std::ranges::count_if(
            controls_, [&](auto then) { return now - then < in_.limits.control_window; });
        controls_.push_back(now);
        return recent < static_cast<std::ptrdiff_t>(in_.limits.control_frames_max);
    }

    bool read_payload(unsigned op, bool fin, std::uint64_t size, std::size_t header) {
        std::string payload{left_.substr(header, size)};
        for (std::size_t i = 0; i < payload.size() && in_.own == role::server; ++i) {
            payload[i] = static_cast<char>(payload[i] ^ left_[header - 4 + i % 4]);
        }
        const bool here = payload.size() == size;
        if (op >= 8) {
            return here && (left_.remove_prefix(header + size), read_control(op, payload));
        }
        is_text_ = op == 0 ? is_text_ : op == 1;
        message_ = (op == 0 ? message_ : "") + payload;
        if (const utf8 text = judge_utf8(message_);
            is_text_ && !(here && fin ? text.whole : text.hopeful)) {
            return refuse(1007);
        }
        if (!here) {
            return false;
        }
        left_.remove_prefix(header + size);
        in_message_ = !fin;
        fragments_ = fin ? 0 : fragments_ + 1;
        return !fin || deliver(is_text_ ? what::text : what::binary, 0, message_);
    }

    bool read_control(unsigned op, std::string_view payload) {
        if (op != 8) {
            return deliver(op == 9 ? what::ping : what::pong, 0, payload);
        }
        if (payload.empty()) {
            return deliver(what::close, 1005, {});
        }
        if (payload.size() == 1) {
            return refuse(1002);
        }
        const unsigned code =
            static_cast<unsigned char>(payload[0]) * 256U + static_cast<unsigned char>(payload[1]);
        constexpr std::string_view reserved = "1004 1005 1006 1015";
        const bool registered =
            code >= 1000 && code <= 1014 && reserved.find(std::to_string(code)) == reserved.npos;
        if (!registered && (code < 3000 || code > 4999)) {
            return refuse(1002);
        }
        return judge_utf8(payload.substr(2)).whole
                   ? deliver(what::close, static_cast<std::uint16_t>(code), payload.substr(2))
                   : refuse(1007);
    }

    const situation& in_;
    std::string_view left_;
    unsigned pongs_;
    outcome out_;
    bool in_message_ = false;
    bool is_text_ = false;
    unsigned fragments_ = 0;
    std::string message_;
    std::vector<std::chrono::seconds> controls_;
};

// What one end writes the other reads, and not before all of it is there.
void check_header(opcode op, std::uint64_t payload_bytes, std::uint8_t mask) {
    for (const role reader : {role::server, role::client}) {
        const bool masked = reader == role::server;
        const frame_header header{.payload_bytes = payload_bytes,
                                  .mask = {static_cast<char>(mask), 1, 2, 3},
                                  .op = op,
                                  .fin = is_control(op) || (mask & 1U) != 0,
                                  .masked = masked};
        std::array<char, frame_header_max> bytes{};
        const std::string_view text{bytes.data(), write_header(bytes.data(), header)};
        frame_header found;
        for (std::size_t have = 0; have < text.size(); ++have) {
            must(read_header(text.substr(0, have), reader, found) == header_state::incomplete,
                 "half a header is none");
        }
        must(read_header(text, reader, found) == header_state::complete, "a header is read");
        must(found.op == header.op && found.fin == header.fin && found.masked == masked &&
                 found.payload_bytes == payload_bytes && found.header_bytes == text.size() &&
                 (!masked || found.mask == header.mask),
             "a header is read as it was written");
    }
}

void compare(const outcome& found, const outcome& expected) {
    must(found.all == expected.all, "each arrival is what the bytes say");
    must(found.unfinished == expected.unfinished, "what is unfinished is known to be");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    decisions left{text_of(data, size)};
    situation in;
    const unsigned flags = left.byte();
    in.own = (flags & 1U) != 0 ? role::client : role::server;
    in.limits.binary_allowed = (flags & 2U) != 0;
    if ((flags & 4U) != 0) {
        in.limits.message_bytes_max = 40;
        in.limits.fragments_max = 3;
        in.limits.control_frames_max = 2;
    }
    in.step = std::chrono::seconds{flags >> 3 & 7U};
    in.pongs = flags >> 6;
    const cuts cut{left.byte()};
    in.bytes = left.rest();

    check_header(opcode::text, in.bytes.size() * in.bytes.size(), static_cast<std::uint8_t>(flags));
    check_header(opcode::ping, in.bytes.size() % 126, static_cast<std::uint8_t>(flags));
    const outcome expected = rfc_reader{in}.read();
    compare(assemble(in, std::nullopt), expected);
    compare(assemble(in, cut), expected);
    return 0;
}
