// What the operator decides about people, and what enough reports do.
#include "storage/escalation.hpp"
#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::test;
namespace server = protocol::server;

namespace {

constexpr std::int64_t day = 86'400'000;

struct court : house {
    explicit court(switchboard_options wanted = {}) : house{std::move(wanted)} {}

    // Of somebody who has been matched once.
    lobby::user_id user(int n) {
        storage::question asked = storage::find_user{
            .name = secrets.verify(token(n), now.unix_ms).value().name, .user = {}, .blocked = {}};
        REQUIRE(store.behind.reader().answer(asked));
        return static_cast<lobby::user_id>(
            static_cast<std::int64_t>(std::get<storage::find_user>(asked).user.value().id));
    }
    void ban(lobby::user_id user, std::optional<std::chrono::milliseconds> term = {}) {
        last_ban.reset();
        board->ban(
            {user, "a reason", "an operator", term},
            [this](const storage::ban_person* done) {
                answers += 1;
                last_ban = done == nullptr ? std::nullopt : std::optional{*done};
            },
            now);
    }
    void lift(lobby::user_id user) {
        board->lift_ban(
            user,
            [this](const storage::lift_ban* done) {
                answers += done != nullptr && done->known ? 1 : 0;
            },
            now);
    }
    void look(lobby::user_id user) {
        board->resolve_reports(
            user,
            [this](const storage::resolve_reports* done) {
                answers += done != nullptr && done->known ? 1 : 0;
            },
            now);
    }
    void begin_hello(int n, const std::string& token) {
        connect(n);
        say(n, R"({"t":"hello","v":1,"token":")" + token + R"("})");
    }
    // The answers to what is asked now, as the store knows them now.
    std::vector<storage::read_job> read_early() {
        std::vector<storage::read_job> jobs;
        for (auto& job : std::exchange(store.reads, {})) {
            job.ok = store.behind.reader().answer(job.what);
            jobs.push_back(std::move(job));
        }
        return jobs;
    }
    server::bye bye(int n) { return last<server::bye>(n); }

    std::optional<storage::ban_person> last_ban;
    int answers = 0;
};

switchboard_options with_mute(std::uint32_t after) {
    switchboard_options options;
    options.lobby.rematch_after = 0ms;
    options.bans.mute_after = after;
    return options;
}

// People with accounts, whose row is there before they come: guests' reports don't count.
std::string account_token(house& here, std::int64_t id) {
    storage::user_row row{.id = storage::user_id{id},
                          .name = {},
                          .from = storage::provider::wechat,
                          .account = "openid-" + std::to_string(id),
                          .person = {}};
    row.name.fill(static_cast<std::uint8_t>(id));
    row.person = here.secrets.person(1, row.account);
    storage::change made = storage::make_user{row};
    REQUIRE(here.store.behind.commit({&made, 1}) == storage::commit_result::done);
    token_claims claims;
    claims.provider = 1;
    claims.name = row.name;
    claims.issued = here.now.unix_ms;
    claims.expires = here.now.unix_ms + 10 * day;
    return here.secrets.sign(claims);
}

std::string report(const std::string& pair) {
    return R"({"t":"report","pair":")" + pair + R"(","reason":"abuse"})";
}

}  // namespace

TEST_CASE("a ban ends the chat at once, and is told with its end after the commit") {
    court here;
    here.pair_up(1, 2);

    here.ban(here.user(1));

    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
    CHECK(here.lines.at(1)->closed_with == 0);
    here.say_text(1, 1, "a last word");
    CHECK(here.hear(1) == words{"error forbidden"});
    here.settle();
    CHECK(here.hear(1) == words{"end 2 me left", "bye 4502"});
    CHECK(here.bye(1).until == here.now.unix_ms + day);
    CHECK(here.lines.at(1)->closed_with == 4502);
    REQUIRE(here.last_ban);
    CHECK(here.last_ban->until == here.now.unix_ms + day);
    CHECK(here.answers == 1);
    CHECK(here.board->counted().bans == 1);
}

TEST_CASE("what was said before the ban is acked, and nothing after it is stored") {
    court here;
    here.pair_up(1, 2);
    here.say_text(1, 1, "before");

    here.ban(here.user(1));
    here.settle();

    CHECK(here.hear(1) == words{"ack 1", "end 3 me left", "bye 4502"});
    CHECK(here.hear(2) ==
          words{"text 2 partner before", "end 3 partner left", "partner left left"});
}

TEST_CASE("whoever is banned comes in with no token, until the ban is over or lifted") {
    court here;
    here.pair_up(1, 2);
    const auto user = here.user(1);
    const auto token = here.token(1);
    here.ban(user);
    here.settle();
    const auto until = here.bye(1).until;

    here.come_back(3, token);
    CHECK(here.hear(3) == words{"bye 4502"});
    CHECK(here.bye(3).until == until);
    here.lift(user);
    here.settle();
    here.come_back(4, token);
    CHECK(here.hear(4) == words{"welcome idle"});
    CHECK(here.board->counted().lifted_bans == 1);

    here.ban(user, 1h);
    here.settle();
    here.wait(1h);
    here.come_back(5, token);
    CHECK(here.hear(5) == words{"welcome idle"});
}

