// Plain HTTP as the rest of the program sees it: a request, an answer, and the table that says who
// answers what. Not the parsing (http_head) and not the connection (http_session). Loop thread
// only.
#pragma once

#include "server/net/remote_address.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::net {

struct http_header {
    std::string name;
    std::string value;
};

struct http_request {
    std::string method;  // as sent, "GET"
    std::string path;    // before '?', not percent-decoded
    std::string query;   // after '?', not percent-decoded
    std::vector<http_header> headers;
    std::string body;
    remote_address remote;

    // The first header of that name, in any case; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
    // Whether comma-separated lists under that name hold the token; both in any case.
    [[nodiscard]] bool lists(std::string_view name, std::string_view token) const;
    // "%20" and "+" decoded; nothing when absent.
    [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
};

struct http_answer {
    unsigned status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::vector<http_header> headers;  // beyond what net adds: type, length, connection, nosniff
    bool close = false;                // close the connection after it

    // A refusal whose body is the word or sentence and a line end.
    [[nodiscard]] static http_answer refusal(unsigned status, std::string_view why);
};

// How long a deferred answer is waited for.
inline constexpr std::chrono::seconds deferred_answer_max{30};

// Call it once, on the loop thread, at once or later.
using http_respond = std::function<void(http_answer)>;

// Which function answers which method and path. 404, 405 with Allow and HEAD are its own
// work: a HEAD is answered by GET's function and its body left out.
class http_routes {
public:
    using handler = std::function<http_answer(const http_request&)>;
    // For answers that need another thread. The request lives during the call only. An answer
    // later than listener_options::deferred_time_max finds nobody: 503 was said.
    using deferred_handler = std::function<void(const http_request&, http_respond)>;

    // A path ending in "/*" matches everything below it; exact paths win, then longer ones.
    void add(std::string method, std::string path, handler);
    void add_deferred(std::string method, std::string path, deferred_handler);

    void answer(const http_request& request, const http_respond& respond) const;

private:
    struct route {
        std::string method;
        std::string path;
        deferred_handler answer;
    };

    [[nodiscard]] std::string_view best_path(std::string_view path) const;

    std::vector<route> routes_;
};

}  // namespace onechat::net
