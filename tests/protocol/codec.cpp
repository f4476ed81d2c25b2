#include "protocol/codec.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <string_view>

using namespace onechat::protocol;
using namespace std::string_literals;

namespace {

std::string repeated(std::string_view part, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += part;
    }
    return out;
}

std::string say_with(const std::string& text) {
    return R"({"t":"say","cid":1,"text":")" + text + "\"}";
}

reject refused(std::string_view text) {
    INFO(text);
    const auto parsed = parse(text);
    REQUIRE(parsed.has_error());
    return parsed.error();
}

void check_accepted(std::string_view text) {
    INFO(text);
    CHECK(parse(text).has_value());
}

void check_refused(std::string_view text, refusal code, std::optional<std::string> field = {}) {
    INFO(text);
    const auto why = refused(text);
    CHECK(name_of(why.code) == name_of(code));
    CHECK(why.field == field);
    CHECK_FALSE(why.text.empty());
}

void check_bad_field(std::string_view text, const std::string& field) {
    check_refused(text, refusal::bad_field, field);
}

}  // namespace

TEST_CASE("what is not one JSON object is bad_json") {
    check_refused("", refusal::bad_json);
    check_refused("hello", refusal::bad_json);
    check_refused(R"(["t","ping"])", refusal::bad_json);
    check_refused(R"({"t":"ping"}{"t":"ping"})", refusal::bad_json);
    check_refused(R"({"t":"ping"} garbage)", refusal::bad_json);
    check_refused("{\"t\":\"ping\"}\0"s, refusal::bad_json);
    check_refused(R"({"t":"ping","t":"ping"})", refusal::bad_json);
    check_refused(R"({"t":"ping","x":{"a":1,"a":2}})", refusal::bad_json);
    check_refused("{\"t\":\"ping\",\"x\":\"\xC0\xAF\"}", refusal::bad_json);
    check_refused(std::string(262144, '['), refusal::bad_json);
    check_refused(R"({"t":"ping","x":)" + repeated("[", 262144), refusal::bad_json);
}

TEST_CASE("eight levels are a message and nine are not") {
    check_accepted(R"({"t":"ping","x":[[[[[[[]]]]]]]})");
    check_refused(R"({"t":"ping","x":[[[[[[[[]]]]]]]]})", refusal::bad_json);
}

TEST_CASE("a message without a known type is unknown_type, and the answer carries its rid") {
    check_refused("{}", refusal::unknown_type);
    check_refused(R"({"t":1})", refusal::unknown_type);
    check_refused(R"({"t":null})", refusal::unknown_type);
    check_refused(R"({"t":""})", refusal::unknown_type);
    check_refused(R"({"t":"welcome"})", refusal::unknown_type);
    check_refused(R"({"t":"SAY","cid":1,"text":"a"})", refusal::unknown_type);
    check_refused(R"({"t":"ping\u0000"})", refusal::unknown_type);
    CHECK(refused(R"({"t":"shout","rid":12})").rid == 12);
    CHECK(refused(R"({"rid":-3})").rid == -3);
    CHECK_FALSE(refused(R"({"t":"shout","rid":"12"})").rid);
}

TEST_CASE("fields that are not listed are ignored, whatever they hold") {
    check_accepted(R"({"t":"ping","v":2,"text":null,"x":[1.5,{"y":"\u0000"}],"z":1e999})");
    check_accepted(R"({"t":"ping","x":"\ud800","y":"\udc00"})");
    check_accepted(R"({"x":"\ud800","t":"say","cid":1,"text":"a","nickname":5})");
}

TEST_CASE("fields may come in any order") {
    const auto parsed = parse(R"({"text":"a","pair":"p","rid":5,"cid":2,"t":"say"})");

    REQUIRE(parsed.has_value());
    CHECK(std::get<client::say>(parsed->message) ==
          client::say{.cid = 2, .text = "a", .pair = "p"});
    CHECK(parsed->rid == 5);
}

TEST_CASE("rid is an integer below 2^53, or a bad field") {
    for (const char* bad : {"\"1\"", "1.0", "1e3", "null", "9007199254740992", "-9007199254740992",
                            "true", "[]", "1e999"}) {
        check_bad_field(R"({"t":"ping","rid":)"s + bad + "}", "rid");
    }
    CHECK(parse(R"({"t":"ping","rid":-9007199254740991})")->rid == -9007199254740991);
    CHECK_FALSE(parse(R"({"t":"ping"})")->rid);
}

