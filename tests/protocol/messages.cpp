#include "protocol/codec.hpp"
#include "protocol/examples.hpp"
#include "tests/support/catch.hpp"

#include <set>
#include <string>

using namespace onechat::protocol;

namespace {

template <class Message>
std::string written(const Message& message, std::optional<std::int64_t> rid = {}) {
    std::string out;
    write(out, message, rid);
    return out;
}

// With every optional field, and no member as it is by default.
std::vector<client_message> full_client_messages() {
    using namespace client;
    return {
        hello{.v = 1,
              .login = login_request{.provider = provider::qq, .code = "c0de"},
              .token = "t0ken",
              .held = held_position{.pair = "p", .seq = 7, .epoch = -5}},
        find{.topics = std::vector<std::string>{}, .nickname = "", .avatar = "elephant"},
        say{.cid = 9007199254740991, .text = "\"\\\n你好👋", .pair = "p"},
        typing{.on = true, .pair = "p"},
        seen{.seq = 0, .pair = "p"},
        recall{.seq = 1, .pair = ""},
        next{.topics = {{"a", "b"}}, .nickname = "n", .avatar = "fox", .pair = "p"},
        history{.pair = "p", .before = 0, .limit = 100},
        pairs{.before = "cursor", .limit = 1},
        report{.pair = "p", .reason = report_reason::minor, .note = ""},
        notify{.templates = {}},
    };
}

std::vector<server_message> full_server_messages() {
    using namespace server;
    const event said{.pair = "p",
                     .seq = 4,
                     .at = -1,
                     .from = sender::me,
                     .kind = event_kind::recall,
                     .text = "t",
                     .cid = 3,
                     .ref = 2,
                     .reason = end_reason::timeout,
                     .gone = gone_reason::removed};
    const matched chat{.pair = "p",
                       .partner = {.alias = "a", .avatar = "cat", .nickname = "n"},
                       .topic = "t",
                       .met = 4294967295,
                       .recent = {{said, said}},
                       .last_seq = 1,
                       .last_cid = 2,
                       .partner_seen = 3,
                       .resumed = true};
    return {
        welcome{.v = 1,
                .token = "t",
                .expires = 1,
                .epoch = 2,
                .state = user_state::paired,
                .topics = {{.id = "i", .title = "t", .hint = "h", .waiting = pool_size::many}},
                .limits = {.text = 1, .frame = 2, .in_flight = 3, .durability = durability::normal},
                .now = 3,
                .heartbeat_ms = 4,
                .away_ms = 5,
                .held = held_answer{.pair = "p", .keep = 6, .gap = true},
                .pair = chat},
        chat,
        said,
        ack{.pair = "p", .cid = 1, .seq = 2, .at = 3, .dup = true},
        nack{.pair = "p", .cid = 1, .code = refusal::forbidden, .retry_ms = 2},
        exported{.records = {{.kind = record_kind::ban,
                              .at = 1,
                              .pair = "p",
                              .text = "t",
                              .provider = provider::wechat,
                              .until = 2}},
                 .more = true},
        error{.code = refusal::too_late, .text = "t", .field = "f", .retry_ms = 1},
        bye{.code = 4502, .reason = "banned", .retry_ms = 1, .until = 2},
    };
}

}  // namespace

TEST_CASE("every client message comes back as it was written, with its rid") {
    auto messages = client_examples();
    for (const auto& full : full_client_messages()) {
        messages.push_back(full);
    }

    for (const auto& message : messages) {
        for (const std::optional<std::int64_t> rid :
             {std::optional<std::int64_t>{}, {0}, {-9007199254740991}, {9007199254740991}}) {
            const std::string text = written(message, rid);
            INFO(text);
            const auto parsed = parse(text);
            REQUIRE(parsed.has_value());
            CHECK(parsed->message == message);
            CHECK(parsed->rid == rid);
        }
    }
}

TEST_CASE("every server message comes back as it was written, with its rid") {
    auto messages = server_examples();
    for (const auto& full : full_server_messages()) {
        messages.push_back(full);
    }

    for (const auto& message : messages) {
        const std::string text = written(message, 42);
        INFO(text);
        const auto parsed = parse_server(text);
        REQUIRE(parsed.has_value());
        CHECK(parsed->message == message);
        CHECK(parsed->rid == 42);
    }
}

