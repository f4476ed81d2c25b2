#include "server/net/address_range.hpp"

#include <charconv>

namespace onechat::net {
namespace {

constexpr unsigned bits_all = 128;
constexpr unsigned bits_before_v4 = 96;

// How many bits two addresses begin with that are the same.
unsigned common_bits(const remote_address& one, const remote_address& other) {
    unsigned bits = 0;
    while (bits < bits_all &&
           ((one.bytes[bits / 8] ^ other.bytes[bits / 8]) & (0x80U >> bits % 8)) == 0) {
        ++bits;
    }
    return bits;
}

bool ends_in_zeros(const remote_address& address, unsigned from) {
    remote_address only_begin = address;
    for (unsigned bit = from; bit < bits_all; ++bit) {
        only_begin.bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> bit % 8));
    }
    return only_begin == address;
}

}  // namespace

std::optional<address_range> address_range::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto first = remote_address::parse(text.substr(0, slash));
    if (!first) {
        return std::nullopt;
    }
    address_range range;
    range.first_ = *first;
    if (slash == std::string_view::npos) {
        return range;
    }
    // ::ffff:10.0.0.0/104 is written as what it is, an IPv6 address with its own prefix.
    const bool as_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
    const unsigned before = as_v4 ? bits_before_v4 : 0;
    const auto length = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, trouble] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (trouble != std::errc{} || end != length.data() + length.size() ||
        bits > bits_all - before || (length.size() > 1 && length.front() == '0')) {
        return std::nullopt;
    }
    range.prefix_bits_ = before + bits;
    return ends_in_zeros(range.first_, range.prefix_bits_) ? std::optional{range} : std::nullopt;
}

bool address_range::contains(const remote_address& address) const {
    if (address.is_v4() && prefix_bits_ < bits_before_v4) {
        return false;
    }
    return common_bits(first_, address) >= prefix_bits_;
}

}  // namespace onechat::net
