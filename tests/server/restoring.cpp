#include "server/restoring.hpp"

#include "server/admin/tokens.hpp"
#include "server/data_folder.hpp"
#include "tests/server/data_place.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace onechat;
using namespace onechat::test;

namespace {

std::string refusal_of(const fs::path& data) {
    try {
        data_folder{data}.refuse_if_torn();
    } catch (const std::runtime_error& refused) {
        return refused.what();
    }
    return "";
}

std::string first_line_of(const fs::path& file) {
    std::ifstream in{file};
    std::string line;
    std::getline(in, line);
    return line;
}

}  // namespace

TEST_CASE("a restore puts back what was there, keeps what it replaces, and goes on above it",
          "[restoring]") {
    place at;
    const auto backup = at.back_up();
    rows::done(*at.store, rows::text(at.pair, 3, "after"));
    static_cast<void>(at.store->begin_epoch(noon + 10 * minute));

    const auto done = at.restore(backup);

    CHECK(rows::seqs(rows::events(*at.store, at.pair)) == std::vector<std::uint64_t>{1, 2});
    CHECK(done.replaced == at.data / "replaced-2026-11-27T120100Z");
    CHECK(storage::facts_of(done.replaced / "onechat.db").events == 3);
    CHECK(mode_of(done.replaced) == 0700);
    CHECK(mode_of(at.data / "onechat.db") == 0600);
    CHECK(at.store->last_epoch() == noon + 10 * minute);
    CHECK(*at.store->begin_epoch(noon) == noon + 10 * minute + 1);
    CHECK_FALSE(fs::exists(at.data / "restoring"));
    CHECK_FALSE(is_half_restored(at.data));
}

TEST_CASE("a damaged database is replaced all the same", "[restoring]") {
    place at;
    const auto backup = at.back_up();
    at.store.reset();
    std::ofstream{at.data / "onechat.db", std::ios::trunc} << "this is no database at all";

    CHECK(restore_backup(backup, at.data, noon).epoch == noon - minute);

    CHECK(storage::facts_of(at.data / "onechat.db").events == 2);
}

TEST_CASE("a backup can be restored where there is nothing", "[restoring]") {
    place at;
    const auto backup = at.back_up();
    const temp_dir elsewhere;

    const auto done = restore_backup(backup, elsewhere / "new", noon);

    CHECK(done.replaced.empty());
    CHECK(storage::facts_of(elsewhere / "new/onechat.db").users == 3);
}

