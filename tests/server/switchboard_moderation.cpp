// Looks from outside as the switchboard asks for them, and what it does with what they bring.
#include "tests/server/watched_house.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::test;

namespace {

using opinion_kind = platform::outside_opinion::kind;
namespace server = protocol::server;

// By the first of the two.
void report(watched_house& w, const std::string& note) {
    w.at.say(
        1, R"({"t":"report","pair":")" + w.pair + R"(","reason":"spam","note":")" + note + R"("})");
}

bool is_flagged(watched_house& w, std::int64_t id = 1) {
    storage::question asked = storage::find_report{.id = id, .report = {}, .evidence = {}};
    REQUIRE(w.at.store.behind.reader().answer(asked));
    return std::get<storage::find_report>(asked).report.value().flagged;
}

}  // namespace

TEST_CASE("in hold a text waits for the platform's word on it, asked with its author's account") {
    watched_house w{moderation_mode::hold};
    w.pair_up();

    w.at.say_text(1, 1, "hi");
    w.at.settle();

    REQUIRE(w.asked.size() == 1);
    CHECK(w.asked[0].second.author.openid() == "openid-1");
    CHECK(w.asked[0].second.words == "hi");
    CHECK(w.at.hear(2).empty());
    w.answer(opinion_kind::pass);
    w.at.settle();
    CHECK(w.at.hear(2) == words{"text 2 partner hi"});
    CHECK(w.at.hear(1) == words{"ack 1"});
}

TEST_CASE("the time to an ack runs from when a held text is let go") {
    watched_house w{moderation_mode::hold};
    w.pair_up();
    w.at.say_text(1, 1, "hi");
    w.at.wait(300ms);
    w.answer(opinion_kind::pass);
    w.at.wait(20ms);

    w.at.settle();

    CHECK(w.at.hear(1) == words{"ack 1"});
    CHECK(w.at.board->counted().ack_times.sum() * 1000 == Approx(20));
}

TEST_CASE("in hold a risky text is refused, and a doubtful one passes with a flag") {
    watched_house w{moderation_mode::hold};
    w.pair_up();
    w.at.say_text(1, 1, "bad");
    w.at.say_text(1, 2, "odd");

    w.answer(opinion_kind::risky);
    w.answer(opinion_kind::doubtful, 20006);

    CHECK(w.at.hear(1) == words{"nack 1 blocked_text"});
    CHECK(w.at.hear(2) == words{"text 2 partner odd"});
    const auto flags = w.written<storage::flag_text>();
    REQUIRE(flags.size() == 1);
    CHECK(flags[0].seq == 2);
    CHECK(flags[0].source == storage::flag_source::platform);
    CHECK(flags[0].label == 20006);
}

TEST_CASE("guests are not looked at from outside") {
    watched_house w{moderation_mode::hold};
    w.at.pair_up(1, 2);

    w.at.say_text(1, 1, "hi");

    CHECK(w.asked.empty());
    CHECK(w.at.hear(2) == words{"text 2 partner hi"});
}

TEST_CASE("an opinion that comes too late takes the text away") {
    watched_house w{moderation_mode::hold};
    w.pair_up();
    w.at.say_text(1, 1, "bad");
    w.at.pass(1500ms);
    CHECK(w.at.hear(2) == words{"text 2 partner bad"});

    w.answer(opinion_kind::risky, 20002);
    w.at.settle();

    CHECK(w.at.hear(2) == words{"recall 3 system removed"});
    CHECK(w.at.board->counted().removals == 1);
}

TEST_CASE("in after a risky text is taken away from both, and flagged with its label") {
    watched_house w{moderation_mode::after};
    w.pair_up();
    w.at.say_text(1, 1, "bad");
    CHECK(w.at.hear(2) == words{"text 2 partner bad"});
    w.at.settle();
    w.at.hear(1);

    w.answer(opinion_kind::risky, 20002);

    const auto flags = w.written<storage::flag_text>();
    REQUIRE(flags.size() == 1);
    CHECK(flags[0].label == 20002);
    w.at.settle();
    CHECK(w.at.hear(1) == words{"recall 3 system removed"});
    CHECK(w.at.hear(2) == words{"recall 3 system removed"});
    w.at.say(1, R"({"t":"history","pair":")" + w.pair + R"("})");
    w.at.settle();
    const auto events = w.at.last<server::history>(1).events;
    REQUIRE(events.size() == 3);
    CHECK(events[1].gone == protocol::gone_reason::removed);
    CHECK_FALSE(events[1].text);
    CHECK(events[2].gone == protocol::gone_reason::removed);
}

TEST_CASE("a removal waits until its text is on disk") {
    watched_house w{moderation_mode::after};
    w.pair_up();
    w.at.say_text(1, 1, "bad");

    w.answer(opinion_kind::risky);
    CHECK(w.at.hear(2) == words{"text 2 partner bad"});
    w.at.settle();
    w.at.pass(100ms);

    CHECK(w.at.hear(2) == words{"recall 3 system removed"});
}