TEST_CASE("a missing field is named") {
    check_bad_field(R"({"t":"say","text":"a"})", "cid");
    check_bad_field(R"({"t":"say","cid":1})", "text");
    check_bad_field(R"({"t":"typing"})", "on");
    check_bad_field(R"({"t":"seen"})", "seq");
    check_bad_field(R"({"t":"recall"})", "seq");
    check_bad_field(R"({"t":"history"})", "pair");
    check_bad_field(R"({"t":"clear"})", "pair");
    check_bad_field(R"({"t":"block"})", "pair");
    check_bad_field(R"({"t":"unblock"})", "pair");
    check_bad_field(R"({"t":"report","pair":"p"})", "reason");
    check_bad_field(R"({"t":"notify"})", "templates");
    check_bad_field(R"({"t":"erase"})", "confirm");
    check_bad_field(R"({"t":"hello","token":"t"})", "v");
}

TEST_CASE("a field of the wrong kind is named") {
    check_bad_field(R"({"t":"say","cid":"1","text":"a"})", "cid");
    check_bad_field(R"({"t":"say","cid":1,"text":5})", "text");
    check_bad_field(R"({"t":"say","cid":1,"text":["a"]})", "text");
    check_bad_field(R"({"t":"say","cid":1,"text":"a","pair":7})", "pair");
    check_bad_field(R"({"t":"typing","on":1})", "on");
    check_bad_field(R"({"t":"typing","on":"true"})", "on");
    check_bad_field(R"({"t":"find","topics":"films"})", "topics");
    check_bad_field(R"({"t":"find","topics":{}})", "topics");
    check_bad_field(R"({"t":"find","topics":["a",1]})", "topics");
    check_bad_field(R"({"t":"report","pair":"p","reason":5})", "reason");
    check_bad_field(R"({"t":"hello","v":1,"login":"guest"})", "login");
}

TEST_CASE("null is not the same as absent") {
    check_bad_field(R"({"t":"find","topics":null})", "topics");
    check_bad_field(R"({"t":"leave","pair":null})", "pair");
    check_bad_field(R"({"t":"hello","v":1,"token":"t","held":null})", "held");
}

TEST_CASE("a bad field within a field is named by its path") {
    check_bad_field(R"({"t":"hello","v":1,"login":{}})", "login.provider");
    check_bad_field(R"({"t":"hello","v":1,"login":{"provider":"line"}})", "login.provider");
    check_bad_field(R"({"t":"hello","v":1,"login":{"provider":"qq","code":""}})", "login.code");
    check_bad_field(R"({"t":"hello","v":1,"token":"t","held":{"pair":"p","seq":-1,"epoch":1}})",
                    "held.seq");
    check_bad_field(R"({"t":"hello","v":1,"token":"t","held":{"pair":"p","seq":1}})", "held.epoch");
}

TEST_CASE("integers have no fraction, no exponent, no sign where none fits, and end at 2^53") {
    for (const char* bad : {"5.0", "1e3", "-1", "0", "9007199254740992", "18446744073709551617",
                            "1e999", "0.5", "\"1\"", "true", "null"}) {
        check_bad_field(R"({"t":"say","text":"a","cid":)"s + bad + "}", "cid");
    }
    check_accepted(R"({"t":"say","cid":9007199254740991,"text":"a"})");
    check_accepted(R"({"t":"seen","seq":0})");
    check_accepted(R"({"t":"seen","seq":-0})");
    check_bad_field(R"({"t":"seen","seq":-1})", "seq");
    check_accepted(R"({"t":"hello","v":1,"token":"t","held":{"pair":"p","seq":1,"epoch":-4}})");
}

TEST_CASE("only version 1 is spoken") {
    for (const char* bad : {"0", "2", "1.0", "\"1\"", "-1", "4294967297"}) {
        check_bad_field(R"({"t":"hello","token":"t","v":)"s + bad + "}", "v");
    }
}

TEST_CASE("hello needs a login or a token and may have both") {
    check_bad_field(R"({"t":"hello","v":1})", "login");
    check_accepted(R"({"t":"hello","v":1,"token":"t"})");
    check_accepted(R"({"t":"hello","v":1,"login":{"provider":"guest"}})");
    check_accepted(R"({"t":"hello","v":1,"token":"t","login":{"provider":"guest"}})");
}

