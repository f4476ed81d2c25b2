#include "server/config/reader.hpp"

#include "server/config/file.hpp"
#include "server/config/table.hpp"
#include "tests/config/settings.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <utility>

using namespace onechat;
using namespace onechat::test;
using namespace std::chrono_literals;

namespace {

const config_command command{"onechat test", "Tests."};

reading read(const texts& arguments, const texts& environment = {}) {
    return read_config(command, arguments, environment);
}

// REQUIRES: no problems.
config values_of(const texts& arguments, const texts& environment = {}) {
    const reading done = read(arguments, environment);
    for (const std::string& problem : done.problems) {
        FAIL(problem);
    }
    return done.values;
}

std::string origin_of(std::string_view name, const reading& done) {
    return done.origins.at(static_cast<std::size_t>(find_setting(name) - setting_table().data()));
}

// The variables of a setting's companions, so that it is no good for other reasons.
texts beside(const setting_case& one) {
    const auto companions = companions_of(one);
    texts variables;
    for (std::size_t n = 0; n < companions.size(); n += 2) {
        variables.push_back(variable_of(companions[n]) + "=" + companions[n + 1]);
    }
    return variables;
}

class config_file {
public:
    explicit config_file(const std::string& content) {
        std::ofstream{path(), std::ios::binary} << content;
    }
    [[nodiscard]] std::string path() const { return folder_ / "chat.conf"; }
    [[nodiscard]] texts problems(texts arguments = {}, const texts& environment = {}) const {
        arguments.insert(arguments.begin(), {"--config", path()});
        texts found = read(arguments, environment).problems;
        for (std::string& problem : found) {  // the folder is another each time
            if (problem.starts_with(path())) {
                problem.erase(0, path().size() - std::string_view{"chat.conf"}.size());
            }
        }
        return found;
    }

private:
    temp_dir folder_;
};

}  // namespace

// ---- every setting, from every source ----

TEST_CASE("every setting is a flag") {
    for (const setting_case& one : setting_cases()) {
        INFO(one.name << " " << one.value);
        CHECK_FALSE(one.holds(values_of({})));
        CHECK(one.holds(values_of({"--" + one.name, one.value}, beside(one))));
        CHECK(one.holds(values_of({"--" + one.name + "=" + one.value}, beside(one))));
    }
}

TEST_CASE("every setting is an environment variable") {
    for (const setting_case& one : setting_cases()) {
        INFO(one.name << " " << one.value);
        texts environment = beside(one);
        environment.push_back(variable_of(one.name) + "=" + one.value);
        CHECK(one.holds(values_of({}, environment)));
    }
}

TEST_CASE("every setting is a key of the file, quoted or plain") {
    for (const setting_case& one : setting_cases()) {
        INFO(one.name << " " << one.value);
        const config_file quoted{one.name + " = \"" + one.value + "\"\n"};
        const config_file plain{one.name + "=" + one.value};
        CHECK(one.holds(values_of({"--config", quoted.path()}, beside(one))));
        CHECK(one.holds(values_of({"--config", plain.path()}, beside(one))));
    }
}

TEST_CASE("a wrong value is refused with its place, wherever it stands") {
    for (const setting_case& one : setting_cases()) {
        INFO(one.name << " " << one.wrong);
        const auto by_flag = read({"--" + one.name + "=" + one.wrong}).problems;
        const config_file file{"\n" + one.name + " = \"" + one.wrong + "\"\n"};
        const auto by_file = file.problems();
        const auto by_variable = read({}, {variable_of(one.name) + "=" + one.wrong}).problems;

        REQUIRE(by_file.size() == 1);
        CHECK(by_file.front().starts_with("chat.conf:2: " + one.name + ": "));
        if (!one.wrong.empty()) {
            REQUIRE(by_flag.size() == 1);
            CHECK(by_flag.front().starts_with("--" + one.name + ": "));
            REQUIRE(by_variable.size() == 1);
            CHECK(by_variable.front().starts_with(variable_of(one.name) + ": "));
        }
    }
}

// ---- which one wins ----

TEST_CASE("a flag wins over a variable, a variable over the file, the file over the default") {
    const config_file file{"match-round = 1s\naway = 1m\nguests = off\n"};
    const texts environment{"ONECHAT_MATCH_ROUND=2s", "ONECHAT_AWAY=2m"};

    const reading done = read({"--config", file.path(), "--match-round", "3s"}, environment);

    CHECK(done.problems.empty());
    CHECK(done.values.match_round == 3s);
    CHECK(origin_of("match-round", done) == "flag");
    CHECK(done.values.away == 2min);
    CHECK(origin_of("away", done) == "environment");
    CHECK_FALSE(done.values.guests);
    CHECK(origin_of("guests", done) == file.path() + ":3");
    CHECK(done.values.rate_limits);
    CHECK(origin_of("rate-limits", done) == "default");
}