TEST_CASE("a ban holds over a restart") {
    court here;
    here.pair_up(1, 2);
    const auto token = here.token(1);
    here.ban(here.user(1));
    here.settle();

    here.start();
    here.come_back(3, token);

    CHECK(here.hear(3) == words{"bye 4502"});
}

TEST_CASE("each ban is longer than the one before, and the operator may name a term") {
    court here;
    here.pair_up(1, 2);
    const auto user = here.user(1);

    for (const std::int64_t term : {day, 7 * day, 30 * day}) {
        here.ban(user);
        here.settle();
        CHECK(here.last_ban->until == here.now.unix_ms + term);
    }
    here.ban(user, 2h);
    here.settle();
    CHECK(here.last_ban->until == here.now.unix_ms + 30 * day);  // the longest holds
    here.ban(user);
    here.settle();
    CHECK(here.last_ban->until == storage::for_ever);
}

TEST_CASE("a ban of somebody who is away ends their seat") {
    court here;
    here.pair_up(1, 2);
    const auto user = here.user(1);
    here.drop(1);
    here.hear(2);

    here.ban(user);

    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
    here.settle();
    CHECK(here.answers == 1);
}

TEST_CASE("a ban wins over a match that is being written") {
    switchboard_options options;
    options.lobby.rematch_after = 0ms;
    court here{options};
    const auto pair = here.pair_up(1, 2);
    const auto user = here.user(1);
    here.say(1, R"({"t":"leave"})");
    here.settle();
    here.say(1, R"({"t":"find"})");
    here.say(2, R"({"t":"find"})");
    here.wait(300ms);
    here.board->tick(here.now);  // engaged, not yet written
    REQUIRE(here.store.writes.size() == 1);

    here.ban(user);
    here.settle();
    here.pass(1s);

    CHECK(here.all<server::matched>(1).size() == 1);
    CHECK(here.all<server::matched>(2).size() == 1);
    CHECK(here.lines.at(1)->closed_with == 4502);
    here.come(3);
    here.say(3, R"({"t":"find"})");
    here.settle();
    here.pass(1s);
    CHECK(here.all<server::matched>(2).size() == 2);
}

TEST_CASE("a hello that the store answered before the ban is turned away all the same") {
    court here;
    here.pair_up(1, 2);
    const auto user = here.user(1);
    const auto token = here.token(1);
    here.drop(1);
    here.begin_hello(3, token);
    auto early = here.read_early();

    here.ban(user);
    here.settle();
    here.board->answered(std::move(early), here.now);

    CHECK(here.hear(3) == words{"bye 4502"});
}

TEST_CASE("who is welcomed while the ban is being written is closed by it, and meets nobody") {
    switchboard_options options;
    options.lobby.rematch_after = 0ms;
    options.lobby.match_round = 0ms;
    court here{options};
    here.pair_up(1, 2);
    here.say(1, R"({"t":"leave"})");
    here.settle();
    here.hear(2);
    const auto user = here.user(1);
    const auto token = here.token(1);
    here.drop(1);
    here.pass(100ms);
    here.ban(user);
    here.begin_hello(3, token);
    here.answer();
    REQUIRE(here.all<server::welcome>(3).size() == 1);
    here.say(3, R"({"t":"find"})");
    here.say(2, R"({"t":"find"})");
    here.settle();

    CHECK(here.lines.at(3)->closed_with == 4502);
    CHECK(here.all<server::matched>(3).empty());
    CHECK(here.all<server::matched>(2).size() == 1);
}

TEST_CASE("who erases their account is told what became of it, and is banned as whoever comes") {
    court here;
    here.pair_up(1, 2);
    const auto user = here.user(1);
    here.say(1, R"({"t":"erase","confirm":true})");

    here.ban(user);
    here.settle();

    REQUIRE(here.all<server::erased>(1).size() == 1);
    CHECK(here.lines.at(1)->closed_with == 4504);
    REQUIRE(here.last_ban);
    CHECK(here.last_ban->known);
    storage::question asked = storage::find_standing{.person = here.last_ban->person};
    REQUIRE(here.store.behind.reader().answer(asked));
    CHECK(std::get<storage::find_standing>(asked).banned_until == here.last_ban->until);
}

TEST_CASE("with a full disk a ban is refused, and nothing has changed") {
    court here;
    here.pair_up(1, 2);
    const auto user = here.user(1);
    here.store.state = lobby::store_state::closed;

    here.ban(user);

    CHECK(here.answers == 1);
    CHECK_FALSE(here.last_ban);
    CHECK(here.hear(2).empty());
    CHECK(here.store.writes.empty());
}

