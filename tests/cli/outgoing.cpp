#include "server/cli/outgoing.hpp"

#include "protocol/limits.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace onechat;
using namespace std::chrono_literals;
using cli::outgoing;
using protocol::client::say;

namespace {

const outgoing::time_point start{};

std::vector<std::uint64_t> cids(const std::vector<say>& said) {
    std::vector<std::uint64_t> out;
    for (const say& one : said) {
        out.push_back(one.cid);
    }
    return out;
}

using numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("texts are numbered above the last cid and name their pair") {
    outgoing texts{"p", 7};
    texts.add("one");
    texts.add("two");

    const auto said = texts.due(start);

    REQUIRE(said.size() == 2);
    CHECK(said[0] == say{.cid = 8, .text = "one", .pair = "p"});
    CHECK(said[1] == say{.cid = 9, .text = "two", .pair = "p"});
    CHECK(texts.due(start).empty());
}

TEST_CASE("at most 64 are unacked, further texts wait for an ack") {
    outgoing texts{"p", 0};
    for (int n = 0; n < 66; ++n) {
        texts.add(std::to_string(n));
    }

    CHECK(texts.due(start).size() == protocol::limits::in_flight_max);
    CHECK(texts.due(start).empty());
    CHECK(texts.waits());
    CHECK(texts.stored(1));
    CHECK(cids(texts.due(start)) == numbers{65});
}

TEST_CASE("no more texts are taken than the limit says") {
    outgoing texts{"p", 0};
    for (std::size_t n = 0; n < outgoing::texts_max; ++n) {
        CHECK_FALSE(texts.full());
        texts.add("x");
    }

    CHECK(texts.full());
}

TEST_CASE("after a refusal that passes, it and what followed is said again in order") {
    outgoing texts{"p", 0};
    texts.add("a");
    texts.add("b");
    texts.add("c");
    CHECK(cids(texts.due(start)) == numbers{1, 2, 3});

    texts.postponed(2, start + 1s);
    CHECK(texts.due(start + 2s).empty());  // 1 may be answered late, but 3 must be
    texts.postponed(3, start + 1s);

    CHECK(texts.due(start).empty());
    CHECK(texts.wake(start) == start + 1s);
    const auto said = texts.due(start + 1s);
    CHECK(cids(said) == numbers{4, 5});
    CHECK(said[0].text == "b");
    CHECK_FALSE(texts.wake(start + 1s));
}

TEST_CASE("a new connection hears what was not answered, as it was said") {
    outgoing texts{"p", 0};
    texts.add("a");
    texts.add("b");
    static_cast<void>(texts.due(start));
    texts.add("c");
    CHECK(texts.stored(1));

    CHECK(cids(texts.again(6)) == numbers{2});
    CHECK(cids(texts.due(start)) == numbers{7});
}

TEST_CASE("a refused text comes back, and an answered one is known only once") {
    outgoing texts{"p", 0};
    texts.add("a");
    static_cast<void>(texts.due(start));

    CHECK(texts.refused(1) == "a");
    CHECK_FALSE(texts.refused(1));
    CHECK_FALSE(texts.stored(1));
    texts.add("b");
    CHECK(texts.give_up() == std::vector<std::string>{"b"});
}