TEST_CASE("a rate and its burst may come from different places") {
    const config_file file{"texts-rate = 7/m\n"};

    CHECK(values_of({"--config", file.path()}, {"ONECHAT_TEXTS_BURST=3"}).texts ==
          lobby::rate{7, 1min, 3});
    CHECK(values_of({"--texts-burst", "3", "--texts-rate", "7/m"}).texts ==
          lobby::rate{7, 1min, 3});
}

TEST_CASE("a variable may name the file, and a flag names another") {
    const config_file one{"away = 1m\n"};
    const config_file other{"away = 2m\n"};

    CHECK(values_of({}, {"ONECHAT_CONFIG=" + one.path()}).away == 1min);
    CHECK(values_of({"--config", other.path()}, {"ONECHAT_CONFIG=" + one.path()}).away == 2min);
}

// ---- lists ----

TEST_CASE("a list is one text, or several flags, or a list of the file") {
    const config_file file{"topic = [\n  \"a=甲|x;y\",\n  \"b=乙\",\n]\nallow-origins = []\n"};
    const std::vector<topic> both{{"a", "甲", ""}, {"b", "乙", ""}};

    CHECK(values_of({"--topic", "a=甲", "--topic", "b=乙"}).topics == both);
    CHECK(values_of({"--topic", " a=甲 ; b=乙; "}).topics == both);
    CHECK(values_of({"--config", file.path()}).topics ==
          std::vector<topic>{{"a", "甲", "x;y"}, {"b", "乙", ""}});
}

TEST_CASE("an empty list takes back what the file said") {
    const config_file file{"allow-origins = https://a.example\n"};
    const config_file empty{"allow-origins = \"\"\n"};

    CHECK(values_of({"--config", file.path()}).allow_origins.size() == 1);
    CHECK(values_of({"--config", empty.path()}).allow_origins.empty());
}

// ---- what is wrong ----

TEST_CASE("a wrong file is told line by line") {
    const config_file file{
        "# mine\n\nmatch-rond = 20ms\n[server]\nport = 80\naway = 1m\n"
        "match-round = \"20x\"\naway = 2m\nguests = [\"on\"]\ntexts-burst = 0\n"};

    CHECK(file.problems() ==
          texts{"chat.conf:3: \"match-rond\" is no setting; did you mean \"match-round\"?",
                "chat.conf:4: Sections are not used here: all keys stand in one list.",
                "chat.conf:5: \"port\" is no setting; docs/configuration.md lists them.",
                "chat.conf:7: match-round: \"20x\" is no duration; write 20ms, 2s, 5m, 3h or 180d.",
                "chat.conf:8: \"away\" is given twice, in line 6 and in line 8.",
                "chat.conf:9: guests: This takes one value, not a list.",
                "chat.conf:10: texts-burst: \"0\" is no number from 1 to 1000000."});
}

TEST_CASE("all sources are complained about at once, and each complaint is a line") {
    const config_file file{"data = \"\"\nlog-level = \"a\\nb\"\n"};

    const auto found =
        file.problems({"--match-rond", "1s", "--away", "x", "--listen"}, {"ONECHAT_GUESTS=maybe"});

    CHECK(found == texts{"chat.conf:1: data: \"\" is no folder.",
                         "chat.conf:2: log-level: \"a b\" is none of debug|info|warn|error.",
                         "ONECHAT_GUESTS: \"maybe\" is neither on nor off.",
                         "--listen: The value is missing.",
                         "--match-rond is no flag; did you mean --match-round?",
                         "--away: \"x\" is no duration; write 20ms, 2s, 5m, 3h or 180d."});
}

TEST_CASE("a wrong value is told even when another source would win") {
    const config_file file{"away = soon\n"};

    CHECK(file.problems({"--away", "1m"}).size() == 1);
}

TEST_CASE("a flag given twice is refused") {
    CHECK(read({"--away", "1m", "--away", "2m"}).problems == texts{"--away is given twice."});
    CHECK(read({"--config", "/dev/null", "--config", "/dev/null"}).problems ==
          texts{"--config is given twice."});
}

