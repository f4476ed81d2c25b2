#include "server/net/outbox.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace onechat::net;

TEST_CASE("an outbox gives back what it got, in order, however it is drained") {
    outbox out;
    std::string got;
    std::string given;
    for (int i = 0; i < 300; ++i) {
        const auto piece = std::to_string(i) + ",";
        given += piece;
        out.reserve(piece.size(), 1024);
        out.append(piece);
        const auto part = out.waiting().substr(0, out.size() / 2);
        got += part;
        out.consume(part.size());
    }
    got += out.waiting();

    CHECK(got == given);
}

TEST_CASE("an outbox near its limit does not hold twice the limit") {
    constexpr std::size_t limit = 256 * 1024;
    outbox out;
    const std::string piece(1000, 'x');
    while (out.size() + piece.size() <= limit) {
        out.reserve(piece.size(), limit);
        out.append(piece);
    }

    CHECK(out.capacity() <= limit);
    out.reserve(64 * 1024, limit);  // last words may pass the limit
    CHECK(out.capacity() <= limit + 64 * 1024);
}

TEST_CASE("the pool lends again what came back, unless it is large") {
    outbox_pool pool;
    auto one = pool.lend();
    one->append("abc");
    const auto* const address = one.get();
    pool.give_back(std::move(one));

    auto again = pool.lend();
    CHECK(again.get() == address);
    CHECK(again->empty());

    again->append(std::string(100'000, 'x'));
    pool.give_back(std::move(again));
    CHECK(pool.lend()->capacity() == 0);
}
