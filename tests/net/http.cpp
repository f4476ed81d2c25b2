#include "server/net/http.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::net;

namespace {

http_answer ask(const http_routes& routes, const std::string& method, const std::string& path) {
    http_request request;
    request.method = method;
    request.path = path;
    http_answer given;
    routes.answer(request, [&](http_answer answer) { given = std::move(answer); });
    return given;
}

http_routes::handler says(std::string text) {
    return [text = std::move(text)](const http_request&) {
        http_answer answer;
        answer.body = text;
        return answer;
    };
}

}  // namespace

TEST_CASE("routes answer by path and method") {
    http_routes routes;
    routes.add("GET", "/healthz", says("ok"));
    routes.add("GET", "/users/*", says("one"));
    routes.add("DELETE", "/users/*", says("gone"));
    routes.add("GET", "/users/me", says("me"));

    CHECK(ask(routes, "GET", "/healthz").body == "ok");
    CHECK(ask(routes, "HEAD", "/healthz").body == "ok");
    CHECK(ask(routes, "GET", "/users/7").body == "one");
    CHECK(ask(routes, "DELETE", "/users/7").body == "gone");
    CHECK(ask(routes, "GET", "/users/me").body == "me");
    CHECK(ask(routes, "GET", "/users/").status == 404);
    CHECK(ask(routes, "GET", "/").status == 404);

    const auto wrong = ask(routes, "PUT", "/users/7");
    CHECK(wrong.status == 405);
    REQUIRE(wrong.headers.size() == 1);
    CHECK(wrong.headers[0].name == "Allow");
    CHECK(wrong.headers[0].value == "GET, HEAD, DELETE");
}

TEST_CASE("headers are found in any case, lists by their items") {
    http_request request;
    request.headers = {{"X-A", "1"}, {"x-a", "2"}, {"Connection", "close ,\tUpgrade"}};

    CHECK(request.header("x-A") == "1");
    CHECK(request.count("X-a") == 2);
    CHECK(request.header("X-B").empty());
    CHECK(request.lists("connection", "upgrade"));
    CHECK_FALSE(request.lists("connection", "up"));
}

TEST_CASE("a query is read as browsers write it") {
    http_request request;
    request.query = "a=1&b=x%20y+z&c&d=%&%65=5&a=2";

    CHECK(request.query_value("a") == "1");
    CHECK(request.query_value("b") == "x y z");
    CHECK(request.query_value("c") == "");
    CHECK(request.query_value("d") == "%");
    CHECK(request.query_value("e") == "5");
    CHECK_FALSE(request.query_value("f"));
}
