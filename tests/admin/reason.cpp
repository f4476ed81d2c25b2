#include "server/admin/reason.hpp"

#include "tests/support/catch.hpp"

using onechat::admin::reason_of;

TEST_CASE("a reason is what somebody can read, without the blanks around it") {
    CHECK(reason_of("complaint%2077") == "complaint 77");
    CHECK(reason_of("%20%20a%20b%E3%80%80") == "a b");  // an ideographic space
    CHECK(reason_of("%E4%B8%BE%E6%8A%A5%E4%BA%86") == "举报了");
    CHECK(reason_of("%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80") == "👩‍🚀");  // three code points
}

TEST_CASE("blanks alone are no reason, however many") {
    for (const char* const said : {"", "%20%20%20", "%E3%80%80%E3%80%80%E3%80%80",
                                   "%C2%A0%C2%A0%C2%A0", "%20%20a%20", "no"}) {
        INFO(said);
        CHECK_FALSE(reason_of(said));
    }
}

TEST_CASE("a reason holds nothing that controls how it is shown") {
    for (const char* const said :
         {"one%0Atwo", "one%00two", "one%7Ftwo", "one%C2%85two", "one%C2%9B31mtwo",
          "one%E2%80%AEtwo", "one%E2%81%A6two", "one%D8%9Ctwo", "one%E2%80%A8two",
          "%E2%80%8B%E2%80%8B%E2%80%8B", "%EF%BB%BFone"}) {
        INFO(said);
        CHECK_FALSE(reason_of(said));
    }
}

TEST_CASE("what is no UTF-8, or half of an escape, is no reason") {
    for (const char* const said : {"%FF%FE%FD", "half%2", "half%zz", "%ED%A0%80abc"}) {
        CHECK_FALSE(reason_of(said));
    }
}

TEST_CASE("a reason has an end") {
    CHECK(reason_of(std::string(500, 'x')));
    CHECK_FALSE(reason_of(std::string(501, 'x')));
}
