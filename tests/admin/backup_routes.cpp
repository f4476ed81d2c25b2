#include "tests/admin/office.hpp"

using namespace onechat;
using namespace onechat::test;

TEST_CASE("a backup is noted, then begun, and listed until it is there") {
    office at;
    const auto begun = at.ask("POST", "/backup", {});

    CHECK(begun.status == 202);
    CHECK_THAT(begun.body, Catch::Contains(R"("state":"under_way")"));
    REQUIRE(at.begun.size() == 1);
    CHECK(at.begun[0].kept_max == 1000);
    const auto running = at.get<admin::backup_list>("/backups").backups;
    REQUIRE(running.size() == 1);
    CHECK(running[0].called == "2023-11-14T221320Z");
    CHECK(at.audit() == std::vector<std::string>{
                            "owner: make backup, backup 2023-11-14T221320Z, because of a test"});
    std::filesystem::create_directories(at.data / "backups" / "2023-11-14T221320Z");
    at.backups.ended({});

    const auto made = at.get<admin::backup_list>("/backups").backups;
    REQUIRE(made.size() == 1);
    CHECK(made[0].state == admin::backup_state::made);
    CHECK(made[0].bytes == 0);
}

TEST_CASE("of two backups at once the second is refused, and leaves no row") {
    office at;
    at.begin("POST", "/backup", {});
    CHECK(at.begun.empty());

    CHECK(at.begin("POST", "/backup", {}).value().status == 409);
    at.settle();

    CHECK(at.begun.size() == 1);
    CHECK(at.audit().size() == 1);
}

TEST_CASE("a backup that nobody could note is not made, and the next one may be") {
    office at;
    at.begin("POST", "/backup", {});
    at.commit(storage::commit_result::full);

    CHECK(at.answered.value().status == 503);
    CHECK(at.begun.empty());
    office::wishes keep;
    keep.body = R"({"keep":3})";
    CHECK(at.ask("POST", "/backup", keep).status == 202);
    CHECK(at.begun.at(0).kept_max == 3);
}

TEST_CASE("why a backup failed stands in the list") {
    office at;
    at.ask("POST", "/backup");
    at.backups.ended("The disk has 3 MiB left.");

    const auto list = at.get<admin::backup_list>("/backups").backups;

    REQUIRE(list.size() == 1);
    CHECK(list[0].state == admin::backup_state::failed);
    CHECK(list[0].trouble == "The disk has 3 MiB left.");
    office::wishes keep;
    keep.body = R"({"keep":0})";
    CHECK(at.told("POST", "/backup", keep) == "400 bad_field");
}
