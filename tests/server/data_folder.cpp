#include "server/data_folder.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <optional>
#include <sys/stat.h>

using namespace onechat;
using onechat::test::temp_dir;

TEST_CASE("a data folder is made with all above it, for its owner only") {
    const temp_dir dir;
    const auto where = dir / "some/where/data";

    const data_folder made{where};

    struct stat about {};
    REQUIRE(::stat(where.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777U) == 0700U);
    CHECK(made.database() == where / "onechat.db");
    CHECK(made.keys() == where / "keys");
}

TEST_CASE("a folder that is in use is refused, and free again when its holder ends") {
    const temp_dir dir;
    std::optional<data_folder> first{std::in_place, dir / "data"};
    CHECK_THROWS_WITH(data_folder(dir / "data"), Catch::Contains("in use"));

    first.reset();

    CHECK_NOTHROW(data_folder(dir / "data"));
}

TEST_CASE("two folders do not hinder each other") {
    const temp_dir dir;
    const data_folder one{dir / "one"};

    CHECK_NOTHROW(data_folder(dir / "two"));
}

TEST_CASE("a folder that is a file is refused with its name") {
    const temp_dir dir;
    std::ofstream{dir / "data"} << "a file";

    CHECK_THROWS_WITH(data_folder(dir / "data"), Catch::Contains("data"));
    CHECK_THROWS_WITH(data_folder(dir / "data/below"), Catch::Contains("can't be made"));
}

TEST_CASE("a folder is in use while somebody holds it, and asking changes nothing") {
    const temp_dir dir;
    CHECK_FALSE(data_folder::in_use(dir / "data"));
    {
        const data_folder held{dir / "data"};
        CHECK(data_folder::in_use(dir / "data"));
        CHECK(data_folder::in_use(dir / "data"));
    }
    CHECK_FALSE(data_folder::in_use(dir / "data"));
    CHECK_NOTHROW(data_folder(dir / "data"));
}
