#include "server/config/table.hpp"

#include "tests/config/settings.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <set>

using namespace onechat;
using namespace onechat::test;
using namespace std::chrono_literals;

TEST_CASE("each setting has one row, in a group, with a meaning") {
    std::set<std::string_view> names;
    std::set<std::string_view> groups_over;
    std::string_view group;
    for (const setting& one : setting_table()) {
        INFO(one.name);
        CHECK(names.insert(one.name).second);
        CHECK_FALSE(one.form.empty());
        CHECK_FALSE(one.meaning.empty());
        CHECK_FALSE(one.meaning.ends_with('.'));
        if (one.group != group) {
            group = one.group;
            CHECK(groups_over.insert(group).second);  // a group is not taken up again
        }
        CHECK(find_setting(one.name) == &one);
    }
    CHECK(find_setting("match-rond") == nullptr);
}

TEST_CASE("every row is tried by the tests") {
    for (const setting& one : setting_table()) {
        INFO(one.name);
        CHECK(std::ranges::count(setting_cases(), one.name, &setting_case::name) > 0);
    }
}

TEST_CASE("a variable is the name in capitals") {
    CHECK(variable_of("listen") == "ONECHAT_LISTEN");
    CHECK(variable_of("guest-logins-burst") == "ONECHAT_GUEST_LOGINS_BURST");
}

TEST_CASE("what a setting writes it reads") {
    for (const setting& one : setting_table()) {
        INFO(one.name);
        const texts standard = one.write(config{});
        config read;

        one.read(read, standard);

        CHECK(one.write(read) == standard);
        CHECK((one.separator != '\0' || standard.size() == 1));
    }
}

TEST_CASE("defaults are told in words where they are long") {
    CHECK(default_of(*find_setting("match-round")) == "200ms");
    CHECK(default_of(*find_setting("texts-rate")) == "5/s");
    CHECK(default_of(*find_setting("allow-origins")).empty());
    CHECK(default_of(*find_setting("topic")) == "a Chinese set of twelve");
    CHECK(topics::built_in().size() == 12);
}

TEST_CASE("a rate and a burst that overflow the clock together are found") {
    config values;
    CHECK(contradictions_in(values).empty());

    values.reports = {1, 24h, rate_max};

    const auto found = contradictions_in(values);
    REQUIRE(found.size() == 1);
    CHECK(found.front().name == "reports-burst");
    CHECK_THAT(found.front().sentence, Catch::Contains("1/d"));

    values.reports = {1, 24h, 36'500};
    CHECK(contradictions_in(values).empty());
}

TEST_CASE("a platform has both its AppID and its secret, once, or neither") {
    const auto sentence = [](const platform_config& wechat) {
        config values;
        values.wechat = wechat;
        const auto found = contradictions_in(values);
        return found.empty() ? std::string{}
                             : std::string{found.front().name} + ": " + found.front().sentence;
    };
    CHECK(sentence({}).empty());
    CHECK(sentence({.appid = "wx1", .api = {}, .secret_file = "/s", .secret = {}}).empty());
    CHECK(sentence({.appid = "wx1", .api = {}, .secret_file = {}, .secret = "s"}).empty());
    CHECK(sentence({.appid = "wx1", .api = {}, .secret_file = {}, .secret = {}}) ==
          "wechat-appid: An AppID needs its secret: --wechat-secret-file or the variable "
          "ONECHAT_WECHAT_SECRET.");
    CHECK(sentence({.appid = {}, .api = {}, .secret_file = {}, .secret = "s"}) ==
          "wechat-appid: A secret is given, but not the AppID that it belongs to.");
    CHECK(sentence({.appid = "wx1", .api = {}, .secret_file = "/s", .secret = "s"}) ==
          "wechat-secret-file: The secret is given twice, as a file and as ONECHAT_WECHAT_SECRET.");
}
