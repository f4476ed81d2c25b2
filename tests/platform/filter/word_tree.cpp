#include "server/platform/filter/word_tree.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace onechat::platform;

namespace {

std::size_t times_found(std::string_view word, std::string_view text) {
    word_tree tree;
    tree.add(fold(word), 7);
    std::vector<hit> hits;
    tree.find(fold(text), hits);
    return hits.size();
}

bool found(std::string_view word, std::string_view text) {
    return times_found(word, text) > 0;
}

}  // namespace

TEST_CASE("a Chinese word is found anywhere in a sentence, as often as it occurs") {
    CHECK(times_found("刷单", "来刷单吗刷单") == 2);
    CHECK(!found("刷单", "刷牙单身"));
}

TEST_CASE("letters whose numbers end alike are told apart") {
    CHECK(found("\U00020BB7野", "在\U00020BB7野家"));  // U+20BB7 ends like U+0BB7 and U+8BB7
    CHECK(!found("\U00020BB7野", "在\u8BB7野家"));
    CHECK(!found("\u8BB7野", "在\U00020BB7野家"));
}

TEST_CASE("symbols within a Chinese word hide nothing") {
    for (const char* text :
         {"做刷*单吗", "做刷-单吗", "做刷😀单吗", "做刷_|_单吗", "做刷\u200b单吗", "做刷·单吗"}) {
        CAPTURE(text);
        CHECK(found("刷单", text));
    }
}

TEST_CASE("a word that is spelled out with blanks or punctuation is found") {
    CHECK(found("刷单", "做 刷 单 吗"));
    CHECK(found("刷单", "刷，单"));
    CHECK(found("刷单", "刷。单"));
    CHECK(found("裸聊视频", "来裸 聊 视 频吗"));
    CHECK(found("裸聊视频", "来裸，聊，视，频吗"));
}

TEST_CASE("the end of one sentence and the beginning of the next are no word") {
    CHECK(!found("刷单", "我在刷，单身真好"));
    CHECK(!found("刷单", "我在刷 单身真好"));
    CHECK(!found("刷单", "我在刷。单"));
    CHECK(!found("裸聊视频", "裸聊。视频"));
}

TEST_CASE("more symbols than anybody writes into a word end it") {
    CHECK(found("刷单", "刷********单"));
    CHECK(!found("刷单", "刷*********单"));
}

TEST_CASE("a Latin word has borders") {
    CHECK(found("ass", "you ass!"));
    CHECK(found("ass", "ASS"));
    CHECK(found("ass", "你是ass吗"));
    CHECK(found("ass", "ass2"));
    for (const char* text : {"class", "assess", "pass", "Scunthorpe assumption", "as so on",
                             "as-so", "a mass of gas, so"}) {
        CAPTURE(text);
        CHECK(!found("ass", text));
    }
    CHECK(!found("cunt", "Scunthorpe"));
    CHECK(!found("cum", "document, cucumber"));
    CHECK(!found("sex", "Essex, sextet, Middlesex"));
    CHECK(!found("tit", "title, constitution"));
    CHECK(!found("cock", "Hitchcock, cocktail, peacock"));
}

TEST_CASE("a Latin word that is spelled out is found") {
    for (const char* text : {"a s s", "a.s.s", "a*s*s", "a-s-s", "ａ ｓ ｓ", "a\u0336s\u0336s"}) {
        CAPTURE(text);
        CHECK(found("ass", text));
    }
}

TEST_CASE("a number has borders, too") {
    CHECK(found("10086", "打10086吧"));
    CHECK(!found("10086", "100861"));
    CHECK(!found("10086", "210086"));
}

TEST_CASE("a word of both scripts has a border where its Latin part ends") {
    CHECK(found("加v", "加V123"));
    CHECK(!found("加v", "加vip"));
    CHECK(found("k粉", "要K粉吗"));
    CHECK(!found("k粉", "ok粉丝"));
}

TEST_CASE("the gaps that a word has itself need not be there, and may") {
    CHECK(found("send nudes", "send nudes"));
    CHECK(found("send nudes", "please SEND  nudes, now"));
    CHECK(found("send nudes", "sendnudes"));
    CHECK(!found("send nudes", "sender nudes"));
    CHECK(!found("sendnudes", "send nudes"));
}

TEST_CASE("words within words are all found, and a word that was added twice is so twice") {
    word_tree tree;
    tree.add(fold("刷单"), 1);
    tree.add(fold("刷单返利"), 2);
    tree.add(fold("单返"), 3);
    tree.add(fold("刷单"), 4);
    std::vector<hit> hits;

    tree.find(fold("刷单返利"), hits);

    CHECK(hits.size() == 4);
}

TEST_CASE("the longest word is found") {
    std::string word;
    for (std::size_t i = 0; i < word_letters_max; ++i) {
        word += "长";
    }

    CHECK(found(word, word));
    CHECK(found(word + " ", "很" + word));
}
