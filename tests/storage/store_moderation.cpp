// The store's contract, continued: what moderation and its messages keep.
#include "tests/storage/worlds.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

remove_text removal(pair_id pair, std::uint64_t seq, std::uint64_t ref, unix_ms at = 8000) {
    return {.row = {.pair = pair,
                    .seq = seq,
                    .epoch = 1,
                    .from = side::system,
                    .kind = event_kind::recall,
                    .ref = ref,
                    .gone = gone_reason::removed,
                    .at = at,
                    .body = {}},
            .sealed_until = 20'000};
}

take_consent taking(std::int64_t user, std::string template_id) {
    return {.user = user_id{user}, .templates = {"", std::move(template_id), ""}, .account = {}};
}

note_consents allowing(std::int64_t user, std::vector<std::string> templates) {
    return {.user = user_id{user}, .templates = std::move(templates), .at = 5};
}

bool is_flagged(store& where, std::int64_t report) {
    const auto found =
        answered(where, find_report{.id = report, .report = {}, .evidence = {}}).report;
    REQUIRE(found);
    return found->flagged;
}

append masked(pair_id pair, std::uint64_t seq, std::uint64_t digest) {
    append said = text(pair, seq, "***");
    said.row.said = digest;
    return said;
}

}  // namespace

EACH_STORE("a removed text is gone for both, whoever said it, and the event says why") {
    world<TestType> at;
    const auto pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, text(pair, 2, "bad"));

    done(at.store, removal(pair, 3, 2));

    const auto rows = events(at.store, pair);
    REQUIRE(rows.size() == 3);
    CHECK(rows[1].gone == gone_reason::removed);
    CHECK(rows[1].body.empty());
    CHECK(rows[2].kind == event_kind::recall);
    CHECK(rows[2].from == side::system);
    CHECK(rows[2].ref == 2);
    CHECK(rows[2].gone == gone_reason::removed);
}

EACH_STORE("in a pair that sleeps the store gives a removal its seq, and no time runs backwards") {
    world<TestType> at;
    const auto live = done(at.store, meeting(1, 2)).live;
    const auto pair = live.pair.id;
    done(at.store, text(pair, 2, "bad"));
    done(at.store, ending(live, 3, 9000));

    CHECK(done(at.store, removal(pair, 0, 2, 8000)).removed);

    const auto rows = events(at.store, pair);
    REQUIRE(rows.size() == 4);
    CHECK(rows[3].seq == 4);
    CHECK(rows[3].at == 9000);
    const auto again = done(at.store, meeting(1, 2, 9900));
    CHECK(again.live.pair.last_seq == 5);
}

EACH_STORE("in a pair that sleeps nothing tells of a removal that removes nothing") {
    world<TestType> at;
    const auto live = done(at.store, meeting(1, 2)).live;
    const auto pair = live.pair.id;
    done(at.store, text(pair, 2, "bad"));
    done(at.store, recall(pair, 3, 2));
    done(at.store, ending(live, 4, 9000));

    CHECK_FALSE(done(at.store, removal(pair, 0, 2, 9500)).removed);
    CHECK_FALSE(done(at.store, removal(pair, 0, 99, 9500)).removed);

    CHECK(events(at.store, pair).size() == 4);
    CHECK(done(at.store, meeting(1, 2, 9900)).live.pair.last_seq == 5);
}

EACH_STORE("a text that was recalled before stays recalled when it is removed") {
    world<TestType> at;
    const auto pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, text(pair, 2, "bad"));
    done(at.store, recall(pair, 3, 2));

    done(at.store, removal(pair, 4, 2));

    CHECK(events(at.store, pair)[1].gone == gone_reason::recall);
}

