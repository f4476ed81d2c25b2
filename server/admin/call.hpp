// One request to the operator's API that may be answered: whoever makes it is known, and what it
// says fits its route. Answered once, now or later. Loop thread.
#pragma once

#include "protocol/codec.hpp"
#include "server/admin/bodies.hpp"
#include "server/net/http.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::admin {

inline constexpr std::uint32_t page_default = 20;
inline constexpr std::uint32_t page_max = 100;

[[nodiscard]] net::http_answer refusal(unsigned status, std::string_view code,
                                       std::string_view text, std::string_view field = {});

template <protocol::described T>
[[nodiscard]] net::http_answer answer_of(const T& body, unsigned status = 200) {
    net::http_answer out;
    out.status = status;
    out.content_type = "application/json";
    protocol::write_fields(out.body, body);
    out.body += '\n';
    return out;
}

class call {
public:
    std::vector<std::string> places;           // what stands in the path for {...}, in order
    std::map<std::string, std::string> query;  // names that the route knows, decoded
    std::string body;
    std::string who;  // the name of the token
    admin::role may = admin::role::viewer;
    std::string why;  // empty where the route needs no reason
    std::chrono::steady_clock::time_point since{};
    net::http_respond respond;

    template <protocol::described T>
    void answer(const T& said, unsigned status = 200) const {
        respond(answer_of(said, status));
    }
    void refuse(unsigned status, std::string_view code, std::string_view text,
                std::string_view field = {}) const {
        respond(refusal(status, code, text, field));
    }
    void not_found(std::string_view text) const { refuse(404, "not_found", text); }
    // Nothing is read, or stored, at present; nothing was done.
    void unavailable() const;

    // Whether it was waited for too long by now: then its answer finds nobody.
    [[nodiscard]] bool given_up(std::chrono::steady_clock::time_point now) const {
        return now - since >= net::deferred_answer_max;
    }

    // These answer 400 themselves when they return nothing. An id is a number of at most 18 digits.
    [[nodiscard]] std::optional<std::int64_t> id(std::size_t place) const;
    [[nodiscard]] std::optional<std::uint32_t> limit() const;
    // Where the page before ended; `otherwise` when the first page is asked for.
    [[nodiscard]] std::optional<std::int64_t> before(std::int64_t otherwise) const;
    template <class Word>
    [[nodiscard]] bool word(const std::string& name, std::optional<Word>& into) const {
        const auto found = query.find(name);
        if (found == query.end()) {
            return true;
        }
        into = protocol::named<Word>(found->second);
        if (!into) {
            refuse(400, "bad_query", "It is none of the words that the API lists.", name);
        }
        return into.has_value();
    }
    template <protocol::described T>
    [[nodiscard]] std::optional<T> order() const {
        auto read = protocol::parse_fields<T>(body.empty() ? "{}" : body);
        if (!read) {
            refuse_order(read.error());
            return std::nullopt;
        }
        return *std::move(read);
    }

private:
    void refuse_order(const protocol::reject& why_not) const;
};

using call_ptr = std::shared_ptr<const call>;

// A whole number from 1 to 18 digits without a sign or leading zero.
[[nodiscard]] std::optional<std::int64_t> number_in(std::string_view text);

}  // namespace onechat::admin