TEST_CASE("a file that is missing, a folder, binary or too large is one clear sentence") {
    const temp_dir folder;
    const config_file binary{std::string("away = 1m\n\0", 11)};
    const config_file large{std::string(config_file_bytes_max + 1, '#')};
    const std::string missing = folder / "missing.conf";

    CHECK(read({"--config", missing}).problems ==
          texts{missing + ": This file can't be read: No such file or directory."});
    CHECK(read({"--config", folder.path()}).problems ==
          texts{folder.path().string() + ": This file can't be read: Is a directory."});
    CHECK(binary.problems() == texts{"chat.conf: This is no configuration file: it holds a NUL."});
    CHECK(large.problems() ==
          texts{"chat.conf: This is no configuration file: it is larger than 64 KiB."});
}

TEST_CASE("settings that are right alone and wrong together are told where the second stands") {
    const config_file file{"reports-rate = 1/d\nreports-burst = 1000000\n"};
    const auto found = file.problems();

    REQUIRE(found.size() == 1);
    CHECK(found.front().starts_with("chat.conf:2: reports-burst: "));
}

// ---- whose variable it is ----

TEST_CASE("a variable with a slip in it is refused, with the right one") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"ONECHAT_LISTN", "ONECHAT_LISTEN"},
        {"ONECHAT_TOPICS", "ONECHAT_TOPIC"},
        {"ONECHAT_MATCHROUND", "ONECHAT_MATCH_ROUND"},
        {"ONECHAT_RATE_LIMIT", "ONECHAT_RATE_LIMITS"},
        {"ONECHAT_match_round", ""},
        {"ONECHAT_CONFG", "ONECHAT_CONFIG"},
    };
    for (const auto& [name, meant] : cases) {
        INFO(name);
        const auto found = read({}, {name + "=1"}).problems;
        if (meant.empty()) {
            CHECK(found.empty());
        } else {
            CHECK(found == texts{name + " is no variable of ours; did you mean " + meant + "?"});
        }
    }
}

TEST_CASE("other people's variables and empty ones are left alone") {
    for (const auto* variable : {"ONECHAT_PORT=tcp://10.0.0.1:8080",
                                 "ONECHAT_PORT_8080_TCP=tcp://10.0.0.1:8080",
                                 "ONECHAT_PORT_8080_TCP_ADDR=10.0.0.1",
                                 "ONECHAT_PORT_8080_TCP_PORT=8080",
                                 "ONECHAT_PORT_8080_TCP_PROTO=tcp",
                                 "ONECHAT_SERVICE_HOST=10.0.0.1",
                                 "ONECHAT_SERVICE_PORT=8080",
                                 "ONECHAT_SERVICE_PORT_HTTP=8080",
                                 "ONECHAT_NAME=/web/chat",
                                 "ONECHAT_BINARY=/bin/onechat",
                                 "ONECHAT_SERVE=--away 1m",
                                 "ONECHAT_WERROR=ON",
                                 "ONECHAT_TESTS=ON",
                                 "ONECHAT_SYNC_FAILS=1",
                                 "ONECHAT_FIXED_ADDRESSES=1",
                                 "ONECHAT_=1",
                                 "ONECHAT=1",
                                 "ONECHAT_LISTEN=",
                                 "ONECHAT_LISTN=",
                                 "LISTEN=1",
                                 "=",
                                 "",
                                 "PATH"}) {
        INFO(variable);
        const reading done = read({}, {variable});
        CHECK(done.problems.empty());
        CHECK(done.origins == texts(setting_table().size(), "default"));
    }
}

// ---- help ----

TEST_CASE("help lists every setting in its group, with its default") {
    const std::string help = read({"--help"}, {"ONECHAT_LISTN=1"}).help;

    for (const setting& one : setting_table()) {
        INFO(one.name);
        const auto group = help.find("\n" + std::string{one.group} + ":\n");
        REQUIRE(group != std::string::npos);
        CHECK(help.find("--" + std::string{one.name} + " " + one.form, group) != std::string::npos);
        const std::string standard = default_of(one);
        CHECK(help.find("[" + (standard.empty() ? "none" : standard) + "]", group) !=
              std::string::npos);
    }
    CHECK(read({}).help.empty());
}

// ---- secrets ----

TEST_CASE("a secret comes from its variable alone") {
    const auto values = values_of({"--qq-appid", "1"}, {"ONECHAT_QQ_SECRET=s3cret"});
    CHECK(values.qq.secret == "s3cret");
    CHECK(values.wechat.secret.empty());

    CHECK(read({"--qq-secret", "s3cret"}).problems.size() == 1);
    CHECK(config_file{"qq-secret = s3cret\n"}.problems().size() == 1);
    CHECK(read({}, {"ONECHAT_QQ_SECRT=s3cret"}).problems ==
          texts{"ONECHAT_QQ_SECRT is no variable of ours; did you mean ONECHAT_QQ_SECRET?"});
}
