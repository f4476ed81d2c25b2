#include "server/admin/route.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace onechat::admin;

TEST_CASE("a path fits its pattern segment by segment, as it came") {
    using places = std::vector<std::string>;
    CHECK(match("/users/{id}", "/users/5") == places{"5"});
    CHECK(match("/pairs/{id}/events/{seq}", "/pairs/7/events/9") == places{"7", "9"});
    CHECK(match("/stats", "/stats") == places{});
    for (const char* const path :
         {"/users", "/users/", "/users/5/", "/users/5/6", "users/5", "", "/user/5", "//5"}) {
        CHECK_FALSE(match("/users/{id}", path));
    }
}

TEST_CASE("each method of a path has one route, and each route a name of its own") {
    std::set<std::string> paths;
    std::set<std::string_view> names;
    for (const route& one : routes()) {
        CHECK(paths.insert(std::string{one.method} + " " + std::string{one.path}).second);
        CHECK(names.insert(one.operation).second);
        CHECK(one.handle != nullptr);
        CHECK(one.answered != nullptr);
    }
}
