#include "server/config/page.hpp"

#include "server/config/table.hpp"
#include "tests/config/settings.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace onechat;
using namespace onechat::test;

namespace {

const config_command command{"onechat test", "Tests."};

std::string content_of(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

texts all_values_of(const config& from) {
    texts all;
    for (const setting& one : setting_table()) {
        for (const std::string& text : one.write(from)) {
            all.push_back(std::string{one.name} + " " + text);
        }
    }
    return all;
}

// Reads the effective file of some flags as a configuration file.
void check_round_trip(const texts& flags) {
    const temp_dir folder;
    const reading first = read_config(command, flags, {});
    REQUIRE(first.problems.empty());
    const std::string file = effective_file(first);
    std::ofstream{folder / "chat.conf"} << file;

    const reading second = read_config(command, {"--config", folder / "chat.conf"}, {});

    INFO(file);
    CHECK(second.problems.empty());
    CHECK(all_values_of(second.values) == all_values_of(first.values));
    CHECK(std::ranges::count(second.origins, "default") == 0);
}

}  // namespace

TEST_CASE("the committed page of the configuration is current") {
    INFO("docs/configuration.md differs from what the table says: run scripts/regenerate");
    CHECK(content_of(std::filesystem::path{ONECHAT_SOURCE_DIR} / "docs/configuration.md") ==
          configuration_page());
}

TEST_CASE("the page has every setting by its three names") {
    const std::string page = configuration_page();
    for (const setting& one : setting_table()) {
        const std::string name{one.name};
        INFO(name);
        CHECK(page.find("\n| `--" + name + "` | `" + name + "` | `" + variable_of(name) + "` | ") !=
              std::string::npos);
    }
}

TEST_CASE("the example of a file on the page is one") {
    const std::string page = configuration_page();
    const std::string fence = "```toml\n";
    const auto begin = page.find(fence) + fence.size();
    const temp_dir folder;
    std::ofstream{folder / "chat.conf"} << page.substr(begin, page.find("```", begin) - begin);

    const reading done = read_config(command, {"--config", folder / "chat.conf"}, {});

    CHECK(done.problems.empty());
    CHECK(done.values.topics.size() == 2);
}

TEST_CASE("the effective settings are a file that means the same") {
    check_round_trip({});
    for (const setting_case& one : setting_cases()) {
        texts flags{"--" + one.name, one.value};
        const auto companions = companions_of(one);
        for (std::size_t n = 0; n < companions.size(); n += 2) {
            flags.insert(flags.end(), {"--" + companions[n], companions[n + 1]});
        }
        check_round_trip(flags);
    }
    check_round_trip({"--data", "a \"quoted\" # folder\\with\ttab", "--topic",
                      R"(a=甲|say "hi" \o/ # now | later)", "--allow-origins", ""});
}

TEST_CASE("the effective settings tell where each came from") {
    const temp_dir folder;
    const std::string path = folder / "chat.conf";
    std::ofstream{path} << "\naway = 1m\n";

    const std::string file = effective_file(
        read_config(command, {"--config", path, "--match-round", "3s"}, {"ONECHAT_TEXTS_BURST=7"}));

    CHECK_THAT(file, Catch::Contains("\naway = \"1m\"  # " + path + ":2\n"));
    CHECK_THAT(file, Catch::Contains("\nmatch-round = \"3s\"  # flag\n"));
    CHECK_THAT(file, Catch::Contains("\ntexts-burst = 7  # environment\n"));
    CHECK_THAT(file, Catch::Contains("\ntexts-rate = \"5/s\"  # default\n"));
}
