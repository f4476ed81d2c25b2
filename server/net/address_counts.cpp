#include "server/net/address_counts.hpp"

namespace onechat::net {

void address_counts::place::give_back() {
    if (of_ == nullptr) {
        return;
    }
    auto& [network, held] = *std::exchange(of_, nullptr);
    if (--held.count == 0) {
        held.owner->entries_.erase(network);
    }
}

std::optional<address_counts::place> address_counts::take(const remote_address& remote,
                                                          std::size_t most) {
    const auto network = remote.network();
    if (count_of(network) >= most) {
        return std::nullopt;
    }
    auto& found = *entries_.try_emplace(network, entry{.owner = this}).first;
    ++found.second.count;
    return place{found};
}

std::size_t address_counts::count_of(const remote_address& remote) const {
    const auto found = entries_.find(remote.network());
    return found == entries_.end() ? 0 : found->second.count;
}

}  // namespace onechat::net