TEST_CASE("what was erased or banned since the backup is again after a restore", "[restoring]") {
    place at;
    rows::done(*at.store, rows::erasure(3, noon, noon, "before"));
    const auto backup = at.back_up();
    rows::done(*at.store, rows::erasure(1, noon, noon, "after"));
    const auto banned = rows::done(*at.store, rows::ban(2, {2'592'000'000}, noon));

    at.restore(backup);

    CHECK(at.store->erase_again(noon) == 1);
    CHECK(at.store->ban_again(noon) == 1);
    CHECK(rows::events(*at.store, at.pair)[1].gone == storage::gone_reason::erase);
    CHECK(rows::answered(*at.store, storage::find_standing{.person = rows::user(2).person})
              .banned_until == banned.until);
    std::ifstream log{at.data / "erasures.log"};
    const std::string lines{std::istreambuf_iterator<char>{log}, {}};
    CHECK(lines.find("before") != std::string::npos);
    CHECK(lines.find("before") == lines.rfind("before"));
    CHECK(lines.find("after") != std::string::npos);
}

TEST_CASE("the logs of a backup count where the data folder has lost its own", "[restoring]") {
    place at;
    const auto old = at.back_up();
    rows::done(*at.store, rows::erasure(1, noon, noon, "after"));
    rows::done(*at.store, rows::ban(2, {2'592'000'000}, noon));
    const auto newer = at.back_up(noon + minute);
    at.store.reset();
    fs::remove(at.data / "erasures.log");
    fs::remove(at.data / "bans.log");
    static_cast<void>(restore_backup(newer, at.data, noon + 2 * minute));

    at.restore(old, noon + 3 * minute);

    CHECK(at.store->erase_again(noon) == 1);
    CHECK(at.store->ban_again(noon) == 1);
}

TEST_CASE("while a server holds the folder nothing is restored or migrated", "[restoring]") {
    place at;
    const auto backup = at.back_up();
    const data_folder server{at.data};
    CHECK_THROWS_WITH(restore_backup(backup, at.data, noon), Catch::Contains("in use"));
    CHECK_THROWS_WITH(migrate_data(at.data, false), Catch::Contains("in use"));
    CHECK_THROWS_WITH(migrate_data(at.data, true), Catch::Contains("in use"));
}

// How it is left by a kill at each of its steps: tests/end_to_end/restore.test.mjs.
TEST_CASE("an interrupted restore is not taken for a new folder, however often", "[restoring]") {
    place at;
    const auto backup = at.back_up();
    at.store.reset();
    CHECK(refusal_of(at.data).empty());
    std::ofstream{at.data / "restore-under-way"};
    for (const char* name : {"onechat.db", "keys"}) {
        fs::remove(at.data / name);
        CHECK_THAT(refusal_of(at.data), Catch::Contains("interrupted"));
    }

    static_cast<void>(restore_backup(backup, at.data, noon + minute));

    CHECK(refusal_of(at.data).empty());
    CHECK(storage::facts_of(at.data / "onechat.db").events == 2);
}

TEST_CASE("two restores within one second keep apart what they replace", "[restoring]") {
    place at;
    const auto backup = at.back_up();
    rows::done(*at.store, rows::text(at.pair, 3, "after"));

    const auto first = at.restore(backup);
    const auto second = at.restore(backup);
    const auto third = at.restore(backup);

    CHECK(storage::facts_of(first.replaced / "onechat.db").events == 3);
    CHECK(storage::facts_of(second.replaced / "onechat.db").events == 2);
    CHECK(second.replaced == at.data / "replaced-2026-11-27T120100Z-2");
    CHECK(third.replaced == at.data / "replaced-2026-11-27T120100Z-3");
}

TEST_CASE("no operator's token outlives a restore, and the next start makes an owner",
          "[restoring]") {
    place at;
    const auto file = at.data / "admin.token";
    static_cast<void>(admin::open_tokens(*at.store, file, noon));
    const auto owner = first_line_of(file);
    const std::string revoked = random_secret();
    rows::done(*at.store, storage::add_admin_token{.token = {.name = "ann",
                                                             .role = storage::admin_role::moderator,
                                                             .digest = digest_of(revoked),
                                                             .created = noon}});
    const auto backup = at.back_up();
    rows::done(*at.store, storage::drop_admin_token{.name = "ann"});

    const auto done = at.restore(backup);
    const auto tokens = admin::open_tokens(*at.store, file, noon + minute);

    CHECK(tokens.find(revoked) == nullptr);
    CHECK(tokens.find(owner) == nullptr);
    REQUIRE(tokens.find(first_line_of(file)) != nullptr);
    CHECK(tokens.find(first_line_of(file))->role == storage::admin_role::owner);
    CHECK(mode_of(file) == 0600);
    CHECK(first_line_of(done.replaced / "admin.token") == owner);
    const auto audit = rows::answered(*at.store, storage::list_audit{.limit = 10}).rows;
    REQUIRE(audit.size() == 1);
    CHECK(audit.front().act == "restore");
    CHECK(audit.front().target == "backup of 2026-11-27T120000Z");
}

TEST_CASE("keys that are missing beside a database are not made without a word", "[restoring]") {
    place at;
    const auto backup = at.back_up();
    at.store.reset();
    const auto before = first_line_of(at.data / "keys");
    fs::remove(at.data / "keys");
    CHECK_THAT(refusal_of(at.data), Catch::Contains("keys new"));

    SECTION("they can be put back") {
        fs::copy_file(backup / "keys", at.data / "keys");
        CHECK(refusal_of(at.data).empty());
        CHECK(first_line_of(at.data / "keys") == before);
    }
    SECTION("or made anew, by somebody who says so") {
        CHECK(replace_keys(at.data, noon).empty());
        CHECK(refusal_of(at.data).empty());
        CHECK(first_line_of(at.data / "keys") != before);
    }
}

TEST_CASE("keys that are replaced are kept aside", "[restoring]") {
    place at;
    at.store.reset();
    const auto before = first_line_of(at.data / "keys");

    const auto aside = replace_keys(at.data, noon);

    CHECK(first_line_of(aside / "keys") == before);
    CHECK(first_line_of(at.data / "keys") != before);
    CHECK(mode_of(at.data / "keys") == 0600);
    const data_folder server{at.data};
    CHECK_THROWS_WITH(replace_keys(at.data, noon), Catch::Contains("in use"));
    CHECK_THROWS_WITH(replace_keys(at.data / "none", noon), Catch::Contains("no database"));
}
