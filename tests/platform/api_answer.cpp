#include "server/platform/api_answer.hpp"

#include "tests/support/catch.hpp"

#include <set>
#include <string>

using namespace onechat::platform;

TEST_CASE("without an errcode all is well, and unknown fields are nobody's business") {
    CHECK(judge("{}").what == call_outcome::done);
    CHECK(judge(R"({"errcode":0,"errmsg":"ok"})").what == call_outcome::done);
    CHECK(judge(R"({"openid":"x","session_key":"y","new":[{"a":null,"b":1.5}]})").what ==
          call_outcome::done);
}

TEST_CASE("what an errcode means for all calls alike") {
    const auto of = [](std::int64_t code) {
        return judge("{\"errcode\":" + std::to_string(code) + "}").what;
    };
    CHECK(of(-1) == call_outcome::busy);
    CHECK(of(40001) == call_outcome::token);
    CHECK(of(42001) == call_outcome::token);
    CHECK(of(40014) == call_outcome::token);
    CHECK(of(45009) == call_outcome::quota);
    CHECK(of(45011) == call_outcome::quota);
    CHECK(of(40013) == call_outcome::misconfigured);
    CHECK(of(40125) == call_outcome::misconfigured);
    CHECK(of(40029) == call_outcome::refused);
    CHECK(of(99999) == call_outcome::refused);
    CHECK(judge(R"({"errcode":40029})").errcode == 40029);
    CHECK(judge(R"({"errCode":87014,"errMsg":"risky"})").errcode == 87014);
}

TEST_CASE("what is not one JSON object of theirs is malformed") {
    for (const auto* const text :
         {"", "{", "[]", "null", "<html>", "{\"errcode\":\"0\"}", "{\"errcode\":0.5}",
          "{\"errmsg\":1}", "{\"errcode\":0}{}", "{\"errcode\":0,\"errcode\":1}"}) {
        INFO(text);
        CHECK(judge(text).what == call_outcome::malformed);
    }
}

TEST_CASE("answers nested too deep are malformed") {
    const auto nested = [](std::size_t depth) {
        return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
    };
    CHECK(judge(nested(answer_depth_max)).what == call_outcome::done);
    CHECK(judge(nested(answer_depth_max + 1)).what == call_outcome::malformed);
    CHECK(judge(nested(30'000)).what == call_outcome::malformed);
}

TEST_CASE("of their sentence nothing but the request's id is kept") {
    CHECK(judge(R"({"errcode":40029,"errmsg":"invalid code, rid: 5f3b-a1"})").rid == "5f3b-a1");
    CHECK(judge(R"({"errcode":40029,"errmsg":"invalid code 0a1b"})").rid.empty());
    CHECK(rid_in("rid: 5f3b code=SECRET") == "5f3b");
    CHECK(rid_in("rid: " + std::string(64, 'a')) == std::string(64, 'a'));
    CHECK(rid_in("rid: " + std::string(65, 'a')).empty());
    CHECK(rid_in("rid: XYZ").empty());
    CHECK(rid_in("").empty());
}

TEST_CASE("each outcome has a word of its own") {
    std::set<std::string_view> words;
    for (std::size_t i = 0; i < call_outcome_count; ++i) {
        words.insert(word_of(static_cast<call_outcome>(i)));
    }
    CHECK(words.size() == call_outcome_count);
    CHECK(words.count("") == 0);
    CHECK(word_of(call_outcome::resting) == "resting");
}
