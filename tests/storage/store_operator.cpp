// The store's contract, continued: what operators ask, do, and leave behind.
#include "tests/storage/worlds.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

constexpr unix_ms day = 86'400'000;

audit_row note(std::string act, std::string target = "user 1") {
    return {
        .at = 6000, .who = "ann", .act = std::move(act), .target = std::move(target), .why = "so"};
}

std::vector<std::string> audit(store& where, list_audit asked = {}) {
    std::vector<std::string> lines;
    for (const audit_row& row : answered(where, asked).rows) {
        lines.push_back(std::to_string(row.id) + " " + row.who + " " + row.act + " " + row.target +
                        " " + row.why);
    }
    return lines;
}

std::vector<std::int64_t> users(store& where, list_users asked) {
    std::vector<std::int64_t> ids;
    for (const user_row& row : answered(where, std::move(asked)).users) {
        ids.push_back(static_cast<std::int64_t>(row.id));
    }
    return ids;
}

list_users meant(list_users::wanted only) {
    list_users asked;
    asked.only = std::move(only);
    return asked;
}

add_admin_token token(std::string name, admin_role role, std::uint8_t digest) {
    admin_token_row row{.name = std::move(name), .role = role, .created = 5};
    row.digest.fill(digest);
    return {.token = std::move(row)};
}

drop_admin_token without(std::string name) {
    return {.name = std::move(name)};
}

// A pair with texts 2 to 4, all of the first user, whose chat has ended.
pair_id record(store& where) {
    const auto live = done(where, meeting(1, 2)).live;
    for (std::uint64_t seq = 2; seq <= 4; ++seq) {
        done(where, text(live.pair.id, seq, "text " + std::to_string(seq)));
    }
    done(where, ending(live, 5));
    return live.pair.id;
}

std::vector<std::string> shown(store& where, pair_id pair) {
    std::vector<std::string> lines;
    for (const message_row& row : events(where, pair)) {
        lines.push_back(std::to_string(row.seq) + " kind " +
                        std::to_string(static_cast<int>(row.kind)) + " ref " +
                        std::to_string(row.ref) + " gone " +
                        std::to_string(static_cast<int>(row.gone)) + " '" + row.body + "'");
    }
    return lines;
}

}  // namespace

// ---- audit ----

EACH_STORE("a change of an operator's leaves its audit row, and one that changes nothing none") {
    world<TestType> at;
    auto given = ban(1, {day});
    given.audit = note("ban user");
    auto nobody = ban(99, {day});
    nobody.audit = note("ban user", "user 99");

    CHECK(done(at.store, given).known);
    CHECK_FALSE(done(at.store, nobody).known);
    done(at.store, lift_ban{.user = user_id{1}, .at = 5500, .audit = note("lift ban")});
    done(at.store, lift_ban{.user = user_id{1}, .at = 5600, .audit = note("lift ban again")});
    auto erased = erasure(2);
    erased.audit = note("erase user", "user 2");
    done(at.store, erased);
    done(at.store, erased);
    done(at.store, add_audit{note("read events", "pair 1")});

    CHECK(audit(at.store) ==
          std::vector<std::string>{"4 ann read events pair 1 so", "3 ann erase user user 2 so",
                                   "2 ann lift ban user 1 so", "1 ann ban user user 1 so"});
}

EACH_STORE("a change that is refused takes its audit row with it") {
    world<TestType> at;
    auto given = ban(1, {day});
    given.audit = note("ban user");
    std::vector<change> batch{given, text(pair_id{77}, 1)};

    CHECK(at.store.commit(batch) == commit_result::refused);

    CHECK(audit(at.store).empty());
    CHECK(answered(at.store, find_bans{.user = user_id{1}, .bans = {}}).bans.empty());
}

