#include "server/admin/api.hpp"

#include "server/admin/reason.hpp"
#include "server/net/ascii.hpp"
#include "server/net/remote_address.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace onechat::admin {

namespace {

using net::http_answer;
using net::http_request;

constexpr lobby::rate wrong_tokens_allowed{5, std::chrono::minutes{1}, 5};

void harden(http_answer& answer) {
    for (const auto& [name, value] :
         {std::pair{"Cache-Control", "no-store"},
          {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Resource-Policy", "same-origin"}}) {
        answer.headers.push_back({name, value});
    }
}

// Without the port.
std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        return end == std::string_view::npos ? std::string_view{} : authority.substr(1, end - 1);
    }
    return authority.substr(0, authority.find(':'));
}

// Nothing when there is none that somebody could act on later.
std::optional<std::string> reason_in(const http_request& request) {
    return request.count("X-Reason") == 1 ? reason_of(net::trimmed(request.header("X-Reason")))
                                          : std::nullopt;
}

// Each name once, and only those that the route knows.
std::optional<http_answer> read_query(const http_request& request, const route& to, call& into) {
    std::string_view left = request.query;
    while (!left.empty()) {
        const auto part = left.substr(0, left.find('&'));
        left.remove_prefix(std::min(left.size(), part.size() + 1));
        const std::string name{part.substr(0, part.find('='))};
        const bool known =
            std::ranges::any_of(to.query, [&](const parameter& one) { return one.name == name; });
        if (!known || into.query.contains(name)) {
            return refusal(400, "bad_query",
                           "The query has a name twice, or one that says nothing.");
        }
        into.query[name] = request.query_value(name).value_or("");
    }
    return std::nullopt;
}

std::optional<http_answer> misfit_body(const http_request& request, const route& to) {
    if (request.body.empty()) {
        return std::nullopt;
    }
    if (to.asked == nullptr) {
        return refusal(400, "unexpected_body", "This request has no body.");
    }
    const auto type = request.header("Content-Type");
    if (!net::same_word(net::trimmed(type.substr(0, type.find(';'))), "application/json")) {
        return refusal(415, "not_json", "The body must be application/json.");
    }
    return std::nullopt;
}

struct found_route {
    const route* to = nullptr;
    std::vector<std::string> places;
    std::string allowed;  // methods, when the path is known
};

found_route look_up(const http_request& request) {
    found_route found;
    std::string_view method = request.method;
    if (method == "HEAD") {
        method = "GET";
    }
    std::string_view path = request.path;
    if (!path.starts_with(api_root)) {
        return found;
    }
    path.remove_prefix(api_root.size());
    for (const route& one : routes()) {
        auto places = match(one.path, path);
        if (!places) {
            continue;
        }
        found.allowed.append(found.allowed.empty() ? "" : ", ").append(one.method);
        if (one.method == method) {
            found.to = &one;
            found.places = *std::move(places);
        }
    }
    return found;
}

}  // namespace

http_answer late_answer() {
    auto late =
        refusal(503, "took_too_long",
                "The answer did not come in time. What was asked for may have been done, or "
                "may be yet: look before you ask again.");
    harden(late);
    return late;
}

void api::answer(const http_request& request, net::http_respond respond) {
    net::http_respond hardened = [respond = std::move(respond)](http_answer said) {
        harden(said);
        respond(std::move(said));
    };
    if (auto refused = foreign(request)) {
        hardened(*std::move(refused));
        return;
    }
    const auto* token = holder(request);
    if (token == nullptr) {
        hardened(refuse_token(request));
        return;
    }
    let_in(request, *token, std::move(hardened));
}

