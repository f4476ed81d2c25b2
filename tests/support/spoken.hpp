// What the server said, in few words: "text 3 partner hi", "ack 7 dup", "partner left timeout".
#pragma once

#include "protocol/server_messages.hpp"

#include <string>

namespace onechat::test {

struct in_words {
    template <class T>
    std::string operator()(const T&) const {
        return std::string{T::type};
    }
    std::string operator()(const protocol::server::welcome& m) const {
        return "welcome" + w(m.state);
    }
    std::string operator()(const protocol::server::waiting& m) const {
        return "waiting " + std::to_string(m.tier) + w(m.pool);
    }
    std::string operator()(const protocol::server::event& m) const {
        return std::string{protocol::name_of(m.kind)} + " " + std::to_string(m.seq) + w(m.from) +
               (m.text ? " " + *m.text : "") + w(m.gone) + w(m.reason);
    }
    std::string operator()(const protocol::server::ack& m) const {
        return "ack " + std::to_string(m.cid) + (m.dup ? " dup" : "");
    }
    std::string operator()(const protocol::server::nack& m) const {
        return "nack " + std::to_string(m.cid) + w(m.code);
    }
    std::string operator()(const protocol::server::partner& m) const {
        return "partner" + w(m.state) + w(m.reason);
    }
    std::string operator()(const protocol::server::error& m) const { return "error" + w(m.code); }
    std::string operator()(const protocol::server::bye& m) const {
        return "bye " + std::to_string(m.code);
    }

private:
    template <class Enum>
    static std::string w(Enum word) {
        return " " + std::string{protocol::name_of(word)};
    }
    template <class Enum>
    static std::string w(const std::optional<Enum>& word) {
        return word ? w(*word) : "";
    }
};

inline std::string spoken(const protocol::server_message& said) {
    return std::visit(in_words{}, said);
}

}  // namespace onechat::test
