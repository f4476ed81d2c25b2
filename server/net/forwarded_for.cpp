#include "server/net/forwarded_for.hpp"

#include "server/net/ascii.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace onechat::net {
namespace {

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711".
std::optional<remote_address> address_of(std::string_view hop) {
    if (hop.starts_with('[')) {
        const auto end = hop.find(']');
        const auto behind = end == std::string_view::npos ? hop : hop.substr(end + 1);
        if (!behind.empty() && !(behind.front() == ':' && is_port(behind.substr(1)))) {
            return std::nullopt;
        }
        const auto inside = hop.substr(1, end - 1);
        return inside.find(':') == std::string_view::npos ? std::nullopt
                                                          : remote_address::parse(inside);
    }
    const auto colon = hop.find(':');
    const bool is_v4_with_port = colon != std::string_view::npos && colon == hop.rfind(':');
    if (is_v4_with_port) {
        return is_port(hop.substr(colon + 1)) ? remote_address::parse(hop.substr(0, colon))
                                              : std::nullopt;
    }
    return remote_address::parse(hop);
}

}  // namespace

bool is_in(std::span<const address_range> ranges, const remote_address& address) {
    return std::ranges::any_of(ranges,
                               [&](const address_range& one) { return one.contains(address); });
}

std::optional<remote_address> forwarded_for(const http_request& request,
                                            std::span<const address_range> trusted,
                                            const remote_address& proxy) {
    std::vector<std::string_view> hops;
    for (const auto& header : request.headers) {
        if (same_word(header.name, "X-Forwarded-For") && !trimmed(header.value).empty()) {
            const auto listed = items_of(header.value);
            hops.insert(hops.end(), listed.begin(), listed.end());
        }
    }
    for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
        const auto address = address_of(*hop);
        if (!address || !is_in(trusted, *address)) {
            return address;
        }
    }
    return proxy;
}

}  // namespace onechat::net
