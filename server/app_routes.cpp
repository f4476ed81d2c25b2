// What the two ports answer over plain HTTP: pages, the state, and the operator's API.
#include "server/app.hpp"
#include "server/front_page.hpp"
#include "server/metrics.hpp"
#include "server/pages/site.hpp"

#include <span>
#include <utility>

namespace onechat {

namespace {

// A commit that is under way for longer is a disk that hangs: nothing is acknowledged meanwhile.
constexpr std::chrono::seconds commit_max{5};

net::http_answer state(unsigned status, std::string_view word) {
    net::http_answer answer;
    answer.status = status;
    answer.body = word;
    answer.headers.push_back({"Cache-Control", "no-store"});
    return answer;
}

// The files need no token, on the operator's side neither: they hold no figure and no name.
void add_site(net::http_routes& served, std::span<const pages::asset> assets) {
    for (const char* path : {"/", "/assets/*"}) {
        served.add("GET", path, [files = pages::site{assets}](const net::http_request& request) {
            return files.answer(request);
        });
    }
}

}  // namespace

net::http_routes app::routes() {
    net::http_routes served;
    if (const auto assets = pages::web_assets(); !assets.empty()) {
        add_site(served, assets);
    } else {
        served.add("GET", "/", [](const net::http_request&) {
            net::http_answer page;
            page.content_type = "text/html; charset=utf-8";
            page.body = front_page;
            page.headers.push_back({"Content-Security-Policy", std::string{front_page_policy}});
            return page;
        });
    }
    served.add("GET", "/healthz", [](const net::http_request&) { return state(200, "ok\n"); });
    served.add("GET", "/readyz", [this](const net::http_request&) { return readiness(); });
    return served;
}

// Whether newcomers find what they come for; that the process lives is /healthz's.
net::http_answer app::readiness() const {
    if (draining_) {
        return state(503, "restarting\n");
    }
    if (!board_.stores() || writer_.trouble() || writer_.commit_age(now().steady) > commit_max) {
        return state(503, "store_unavailable\n");
    }
    return state(200, "ready\n");
}

net::http_routes app::admin_routes() {
    net::http_routes served;
    if (const auto assets = pages::admin_assets(); !assets.empty()) {
        add_site(served, assets);
    }
    served.add("GET", "/readyz", [this](const net::http_request&) { return readiness(); });
    served.add("GET", "/metrics", [this](const net::http_request& request) {
        if (auto refused = admin_api_.foreign(request)) {
            return *std::move(refused);
        }
        net::http_answer figures;
        figures.content_type = metrics_content_type;
        figures.body = metrics();
        figures.headers.push_back({"Cache-Control", "no-store"});
        return figures;
    });
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
        served.add_deferred(method, "/admin/*",
                            [this](const net::http_request& request, net::http_respond respond) {
                                admin_api_.answer(request, std::move(respond));
                                connections_.flush();
                            });
    }
    return served;
}

}  // namespace onechat
