#include "server/topics.hpp"

#include "protocol/limits.hpp"
#include "protocol/unicode.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;

namespace {

std::string times(int count, const std::string& text) {
    std::string out;
    for (int n = 0; n < count; ++n) {
        out += text;
    }
    return out;
}

}  // namespace

TEST_CASE("a topic is found by its id, whose place is its number") {
    const topics offered{{{"abc", "甲", ""}, {"def", "乙", ""}}};

    CHECK(offered.find("abc") == lobby::topic_id{0});
    CHECK(offered.find("def") == lobby::topic_id{1});
    CHECK_FALSE(offered.find("ab"));
    CHECK_FALSE(offered.find(""));
    CHECK_FALSE(offered.find("ABC"));
}

TEST_CASE("ids that differ in their composition only are the same") {
    const topics offered{{{"ABC", "字母", ""}, {"caf\u00e9", "咖啡", ""}, {"ｶﾞ", "片假名", ""}}};

    CHECK(offered.find("ＡＢＣ") == lobby::topic_id{0});
    CHECK(offered.find("cafe\u0301") == lobby::topic_id{1});
    CHECK(offered.find("ガ") == lobby::topic_id{2});
    CHECK(offered.all()[2].id == "ガ");
}

TEST_CASE("a Chinese id is an id like any other") {
    const topics offered{{{"音乐", "音乐", ""}, {"电影", "电影", "刚看完一部"}}};

    CHECK(offered.find("电影") == lobby::topic_id{1});
    CHECK_FALSE(offered.find("电"));
}

TEST_CASE("text that is not Unicode is no topic") {
    const topics offered{{{"a", "a", ""}}};

    CHECK_FALSE(offered.find("\xff\xfe"));
    CHECK_THROWS_AS(topics({{"\xff", "a", ""}}), std::runtime_error);
    CHECK_THROWS_AS(topics({{"a", "\xff", ""}}), std::runtime_error);
}

TEST_CASE("an id that occurs twice is refused, in whatever composition") {
    CHECK_THROWS_WITH(topics({{"a", "x", ""}, {"a", "y", ""}}), Catch::Contains("occurs twice"));
    CHECK_THROWS_WITH(topics({{"ABC", "x", ""}, {"ＡＢＣ", "y", ""}}),
                      Catch::Contains("occurs twice"));
}

TEST_CASE("ids, titles and hints have their bounds in code points") {
    CHECK_NOTHROW(topics({{times(32, "题"), times(32, "目"), times(100, "字")}}));
    CHECK_THROWS_WITH(topics({{times(33, "题"), "x", ""}}), Catch::Contains("id"));
    CHECK_THROWS_WITH(topics({{"", "x", ""}}), Catch::Contains("id"));
    CHECK_THROWS_WITH(topics({{"x", times(33, "目"), ""}}), Catch::Contains("title"));
    CHECK_THROWS_WITH(topics({{"x", "", ""}}), Catch::Contains("title"));
    CHECK_THROWS_WITH(topics({{"x", "x", times(101, "字")}}), Catch::Contains("hint"));
}

TEST_CASE("every id that is offered can be named in find") {
    // U+FDFA is one code point, and eighteen in NFKC.
    const auto long_id = times(32, "\ufdfa");
    bool named = true;
    try {
        const topics offered{{{long_id, "x", ""}}};
        named = offered.all()[0].id.size() <= protocol::limits::id_bytes_max;
    } catch (const std::runtime_error&) {
        // Refused: just as well.
    }
    CHECK(named);
}

TEST_CASE("a hundred topics are taken and one more is not") {
    std::vector<topic> many;
    for (int n = 0; n < 100; ++n) {
        many.push_back({"topic" + std::to_string(n), "x", ""});
    }
    CHECK_NOTHROW(topics{many});

    many.push_back({"one more", "x", ""});
    CHECK_THROWS_AS(topics{many}, std::runtime_error);
}

TEST_CASE("the built-in topics can be offered, each with a hint") {
    const topics offered{topics::built_in()};

    CHECK(offered.all().size() == 12);
    for (const topic& one : offered.all()) {
        CHECK_FALSE(one.hint.empty());
        CHECK(offered.find(one.id));
    }
}

TEST_CASE("a topic is configured as id=title or id=title|hint") {
    CHECK(topics::parse("music=音乐") == topic{"music", "音乐", ""});
    CHECK(topics::parse("music=音乐|在听什么歌") == topic{"music", "音乐", "在听什么歌"});
    CHECK(topics::parse("a=b=c|d|e") == topic{"a", "b=c", "d|e"});
    CHECK_THROWS_WITH(topics::parse("music"), Catch::Contains("id=title"));
}
