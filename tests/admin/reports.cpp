#include "tests/admin/office.hpp"
#include "tests/storage/samples.hpp"

using namespace onechat;
using namespace onechat::test;

namespace {

void report(office& at, int n) {
    const auto pair = at.all<protocol::server::matched>(n).at(0).pair;
    at.say(n, R"({"t":"report","pair":")" + pair + R"(","reason":"abuse","note":"a bad word"})");
    at.settle();
}

}  // namespace

TEST_CASE("reports are listed without a word of anybody's, and read with a reason") {
    office at;
    have_talked(at);
    report(at, 2);
    office::wishes viewer;
    viewer.who = "viewer";

    const auto list = at.ask("GET", "/reports?state=open", viewer);
    CHECK_THAT(list.body, Catch::Contains(R"("reason":"abuse")"));
    CHECK_THAT(list.body, !Catch::Contains("bad word") && !Catch::Contains("hello"));
    const auto seen = at.get<admin::report_page>("/reports", viewer).reports.at(0);
    CHECK_FALSE((seen.reporter || seen.target || seen.pair));
    CHECK(at.audit().empty());

    const auto one = at.get<admin::report>("/reports/1");
    CHECK(one.note == "a bad word");
    CHECK(one.target == "1");
    CHECK(one.reporter == "2");
    REQUIRE(one.evidence);
    CHECK(one.evidence->at(1).text == "hello from one");
    CHECK(one.evidence->at(1).user == "1");
    CHECK(at.told("GET", "/reports/9") == "404 not_found");
    CHECK(at.audit().size() == 2);
}

TEST_CASE("a report tells whether its note is flagged") {
    office at;
    at.board->use(std::make_shared<platform::filter>(platform::parse_rules("flag bad word\n")));
    have_talked(at);
    report(at, 2);

    CHECK(at.get<admin::report_page>("/reports").reports.at(0).flagged);
    CHECK(at.get<admin::report>("/reports/1").flagged);
}

TEST_CASE("a report is resolved once") {
    office at;
    have_talked(at);
    report(at, 2);

    CHECK_THAT(at.told("POST", "/reports/1/resolve"), Catch::Contains(R"({"reports":1})"));
    CHECK_THAT(at.told("POST", "/reports/1/resolve"), Catch::Contains(R"({"reports":0})"));
    CHECK(at.told("POST", "/reports/9/resolve") == "404 not_found");

    CHECK(at.get<admin::report_page>("/reports?state=open").reports.empty());
    const auto closed = at.get<admin::report_page>("/reports?state=resolved").reports;
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].resolved == at.now.unix_ms);
    CHECK(at.audit() ==
          std::vector<std::string>{"owner: resolve report, report 1, because of a test"});
}

TEST_CASE("all reports about a person are resolved together when that is asked") {
    office at;
    have_talked(at);
    report(at, 2);
    at.pair_up(3, 1);
    report(at, 3);
    office::wishes all;
    all.body = R"({"person":true})";

    CHECK_THAT(at.told("POST", "/reports/2/resolve", all), Catch::Contains(R"({"reports":2})"));
    CHECK(at.get<admin::stats>("/stats").open_reports == 0);
}

TEST_CASE("what moderation flagged is listed newest first, without a word of it") {
    office at;
    have_talked(at);
    for (const std::uint64_t seq : {2U, 3U}) {
        storage::change flag = storage::flag_text{
            .pair = storage::pair_id{1},
            .seq = seq,
            .source = seq == 2 ? storage::flag_source::filter : storage::flag_source::platform,
            .label = seq == 2 ? 0U : 20001U,
            .at = at.now.unix_ms,
            .kept_until = at.now.unix_ms + 5};
        REQUIRE(at.store.behind.commit({&flag, 1}) == storage::commit_result::done);
    }
    office::wishes moderator;
    moderator.who = "moderator";
    moderator.why = "";

    const auto first = at.get<admin::flag_page>("/flags?limit=1", moderator);
    const auto last = at.get<admin::flag_page>("/flags?before=" + first.next.value(), moderator);

    REQUIRE(first.flags.size() == 1);
    CHECK(first.flags[0].source == admin::flag_origin::platform);
    CHECK(first.flags[0].label == 20001);
    REQUIRE(last.flags.size() == 1);
    CHECK(last.flags[0].pair == "1");
    CHECK(last.flags[0].seq == 2);
    CHECK_FALSE(last.flags[0].label);
    CHECK_FALSE(last.next);
    CHECK_THAT(at.ask("GET", "/flags").body, !Catch::Contains("hello"));
    CHECK(at.told("GET", "/flags?limit=0") == "400 bad_query");
    office::wishes viewer;
    viewer.who = "viewer";
    CHECK(at.told("GET", "/flags", viewer) == "403 forbidden");
    CHECK(at.audit().empty());
}

// Users 11 and 13 meet, 11 abuses and erases, and abuses 13 again as user 19.
TEST_CASE("evidence of a report names who said it, also when the person came back in between") {
    namespace rows = storage::test;
    office at;
    auto& store = at.store.behind;
    for (const int id : {11, 13}) {
        rows::done(store, storage::make_user{rows::user(id)});
    }
    const auto first = rows::done(store, rows::meeting(11, 13)).live;
    rows::done(store, rows::text(first.pair.id, 2, "the first abuse"));
    rows::done(store, rows::reporting(13, "pair-11-13"));
    rows::done(store, rows::ending(first, 3));
    rows::done(store, rows::erasure(11));
    auto again = rows::user(19);
    again.person = rows::user(11).person;
    rows::done(store, storage::make_user{again});
    const auto second = rows::done(store, rows::meeting(13, 19)).live;
    auto abuse = rows::text(second.pair.id, 2, "the second abuse");
    abuse.row.from = storage::side::two;
    rows::done(store, abuse);
    rows::done(store, rows::reporting(13, "pair-13-19"));

    const auto report = at.get<admin::report>("/reports/1");

    CHECK(report.target == "19");
    CHECK(report.pair == std::to_string(static_cast<std::int64_t>(second.pair.id)));
    std::vector<std::string> said;
    for (const auto& event : report.evidence.value()) {
        if (event.text) {
            said.push_back(event.pair.value() + " " + event.user.value() + ": " + *event.text);
        }
    }
    CHECK(said == std::vector<std::string>{"1 11: the first abuse", "2 19: the second abuse"});
}