TEST_CASE("a text has 1 to 2000 code points, however many bytes they take") {
    check_bad_field(say_with(""), "text");
    for (const char* character : {"a", "é", "你", "👋", "\\u4f60", "\\ud83d\\udc4b"}) {
        check_accepted(say_with(character));
        check_accepted(say_with(repeated(character, 2000)));
        check_refused(say_with(repeated(character, 2001)), refusal::too_long, "text");
    }
}

TEST_CASE("a nickname has up to 32 code points and a note up to 500") {
    const auto find_as = [](const std::string& nickname) {
        return R"({"t":"find","nickname":")" + nickname + "\"}";
    };
    const auto report_with = [](const std::string& note) {
        return R"({"t":"report","pair":"p","reason":"other","note":")" + note + "\"}";
    };

    check_accepted(find_as(""));
    check_accepted(find_as(repeated("名", 32)));
    check_refused(find_as(repeated("名", 33)), refusal::too_long, "nickname");
    check_accepted(report_with(repeated("名", 500)));
    check_refused(report_with(repeated("n", 501)), refusal::too_long, "note");
    check_refused(R"({"t":"next","nickname":")" + repeated("n", 33) + "\"}", refusal::too_long,
                  "nickname");
}

TEST_CASE("too many or too long ids are bad fields, not too_long") {
    const auto topics = [](std::size_t count) {
        return R"({"t":"find","topics":["0")" + repeated(",\"1\"", count - 1) + "]}";
    };

    check_accepted(R"({"t":"find","topics":[]})");
    check_accepted(topics(8));
    check_bad_field(topics(9), "topics");
    check_accepted(R"({"t":"find","topics":[")" + repeated("x", 128) + "\"]}");
    check_bad_field(R"({"t":"find","topics":[")" + repeated("x", 129) + "\"]}", "topics");
    check_bad_field(R"({"t":"find","topics":[""]})", "topics");
    check_accepted(R"({"t":"leave","pair":")" + repeated("x", 128) + "\"}");
    check_bad_field(R"({"t":"leave","pair":")" + repeated("x", 129) + "\"}", "pair");
    check_accepted(R"({"t":"notify","templates":["a")" + repeated(",\"b\"", 15) + "]}");
    check_bad_field(R"({"t":"notify","templates":["a")" + repeated(",\"b\"", 16) + "]}",
                    "templates");
}

TEST_CASE("an avatar is one of the built-in ones") {
    check_accepted(R"({"t":"find","avatar":"fox"})");
    check_accepted(R"({"t":"next","avatar":"elephant"})");
    for (const char* bad : {"", "Fox", "fox ", "dragon", "https://example.org/me.png"}) {
        check_bad_field(R"({"t":"find","avatar":")"s + bad + "\"}", "avatar");
    }
}

TEST_CASE("a page has 1 to 100 entries") {
    for (const char* type : {"pairs", R"(history","pair":"p)"}) {
        const std::string start = R"({"t":")"s + type + R"(","limit":)";
        check_accepted(start + "1}");
        check_accepted(start + "100}");
        check_bad_field(start + "0}", "limit");
        check_bad_field(start + "101}", "limit");
        check_bad_field(start + "4294967297}", "limit");
    }
}

TEST_CASE("before is a seq in history and a cursor in pairs") {
    check_accepted(R"({"t":"history","pair":"p","before":9007199254740991})");
    check_bad_field(R"({"t":"history","pair":"p","before":"5"})", "before");
    check_accepted(R"({"t":"pairs","before":"c.5"})");
    check_bad_field(R"({"t":"pairs","before":5})", "before");
}

TEST_CASE("an erasure must be confirmed") {
    check_accepted(R"({"t":"erase","confirm":true})");
    check_bad_field(R"({"t":"erase","confirm":false})", "confirm");
    check_bad_field(R"({"t":"erase","confirm":1})", "confirm");
}

TEST_CASE("strings with U+0000 or a lone surrogate are bad fields") {
    for (const char* bad : {R"(a\u0000b)", R"(\ud800)", R"(\udfff)", R"(\ud83d!)",
                            R"(\ud83d\ud83d)", R"(\udc4b\ud83d)", R"(\ud83d\n)"}) {
        check_bad_field(say_with(bad), "text");
        check_bad_field(R"({"t":"leave","pair":")"s + bad + "\"}", "pair");
        check_bad_field(R"({"t":"find","topics":["ok",")"s + bad + "\"]}", "topics");
        check_bad_field(R"({"t":"find","nickname":")"s + bad + "\"}", "nickname");
    }
}