EACH_STORE("the audit comes page by page") {
    world<TestType> at;
    for (int n = 1; n <= 5; ++n) {
        done(at.store, add_audit{note("act " + std::to_string(n))});
    }

    const auto first = answered(at.store, list_audit{.limit = 2, .rows = {}});
    CHECK(first.more);
    CHECK(first.rows.back().id == 4);
    const auto last = answered(at.store, list_audit{.before = 4, .limit = 3, .rows = {}});
    CHECK_FALSE(last.more);
    CHECK(last.rows.size() == 3);
}

// ---- tokens ----

EACH_STORE("tokens are kept by name, and the last owner stays") {
    world<TestType> at;

    CHECK(done(at.store, token("ann", admin_role::owner, 1)).result == token_change::done);
    CHECK(done(at.store, token("ann", admin_role::viewer, 2)).result == token_change::taken);
    CHECK(done(at.store, token("bo", admin_role::moderator, 3)).result == token_change::done);
    auto full = token("cy", admin_role::viewer, 4);
    full.tokens_max = 2;
    CHECK(done(at.store, full).result == token_change::too_many);
    CHECK(done(at.store, without("dee")).result == token_change::unknown);
    CHECK(done(at.store, without("ann")).result == token_change::last_owner);
    done(at.store, note_token_used{"bo", 7000});
    done(at.store, note_token_used{"bo", 6000});

    const auto kept = answered(at.store, list_admin_tokens{}).tokens;
    REQUIRE(kept.size() == 2);
    CHECK(kept[0] == token("ann", admin_role::owner, 1).token);
    CHECK(kept[1].role == admin_role::moderator);
    CHECK(kept[1].used == 7000);

    done(at.store, token("eve", admin_role::owner, 5));
    CHECK(done(at.store, without("ann")).result == token_change::done);
    CHECK(answered(at.store, list_admin_tokens{}).tokens.size() == 2);
}

// ---- users ----

EACH_STORE("users are listed newest first, page by page, and by their state") {
    world<TestType> at;
    done(at.store, ban(2, {day}));
    done(at.store, erasure(3));

    list_users page{.limit = 3, .users = {}};
    CHECK(users(at.store, page) == std::vector<std::int64_t>{4, 3, 2});
    const auto first = answered(at.store, page);
    CHECK(first.more);
    page.before = first.next;
    CHECK(users(at.store, page) == std::vector<std::int64_t>{1});
    CHECK_FALSE(answered(at.store, page).more);

    const auto of = [&](user_state state) {
        list_users asked;
        asked.state = state;
        asked.now = 6000;
        return users(at.store, asked);
    };
    CHECK(of(user_state::banned) == std::vector<std::int64_t>{2});
    CHECK(of(user_state::erased) == std::vector<std::int64_t>{3});
    CHECK(of(user_state::muted).empty());
    CHECK(of(user_state::active) == std::vector<std::int64_t>{4, 1});
}

EACH_STORE("users are found by id, by person and by alias") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    done(at.store, meeting(1, 3));

    CHECK(users(at.store, meant({.id = user_id{2}, .persons = {}, .alias = {}})) ==
          std::vector<std::int64_t>{2});
    CHECK(users(at.store, meant({.id = {}, .persons = {user(3).person}, .alias = {}})) ==
          std::vector<std::int64_t>{3});
    CHECK(users(at.store, meant({.id = {}, .persons = {}, .alias = "Alias 1"})) ==
          std::vector<std::int64_t>{1});
    CHECK(users(at.store, meant({.id = user_id{4}, .persons = {}, .alias = "Alias 2"})) ==
          std::vector<std::int64_t>{4, 2});
    CHECK(users(at.store, meant({.id = {}, .persons = {}, .alias = "alias 1"})).empty());
    CHECK(users(at.store, meant({.id = {}, .persons = {}, .alias = "' OR 1=1 --"})).empty());
}

