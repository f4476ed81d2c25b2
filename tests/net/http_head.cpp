#include "server/net/http_head.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace onechat::net;
using state = request_head::state;

namespace {

std::string with(const std::string& lines, const std::string& first = "GET / HTTP/1.1") {
    return first + "\r\nHost: a\r\n" + lines + "\r\n";
}

unsigned status_of(const std::string& bytes) {
    const auto head = read_request_head(bytes);
    REQUIRE(head.what != state::incomplete);
    return head.what == state::complete ? 200 : head.refusal.status;
}

std::string why_of(const std::string& bytes) {
    return read_request_head(bytes).refusal.body;
}

std::string headers(int count) {
    std::string lines;
    for (int i = 0; i < count; ++i) {
        lines += "X: y\r\n";
    }
    return lines;
}

}  // namespace

TEST_CASE("a head is taken apart") {
    const std::string bytes =
        with("Content-Length: 5\r\nX-Y:  z \r\n", "POST /a/b?c=d&e HTTP/1.1") + "hello";

    const auto head = read_request_head(bytes);

    REQUIRE(head.what == state::complete);
    CHECK(head.request.method == "POST");
    CHECK(head.request.path == "/a/b");
    CHECK(head.request.query == "c=d&e");
    CHECK(head.request.header("x-y") == "z");
    CHECK(head.body_bytes == 5);
    CHECK(bytes.substr(head.head_bytes) == "hello");
    CHECK(head.keep_alive);
    for (std::size_t part = 0; part < head.head_bytes; ++part) {
        REQUIRE(read_request_head(bytes.substr(0, part)).what == state::incomplete);
    }
}

TEST_CASE("an empty line before a request is ignored") {
    const auto head = read_request_head("\r\n" + with(""));
    CHECK(head.what == state::complete);
    CHECK(head.head_bytes == 2 + with("").size());
}

