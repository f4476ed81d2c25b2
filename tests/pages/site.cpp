#include "server/pages/site.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <string>

using namespace onechat;

namespace {

constexpr std::array<pages::asset, 3> assets{{
    {"/", "text/html; charset=utf-8", "aa", "<p>page</p>", "page.br", "page.gz"},
    {"/assets/app-bb.js", "text/javascript; charset=utf-8", "bb", "script", "script.br", ""},
    {"/assets/dot-cc.svg", "image/svg+xml", "cc", "<svg/>", "", ""},
}};

net::http_answer get(const std::string& path, std::vector<net::http_header> headers = {}) {
    net::http_request request;
    request.method = "GET";
    request.path = path;
    request.headers = std::move(headers);
    return pages::site{assets}.answer(request);
}

// Empty when it isn't there.
std::string header(const net::http_answer& answer, std::string_view name) {
    std::string value;
    for (const auto& one : answer.headers) {
        if (one.name == name) {
            CHECK(value.empty());
            value = one.value;
        }
    }
    return value;
}

}  // namespace

TEST_CASE("the page is asked for anew each time, its files never again") {
    const auto page = get("/");
    CHECK(page.status == 200);
    CHECK(page.content_type == "text/html; charset=utf-8");
    CHECK(page.body == "<p>page</p>");
    CHECK(header(page, "Cache-Control") == "no-cache");
    CHECK(header(page, "Vary") == "Accept-Encoding");
    CHECK(header(page, "Content-Encoding").empty());
    CHECK(header(page, "Referrer-Policy") == "no-referrer");
    CHECK_FALSE(header(page, "Permissions-Policy").empty());

    const auto script = get("/assets/app-bb.js");
    CHECK(script.body == "script");
    CHECK(header(script, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(header(script, "Vary") == "Accept-Encoding");
}

TEST_CASE("nothing from elsewhere and nothing inline is allowed") {
    for (const auto& file : assets) {
        const auto policy = header(get(std::string{file.path}), "Content-Security-Policy");
        CHECK(policy.starts_with("default-src 'none'; "));
        CHECK(policy.find("unsafe") == std::string::npos);
        CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    }
}

TEST_CASE("a file is sent in the form that was asked for, under a tag of its own") {
    const auto plain = get("/");
    const auto brotli = get("/", {{"Accept-Encoding", "gzip, br"}});
    const auto gzip = get("/", {{"Accept-Encoding", "gzip"}});

    CHECK(brotli.body == "page.br");
    CHECK(header(brotli, "Content-Encoding") == "br");
    CHECK(gzip.body == "page.gz");
    CHECK(header(gzip, "Content-Encoding") == "gzip");
    CHECK(header(plain, "ETag") == "\"aa\"");
    CHECK(header(brotli, "ETag") == "\"aa-br\"");
    CHECK(header(gzip, "ETag") == "\"aa-gzip\"");
    CHECK(get("/assets/dot-cc.svg", {{"Accept-Encoding", "br"}}).body == "<svg/>");
}

TEST_CASE("what the client has already isn't sent again") {
    const net::http_header brotli{"Accept-Encoding", "br"};
    for (const char* tag : {"\"aa-br\"", "W/\"aa-br\"", "\"x\", \"aa-br\"", "*"}) {
        INFO(tag);
        const auto answer = get("/", {brotli, {"If-None-Match", tag}});
        CHECK(answer.status == 304);
        CHECK(answer.body.empty());
        CHECK(header(answer, "ETag") == "\"aa-br\"");
        CHECK(header(answer, "Cache-Control") == "no-cache");
        CHECK(header(answer, "Vary") == "Accept-Encoding");
        CHECK(header(answer, "Content-Encoding").empty());
    }
    for (const char* tag : {"\"aa\"", "\"aa-gzip\"", "aa-br", "\"AA-BR\"", ""}) {
        INFO(tag);
        CHECK(get("/", {brotli, {"If-None-Match", tag}}).status == 200);
    }
}

TEST_CASE("only whole paths name a file") {
    for (const char* path :
         {"", "/index.html", "//", "/assets/", "/assets/app-bb.js/", "/assets/app-bb.JS",
          "/assets/../", "/assets/%61pp-bb.js", "/assets/app-bb.js%00", "/assets//app-bb.js"}) {
        INFO(path);
        CHECK(get(path).status == 404);
    }
}

TEST_CASE("who takes no form at all hears so") {
    const auto answer = get("/", {{"Accept-Encoding", "identity;q=0"}});

    CHECK(answer.status == 406);
    CHECK(header(answer, "Vary") == "Accept-Encoding");
}
