#include "server/cli/admin_print.hpp"

#include "server/admin/bodies.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::cli;

TEST_CASE("a table has the columns that say something, as wide as their cells") {
    const std::vector<admin::banned> rows{{.until = 0, .level = 1}, {.until = 0, .level = 22}};
    CHECK(table_of(rows) == "until  level\n-      1\n-      22\n");
    CHECK(table_of(std::vector<admin::banned>{}) == "none\n");

    const std::vector<admin::event> events{
        {.seq = 1, .kind = protocol::event_kind::text, .text = "héllo"}};
    const auto table = table_of(events);
    CHECK_THAT(table, Catch::StartsWith("seq  at  kind  text\n"));
    CHECK_THAT(table, Catch::Contains("héllo"));
}

TEST_CASE("one thing is a list, with tables for what it is made of") {
    admin::user user{.id = "5", .sessions = {"1", "2"}};
    user.bans.emplace();
    user.bans->push_back({.reason = "rude", .until = protocol::limits::integer_max, .level = 1});

    const auto list = list_of(user);

    CHECK_THAT(list, Catch::Contains("id        5\n"));
    CHECK_THAT(list, Catch::Contains("sessions  1, 2\n"));
    CHECK_THAT(list, Catch::Contains("\nbans:\nreason"));
    CHECK_THAT(list, Catch::Contains("for ever"));
}

TEST_CASE("what people wrote can't control the terminal") {
    const std::vector<admin::event> events{{.seq = 1, .text = "\x1b[31mred\u202e\u009b"}};
    const auto table = table_of(events);
    CHECK(table.find('\x1b') == std::string::npos);
    CHECK(table.find("\u202e") == std::string::npos);
    CHECK(table.find("\u009b") == std::string::npos);
    CHECK_THAT(table, Catch::Contains("red"));
}

TEST_CASE("columns are as wide as a terminal shows them, Chinese included") {
    const std::vector<admin::seat> seats{{.user = "1", .alias = "温柔的狐狸", .avatar = "fox"},
                                         {.user = "2", .alias = "Owl", .avatar = "owl"}};

    CHECK(table_of(seats) ==
          "user  alias       avatar  cleared\n"
          "1     温柔的狐狸  fox     no\n"
          "2     Owl         owl     no\n");
}
