// A connection that keeps what it is given, parsed as a client would.
#pragma once

#include "protocol/codec.hpp"
#include "server/peer.hpp"

#include <stdexcept>
#include <vector>

namespace onechat::test {

class recording_peer final : public peer {
public:
    void send(std::string_view text) override {
        keep(text);
        waiting_bytes += queues ? text.size() : 0;
    }
    void close(std::uint16_t code, std::string_view, std::string_view last_words) override {
        if (!last_words.empty()) {
            keep(last_words);
        }
        closed_with = code;
    }
    [[nodiscard]] std::size_t outbox_bytes() const override { return waiting_bytes; }

    std::vector<protocol::answer> said;
    std::uint16_t closed_with = 0;  // 0: open
    std::size_t waiting_bytes = 0;
    bool queues = false;  // what is sent waits until the test takes it

private:
    void keep(std::string_view text) {
        if (closed_with != 0) {
            throw std::logic_error{"something was sent after the close"};
        }
        said.push_back(protocol::parse_server(text).value());
    }
};

}  // namespace onechat::test