EACH_STORE("a user is described with bans and, once erased, the receipt") {
    world<TestType> at;
    done(at.store, ban(1, {day}));
    done(at.store, erasure(1));

    const auto told = answered(at.store, describe_user{.user = user_id{1}, .bans = {}});
    REQUIRE(told.row);
    CHECK(told.row->account.empty());
    CHECK(told.row->banned_until == 5000 + day);
    CHECK(told.receipt == "receipt-1");
    CHECK(told.bans.size() == 1);
    CHECK_FALSE(answered(at.store, describe_user{.user = user_id{9}, .bans = {}}).row);

    const auto erased = answered(at.store, find_erasure{.receipt = "receipt-1", .erasure = {}});
    CHECK(erased.erasure == erasure_entry{"receipt-1", user_id{1}, 10'000, 20'000, 0});
    CHECK_FALSE(answered(at.store, find_erasure{.receipt = "receipt", .erasure = {}}).erasure);
}

// ---- records ----

EACH_STORE("the pairs of a user are listed with what they have cleared") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    done(at.store, meeting(3, 4));
    done(at.store, meeting(1, 3));
    done(at.store, clearing(1, "pair-1-2"));

    auto told = answered(at.store, list_pairs_of{.user = user_id{1}, .pairs = {}});
    REQUIRE(told.pairs.size() == 2);
    CHECK(told.known);
    CHECK(told.pairs[0].name == "pair-1-3");
    CHECK(told.pairs[1].seats[0].cleared);
    told = answered(at.store, list_pairs_of{.user = user_id{1}, .limit = 1, .pairs = {}});
    CHECK(told.more);
    told = answered(at.store,
                    list_pairs_of{.user = user_id{1}, .before = told.pairs[0].id, .pairs = {}});
    CHECK(told.pairs.size() == 1);
    CHECK_FALSE(answered(at.store, list_pairs_of{.user = user_id{9}, .pairs = {}}).known);
}

EACH_STORE("a record is found with a page of its events, and nothing that is gone") {
    world<TestType> at;
    const auto pair = record(at.store);
    done(at.store, recall(pair, 6, 3));

    auto told = answered(at.store, find_record{.pair = pair, .limit = 4, .row = {}, .events = {}});
    REQUIRE(told.row);
    CHECK_FALSE(told.live);
    CHECK(told.more);
    CHECK(seqs(told.events) == std::vector<std::uint64_t>{3, 4, 5, 6});
    CHECK(told.events[0].body.empty());
    CHECK(told.events[1].body == "text 4");
    CHECK_FALSE(answered(at.store, find_record{.pair = pair_id{9}, .row = {}, .events = {}}).row);
}

