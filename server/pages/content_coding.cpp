#include "server/pages/content_coding.hpp"

#include "server/net/ascii.hpp"

#include <algorithm>
#include <string_view>

namespace onechat::pages {
namespace {

using net::same_word;
using net::trimmed;

constexpr int weight_max = 1000;
// Not asked for and not refused: after everything that was asked for.
constexpr int weight_unasked = 0;

// Takes the part before the next separator from the front.
std::string_view taken(std::string_view& text, char separator) {
    const auto part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return trimmed(part);
}

// "0.5" -> 500; nothing for what is no weight.
std::optional<int> weight_in(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
        (text.size() > 1 && text[1] != '.')) {
        return std::nullopt;
    }
    int weight = (text[0] - '0') * weight_max;
    int unit = weight_max / 10;
    for (const char digit : text.substr(std::min<std::size_t>(text.size(), 2))) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        weight += (digit - '0') * unit;
        unit /= 10;
    }
    return weight <= weight_max ? std::optional{weight} : std::nullopt;
}

struct wishes {
    std::optional<int> brotli;
    std::optional<int> gzip;
    std::optional<int> identity;
    std::optional<int> others;
};

// An entry whose weight cannot be read is as if it weren't there.
void note(wishes& all, std::string_view entry) {
    const auto coding = taken(entry, ';');
    auto weight = std::optional{weight_max};
    while (!entry.empty()) {
        auto parameter = taken(entry, ';');
        if (same_word(taken(parameter, '='), "q")) {
            weight = weight_in(trimmed(parameter));
        }
    }
    if (!weight) {
        return;
    }
    if (same_word(coding, "br")) {
        all.brotli = weight;
    } else if (same_word(coding, "gzip") || same_word(coding, "x-gzip")) {
        all.gzip = weight;
    } else if (same_word(coding, "identity")) {
        all.identity = weight;
    } else if (coding == "*") {
        all.others = weight;
    }
}

}  // namespace

std::optional<content_coding> chosen_coding(const net::http_request& request, bool has_brotli,
                                            bool has_gzip) {
    wishes all;
    for (const auto& [name, value] : request.headers) {
        if (!same_word(name, "accept-encoding")) {
            continue;
        }
        for (std::string_view left = value; !left.empty();) {
            note(all, taken(left, ','));
        }
    }
    std::optional<content_coding> best;
    int best_weight = -1;
    const auto consider = [&](content_coding coding, int weight) {
        if (weight > best_weight) {
            best = coding;
            best_weight = weight;
        }
    };
    // A compressed form has to be asked for; the plain one has to be refused.
    if (const int weight = all.brotli.value_or(all.others.value_or(0)); has_brotli && weight > 0) {
        consider(content_coding::brotli, weight);
    }
    if (const int weight = all.gzip.value_or(all.others.value_or(0)); has_gzip && weight > 0) {
        consider(content_coding::gzip, weight);
    }
    const auto plain = all.identity ? all.identity : all.others == 0 ? all.others : std::nullopt;
    if (plain != 0) {
        consider(content_coding::identity, plain.value_or(weight_unasked));
    }
    return best;
}

}  // namespace onechat::pages
