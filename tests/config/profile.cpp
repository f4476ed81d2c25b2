#include "server/config/profile.hpp"

#include "server/config/reader.hpp"
#include "server/config/table.hpp"
#include "tests/config/settings.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

using namespace onechat;
using namespace onechat::test;
using namespace std::chrono_literals;

namespace {

reading profiled(texts arguments, const texts& environment = {}) {
    return read_config({"onechat test", "Tests."}, arguments, environment);
}

const texts cn{"--profile", "cn-miniprogram",       "--wechat-appid",
               "wx1",       "--wechat-secret-file", "/tmp/s"};

texts cn_and(const texts& more) {
    texts all = cn;
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

std::string origin_in(const reading& done, std::string_view name) {
    return done.origins.at(static_cast<std::size_t>(find_setting(name) - setting_table().data()));
}

}  // namespace

TEST_CASE("every value of a profile is one that its setting takes") {
    for (const std::string_view name : profile_names()) {
        for (const profile_value& each : values_of_profile(name)) {
            INFO(each.setting);
            const setting* one = find_setting(each.setting);
            REQUIRE(one != nullptr);
            config values;
            CHECK_NOTHROW(one->read(values, {each.value}));
            CHECK_FALSE(each.why.empty());
        }
    }
    CHECK(values_of_profile("none").empty());
    CHECK(values_of_profile("mars").empty());
}

TEST_CASE("a profile sets what nobody has set, wherever it is named") {
    const temp_dir folder;
    std::ofstream{folder / "chat.conf"} << "profile = cn-miniprogram\nwechat-appid = wx1\n"
                                        << "wechat-secret-file = /tmp/s\n";
    const auto by_variable = texts{"ONECHAT_PROFILE=cn-miniprogram", "ONECHAT_WECHAT_APPID=wx1",
                                   "ONECHAT_WECHAT_SECRET_FILE=/tmp/s"};
    for (const reading& done : {profiled(cn), profiled({}, by_variable),
                                profiled({"--config", (folder / "chat.conf").string()})}) {
        CHECK(done.problems == texts{});
        CHECK_FALSE(done.values.guests);
        CHECK(done.values.keep_texts == 180 * 24h);
        CHECK(done.values.keep_access == 190 * 24h);
        CHECK(done.values.moderation.mode == moderation_mode::hold);
        CHECK(origin_in(done, "keep-texts") == "profile cn-miniprogram");
        CHECK(origin_in(done, "match-round") == "default");
    }
}

TEST_CASE("whatever is set by itself counts more than the profile") {
    const auto done = profiled(cn_and({"--keep-texts", "30d"}), {"ONECHAT_GUESTS=on"});
    CHECK(done.problems == texts{});
    CHECK(done.values.keep_texts == 30 * 24h);
    CHECK(done.values.guests);
    CHECK(origin_in(done, "guests") == "environment");
}

TEST_CASE("a profile in which nobody could log in is refused with a sentence") {
    const auto done = profiled({"--profile", "cn-miniprogram"});
    REQUIRE(done.problems.size() == 2);
    CHECK_THAT(done.problems.front(), Catch::Contains("--profile: People come with"));
    CHECK_THAT(done.problems.back(), Catch::Contains("moderation: Only a platform can look"));
    CHECK(profiled({"--profile", "cn-miniprogram", "--guests", "on", "--moderation", "local"})
              .problems == texts{});
}

TEST_CASE("access is not kept for less than the profile must") {
    for (const char* term : {"183d", "off"}) {
        const auto done = profiled(cn_and({"--keep-access", term}));
        REQUIRE(done.problems.size() == 1);
        CHECK_THAT(done.problems.front(), Catch::Contains("184d at least"));
    }
    for (const char* term : {"0s", "184d", "400d"}) {
        CHECK(profiled(cn_and({"--keep-access", term})).problems == texts{});
    }
}

TEST_CASE("what is no profile is refused, and sets nothing") {
    const auto done = profiled({"--profile", "mars"});
    REQUIRE(done.problems.size() == 1);
    CHECK_THAT(done.problems.front(), Catch::Contains("none|cn-miniprogram"));
    CHECK(done.values.guests);
}

TEST_CASE("looks and messages from a platform need that platform") {
    for (const texts& set :
         {texts{"--moderation", "hold"}, texts{"--moderation", "after"},
          texts{"--wechat-nudge-template", "t1"}, texts{"--qq-nudge-template", "t1"}}) {
        const auto done = profiled(set);
        REQUIRE(done.problems.size() == 1);
        CHECK_THAT(done.problems.front(), Catch::Contains(set.front() + ":"));
    }
    const texts with{"--wechat-appid",          "wx1", "--wechat-secret-file", "/tmp/s",
                     "--wechat-nudge-template", "t1",  "--moderation",         "hold"};
    CHECK(profiled(with).problems == texts{});
}