EACH_STORE("a text that is removed is gone for both, and whoever resumes is told") {
    world<TestType> at;
    const auto pair = record(at.store);
    remove_texts one{.pair = pair, .seq = 3, .epoch = 1, .at = 9500, .sealed_until = 20'000};
    one.audit = note("remove events", "pair 1");

    CHECK(done(at.store, one).removed == 1);
    CHECK(done(at.store, one).removed == 0);

    CHECK(shown(at.store, pair) ==
          std::vector<std::string>{"1 kind 2 ref 0 gone 0 ''", "2 kind 0 ref 0 gone 0 'text 2'",
                                   "3 kind 0 ref 0 gone 3 ''", "4 kind 0 ref 0 gone 0 'text 4'",
                                   "5 kind 3 ref 0 gone 0 ''", "6 kind 1 ref 3 gone 3 ''"});
    CHECK(audit(at.store).size() == 1);
    CHECK(purged(at.store, 20'000).rows == 1);
}

EACH_STORE("all texts of a pair are removed, so many at a time, and the chat goes on after them") {
    world<TestType> at;
    const auto pair = record(at.store);
    remove_texts all{.pair = pair, .limit = 2, .epoch = 1, .at = 9500, .sealed_until = 20'000};

    auto told = done(at.store, all);
    CHECK(told.removed == 2);
    CHECK(told.more);
    told = done(at.store, all);
    CHECK(told.removed == 1);
    CHECK_FALSE(told.more);
    CHECK_FALSE(done(at.store, remove_texts{.pair = pair_id{9}}).known);

    auto again = meeting(1, 2, 9600);
    again.name = "pair-1-2";
    const auto live = done(at.store, again).live;
    CHECK(live.pair.last_seq == 9);
    done(at.store, text(pair, 10));
    told = done(at.store, all);
    CHECK(told.live);
    CHECK(told.removed == 0);
}

// ---- reports ----

EACH_STORE("reports are listed, found with their evidence, and resolved one by one or by person") {
    world<TestType> at;
    const auto pair = record(at.store);
    done(at.store, meeting(1, 3));
    done(at.store, recall(pair, 6, 3));
    done(at.store, reporting(2, "pair-1-2"));
    auto flagged = reporting(3, "pair-1-3");
    flagged.flagged = true;
    done(at.store, flagged);

    const auto all = answered(at.store, list_reports{.reports = {}}).reports;
    REQUIRE(all.size() == 2);
    CHECK(all[0].id == 2);
    CHECK(all[1].target == user_id{1});
    CHECK(all[1].reporter == user_id{2});
    CHECK(all[1].pair == pair);
    CHECK(all[1].note == "the note");
    CHECK(all[1].nickname == "the nickname");
    CHECK(all[0].flagged);
    CHECK_FALSE(all[1].flagged);
    CHECK(answered(at.store, count_open_reports{}).open == 2);

    const auto found = answered(at.store, find_report{.id = 1, .report = {}, .evidence = {}});
    CHECK(found.report == all[1]);
    CHECK(seqs(found.evidence) == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
    CHECK(found.evidence[2].body == "text 3");
    CHECK(found.evidence[2].gone == gone_reason::recall);

    auto looked = done(at.store, resolve_report{.id = 1, .at = 9000, .audit = note("resolve")});
    CHECK(looked.resolved == 1);
    CHECK(looked.person_reported == user(1).person);
    CHECK_FALSE(looked.muted);
    CHECK(done(at.store, resolve_report{.id = 1, .at = 9000, .audit = note("resolve")}).known);
    CHECK_FALSE(done(at.store, resolve_report{.id = 9}).known);
    CHECK(answered(at.store, list_reports{.open = true, .reports = {}}).reports.size() == 1);
    const auto closed = answered(at.store, list_reports{.open = false, .reports = {}}).reports;
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].resolved == 9000);
    CHECK(done(at.store, resolve_report{.id = 1, .person = true, .at = 9100}).resolved == 1);
    CHECK(answered(at.store, count_open_reports{}).open == 0);
    CHECK(audit(at.store).size() == 1);
}

EACH_STORE("a report of a person who came back names the new user, and each pair's own seats") {
    world<TestType> at;
    const auto first = done(at.store, meeting(1, 3)).live;
    done(at.store, text(first.pair.id, 2, "abuse of the first"));  // by user 1
    done(at.store, reporting(3, "pair-1-3"));
    done(at.store, ending(first, 3));
    done(at.store, erasure(1));
    auto again = user(9);
    again.person = user(1).person;
    done(at.store, make_user{again});
    const auto second = done(at.store, meeting(3, 9)).live;
    auto abuse = text(second.pair.id, 2, "abuse of the second");
    abuse.row.from = side::two;  // user 9
    done(at.store, abuse);

    done(at.store, reporting(3, "pair-3-9"));

    const auto found = answered(at.store, find_report{.id = 1, .report = {}, .evidence = {}});
    REQUIRE(found.report);
    CHECK(found.report->target == user_id{9});
    CHECK(found.report->pair == second.pair.id);
    REQUIRE(found.pairs.size() == 2);
    CHECK(found.pairs[0].id == first.pair.id);
    CHECK(found.pairs[0].seats[0].user == user_id{1});
    CHECK(found.pairs[1].id == second.pair.id);
    CHECK(found.pairs[1].seats[1].user == user_id{9});
    CHECK(found.evidence.back().from == side::two);
    CHECK(answered(at.store, list_reports{.reports = {}}).reports.size() == 1);
}
