#include "server/admin/call.hpp"

#include <algorithm>
#include <charconv>

namespace onechat::admin {

net::http_answer refusal(unsigned status, std::string_view code, std::string_view text,
                         std::string_view field) {
    problem why{.code = std::string{code}, .text = std::string{text}};
    if (!field.empty()) {
        why.field = field;
    }
    return answer_of(why, status);
}

std::optional<std::int64_t> number_in(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || text.size() > 18 || !std::ranges::all_of(text, is_digit) ||
        (text.size() > 1 && text.front() == '0')) {
        return std::nullopt;
    }
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

void call::unavailable() const {
    auto later = refusal(503, "store_unavailable", "Nothing was done; try again in a moment.");
    later.headers.push_back({"Retry-After", "1"});
    respond(std::move(later));
}

std::optional<std::int64_t> call::id(std::size_t place) const {
    const auto number = number_in(places.at(place));
    if (!number) {
        refuse(400, "bad_id", "An id is a whole number.");
    }
    return number;
}

std::optional<std::uint32_t> call::limit() const {
    const auto found = query.find("limit");
    if (found == query.end()) {
        return page_default;
    }
    const auto number = number_in(found->second);
    if (!number || *number < 1 || *number > page_max) {
        refuse(400, "bad_query", "A page has 1 to 100 entries.", "limit");
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(*number);
}

std::optional<std::int64_t> call::before(std::int64_t otherwise) const {
    const auto found = query.find("before");
    if (found == query.end()) {
        return otherwise;
    }
    const auto number = number_in(found->second);
    if (!number) {
        refuse(400, "bad_query", "It is not the `next` of a page.", "before");
    }
    return number;
}

void call::refuse_order(const protocol::reject& why_not) const {
    refuse(400, protocol::name_of(why_not.code), why_not.text,
           why_not.field ? std::string_view{*why_not.field} : std::string_view{});
}

}  // namespace onechat::admin
