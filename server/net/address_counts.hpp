// How many connections each network has: an IPv4 address, or the /64 that one IPv6 customer is
// given whole. Every connection that counts holds a place and gives it back however it ends. Not
// who counts, nor what becomes of those beyond the limit: that is the listener's. Loop thread only.
#pragma once

#include "server/net/remote_address.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <utility>

namespace onechat::net {

class address_counts {
    struct entry {
        address_counts* owner = nullptr;
        std::size_t count = 0;
    };
    using entries = std::map<remote_address, entry>;

public:
    // One connection's share. Must not outlive the counts.
    class place {
    public:
        place() = default;  // of nobody: not counted
        ~place() { give_back(); }
        place(place&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
        place& operator=(place&& other) noexcept {
            place taken{std::move(other)};
            std::swap(of_, taken.of_);
            return *this;
        }

        void give_back();

    private:
        friend class address_counts;
        explicit place(entries::value_type& of) : of_(&of) {}

        entries::value_type* of_ = nullptr;
    };

    address_counts() = default;
    address_counts(const address_counts&) = delete;
    address_counts& operator=(const address_counts&) = delete;

    // Nothing when the network has `most` places already.
    [[nodiscard]] std::optional<place> take(const remote_address& remote, std::size_t most);

    [[nodiscard]] std::size_t count_of(const remote_address& remote) const;
    // Those that have any.
    [[nodiscard]] std::size_t networks_count() const { return entries_.size(); }

private:
    entries entries_;
};

}  // namespace onechat::net