// A page of another site can make a browser send requests here, under a name of its own that it
// lets point here, too. No answer of ours allows it to read them; these are not even looked at.
std::optional<http_answer> api::foreign(const http_request& request) const {
    const auto authority = request.header("Host");
    const auto host = host_of(authority);
    const bool named = net::same_word(host, "localhost") ||
                       std::ranges::any_of(hosts_, [&](const std::string& one) {
                           return net::same_word(one, host);
                       });
    if (!named && !net::remote_address::parse(host)) {
        return refusal(403, "unknown_host",
                       "Ask for this server by its address, or name it in --admin-hosts.");
    }
    if (request.count("Origin") > 0) {
        const auto origin = request.header("Origin");
        const auto own = [&](std::string_view scheme) {
            return net::same_word(origin, std::string{scheme} + std::string{authority});
        };
        if (request.count("Origin") > 1 || (!own("http://") && !own("https://"))) {
            return refusal(403, "foreign_origin", "Pages of other sites may not ask here.");
        }
    }
    return std::nullopt;
}

const storage::admin_token_row* api::holder(const http_request& request) const {
    constexpr std::string_view scheme = "Bearer ";
    const auto said = request.header("Authorization");
    if (request.count("Authorization") != 1 || said.size() <= scheme.size() ||
        said.size() > scheme.size() + token_bytes_max ||
        !net::same_word(said.substr(0, scheme.size()), scheme)) {
        return nullptr;
    }
    return at_.tokens.find(said.substr(scheme.size()));
}

// Of those who guess; a right token is let in whatever others from its address have tried. With 256
// random bits nobody guesses it, so this saves work and makes noise visible.
http_answer api::refuse_token(const http_request& request) {
    ++wrong_tokens_;
    const auto steady = at_.now().steady;
    failures_.forget_rested(steady);
    if (const auto wait =
            failures_.take(request.remote.network().bytes, wrong_tokens_allowed, steady)) {
        auto refused = refusal(429, "too_many_failures", "Too many wrong tokens from there.");
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
        refused.headers.push_back({"Retry-After", std::to_string(seconds)});
        return refused;
    }
    auto refused = refusal(401, "token_required", "A token of this server is needed.");
    refused.headers.push_back({"WWW-Authenticate", "Bearer"});
    return refused;
}

void api::note_use(const storage::admin_token_row& token) {
    const auto now = at_.now();
    const std::string name = token.name;
    if (at_.tokens.note_use(name, now.unix_ms)) {
        at_.board.commission(
            storage::note_token_used{name, now.unix_ms}, [](const storage::change*) {}, now);
    }
}

void api::let_in(const http_request& request, const storage::admin_token_row& token,
                 net::http_respond respond) {
    note_use(token);
    auto found = look_up(request);
    if (found.to == nullptr) {
        if (found.allowed.empty()) {
            respond(refusal(404, "not_found", "The API has no such path."));
            return;
        }
        auto refused = refusal(405, "method_not_allowed", "The path has other methods.");
        refused.headers.push_back({"Allow", found.allowed});
        respond(std::move(refused));
        return;
    }
    auto asked = std::make_shared<call>();
    asked->who = token.name;
    asked->since = at_.now().steady;
    asked->may = static_cast<role>(token.role);
    if (asked->may < found.to->needed) {
        respond(refusal(
            403, "forbidden",
            "This needs the role " + std::string{protocol::name_of(found.to->needed)} + "."));
        return;
    }
    if (auto refused = misfit_body(request, *found.to)) {
        respond(*std::move(refused));
        return;
    }
    if (auto refused = read_query(request, *found.to, *asked)) {
        respond(*std::move(refused));
        return;
    }
    if (found.to->needs_reason) {
        auto reason = reason_in(request);
        if (!reason) {
            respond(refusal(400, "reason_required",
                            "Say why in X-Reason: percent-encoded UTF-8, 3 to 500 code points.",
                            "X-Reason"));
            return;
        }
        asked->why = *std::move(reason);
    }
    asked->places = std::move(found.places);
    asked->body = request.body;
    asked->respond = std::move(respond);
    found.to->handle(at_, asked);
}

}  // namespace onechat::admin
