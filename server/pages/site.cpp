#include "server/pages/site.hpp"

#include "server/net/ascii.hpp"
#include "server/pages/content_coding.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace onechat::pages {
namespace {

// Nothing from elsewhere, nothing inline, and nobody may frame it. 'self' covers the WebSocket.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::string_view permissions_policy =
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

struct form {
    std::string_view bytes;
    std::string_view coding;  // empty: as it is
};

form form_of(const asset& file, content_coding coding) {
    switch (coding) {
        case content_coding::brotli:
            return {file.brotli, "br"};
        case content_coding::gzip:
            return {file.gzip, "gzip"};
        case content_coding::identity:
            break;
    }
    return {file.identity, {}};
}

// Each form is an entity of its own, so that caches never mix them up.
std::string entity_tag(const asset& file, const form& chosen) {
    std::string tag{"\""};
    tag.append(file.tag);
    if (!chosen.coding.empty()) {
        tag.append("-").append(chosen.coding);
    }
    return tag.append("\"");
}

// A tag may come back marked as weak; for a GET that makes no difference.
bool known(const net::http_request& request, std::string_view tag) {
    return std::ranges::any_of(request.headers, [&](const net::http_header& one) {
        return net::same_word(one.name, "If-None-Match") &&
               std::ranges::any_of(net::items_of(one.value), [&](std::string_view item) {
                   if (item.starts_with("W/")) {
                       item.remove_prefix(2);
                   }
                   return item == tag || item == "*";
               });
    });
}

void add(net::http_answer& answer, std::string name, std::string_view value) {
    answer.headers.push_back({std::move(name), std::string{value}});
}

}  // namespace

net::http_answer site::answer(const net::http_request& request) const {
    const auto found = std::ranges::find(assets_, request.path, &asset::path);
    if (found == assets_.end()) {
        return net::http_answer::refusal(404, "not_found");
    }
    const auto coding = chosen_coding(request, !found->brotli.empty(), !found->gzip.empty());
    if (!coding) {
        auto refused = net::http_answer::refusal(406, "not_acceptable");
        add(refused, "Vary", "Accept-Encoding");
        return refused;
    }
    const form chosen = form_of(*found, *coding);
    const std::string tag = entity_tag(*found, chosen);
    const bool is_page = found->path == "/";

    net::http_answer served;
    add(served, "ETag", tag);
    add(served, "Vary", "Accept-Encoding");
    // The page names the files of one version; they have names that never come again.
    add(served, "Cache-Control", is_page ? "no-cache" : "public, max-age=31536000, immutable");
    if (known(request, tag)) {
        served.status = 304;
        return served;
    }
    served.content_type = found->content_type;
    served.body = chosen.bytes;
    if (!chosen.coding.empty()) {
        add(served, "Content-Encoding", chosen.coding);
    }
    add(served, "Content-Security-Policy", content_security_policy);
    add(served, "Cross-Origin-Resource-Policy", "same-origin");
    if (is_page) {
        add(served, "Cross-Origin-Opener-Policy", "same-origin");
        add(served, "Permissions-Policy", permissions_policy);
        add(served, "Referrer-Policy", "no-referrer");
    }
    return served;
}

}  // namespace onechat::pages
