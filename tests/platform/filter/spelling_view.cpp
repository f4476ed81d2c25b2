#include "server/platform/filter/spelling_view.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::platform;

namespace {

std::string spelled(std::string_view text) {
    return std::string{spelling_view{fold(text)}.text()};
}

}  // namespace

TEST_CASE("a long row of digit words is a number, a short one is words") {
    CHECK(spelled("一三八零零一三八零零零") == "13800138000");
    CHECK(spelled("壹叁捌〇零幺叁捌零零零") == "13800138000");
    CHECK(spelled("一二三四五") == "12345");
    CHECK(spelled("一二三四") == "一二三四");
    CHECK(spelled("五一放假三天，一起玩") == "五一放假三天,一起玩");
}

TEST_CASE("what stands between the digits of one writing stays") {
    CHECK(spelled("138 0013-8000") == "138 0013-8000");
    CHECK(spelled("一三八 零零一三") == "138 0013");
}

TEST_CASE("a number of mixed writings is one number whatever stands in it") {
    CHECK(spelled("1③八-零 0·①3 捌0零⓪") == "13800138000");
    CHECK(spelled("周六 13点") == "周六 13点");
    CHECK(spelled("三 1 2 ④ 五 6 7") == "3124567");
    CHECK(spelled("三 1 2 ④ 五 6") == "3 1 2 4 5 6");
}

TEST_CASE("digits further apart than three symbols are two numbers") {
    CHECK(spelled("一二...三四五") == "12...345");
    CHECK(spelled("一二....三四五") == "一二....三四五");
}

TEST_CASE("every blank is the same blank") {
    CHECK(spelled("a\tb\nc\u3000d\u2028e") == "a b c d e");
}

TEST_CASE("letters of any length fit, also when there are no others") {
    std::string longest;
    for (int i = 0; i < 2000; ++i) {
        longest += "\U00020BB7";
    }
    CHECK(spelled(longest) == longest);
    CHECK(spelled("").empty());
}

TEST_CASE("each byte leads back to its letter") {
    const auto letters = fold("号①-贰 3④五6⑦");
    spelling_view view{letters};

    REQUIRE(view.text() == "号1234567");
    CHECK(view.letter_at(0) == 0);
    CHECK(view.letter_at(2) == 0);
    CHECK(view.letter_at(3) == 1);
    CHECK(view.letter_at(4) == 3);
    CHECK(view.letter_at(view.text().size() - 1) == letters.size() - 1);
}
