#include "server/lobby/event.hpp"

namespace onechat::lobby {

protocol::server::event shown_to(side viewer, const event& what, std::string_view pair) {
    protocol::server::event shown;
    shown.pair = pair;
    shown.seq = what.seq;
    shown.at = what.at;
    shown.from = what.from == side::system ? protocol::sender::system
                 : what.from == viewer     ? protocol::sender::me
                                           : protocol::sender::partner;
    shown.kind = what.kind;
    if (what.kind == protocol::event_kind::text) {
        shown.gone = what.gone;
        if (!what.gone) {
            shown.text = what.text;
        }
        if (what.from == viewer) {
            shown.cid = what.cid;
        }
    } else if (what.kind == protocol::event_kind::recall) {
        shown.ref = what.ref;
        shown.gone = what.gone;
    } else if (what.kind == protocol::event_kind::end) {
        shown.reason = what.reason;
    }
    return shown;
}

// FNV-1a, 64 bits.
std::uint64_t digest_of(std::string_view text) {
    std::uint64_t digest = 0xcbf29ce484222325U;
    for (const char letter : text) {
        digest ^= static_cast<unsigned char>(letter);
        digest *= 0x100000001b3U;
    }
    return digest == 0 ? 1 : digest;
}

}  // namespace onechat::lobby
