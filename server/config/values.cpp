#include "server/config/values.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cassert>
#include <charconv>
#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <system_error>

namespace onechat {
namespace {

struct unit {
    std::string_view name;
    std::int64_t milliseconds;
};

// From the smallest to the largest; those of rates begin with the second.
constexpr std::array units{unit{"ms", 1}, unit{"s", 1000}, unit{"m", 60'000}, unit{"h", 3'600'000},
                           unit{"d", 86'400'000}};

[[noreturn]] void refuse(std::string_view text, std::string_view because) {
    throw std::runtime_error{"\"" + std::string{text} + "\" " + std::string{because}};
}

// A number and what stands behind it; nothing when there is no number that fits.
template <class Number>
std::optional<Number> leading_number(std::string_view text, std::string_view& rest) {
    Number read{};
    const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), read);
    if (trouble != std::errc{}) {
        return std::nullopt;
    }
    rest = text.substr(static_cast<std::size_t>(end - text.data()));
    return read;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
    std::string_view rest;
    const auto read = leading_number<Number>(text, rest);
    return rest.empty() ? read : std::nullopt;
}

bool is_address(const std::string& text, int family) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return ::inet_pton(family, text.c_str(), bytes.data()) == 1;
}

bool is_lower_or_digit(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
}

bool is_host(std::string_view text) {
    if (text.starts_with('[') && text.ends_with(']')) {
        return is_address(std::string{text.substr(1, text.size() - 2)}, AF_INET6);
    }
    return !text.empty() && std::ranges::all_of(text, [](char letter) {
        return is_lower_or_digit(letter) || letter == '.' || letter == '-' || letter == '_';
    });
}

}  // namespace

std::chrono::milliseconds parse_duration(std::string_view text) {
    std::string_view name;
    const auto count = leading_number<std::int64_t>(text, name);
    for (const unit& one : units) {
        // A century is long enough, and far from any overflow.
        if (count && *count >= 0 && name == one.name &&
            *count <= 36'500 * units.back().milliseconds / one.milliseconds) {
            return std::chrono::milliseconds{*count * one.milliseconds};
        }
    }
    refuse(text, "is no duration; write 20ms, 2s, 5m, 3h or 180d.");
}

std::string write_duration(std::chrono::milliseconds value) {
    if (value.count() == 0) {
        return "0s";
    }
    const auto fits = [value](const unit& one) { return value.count() % one.milliseconds == 0; };
    const auto largest = std::find_if(units.rbegin(), units.rend(), fits);
    return std::to_string(value.count() / largest->milliseconds) + std::string{largest->name};
}

endpoint parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon != std::string_view::npos) {
        std::string_view host = text.substr(0, colon);
        const bool bracketed = host.starts_with('[') && host.ends_with(']');
        if (bracketed) {
            host = host.substr(1, host.size() - 2);
        }
        // An IPv6 address of one link names the link behind a %.
        const std::string bare{host.substr(0, bracketed ? host.find('%') : host.size())};
        const auto port = whole_number<std::uint16_t>(text.substr(colon + 1));
        if (port && is_address(bare, bracketed ? AF_INET6 : AF_INET)) {
            return {std::string{host}, *port};
        }
    }
    refuse(text, "is no address with a port; write 127.0.0.1:8080 or [::1]:8080.");
}

std::string write_endpoint(const endpoint& value) {
    const bool six = value.address.find(':') != std::string::npos;
    return (six ? "[" + value.address + "]" : value.address) + ":" + std::to_string(value.port);
}

std::string parse_network(std::string_view text) {
    const auto slash = text.find('/');
    const std::string address{text.substr(0, slash)};
    const bool six = address.find(':') != std::string::npos;
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    const unsigned bits_all = six ? 128 : 32;
    auto prefix = std::optional{bits_all};
    if (slash != std::string_view::npos) {
        const auto length = text.substr(slash + 1);
        const bool plain = length.size() == 1 || !length.starts_with('0');
        prefix = plain ? whole_number<unsigned>(length) : std::nullopt;
    }
    if (!prefix || *prefix > bits_all ||
        ::inet_pton(six ? AF_INET6 : AF_INET, address.c_str(), bytes.data()) != 1) {
        refuse(text, "is no address and no range; write 10.0.0.0/8, fd00::/8 or 192.0.2.1.");
    }
    for (unsigned bit = *prefix; bit < bits_all; ++bit) {
        if ((bytes[bit / 8] & (0x80U >> bit % 8)) != 0) {
            refuse(text, "is no range: it has bits behind its prefix.");
        }
    }
    return std::string{text};
}

lobby::rate parse_rate(std::string_view text) {
    std::string_view rest;
    const auto count = leading_number<std::uint32_t>(text, rest);
    for (const unit& one : std::span{units}.subspan<1>()) {
        if (count && rest.starts_with('/') && rest.substr(1) == one.name) {
            if (*count < 1 || *count > rate_max) {
                refuse(text,
                       "is no rate: the number is from 1 to " + std::to_string(rate_max) + ".");
            }
            return {*count, std::chrono::milliseconds{one.milliseconds}, 1};
        }
    }
    refuse(text, "is no rate; write 5/s, 10/m, 10/h or 100/d.");
}