TEST_CASE("a text of a chat that is over is taken away in the store, and told at the next resume") {
    watched_house w{moderation_mode::after};
    w.pair_up();
    const auto token = w.at.token(2);
    const auto epoch = w.at.epoch(2);
    w.at.say_text(1, 1, "bad");
    w.at.settle();
    w.at.say(1, R"({"t":"leave"})");
    w.at.settle();

    w.answer(opinion_kind::risky);
    w.at.settle();
    CHECK(w.at.hear(2) == words{"text 2 partner bad", "end 3 partner left", "partner left left"});

    w.at.come_back(12, token, house::held(w.pair, 3, epoch));
    CHECK(w.at.hear(12) == words{"welcome idle", "recall 4 system removed"});
}

TEST_CASE("while the two are being matched again a removal waits, and then takes its place") {
    watched_house w{moderation_mode::after};
    w.pair_up();
    w.at.say_text(1, 1, "bad");
    w.at.settle();
    w.at.say(1, R"({"t":"leave"})");
    w.at.settle();
    for (const int n : {1, 2}) {
        w.at.say(n, R"({"t":"find"})");
    }
    w.at.wait(10s);
    w.at.board->tick(w.at.now);  // engaged: the chat is on its way to the store

    w.answer(opinion_kind::risky);
    w.at.settle();
    w.at.pass(100ms);

    CHECK_FALSE(w.at.board->failed());
    CHECK(w.at.hear(2).back() == "recall 5 system removed");
    w.at.say_text(1, 2, "again");
    w.at.settle();
    CHECK_FALSE(w.at.board->failed());
    CHECK(w.at.hear(2) == words{"text 6 partner again"});
}

TEST_CASE("a held text is lost with a killed process and may be said again") {
    watched_house w{moderation_mode::hold};
    w.pair_up();
    const auto token = w.at.token(1);
    w.at.say_text(1, 1, "hi");
    w.at.settle();

    w.restart();
    w.at.come_back(1, token);
    w.asked.clear();
    w.at.say_text(1, 1, "hi");

    REQUIRE(w.asked.size() == 1);
    w.answer(opinion_kind::pass);
    w.at.settle();
    CHECK(w.at.hear(1).back() == "ack 1");
}

TEST_CASE("a masked text said again after a crash is a repeat") {
    watched_house w{moderation_mode::local};
    const auto rules = platform::parse_rules("mask 脏词\n");
    w.at.board->use(std::make_shared<platform::filter>(rules));
    w.pair_up();
    const auto token = w.at.token(1);
    w.at.say_text(1, 1, "脏词!");
    w.at.settle();
    CHECK(w.at.hear(2) == words{"text 2 partner **!"});

    w.restart();
    w.at.board->use(std::make_shared<platform::filter>(rules));
    w.at.come_back(1, token);
    w.at.say_text(1, 1, "脏词!");

    CHECK(w.at.hear(1).back() == "ack 1 dup");
}

TEST_CASE("a note that our own filter knows is flagged with its report, and not refused") {
    watched_house w{moderation_mode::local};
    w.at.board->use(std::make_shared<platform::filter>(platform::parse_rules("reject 坏词\n")));
    w.pair_up();

    report(w, "坏词");

    const auto reports = w.written<storage::add_report>();
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].flagged);
    w.at.settle();
    CHECK(w.at.hear(1) == words{"reported"});
}

TEST_CASE("a report is filed at once, and flagged when the platform has something to say of it") {
    for (const auto mode : {moderation_mode::hold, moderation_mode::after}) {
        for (const auto opinion : {opinion_kind::risky, opinion_kind::doubtful}) {
            watched_house w{mode};
            w.pair_up();

            report(w, "bad");
            w.at.settle();

            CHECK(w.at.hear(1) == words{"reported"});
            CHECK_FALSE(is_flagged(w));
            REQUIRE(w.asked.size() == 1);
            CHECK(w.asked[0].second.author.openid() == "openid-1");
            CHECK(w.asked[0].second.words == "bad");
            CHECK(w.at.board->moderation().under_way() == 1);

            w.answer(opinion, 20002);
            w.at.settle();

            CHECK(is_flagged(w));
            CHECK(w.at.board->moderation().under_way() == 0);
            CHECK(w.at.board->counted().looks[static_cast<std::size_t>(opinion)] == 1);
            CHECK(w.written<storage::flag_text>().empty());
            CHECK(w.at.hear(1).empty());
            CHECK(w.at.hear(2).empty());
        }
    }
}

TEST_CASE("a note that is well, or that nobody could look at, leaves its report as it is") {
    for (const auto opinion : {opinion_kind::pass, opinion_kind::failed}) {
        watched_house w{moderation_mode::hold, false};
        w.pair_up();
        report(w, "help");
        w.at.settle();

        w.answer(opinion);

        CHECK(w.at.store.writes.empty());
        CHECK_FALSE(is_flagged(w));
    }
}

