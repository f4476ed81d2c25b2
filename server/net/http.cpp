#include "server/net/http.hpp"

#include "server/net/ascii.hpp"

#include <algorithm>
#include <utility>

namespace onechat::net {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// A '%' that no two hex digits follow stands for itself.
std::string decoded(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            plain += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

bool covers(std::string_view pattern, std::string_view path) {
    if (pattern.ends_with("/*")) {
        pattern.remove_suffix(1);
        return path.size() > pattern.size() && path.starts_with(pattern);
    }
    return pattern == path;
}

}  // namespace

std::string_view http_request::header(std::string_view name) const {
    const auto found = std::ranges::find_if(
        headers, [&](const http_header& one) { return same_word(one.name, name); });
    return found == headers.end() ? std::string_view{} : std::string_view{found->value};
}

std::size_t http_request::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        headers, [&](const http_header& one) { return same_word(one.name, name); }));
}

bool http_request::lists(std::string_view name, std::string_view token) const {
    return std::ranges::any_of(headers, [&](const http_header& one) {
        return same_word(one.name, name) &&
               std::ranges::any_of(items_of(one.value),
                                   [&](std::string_view item) { return same_word(item, token); });
    });
}

std::optional<std::string> http_request::query_value(std::string_view name) const {
    std::string_view left = query;
    while (!left.empty()) {
        const auto part = left.substr(0, left.find('&'));
        left.remove_prefix(std::min(left.size(), part.size() + 1));
        const auto equals = part.find('=');
        if (decoded(part.substr(0, equals)) == name) {
            return equals == std::string_view::npos ? std::string{}
                                                    : decoded(part.substr(equals + 1));
        }
    }
    return std::nullopt;
}

http_answer http_answer::refusal(unsigned status, std::string_view why) {
    http_answer answer;
    answer.status = status;
    answer.body.append(why).append("\n");
    return answer;
}

void http_routes::add(std::string method, std::string path, handler handle) {
    add_deferred(
        std::move(method), std::move(path),
        [handle = std::move(handle)](const http_request& request, const http_respond& respond) {
            respond(handle(request));
        });
}

void http_routes::add_deferred(std::string method, std::string path, deferred_handler handle) {
    routes_.push_back({std::move(method), std::move(path), std::move(handle)});
}

// The pattern that covers the path and says most about it; empty when there is none.
std::string_view http_routes::best_path(std::string_view path) const {
    std::string_view best;
    for (const auto& one : routes_) {
        if (one.path == path) {
            return one.path;
        }
        if (covers(one.path, path) && one.path.size() > best.size()) {
            best = one.path;
        }
    }
    return best;
}

void http_routes::answer(const http_request& request, const http_respond& respond) const {
    const auto path = best_path(request.path);
    if (path.empty()) {
        respond(http_answer::refusal(404, "not_found"));
        return;
    }
    const std::string_view method = request.method;
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    std::string allowed;
    for (const auto& one : routes_) {
        if (one.path != path) {
            continue;
        }
        if (one.method == wanted) {
            one.answer(request, respond);
            return;
        }
        allowed.append(allowed.empty() ? "" : ", ").append(one.method);
        allowed.append(one.method == "GET" ? ", HEAD" : "");
    }
    auto refusal = http_answer::refusal(405, "method_not_allowed");
    refusal.headers.push_back({"Allow", allowed});
    respond(std::move(refusal));
}

}  // namespace onechat::net