std::string write_rate(const lobby::rate& value) {
    const auto found = std::ranges::find(units, value.per.count(), &unit::milliseconds);
    assert(found != units.end());
    return std::to_string(value.count) + "/" + std::string{found->name};
}

std::uint64_t parse_count(std::string_view text, std::uint64_t min, std::uint64_t max) {
    const auto count = whole_number<std::uint64_t>(text);
    if (!count || *count < min || *count > max) {
        refuse(text,
               "is no number from " + std::to_string(min) + " to " + std::to_string(max) + ".");
    }
    return *count;
}

bool parse_switch(std::string_view text) {
    if (text != "on" && text != "off") {
        refuse(text, "is neither on nor off.");
    }
    return text == "on";
}

std::string parse_origin(std::string_view text) {
    constexpr std::string_view sentence =
        "is no origin; write scheme://host or scheme://host:port, like https://chat.example.org.";
    std::string origin{text};
    std::ranges::transform(origin, origin.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    const auto slashes = origin.find("://");
    if (slashes == std::string::npos || slashes == 0 ||
        !std::all_of(origin.begin(), origin.begin() + static_cast<std::ptrdiff_t>(slashes),
                     [](char letter) { return is_lower_or_digit(letter) || letter == '-'; })) {
        refuse(text, sentence);
    }
    const std::string scheme = origin.substr(0, slashes);
    const std::string_view place = std::string_view{origin}.substr(slashes + 3);
    if (is_host(place)) {
        return origin;
    }
    const auto colon = place.rfind(':');
    const auto port = colon == std::string_view::npos
                          ? std::nullopt
                          : whole_number<std::uint16_t>(place.substr(colon + 1));
    if (!port || *port == 0 || !is_host(place.substr(0, colon))) {
        refuse(text, sentence);
    }
    const bool own = (scheme == "https" && *port == 443) || (scheme == "http" && *port == 80);
    return scheme + "://" + std::string{place.substr(0, colon)} +
           (own ? "" : ":" + std::to_string(*port));
}

std::string parse_api(std::string_view text) {
    constexpr std::string_view sentence =
        "is no address of a platform; write one like https://api.weixin.qq.com.";
    constexpr std::string_view scheme = "https://";
    const auto slash = text.find('/', std::min(text.size(), scheme.size()));
    const auto path = slash == std::string_view::npos ? std::string_view{} : text.substr(slash);
    const auto is_plain = [](char letter) {
        return letter > ' ' && letter < 0x7F && letter != '?' && letter != '#';
    };
    if (!text.starts_with(scheme) || !std::ranges::all_of(path, is_plain)) {
        refuse(text, sentence);
    }
    return parse_origin(text.substr(0, slash)) + std::string{path == "/" ? "" : path};
}

std::string parse_name(std::string_view text) {
    const auto is_letter = [](char letter) {
        return (letter >= 'A' && letter <= 'Z') || is_lower_or_digit(letter) || letter == '-' ||
               letter == '_';
    };
    if (text.empty() || text.size() > 64 || !std::ranges::all_of(text, is_letter)) {
        refuse(text, "is no id; one has letters, digits, \"-\" and \"_\", at most 64.");
    }
    return std::string{text};
}

std::string parse_page(std::string_view text) {
    constexpr std::size_t bytes_max = 128;
    const auto may_stand = [](char letter) {
        return letter > ' ' && letter < 0x7F && letter != '"' && letter != '\\';
    };
    if (text.empty() || text.front() == '/' || text.size() > bytes_max ||
        !std::ranges::all_of(text, may_stand)) {
        refuse(text, "is no page of a mini program; write one like pages/chat/chat.");
    }
    return std::string{text};
}

std::pair<std::string, std::string> parse_template_value(std::string_view text) {
    constexpr std::size_t words_bytes_max = 200;
    const auto equals = text.find('=');
    const auto field = text.substr(0, equals);
    const bool named = equals != std::string_view::npos && !field.empty() &&
                       std::ranges::all_of(field, [](char letter) {
                           return (letter >= 'a' && letter <= 'z') || letter == '_' ||
                                  (letter >= '0' && letter <= '9');
                       });
    if (!named) {
        throw std::runtime_error{"\"" + std::string{text} + "\" is not like thing1=WORDS."};
    }
    const auto words = text.substr(equals + 1);
    if (words.empty() || words.size() > words_bytes_max) {
        throw std::runtime_error{"The words of " + std::string{field} + " are not 1 to " +
                                 std::to_string(words_bytes_max) + " bytes."};
    }
    return {std::string{field}, std::string{words}};
}

}  // namespace onechat