TEST_CASE("a ban that could not be stored lets its person come back") {
    court here;
    here.pair_up(1, 2);
    const auto user = here.user(1);
    const auto token = here.token(1);
    here.ban(user);
    storage::written failed;
    failed.result = storage::commit_result::full;
    for (auto& job : std::exchange(here.store.writes, {})) {
        if (std::holds_alternative<storage::ban_person>(job.what)) {
            failed.jobs.push_back(std::move(job));
        } else {
            here.store.writes.push_back(std::move(job));
        }
    }
    here.commit();

    here.board->written(std::move(failed), here.now);

    CHECK(here.answers == 1);
    CHECK_FALSE(here.last_ban);
    CHECK(here.lines.at(1)->closed_with == 4000);
    here.come_back(3, token);
    CHECK(here.hear(3) == words{"welcome idle"});
}

TEST_CASE("a ban of nobody is answered and harms nobody") {
    court here;
    here.pair_up(1, 2);

    here.ban(lobby::user_id{999});
    here.settle();

    REQUIRE(here.last_ban);
    CHECK_FALSE(here.last_ban->known);
    CHECK(here.hear(1).empty());
    CHECK(here.board->counted().bans == 0);
}

TEST_CASE("one's export holds one's bans") {
    court here;
    here.pair_up(1, 2);
    const auto user = here.user(1);
    const auto token = here.token(1);
    here.ban(user, 1h);
    here.settle();
    const auto since = here.now.unix_ms;
    here.wait(2h);
    here.come_back(3, token);
    here.say(3, R"({"t":"export"})");
    here.settle();

    const auto told = here.all<server::exported>(3);
    REQUIRE(told.size() == 3);
    REQUIRE(told[1].records.size() == 1);
    CHECK(told[1].records[0].kind == protocol::record_kind::ban);
    CHECK(told[1].records[0].at == since);
    CHECK(told[1].records[0].until == since + 3'600'000);
    CHECK(told[1].more);
    CHECK_FALSE(told[2].more);
}

TEST_CASE("bans and mutes are counted for the operator") {
    court here;
    here.pair_up(1, 2);
    here.ban(here.user(1));
    here.settle();
    here.pass(2s);
    CHECK(here.board->banned_count() == 1);

    here.start();
    here.pass(2s);
    CHECK(here.board->banned_count() == 1);
    here.wait(std::chrono::hours{24});
    here.pass(2s);
    CHECK(here.board->banned_count() == 0);
}

TEST_CASE("enough people who report keep somebody from new chats until an operator has looked") {
    court here{with_mute(2)};
    here.come_back(1, account_token(here, 201));
    here.come_back(2, account_token(here, 202));
    here.come_back(3, account_token(here, 203));
    here.come(4);
    const auto first = here.pair_up(1, 2);
    here.say(2, report(first));
    here.say(2, R"({"t":"leave"})");
    here.settle();
    const auto guests = here.pair_up(1, 4);
    here.say(4, report(guests));
    here.say(4, R"({"t":"leave"})");
    here.settle();
    const auto second = here.pair_up(1, 3);
    here.hear(1);
    CHECK(here.board->counted().mutes == 0);

    here.say(3, report(second));
    here.settle();

    CHECK(here.board->counted().mutes == 1);
    CHECK(here.hear(1).empty());  // the chat goes on, and nobody says who it was
    here.say(1, R"({"t":"leave"})");
    here.settle();
    here.hear(1);
    here.say(1, R"({"t":"find"})");
    CHECK(here.hear(1) == words{"error forbidden"});

    here.start();
    const auto token = account_token(here, 201);
    here.come_back(5, token);
    here.say(5, R"({"t":"find"})");
    CHECK(here.hear(5) == words{"welcome idle", "error forbidden"});
    here.pass(2s);
    CHECK(here.board->muted_count() == 1);

    here.look(lobby::user_id{201});
    here.settle();
    here.say(5, R"({"t":"find"})");
    CHECK(here.hear(5) == words{"waiting 0 0"});
    CHECK(here.answers == 1);
}

TEST_CASE("a hello that the store answered before a mute is muted all the same") {
    court here{with_mute(1)};
    here.come_back(1, account_token(here, 201));
    const auto token = here.token(1);
    here.come_back(2, account_token(here, 202));
    const auto pair = here.pair_up(1, 2);
    here.say(2, R"({"t":"leave"})");
    here.settle();
    here.drop(1);
    here.begin_hello(3, token);
    auto early = here.read_early();
    here.say(2, report(pair));
    here.commit();

    here.board->answered(std::move(early), here.now);
    here.settle();
    here.say(3, R"({"t":"find"})");

    CHECK(here.hear(3) == words{"welcome idle", "error forbidden"});
}
