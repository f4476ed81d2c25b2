#include "server/platform/filter/contacts.hpp"

#include "tests/platform/filter/standard_filter.hpp"

using namespace onechat::platform;
using namespace onechat::platform::test;

TEST_CASE("a mobile number is masked in groups of any size") {
    check_masks({
        {"138-001-380-00", "**************"},
        {"138.00.13.80.00", "***************"},
        {"138001 38000", "************"},
        {"13812 345678", "************"},
        {"1 380 013 8000", "**************"},
        {"1-38-00-13-80-00", "****************"},
        {"13.80.01.38.00.0", "****************"},
        {"138***0013***8000", "*****************"},
        {"138，001，38000", "*************"},
        {"138:0013:8000", "*************"},
        {"打 +86 138001 38000 吧", "打 **************** 吧"},
        {"1380013 / 8000", "**************"},
    });
}

TEST_CASE("eleven digits further apart than three symbols are no number") {
    CHECK(standard().judge("13800----138000").what == decision::pass);
}

TEST_CASE("a WeChat id is masked behind a letter that one calls it by") {
    check_masks({
        {"加我v abc12345", "加我v ********"},
        {"加v12345678", "加v********"},
        {"我的v是abc12345", "我的v是********"},
        {"薇 abc12345", "薇 ********"},
        {"加我薇abc12345", "加我薇********"},
        {"wei xin: abc12345", "wei xin: ********"},
        {"vx abcdefgh", "vx ********"},
        {"微x：zhangsan1990", "微x：************"},
    });
}

TEST_CASE("a QQ id is masked behind a letter that one calls it by") {
    check_masks({
        {"q 12345678", "q ********"},
        {"Q：12345678", "Q：********"},
        {"加Q12345678", "加Q********"},
        {"扣 12345678", "扣 ********"},
        {"加我抠抠12345678", "加我抠抠********"},
        {"我的q是12345678", "我的q是********"},
    });
}

TEST_CASE("a Telegram id is masked where something announces it") {
    check_masks({
        {"tg @abcdef1", "tg ********"},
        {"tg：abc_12345", "tg：*********"},
        {"电报@zhangsan", "电报*********"},
    });
}

TEST_CASE("a domain is masked with its path, and some of them without") {
    check_masks({
        {"bit.ly/abc", "**********"},
        {"abc.top", "*******"},
        {"abc.club", "********"},
        {"上 evil.net 看看", "上 ******** 看看"},
        {"go to evil.shop now", "go to ********* now"},
        {"best888.site is good", "************ is good"},
        {"evil.net/join", "*************"},
    });
}
