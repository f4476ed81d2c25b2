#include "server/platform/filter/filter.hpp"

#include "tests/platform/filter/written_rules.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace onechat::platform;
using namespace onechat::platform::test;

TEST_CASE("without any rule everything passes") {
    const filter idle = filter_of_only("");

    CHECK(idle.rule_count() == 0);
    CHECK(idle.judge("刷单 13800138000").what == decision::pass);
    CHECK(!idle.judge("刷单 13800138000").flagged);
}

TEST_CASE("a text without a word of the rules passes as it is") {
    const auto judge = filter_of_only("reject 坏词\n");

    CHECK(judge.judge("今天天气真好") == verdict{});
    CHECK(judge.judge("") == verdict{});
}

TEST_CASE("each action has its verdict") {
    const auto judge = filter_of_only("reject 甲甲\nmask 乙乙\nflag 丙丙\n");

    CHECK(judge.judge("有甲甲吗") == verdict{decision::reject, "", false});
    CHECK(judge.judge("有乙乙吗") == verdict{decision::mask, "有**吗", false});
    CHECK(judge.judge("有丙丙吗") == verdict{decision::pass, "", true});
}

TEST_CASE("of several rules the strictest counts, and a flag stays one") {
    const auto judge = filter_of_only("flag 词语\nmask 词语\nreject 词语大\nmask 大小\n");

    CHECK(judge.judge("词语") == verdict{decision::mask, "**", true});
    CHECK(judge.judge("词语大小") == verdict{decision::reject, "", true});
    CHECK(judge.judge("大小 词语") == verdict{decision::mask, "** **", true});
}

TEST_CASE("a mask covers what was found with all that is invisible in it, and nothing else") {
    const auto judge = filter_of_only("mask 刷单\nmask ass\n");

    CHECK(judge.judge("来刷\u200b\u0301单\ufe0f吗").masked == "来*****吗");
    CHECK(judge.judge("来刷*单吗").masked == "来***吗");
    CHECK(judge.judge("ＡＳＳ!").masked == "***!");
    CHECK(judge.judge("a\u0336s\u0336s\u0336 b").masked == "****** b");
}

TEST_CASE("hits that overlap are masked once") {
    const auto judge = filter_of_only("mask 一二\nmask 二三\n");

    CHECK(judge.judge("〇一二三四").masked == "〇***四");
}

TEST_CASE("what lies within something that passes is not found") {
    const auto judge =
        filter_of_only("reject 刷单\npass 刷单词本\npass /example\\.org/\nmask /[a-z]+\\.org/\n");

    CHECK(judge.judge("我在用刷单词本背书") == verdict{});
    CHECK(judge.judge("刷单词本和刷单").what == decision::reject);
    CHECK(judge.judge("见 example.org").what == decision::pass);
    CHECK(judge.judge("见 other.org").what == decision::mask);
    CHECK(judge.judge("见 my-example.org.other.org").what == decision::mask);
}

TEST_CASE("a built-in word can be let pass, and a group be left out") {
    CHECK(filter{}.judge("刷单").flagged);
    CHECK(!filter_of("pass 刷单\n").judge("刷单").flagged);
    CHECK(!filter_of("without fraud\n").judge("刷单").flagged);
    CHECK(filter_of("without adverts\n").judge("刷单").flagged);
}

TEST_CASE("a nickname is rejected for what a text is masked for") {
    const auto judge = filter_of_only("mask 乙乙\nflag 丙丙\nnickname reject 客服\n");

    CHECK(judge.judge("小乙乙", subject::nickname) == verdict{decision::reject, "", false});
    CHECK(judge.judge("小丙丙", subject::nickname) == verdict{decision::pass, "", true});
    CHECK(judge.judge("客服小王", subject::nickname).what == decision::reject);
    CHECK(judge.judge("客服小王") == verdict{});
    CHECK(judge.judge("小明", subject::nickname) == verdict{});
}

TEST_CASE("a note is flagged at most") {
    const auto judge = filter_of_only("mask 乙乙\nreject 甲甲\n");

    CHECK(judge.judge("他说甲甲", subject::note) == verdict{decision::pass, "", true});
    CHECK(judge.judge("他说乙乙", subject::note) == verdict{decision::pass, "", true});
    CHECK(judge.judge("他骂人", subject::note) == verdict{});
}

TEST_CASE("the longest text is judged in full") {
    const auto judge = filter_of_only("mask 坏词\n");
    std::string text;
    for (int i = 0; i < 1998; ++i) {
        text += "长";
    }

    CHECK(judge.judge(text + "坏词") == verdict{decision::mask, text + "**", false});
}