TEST_CASE("a note is looked at though its reporter is gone when the report is stored") {
    watched_house w{moderation_mode::after};
    w.pair_up();
    report(w, "bad");

    w.at.drop(1);
    w.at.settle();

    REQUIRE(w.asked.size() == 1);
    w.answer(opinion_kind::risky);
    w.at.settle();
    CHECK(is_flagged(w));
}

TEST_CASE("nobody outside learns of a note whose author is being erased") {
    watched_house w{moderation_mode::after};
    w.pair_up();
    report(w, "bad");

    w.at.say(1, R"({"t":"erase","confirm":true})");
    w.at.settle();

    CHECK(w.asked.empty());
    CHECK_FALSE(w.at.board->awaits_opinions());
}

TEST_CASE("of a report that is not stored nobody outside learns") {
    watched_house w{moderation_mode::hold};
    w.pair_up();
    w.at.say(1, R"({"t":"report","pair":"nobody's","reason":"spam","note":"bad"})");
    w.at.settle();
    report(w, "bad");
    w.at.commit(storage::commit_result::full);
    w.at.store.admits = storage::admission::full;
    report(w, "bad");

    CHECK(w.at.hear(1) ==
          words{"error unknown_pair", "error store_unavailable", "error store_unavailable"});
    CHECK(w.asked.empty());
    CHECK_FALSE(w.at.board->awaits_opinions());
}

TEST_CASE("nobody outside is asked about a note that is empty, or flagged by our own filter") {
    watched_house w{moderation_mode::hold};
    w.at.board->use(std::make_shared<platform::filter>(platform::parse_rules("flag 怪词\n")));
    w.pair_up();

    report(w, "");
    report(w, "怪词");
    w.at.settle();

    CHECK(w.at.hear(1) == words{"reported", "reported"});
    CHECK(w.asked.empty());
}

TEST_CASE("nobody outside is asked about notes of guests, nor in local") {
    watched_house guests{moderation_mode::hold};
    guests.pair = guests.at.pair_up(1, 2);
    watched_house local{moderation_mode::local};
    local.pair_up();

    for (auto* w : {&guests, &local}) {
        report(*w, "bad");
        w->at.settle();

        CHECK(w->at.hear(1) == words{"reported"});
        CHECK(w->asked.empty());
    }
}

TEST_CASE("a note beyond the budget stays unlooked at, and its report is filed all the same") {
    auto options = watched_house::options(moderation_mode::hold, false);
    options.moderation.looks_per_minute = 0;
    watched_house w{options};
    w.pair_up();

    report(w, "bad");
    w.at.settle();

    CHECK(w.at.hear(1) == words{"reported"});
    CHECK(w.asked.empty());
    CHECK(w.at.board->moderation().counted().unaffordable == 1);
    CHECK_FALSE(w.at.board->awaits_opinions());
}

TEST_CASE("a flag of a report that finds no room is stored when there is some") {
    watched_house w{moderation_mode::after};
    w.pair_up();
    report(w, "bad");
    w.at.settle();

    w.at.store.admits = storage::admission::full;
    w.answer(opinion_kind::risky);
    CHECK(w.at.board->unwritten_count() == 1);
    w.at.store.admits = storage::admission::queued;
    w.at.pass(100ms);

    CHECK(is_flagged(w));
}

TEST_CASE("an answer to nobody's question changes nothing") {
    watched_house w{moderation_mode::hold};
    w.pair_up();

    w.at.board->reviewed(lobby::review_id{99}, {opinion_kind::risky, 0}, w.at.now);

    CHECK(w.at.hear(1).empty());
}

TEST_CASE("a drain waits for opinions of texts that people have seen") {
    watched_house w{moderation_mode::after};
    w.pair_up();
    CHECK_FALSE(w.at.board->awaits_opinions());
    w.at.say_text(1, 1, "bad");
    w.at.settle();
    CHECK(w.at.board->awaits_opinions());

    w.answer(opinion_kind::risky);

    CHECK_FALSE(w.at.board->awaits_opinions());
    CHECK(w.written<storage::remove_text>().size() == 1);
}

TEST_CASE("a drain waits for opinions of notes, from the moment of their report on") {
    watched_house w{moderation_mode::after};
    w.pair_up();
    report(w, "bad");
    CHECK(w.at.board->awaits_opinions());
    w.at.settle();
    CHECK(w.at.board->awaits_opinions());

    w.answer(opinion_kind::risky);

    CHECK_FALSE(w.at.board->awaits_opinions());
    CHECK(w.written<storage::flag_report>().size() == 1);
}

TEST_CASE("a drain waits for nothing when the fate of a commit is unknown") {
    watched_house w{moderation_mode::after};
    w.pair_up();
    report(w, "bad");

    w.at.commit(storage::commit_result::unknown);

    CHECK(w.at.board->failed());
    CHECK_FALSE(w.at.board->awaits_opinions());
}

TEST_CASE("a drain does not wait for opinions of texts that nobody has seen") {
    watched_house w{moderation_mode::hold};
    w.pair_up();
    w.at.say_text(1, 1, "bad");

    CHECK_FALSE(w.at.board->awaits_opinions());
}