EACH_STORE("a removed text is sealed: evidence of a report until then, overwritten after") {
    world<TestType> at;
    const auto pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, text(pair, 2, "bad"));
    done(at.store, removal(pair, 3, 2));

    CHECK(purged(at.store, 19'999).rows == 0);
    CHECK(purged(at.store, 20'000).rows == 1);
}

EACH_STORE("a removal that names one of the two is refused") {
    world<TestType> at;
    const auto pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, text(pair, 2, "bad"));
    auto wrong = removal(pair, 3, 2);
    wrong.row.from = side::one;

    CHECK(tried(at.store, wrong) == commit_result::refused);
    CHECK(events(at.store, pair).size() == 2);
}

EACH_STORE("the digest of a masked text comes back with an open chat, and with nothing else") {
    world<TestType> at;
    const auto pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, masked(pair, 2, 77));
    done(at.store, text(pair, 3));

    const auto open = at.store.open_chats();

    REQUIRE(open.size() == 1);
    REQUIRE(open[0].unmarked.size() == 2);
    CHECK(open[0].unmarked[0].said == 77);
    CHECK(open[0].unmarked[1].said == 0);
    CHECK(events(at.store, pair)[1].said == 0);
}

EACH_STORE("flags go when their time is up") {
    world<TestType> at;
    const auto pair = done(at.store, meeting(1, 2)).live.pair.id;
    done(at.store, text(pair, 2, "hm"));
    const flag_text flag{.pair = pair, .seq = 2, .at = 6000, .kept_until = 30'000};
    done(at.store, flag);
    done(at.store, flag);
    auto other = flag;
    other.source = flag_source::platform;
    done(at.store, other);

    CHECK(purged(at.store, 29'999).rows == 0);
    CHECK(purged(at.store, 30'000).rows == 2);
    CHECK(purged(at.store, 30'000).rows == 0);
    CHECK(answered(at.store, list_flags{}).flags.empty());
}

EACH_STORE("flags are listed newest first, page by page") {
    world<TestType> at;
    const auto pair = done(at.store, meeting(1, 2)).live.pair.id;
    for (std::uint64_t seq = 2; seq <= 4; ++seq) {
        done(at.store, text(pair, seq, "hm"));
        done(at.store, flag_text{.pair = pair,
                                 .seq = seq,
                                 .source = flag_source::platform,
                                 .label = 20001,
                                 .at = 6000,
                                 .kept_until = 30'000});
    }

    const auto first = answered(at.store, list_flags{.limit = 2, .flags = {}});
    const auto last =
        answered(at.store, list_flags{.before = first.flags.back().id, .limit = 2, .flags = {}});

    CHECK(first.more);
    REQUIRE(first.flags.size() == 2);
    CHECK(first.flags[0] == flag_entry{.id = 3,
                                       .pair = pair,
                                       .seq = 4,
                                       .source = flag_source::platform,
                                       .label = 20001,
                                       .at = 6000,
                                       .kept_until = 30'000});
    CHECK_FALSE(last.more);
    REQUIRE(last.flags.size() == 1);
    CHECK(last.flags[0].seq == 2);
}

EACH_STORE("a report may be flagged when it is filed long since, and stays so") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    done(at.store, meeting(1, 3));
    const auto one = done(at.store, reporting(1, "pair-1-2")).id;
    const auto other = done(at.store, reporting(1, "pair-1-3")).id;

    done(at.store, flag_report{one});
    done(at.store, flag_report{one});

    CHECK(one != other);
    CHECK(is_flagged(at.store, one));
    CHECK_FALSE(is_flagged(at.store, other));
    CHECK(done(at.store, reporting(1, "pair-1-2")).id == one);
    CHECK(is_flagged(at.store, one));
}

EACH_STORE("a report that somebody has looked at may be flagged, and one that is gone may not be") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    const auto report = done(at.store, reporting(1, "pair-1-2", 30'000)).id;
    done(at.store, resolve_report{.id = report, .at = 9000, .audit = {}});
    done(at.store, flag_report{report});
    CHECK(is_flagged(at.store, report));

    purged(at.store, 30'000);

    CHECK(tried(at.store, flag_report{report}) == commit_result::done);
    CHECK(tried(at.store, flag_report{99}) == commit_result::done);
    CHECK(answered(at.store, list_reports{.reports = {}}).reports.empty());
}

EACH_STORE("a refused batch flags no report") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    const auto report = done(at.store, reporting(1, "pair-1-2")).id;
    std::array<change, 2> batch{flag_report{report}, text(pair_id{999}, 1)};

    CHECK(at.store.commit(batch) == commit_result::refused);

    CHECK_FALSE(is_flagged(at.store, report));
}

EACH_STORE("a consent is used up once, for the template of its provider") {
    world<TestType> at;
    done(at.store, allowing(1, {"tmpl"}));

    CHECK_FALSE(done(at.store, taking(1, "other")).taken);
    const auto first = done(at.store, taking(1, "tmpl"));
    CHECK(first.taken);
    CHECK(first.from == provider::wechat);
    CHECK(first.account == "account-1");
    CHECK_FALSE(done(at.store, taking(1, "tmpl")).taken);
    CHECK_FALSE(done(at.store, taking(2, "tmpl")).taken);
    CHECK_FALSE(done(at.store, taking(9, "tmpl")).taken);
}

EACH_STORE("two consents are two messages") {
    world<TestType> at;
    done(at.store, allowing(1, {"tmpl"}));
    done(at.store, allowing(1, {"tmpl"}));

    CHECK(done(at.store, taking(1, "tmpl")).taken);
    CHECK(done(at.store, taking(1, "tmpl")).taken);
    CHECK_FALSE(done(at.store, taking(1, "tmpl")).taken);
}

EACH_STORE("consents that the platform doesn't know of are dropped") {
    world<TestType> at;
    done(at.store, allowing(1, {"tmpl", "more"}));
    done(at.store, allowing(1, {"tmpl"}));

    done(at.store, drop_consents{user_id{1}, "tmpl"});

    CHECK_FALSE(done(at.store, taking(1, "tmpl")).taken);
    CHECK(done(at.store, taking(1, "more")).taken);
}

EACH_STORE("an erased user has no consents left") {
    world<TestType> at;
    done(at.store, allowing(1, {"tmpl"}));
    done(at.store, erasure(1));

    CHECK_FALSE(done(at.store, taking(1, "tmpl")).taken);
}
