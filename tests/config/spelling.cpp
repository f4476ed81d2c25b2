#include "server/config/spelling.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;

TEST_CASE("a slip is a letter changed, added, left out or swapped") {
    CHECK(slips_between("listen", "listen") == 0);
    CHECK(slips_between("lisden", "listen") == 1);
    CHECK(slips_between("listten", "listen") == 1);
    CHECK(slips_between("listn", "listen") == 1);
    CHECK(slips_between("litsen", "listen") == 1);
    CHECK(slips_between("", "listen") == 6);
    CHECK(slips_between("listen", "") == 6);
    CHECK(slips_between("kitten", "sitting") == 3);
}

TEST_CASE("the nearest word is found, and one that is far is none") {
    const std::vector<std::string> words{"listen", "admin-listen", "data", "match-round", "away"};

    CHECK(nearest("match-rond", words) == "match-round");
    CHECK(nearest("match_round", words) == "match-round");
    CHECK(nearest("matchround", words) == "match-round");
    CHECK(nearest("adminlisten", words) == "admin-listen");
    CHECK(nearest("dta", words) == "data");
    CHECK(nearest("dat", words) == "data");
    CHECK(nearest("port", words).empty());
    CHECK(nearest("", words).empty());
    CHECK(nearest("lsitne", words).empty());
    CHECK(nearest(std::string(100'000, 'x'), words).empty());
}
