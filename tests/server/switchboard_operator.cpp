#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::test;

namespace {

storage::audit_row note() {
    return {.at = 1, .who = "ann", .act = "act", .target = "target", .why = "why"};
}

// As the store knows user `id`.
storage::user_row row_of(house& at, std::int64_t id) {
    storage::question asked = storage::describe_user{.user = storage::user_id{id}};
    REQUIRE(at.store.behind.reader().answer(asked));
    return std::get<storage::describe_user>(asked).row.value();
}

void erase_by_operator(house& at, std::int64_t id, int& told) {
    at.board->erase(
        {.user = lobby::user_id{id}, .name = row_of(at, id).name, .audit = note()},
        [&told](const storage::change* done) { told = done == nullptr ? 0 : 1; }, at.now);
}

// Somebody with an account, whose row is there before they come: guests' reports don't count.
std::string with_account(house& at, std::int64_t id) {
    storage::user_row row{.id = storage::user_id{id},
                          .name = random_subject(),
                          .from = storage::provider::wechat,
                          .account = "openid-" + std::to_string(id),
                          .person = {}};
    row.person = at.secrets.person(1, row.account);
    storage::change made = storage::make_user{row};
    REQUIRE(at.store.behind.commit({&made, 1}) == storage::commit_result::done);
    return at.secrets.sign({.provider = 1,
                            .name = row.name,
                            .issued = at.now.unix_ms,
                            .expires = at.now.unix_ms + 1'000'000'000});
}

}  // namespace

TEST_CASE("whom a report mutes is heard again once it is resolved, and not by another one's end") {
    switchboard_options options;
    options.lobby.rematch_after = 0ms;
    options.bans.mute_after = 2;
    house at{options};
    for (const int n : {1, 2, 3}) {
        at.come_back(n, with_account(at, 200 + n));
    }
    for (const int n : {2, 3}) {
        const auto pair = at.pair_up(1, n);
        at.say(n, R"({"t":"report","pair":")" + pair + R"(","reason":"abuse"})");
        at.say(n, R"({"t":"leave"})");
        at.settle();
    }
    REQUIRE(at.board->counted().mutes == 1);
    at.hear(1);
    const auto resolve = [&](std::int64_t report) {
        at.board->commission(
            storage::resolve_report{.id = report, .at = at.now.unix_ms},
            [](const storage::change* done) { REQUIRE(done != nullptr); }, at.now);
        at.settle();
        at.say(1, R"({"t":"find"})");
        return at.hear(1);
    };

    CHECK(resolve(1) == words{"error forbidden"});  // the second is the one that mutes
    CHECK(resolve(2) == words{"waiting 0 0"});
}

TEST_CASE("a question of an operator's is answered once, though the disk can't be read") {
    house at;
    int told = -1;
    at.board->consult(storage::list_audit{},
                      [&](storage::question* found) { told = found == nullptr ? 0 : 1; });
    CHECK(told == -1);

    auto jobs = std::exchange(at.store.reads, {});
    std::vector<storage::read_job> unread(std::make_move_iterator(jobs.begin()),
                                          std::make_move_iterator(jobs.end()));
    at.board->answered(std::move(unread), at.now);

    CHECK(told == 0);
    at.store.reads_fit = false;
    told = -1;
    at.board->consult(storage::list_audit{},
                      [&](storage::question* found) { told = found == nullptr ? 0 : 1; });
    CHECK(told == 0);
}

TEST_CASE("a change of an operator's that the store refuses ends nothing but itself") {
    house at;
    at.pair_up(1, 2);
    int told = -1;
    at.board->commission(
        storage::add_audit{note()},
        [&](const storage::change* done) { told = done == nullptr ? 0 : 1; }, at.now);

    at.commit(storage::commit_result::refused);

    CHECK(told == 0);
    CHECK_FALSE(at.board->failed());
}

TEST_CASE("whoever is matched just now and is erased is never met") {
    house at;
    for (const int n : {1, 2}) {
        at.come(n);
        at.say(n, R"({"t":"find"})");
    }
    at.settle();
    at.wait(200ms);
    at.board->tick(at.now);  // the match is on its way to the store
    REQUIRE_FALSE(at.store.writes.empty());
    int told = -1;

    erase_by_operator(at, 1, told);
    at.settle();

    CHECK(told == 1);
    CHECK(at.lines.at(1)->closed_with == 4504);
    CHECK(at.all<protocol::server::matched>(2).empty());
    CHECK(at.lines.at(2)->closed_with == 0);
}

TEST_CASE("a hello on its way while its user is erased is turned away") {
    house at;
    at.pair_up(1, 2);
    const auto token = at.token(1);
    at.drop(1);
    int told = -1;
    at.connect(3);
    at.say(3, R"({"t":"hello","v":1,"token":")" + token + "\"}");
    at.answer();  // the store still knows the user

    erase_by_operator(at, 1, told);
    at.settle();

    CHECK(told == 1);
    CHECK(at.lines.at(3)->closed_with != 0);
    at.come_back(4, token);
    CHECK(at.lines.at(4)->closed_with == 4501);
}

TEST_CASE("an erasure that somebody asked for themself wins over an operator's") {
    house at;
    at.pair_up(1, 2);
    at.say(1, R"({"t":"erase","confirm":true})");
    int told = -1;

    erase_by_operator(at, 1, told);

    CHECK(told == 0);
    at.settle();
    CHECK(at.all<protocol::server::erased>(1).size() == 1);
}

TEST_CASE("an erased user's sealed texts are overwritten at their end") {
    house at;
    at.pair_up(1, 2);
    at.say_text(1, 1, "a secret");
    at.settle();
    int told = -1;
    erase_by_operator(at, 1, told);
    at.settle();
    CHECK(at.board->counted().erasures == 1);

    at.wait(73h);
    at.pass(2s);

    CHECK(at.board->counted().purged_rows >= 1);
    CHECK(at.board->take_completed().size() == 1);
}
