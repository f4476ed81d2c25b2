#include "server/net/http_response.hpp"

#include "server/net/http_head.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace onechat::net;

namespace {

using response_state = http_response::state;

constexpr std::size_t body_max = 100;

http_response response_of(std::string_view received) {
    return read_response(received, body_max);
}

}  // namespace

TEST_CASE("an answer is complete with its last byte, and not before") {
    const std::string text = GENERATE(
        std::string{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"a\"}"},
        std::string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{\"\r\n3\r\na\"}\r\n"
                    "0\r\nX: y\r\n\r\n"},
        std::string{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                    "{\"a\"}"});
    for (std::size_t size = 0; size < text.size(); ++size) {
        CHECK(response_of(text.substr(0, size)).what == response_state::incomplete);
    }

    const auto whole = response_of(text + "more");

    CHECK(whole.what == response_state::complete);
    CHECK(whole.bytes == text.size());
    CHECK(whole.status == 200);
    CHECK(whole.body == "{\"a\"}");
    CHECK(whole.keep_alive);
}

TEST_CASE("a connection that ends after an answer says so") {
    CHECK_FALSE(response_of("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                    .keep_alive);
    CHECK_FALSE(response_of("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").keep_alive);
    CHECK(response_of("HTTP/1.1 204 No Content\r\n\r\n").keep_alive);
}

TEST_CASE("the body may be as long as its limit and no longer") {
    const auto answer = [](std::size_t size) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
               std::string(size, 'x');
    };
    CHECK(response_of(answer(body_max)).body.size() == body_max);
    CHECK(response_of(answer(body_max + 1)).what == response_state::malformed);

    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" +
                                std::string(body_max + 1, 'x') + "\r\n0\r\n\r\n";
    CHECK(response_of(chunked).what == response_state::malformed);
}

TEST_CASE("the head may be as long as its limit and no longer") {
    const std::string line = "HTTP/1.1 200 OK\r\nX: ";
    CHECK(response_of(line + std::string(head_bytes_max - line.size(), 'x')).what ==
          response_state::incomplete);
    CHECK(response_of(line + std::string(head_bytes_max, 'x')).what == response_state::malformed);
}

TEST_CASE("what is no answer that says where it ends is refused") {
    for (const auto* const text :
         {"SSH-2.0-OpenSSH\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 20x OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
        INFO(text);
        CHECK(response_of(text).what == response_state::malformed);
    }
}

TEST_CASE("answers before the answer are skipped, but not without end") {
    const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n";
    const std::string last = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    std::string most;
    while (most.size() + interim.size() <= interim_bytes_max) {
        most += interim;
    }

    CHECK(response_of(most).what == response_state::incomplete);
    CHECK(response_of(most + last).what == response_state::complete);
    CHECK(response_of(most + interim).what == response_state::malformed);
    CHECK(response_of(most + interim + last).what == response_state::malformed);
}

TEST_CASE("a small body cut into wordy chunks is not read without end") {
    std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string chunk = "1;" + std::string(5000, 'x') + "\r\na\r\n";
    while (text.size() <= response_bytes_max(body_max)) {
        CHECK(response_of(text).what == response_state::incomplete);
        text += chunk;
    }

    CHECK(response_of(text).what == response_state::malformed);
}
