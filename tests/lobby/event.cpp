#include "server/lobby/event.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using protocol::event_kind;
using protocol::sender;

namespace {

event text_from(side from) {
    event what;
    what.seq = 7;
    what.at = 1234;
    what.from = from;
    what.text = "你好";
    what.cid = 42;
    return what;
}

}  // namespace

TEST_CASE("a text is shown to its sender with its number and to the partner without") {
    const event said = text_from(side::two);

    const auto mine = shown_to(side::two, said, "name");
    const auto theirs = shown_to(side::one, said, "name");

    CHECK(mine.from == sender::me);
    CHECK(mine.cid == 42);
    CHECK(theirs.from == sender::partner);
    CHECK_FALSE(theirs.cid);
    for (const auto& shown : {mine, theirs}) {
        CHECK(shown.pair == "name");
        CHECK(shown.seq == 7);
        CHECK(shown.at == 1234);
        CHECK(shown.kind == event_kind::text);
        CHECK(shown.text == "你好");
        CHECK_FALSE(shown.ref);
        CHECK_FALSE(shown.reason);
        CHECK_FALSE(shown.gone);
    }
}

TEST_CASE("of a text that is no more only the reason is shown") {
    event said = text_from(side::one);
    said.gone = protocol::gone_reason::erase;

    const auto shown = shown_to(side::two, said, "name");

    CHECK(shown.gone == protocol::gone_reason::erase);
    CHECK_FALSE(shown.text);
}

TEST_CASE("a start is the system's to both, and bears nothing else") {
    event start;
    start.seq = 1;
    start.kind = event_kind::start;

    for (const side viewer : {side::one, side::two}) {
        const auto shown = shown_to(viewer, start, "name");

        CHECK(shown.from == sender::system);
        CHECK_FALSE(shown.text);
        CHECK_FALSE(shown.cid);
        CHECK_FALSE(shown.ref);
        CHECK_FALSE(shown.reason);
    }
}

TEST_CASE("an end is from whoever left, and says why") {
    event end;
    end.kind = event_kind::end;
    end.from = side::two;
    end.reason = protocol::end_reason::left;

    CHECK(shown_to(side::two, end, "name").from == sender::me);
    CHECK(shown_to(side::one, end, "name").from == sender::partner);
    CHECK(shown_to(side::one, end, "name").reason == protocol::end_reason::left);
    CHECK_FALSE(shown_to(side::two, end, "name").cid);
}

TEST_CASE("a recall names the text it takes back") {
    event recall;
    recall.kind = event_kind::recall;
    recall.from = side::one;
    recall.ref = 3;

    const auto shown = shown_to(side::two, recall, "name");

    CHECK(shown.ref == 3);
    CHECK(shown.from == sender::partner);
    CHECK_FALSE(shown.text);
}

TEST_CASE("the digest of a text stays the same over builds") {
    // FNV-1a's published values: marks are kept on disk.
    CHECK(digest_of("") == 0xcbf29ce484222325U);
    CHECK(digest_of("a") == 0xaf63dc4c8601ec8cU);
    CHECK(digest_of("foobar") == 0x85944171f73967e8U);
    CHECK(digest_of("你好") != digest_of("您好"));
}
