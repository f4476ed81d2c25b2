#include "server/config/file.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace onechat;

namespace {

using values = std::vector<std::string>;

// The only entry. REQUIRES: one, and no problem.
file_entry entry_of(const std::string& text) {
    INFO(text);
    const auto read = parse_config_file(text);
    for (const auto& problem : read.problems) {
        FAIL(problem.sentence);
    }
    REQUIRE(read.entries.size() == 1);
    return read.entries.front();
}

}  // namespace

TEST_CASE("a value is plain, quoted or a list") {
    const std::vector<std::pair<std::string, values>> cases{
        {"a=1", {"1"}},
        {"  a  =  1  ", {"1"}},
        {"a = 1\r\n", {"1"}},
        {"a = 1 # one", {"1"}},
        {"a = 1\t# one", {"1"}},
        {"a = x#y", {"x#y"}},
        {"a = one two", {"one two"}},
        {"a = [::1]:80", {"[::1]:80"}},
        {"a = b=c|d", {"b=c|d"}},
        {"a = \"\"", {""}},
        {"a = \"1\" # one", {"1"}},
        {"a = \"x # y\"", {"x # y"}},
        {R"(a = "\"\\\n\t\r")", {"\"\\\n\t\r"}},
        {R"(a = 'C:\new')", {R"(C:\new)"}},
        {"a = \"it's\"", {"it's"}},
        {"\xef\xbb\xbf# made with an editor\na = 1", {"1"}},
    };
    for (const auto& [text, expected] : cases) {
        const auto entry = entry_of(text);
        CHECK(entry.key == "a");
        CHECK(entry.values == expected);
        CHECK_FALSE(entry.array);
    }
}

TEST_CASE("a list stands in one line or in several") {
    const std::vector<std::pair<std::string, values>> cases{
        {"a = []", {}},
        {"a = [ ] # none", {}},
        {"a = [\"x\"]", {"x"}},
        {"a = ['x','y']", {"x", "y"}},
        {"a = [\"x, y\", \"]\"]", {"x, y", "]"}},
        {"a = [ # which\n  \"x\", # one\n\n  \"y\",\n] # done", {"x", "y"}},
    };
    for (const auto& [text, expected] : cases) {
        const auto entry = entry_of(text);
        CHECK(entry.values == expected);
        CHECK(entry.array);
    }
}

TEST_CASE("each entry knows its line") {
    const auto read = parse_config_file("# one\n\na = 1\nb = [\n \"x\",\n]\n\nc = 3");

    REQUIRE(read.entries.size() == 3);
    CHECK(read.entries[0].line == 3);
    CHECK(read.entries[1].line == 4);
    CHECK(read.entries[2].line == 8);
}

TEST_CASE("what is wrong in a file is told with its line") {
    struct wrong {
        std::string text;
        std::size_t line;
        std::string says;
    };
    const std::vector<wrong> cases{
        {"[server]", 1, "Sections"},
        {"[[topic]]", 1, "Sections"},
        {"\nno setting", 2, "key = "},
        {"= 1", 1, "key = "},
        {"a =", 1, "a: The value is missing"},
        {"a = # nothing", 1, "a: The value is missing"},
        {"a = \"x", 1, "not closed"},
        {"a = \"x\nb\"", 1, "not closed"},
        {R"(a = "\x")", 1, R"(Behind a \)"},
        {"a = \"x\\", 1, R"(Behind a \)"},
        {"a = \"x\" y", 1, "more behind"},
        {"a = [\"x\"] y", 1, "more behind"},
        {"a = [\"x\" \"y\"]", 1, "commas"},
        {"a = [\"x\",\n y]", 2, "commas"},
        {"a = [\"x\",,]", 1, "commas"},
        {"\na = [\n\"x\",\n", 2, "The [ is not closed"},
        {"a = 1\nb = 2\na = 3", 3, "\"a\" is given twice, in line 1 and in line 3."},
    };
    for (const auto& one : cases) {
        INFO(one.text);
        const auto read = parse_config_file(one.text);
        REQUIRE(!read.problems.empty());
        CHECK(read.problems.front().line == one.line);
        CHECK_THAT(read.problems.front().sentence, Catch::Contains(one.says));
    }
}

TEST_CASE("reading goes on behind a wrong line, and behind a wrong list") {
    const auto read =
        parse_config_file("oops\na = 1\nb = [\n \"x=1\"\n \"y=2\"\n]\nc = 3\n[d]\ne = \"");

    CHECK(read.problems.size() == 4);
    REQUIRE(read.entries.size() == 2);
    CHECK(read.entries[0].key == "a");
    CHECK(read.entries[1].key == "c");
    CHECK(read.entries[1].line == 7);
}

TEST_CASE("what is no text of a sane size is refused as a whole") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {std::string("a = 1\0", 6), "NUL"},
        {"a = \xc4\xe3", "UTF-8"},
        {std::string(config_file_bytes_max + 1, '#'), "64 KiB"},
    };
    for (const auto& [text, says] : cases) {
        const auto read = parse_config_file(text);
        CHECK(read.entries.empty());
        REQUIRE(read.problems.size() == 1);
        CHECK(read.problems.front().line == 0);
        CHECK_THAT(read.problems.front().sentence, Catch::Contains(says));
    }
    CHECK(parse_config_file(std::string(config_file_bytes_max, '#')).problems.empty());
    CHECK(parse_config_file("").problems.empty());
}

TEST_CASE("what is written is read again as it was") {
    for (const values& list : std::vector<values>{
             {}, {"x"}, {"a=甲|x;y", "\"q\" # \\ '", "line\nbreak\ttab\rend", ""}}) {
        CHECK(entry_of("a = " + write_config_value(list, true)).values == list);
        CHECK(entry_of("a = " + write_config_value(list, true)).array);
        for (const std::string& value : list) {
            CHECK(entry_of("a = " + write_config_value({value}, false)).values == values{value});
        }
    }
    CHECK(write_config_value({"20"}, false) == "20");
    CHECK(write_config_value({"20ms"}, false) == "\"20ms\"");
}