TEST_CASE("a refused say tells its cid and pair, as far as they can be read") {
    const auto too_long =
        refused(R"({"t":"say","cid":7,"rid":9,"pair":"p","text":")" + repeated("a", 2001) + "\"}");
    CHECK(too_long.say);
    CHECK(too_long.cid == 7);
    CHECK(too_long.pair == "p");
    CHECK(too_long.rid == 9);

    CHECK(refused(R"({"t":"say","cid":7})").cid == 7);
    CHECK_FALSE(refused(R"({"t":"say","cid":7})").pair);
    CHECK_FALSE(refused(R"({"t":"say","cid":0,"text":"a"})").cid);
    CHECK_FALSE(refused(R"({"t":"say","cid":"7","text":"a"})").cid);
    CHECK_FALSE(refused(R"({"t":"seen","cid":7})").say);
    CHECK_FALSE(refused(R"({"t":"seen","cid":7})").cid);
}

TEST_CASE("a refusal never gives back a pair that would break the client") {
    for (const std::string& pair : {"\\ud800"s, "\\u0000"s, repeated("x", 129)}) {
        const auto why = refused(R"({"t":"say","cid":7,"text":"a","pair":")" + pair + "\"}");
        CHECK(why.field == "pair");
        CHECK(why.cid == 7);
        CHECK_FALSE(why.pair);
    }
}

TEST_CASE("a say with a readable cid is answered by nack and all else by error") {
    const auto nack = answer_to(refused(R"({"t":"say","cid":7,"pair":"p","text":""})"));
    const auto no_cid = answer_to(refused(R"({"t":"say","text":"a"})"));
    const auto error = answer_to(refused(R"({"t":"seen","cid":7})"));

    CHECK(std::get<server::nack>(nack) ==
          server::nack{.pair = "p", .cid = 7, .code = refusal::bad_field});
    CHECK(std::get<server::error>(no_cid).field == "cid");
    CHECK(std::get<server::error>(error) == server::error{.code = refusal::bad_field,
                                                          .text = "field `seq` is missing",
                                                          .field = "seq"});
}

TEST_CASE("a refusal never repeats what the client sent") {
    for (const char* text :
         {R"({"t":"secret"})", R"({"t":"report","pair":"secret","reason":"secret"})",
          R"({"t":"find","avatar":"secret"})", R"({"t":"say","cid":"secret","text":"secret"})",
          R"({"secret":1,"secret":2})", R"({"t":"find","topics":["secret",5]})"}) {
        CHECK(refused(text).text.find("secret") == std::string::npos);
    }
}

TEST_CASE("what counts as malformed is told by the code") {
    CHECK(is_malformed(refusal::bad_json));
    CHECK(is_malformed(refusal::unknown_type));
    CHECK(is_malformed(refusal::bad_field));
    CHECK_FALSE(is_malformed(refusal::too_long));
    CHECK_FALSE(is_malformed(refusal::rate_limited));
}

TEST_CASE("a client refuses what no server says, and ignores what it doesn't know") {
    CHECK(parse_server(R"({"t":"pong","now":5,"mood":"good"})").has_value());
    CHECK(parse_server(R"({"t":"say","cid":1,"text":"a"})").error().code == refusal::unknown_type);
    CHECK(parse_server(R"({"t":"history","pair":"p","events":[{"pair":"p"}],"more":false})")
              .error()
              .field == "events.seq");
}

TEST_CASE("any described struct can be parsed without a type") {
    const auto login = parse_fields<client::login_request>(R"({"provider":"qq","code":"c"})");
    const auto bad = parse_fields<client::login_request>(R"({"code":"c"})");

    REQUIRE(login.has_value());
    CHECK(*login == client::login_request{.provider = provider::qq, .code = "c"});
    CHECK(bad.error().field == "provider");
    CHECK(parse_fields<client::login_request>("[]").error().code == refusal::bad_json);
    std::string out;
    write_fields(out, *login);
    CHECK(out == R"({"provider":"qq","code":"c"})");
}

TEST_CASE("asking for a value that is not there throws what was wrong") {
    CHECK_THROWS_WITH(parse("{}").value(),
                      "unknown_type: field `t` must be a string, the message's type");
}