TEST_CASE("the exact answer to each malformed head") {
    struct row {
        const char* what;
        std::string bytes;
        unsigned status;
    };
    const std::vector<row> rows{
        {"fine", with(""), 200},
        {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
        {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        {"Host twice", with("Host: b\r\n"), 400},
        {"chunked", with("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.1"), 501},
        {"gzip, chunked", with("Transfer-Encoding: gzip, chunked\r\n", "POST / HTTP/1.1"), 501},
        {"identity", with("Transfer-Encoding: identity\r\n"), 501},
        {"odd encoding", with("Transfer-Encoding: x\r\n"), 501},
        {"no encoding", with("Transfer-Encoding:\r\n"), 501},
        {"encoding twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"), 501},
        {"length and encoding", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"encoding and length", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
        {"odd encoding and length", with("Transfer-Encoding: x\r\nContent-Length: 5\r\n"), 400},
        {"two lengths", with("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
        {"one length twice", with("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
        {"a list of lengths", with("Content-Length: 5, 5\r\n"), 400},
        {"overflow", with("Content-Length: 18446744073709551616\r\n"), 400},
        {"long overflow", with("Content-Length: 99999999999999999999999\r\n"), 400},
        {"signed length", with("Content-Length: +5\r\n"), 400},
        {"negative length", with("Content-Length: -1\r\n"), 400},
        {"hex length", with("Content-Length: 0x10\r\n"), 400},
        {"largest length", with("Content-Length: 18446744073709551615\r\n"), 200},
        {"obs-fold", with("X: a\r\n b\r\n"), 400},
        {"obs-fold with tab", with("X: a\r\n\tb\r\n"), 400},
        {"fold before the first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
        {"bare line feed", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
        {"bare carriage return", with("X: a\rb\r\n"), 400},
        {"NUL", with(std::string("X: a\0b\r\n", 8)), 400},
        {"space before colon", with("X : a\r\n"), 400},
        {"no colon", with("nonsense\r\n"), 400},
        {"empty name", with(": a\r\n"), 400},
        {"space in target", with("", "GET /a b HTTP/1.1"), 400},
        {"high byte in target", with("", "GET /\xC3\xA9 HTTP/1.1"), 400},
        {"DEL in target", with("", "GET /\x7F HTTP/1.1"), 400},
        {"control in target", with("", "GET /\x01 HTTP/1.1"), 400},
        {"absolute form", with("", "GET http://b/x HTTP/1.1"), 200},
        {"absolute form, any case", with("", "GET HTTPS://b HTTP/1.1"), 200},
        {"absolute form, no Host", "GET http://b/ HTTP/1.1\r\n\r\n", 400},
        {"absolute form, no authority", with("", "GET http:///x HTTP/1.1"), 400},
        {"absolute form with a user", with("", "GET http://u@b/x HTTP/1.1"), 400},
        {"another scheme", with("", "GET ftp://b/x HTTP/1.1"), 400},
        {"authority form", with("", "CONNECT b:80 HTTP/1.1"), 400},
        {"asterisk", with("", "OPTIONS * HTTP/1.1"), 400},
        {"relative path", with("", "GET x HTTP/1.1"), 400},
        {"HTTP/2", with("", "GET / HTTP/2.0"), 400},
        {"HTTP/1.0", with("", "GET / HTTP/1.0"), 200},
        {"no version", with("", "GET /"), 400},
        {"not HTTP", with("", "\x16\x03\x01\x02"), 400},
        {"64 headers", with(headers(63)), 200},
        {"65 headers", with(headers(64)), 431},
        {"target of 2 KiB", with("", "GET /" + std::string(2047, 'a') + " HTTP/1.1"), 200},
        {"target beyond", with("", "GET /" + std::string(2048, 'a') + " HTTP/1.1"), 414},
        {"target of 100 KiB", with("", "GET /" + std::string(100'000, 'a') + " HTTP/1.1"), 414},
        {"8 KiB", with("X: " + std::string(8192 - with("X: \r\n").size(), 'a') + "\r\n"), 200},
        {"more", with("X: " + std::string(8193 - with("X: \r\n").size(), 'a') + "\r\n"), 431},
        {"more, endless", "GET / HTTP/1.1\r\nX: " + std::string(8192, 'a'), 431},
        {"target, endless", "GET /" + std::string(3000, 'a'), 414},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        CHECK(status_of(row.bytes) == row.status);
    }
}

TEST_CASE("a length and an encoding are refused by name, in either order") {
    const std::string length = "Content-Length: 5\r\n";
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    CHECK(why_of(with(length + chunked)) == "length_and_encoding\n");
    CHECK(why_of(with(chunked + length)) == "length_and_encoding\n");
    CHECK(why_of(with(chunked + "Content-Length: x\r\n")) == "length_and_encoding\n");
}

TEST_CASE("the absolute form is taken apart, and its authority is the host") {
    struct row {
        const char* target;
        const char* path;
        const char* query;
    };
    for (const auto& row : {row{"http://b/x/y?z", "/x/y", "z"}, row{"http://b", "/", ""},
                            row{"https://b?z=/", "/", "z=/"}, row{"/a://b", "/a://b", ""}}) {
        const auto head =
            read_request_head(with("", std::string("GET ") + row.target + " HTTP/1.1"));
        REQUIRE(head.what == state::complete);
        CHECK(head.request.path == row.path);
        CHECK(head.request.query == row.query);
        CHECK(head.request.header("Host") == (row.target[0] == '/' ? "a" : "b"));
    }
}

TEST_CASE("a token in a URL is refused by name") {
    for (const auto* const target :
         {"/ws?token=x", "/?a=b&token=x", "/?token=", "/?%74oken=x", "http://a/?token=x"}) {
        CHECK(why_of(with("", std::string("GET ") + target + " HTTP/1.1")) == "token_in_url\n");
    }
    CHECK(status_of(with("", "GET /?tokens=x HTTP/1.1")) == 200);
}

TEST_CASE("HTTP/1.0 and Connection: close end with their answer") {
    CHECK_FALSE(read_request_head(with("", "GET / HTTP/1.0")).keep_alive);
    CHECK_FALSE(read_request_head(with("Connection: close\r\n")).keep_alive);
}

TEST_CASE("an answer is written with its length, nosniff, and no Server") {
    http_answer answer;
    answer.body = "hello";
    answer.headers = {{"X-More", "1"}};

    const auto text = write_answer(answer, false, true);

    CHECK(text ==
          "HTTP/1.1 200 OK\r\nX-More: 1\r\nX-Content-Type-Options: nosniff\r\n"
          "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello");
    CHECK(write_answer(answer, true, true) == text.substr(0, text.size() - 5));
    CHECK(write_answer(answer, false, false).find("Connection: close\r\n") != std::string::npos);
}