TEST_CASE("there is an example of every message, in order") {
    const auto client = client_examples();
    const auto server = server_examples();

    REQUIRE(client.size() == std::variant_size_v<client_message>);
    REQUIRE(server.size() == std::variant_size_v<server_message>);
    for (std::size_t i = 0; i < client.size(); ++i) {
        CHECK(client[i].index() == i);
    }
    for (std::size_t i = 0; i < server.size(); ++i) {
        CHECK(server[i].index() == i);
    }
}

TEST_CASE("messages are the same bytes every time, in the order of the contract") {
    CHECK(written(client::say{.cid = 1, .text = "hi", .pair = "p"}, 7) ==
          R"({"t":"say","rid":7,"cid":1,"text":"hi","pair":"p"})");
    CHECK(written(client::ping{}) == R"({"t":"ping"})");
    CHECK(written(client::export_records{}) == R"({"t":"export"})");
    CHECK(written(client::hello{.login = client::login_request{}}) ==
          R"({"t":"hello","v":1,"login":{"provider":"guest"}})");
    CHECK(written(server::ack{.pair = "p", .cid = 1, .seq = 2, .at = 3}) ==
          R"({"t":"ack","pair":"p","cid":1,"seq":2,"at":3})");
    CHECK(written(server::event{.pair = "p",
                                .seq = 5,
                                .at = 1767225600000,
                                .from = sender::partner,
                                .kind = event_kind::text,
                                .text = "你好"}) ==
          R"({"t":"event","pair":"p","seq":5,"at":1767225600000,"from":"partner","kind":"text",)"
          R"("text":"你好"})");
    CHECK(
        written(server::waiting{.since = 1, .waited_ms = 2, .tier = 0, .pool = pool_size::some}) ==
        R"({"t":"waiting","since":1,"waited_ms":2,"tier":0,"pool":"5-19"})");
    CHECK(written(server::pairs{}) == R"({"t":"pairs","pairs":[],"more":false})");
}

TEST_CASE("the body of matched and its events stand without their type inside of others") {
    const server::matched chat{
        .pair = "p",
        .partner = {.alias = "a", .avatar = "cat"},
        .recent = {{server::event{.pair = "p", .seq = 1, .kind = event_kind::start}}},
        .last_seq = 1,
        .resumed = true};

    const std::string text =
        written(server::welcome{.token = "t", .state = user_state::paired, .pair = chat});

    CHECK(
        text ==
        R"({"t":"welcome","v":1,"token":"t","expires":0,"epoch":0,"state":"paired","topics":[],)"
        R"("limits":{"text":0,"frame":0,"in_flight":0,"durability":"full"},"now":0,)"
        R"("heartbeat_ms":0,"away_ms":0,"pair":{"pair":"p","partner":{"alias":"a","avatar":"cat"},)"
        R"("met":0,"recent":[{"pair":"p","seq":1,"at":0,"from":"system","kind":"start"}],)"
        R"("last_seq":1,"last_cid":0,"partner_seen":0,"resumed":true}})");
}

TEST_CASE("what is written only when true is absent when false") {
    CHECK(written(server::ack{.pair = "p", .dup = false}).find("dup") == std::string::npos);
    CHECK(written(server::ack{.pair = "p", .dup = true}).ends_with(R"(,"dup":true})"));
    CHECK(written(server::matched{.resumed = false}).find("resumed") == std::string::npos);
}

TEST_CASE("a message is appended to what the string holds") {
    std::string out = "before ";

    write(out, server_message{server::idle{}});
    write(out, server::idle{}, 3);

    CHECK(out == R"(before {"t":"idle"}{"t":"idle","rid":3})");
}

TEST_CASE("the built-in avatars are 24 different plain words") {
    CHECK(avatars.size() == 24);
    CHECK(std::set<std::string_view>{avatars.begin(), avatars.end()}.size() == 24);
    for (const auto avatar : avatars) {
        CHECK(avatar.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos);
    }
}
