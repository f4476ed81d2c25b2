#include "server/cli/talker.hpp"

#include "protocol/limits.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <string>

using namespace onechat;
using namespace onechat::cli;
using namespace std::chrono_literals;
namespace client = protocol::client;
namespace server = protocol::server;
using protocol::event_kind;
using protocol::refusal;
using protocol::sender;
using protocol::user_state;

namespace {

struct longest_pause final : lobby::random_source {
    std::uint64_t below(std::uint64_t bound) override { return bound - 1; }
};

std::tm utc(std::int64_t unix_ms) {
    const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
    std::tm when{};
    ::gmtime_r(&seconds, &when);
    return when;
}

constexpr std::int64_t evening = 1'795'372'200'000;  // 2026-11-22 18:30 UTC

server::event text(std::uint64_t seq, std::string said, sender from = sender::partner) {
    return {.pair = "p", .seq = seq, .at = evening, .from = from, .text = std::move(said)};
}

server::event end(std::uint64_t seq, sender from) {
    return {.pair = "p",
            .seq = seq,
            .at = evening,
            .from = from,
            .kind = event_kind::end,
            .reason = protocol::end_reason::left};
}

// A talker, its time, and what it wanted done since the last look.
struct person {
    explicit person(talker_options options = {}) {
        options.calendar = utc;
        who.emplace(std::move(options), chance);
    }

    longest_pause chance;
    std::optional<talker> who;
    talker::time_point now{};
    actions out;

    // ---- what happens ----
    void connects() {
        who->start(out);
        who->opened(now, out);
    }
    void comes_back() {
        now = who->wake(now).value();
        who->tick(now, out);
        who->opened(now, out);
    }
    void hears(protocol::server_message said) { who->heard({std::move(said), {}}, now, out); }
    // The answer to the newest request.
    void is_answered(protocol::server_message said) {
        who->heard({std::move(said), last_rid()}, now, out);
    }
    void types(std::string_view line) { who->typed(line, now, out); }
    void waits(std::chrono::milliseconds time) {
        now += time;
        who->tick(now, out);
    }

    // ---- what the server says ----
    static server::welcome welcome(user_state state = user_state::idle) {
        server::welcome said;
        said.token = "token";
        said.epoch = 100;
        said.state = state;
        said.heartbeat_ms = 25'000;
        said.topics.push_back({"film", "电影", "最近看了什么", protocol::pool_size::few});
        return said;
    }
    static server::matched match(std::string pair = "p") {
        server::matched said;
        said.pair = std::move(pair);
        said.partner = {"晒太阳的云", "fox", {}};
        said.recent = {
            server::event{.pair = said.pair, .seq = 1, .at = evening, .kind = event_kind::start}};
        said.last_seq = 1;
        return said;
    }
    static server::welcome welcome_back(std::uint64_t keep, std::uint64_t last_cid = 0) {
        auto said = welcome(user_state::paired);
        said.held = server::held_answer{"p", keep, {}};
        said.pair = match();
        said.pair->resumed = true;
        said.pair->recent.reset();
        said.pair->last_cid = last_cid;
        return said;
    }
    void searches() {
        connects();
        hears(welcome());
        is_answered(server::waiting{});
        out.clear();
    }
    void talks() {
        searches();
        hears(match());
        out.clear();
    }

    // ---- what it wanted ----
    template <class Message>
    std::vector<Message> take() {
        std::vector<Message> found;
        for (const action& one : out) {
            if (const auto* sent = std::get_if<transmit>(&one)) {
                if (const auto* is = std::get_if<Message>(&sent->what)) {
                    found.push_back(*is);
                }
            }
        }
        std::erase_if(out, [](const action& one) {
            const auto* sent = std::get_if<transmit>(&one);
            return sent != nullptr && std::holds_alternative<Message>(sent->what);
        });
        return found;
    }
    template <class Message>
    Message takes_one() {
        const auto found = take<Message>();
        REQUIRE(found.size() == 1);
        return found.front();
    }
    bool sends_nothing() const {
        return std::ranges::none_of(
            out, [](const action& one) { return std::holds_alternative<transmit>(one); });
    }
    std::vector<std::string> shows() {
        std::vector<std::string> lines;
        for (const action& one : out) {
            if (const auto* shown = std::get_if<show>(&one)) {
                lines.push_back(shown->line);
            }
        }
        std::erase_if(out, [](const action& one) { return std::holds_alternative<show>(one); });
        return lines;
    }
    bool dials() {
        return std::erase_if(
                   out, [](const action& one) { return std::holds_alternative<dial>(one); }) > 0;
    }
    const quit* quits() const { return out.empty() ? nullptr : std::get_if<quit>(&out.back()); }
    std::optional<std::int64_t> last_rid() {
        for (const action& one : out) {
            if (const auto* sent = std::get_if<transmit>(&one); sent != nullptr && sent->rid) {
                rid_ = sent->rid;
            }
        }
        return rid_;
    }

private:
    std::optional<std::int64_t> rid_;
};

using lines = std::vector<std::string>;

const std::string hint = "— press Enter or /next to look for somebody else —";

}  // namespace

// ---- meeting ----

TEST_CASE("it says hello as a guest, then searches with its topics and nickname") {
    person one{{.topics = {"film"}, .nickname = "小明"}};

    one.connects();

    const auto hello = one.takes_one<client::hello>();
    REQUIRE(hello.login);
    CHECK(hello.login->provider == protocol::provider::guest);
    CHECK_FALSE(hello.token);
    CHECK_FALSE(hello.held);
    CHECK_FALSE(one.who->wants_lines());

    one.hears(person::welcome());

    const auto find = one.takes_one<client::find>();
    CHECK(find.topics == lines{"film"});
    CHECK(find.nickname == "小明");
    CHECK(one.who->wants_lines());
}

TEST_CASE("what the partner says is shown with the time, once") {
    person one;
    one.talks();

    one.hears(text(2, "你好"));
    one.hears(text(2, "你好"));

    CHECK(one.shows() == lines{"18:30 晒太阳的云: 你好"});
}

TEST_CASE("a pair met before is shown its past") {
    person one;
    one.searches();
    auto met = person::match();
    met.met = 2;
    met.last_seq = 14;
    met.recent = {text(12, "再见", sender::me), end(13, sender::partner),
                  server::event{.pair = "p", .seq = 14, .at = evening, .kind = event_kind::start}};

    one.hears(met);

    CHECK(one.shows() == lines{"18:30 you: 再见", "— 晒太阳的云 left —",
                               "— you met before, 2 chats, last at 2026-11-22 18:30 —",
                               "— you talk with 晒太阳的云 —"});
}

TEST_CASE("nickname and topic of a match are shown") {
    person one;
    one.searches();
    auto met = person::match();
    met.partner.nickname = "小红";
    met.topic = "film";

    one.hears(met);

    CHECK(one.shows() == lines{"— you talk with 小红 (晒太阳的云), topic: 电影 —"});
}

// ---- talking ----

TEST_CASE("texts are numbered above last_cid and name the pair") {
    person one;
    one.searches();
    auto met = person::match();
    met.last_cid = 41;
    one.hears(met);

    one.types("你好");
    one.types("//leave");

    const auto said = one.take<client::say>();
    REQUIRE(said.size() == 2);
    CHECK(said[0] == client::say{.cid = 42, .text = "你好", .pair = "p"});
    CHECK(said[1] == client::say{.cid = 43, .text = "/leave", .pair = "p"});
}

TEST_CASE("the 65th unacked text waits for an ack") {
    person one;
    one.talks();

    for (std::size_t n = 0; n < protocol::limits::in_flight_max + 1; ++n) {
        one.types("x");
    }

    CHECK(one.take<client::say>().size() == protocol::limits::in_flight_max);
    one.hears(server::ack{.pair = "p", .cid = 1, .seq = 2, .at = evening});
    CHECK(one.takes_one<client::say>().cid == 65);
}

TEST_CASE("no lines are wanted while too many texts wait") {
    person one;
    one.talks();

    for (std::size_t n = 0; n < outgoing::texts_max; ++n) {
        REQUIRE(one.who->wants_lines());
        one.types("x");
    }

    CHECK_FALSE(one.who->wants_lines());
}

TEST_CASE("a refused text is shown as not sent") {
    person one;
    one.talks();
    one.types("坏话\x1b");

    one.hears(server::nack{.pair = "p", .cid = 1, .code = refusal::blocked_text});

    CHECK(one.shows() ==
          lines{"✗ not sent: 坏话\\x1b (the server does not let this text through)"});
}

TEST_CASE("a text refused for now is said again after retry_ms, with what followed") {
    person one;
    one.talks();
    one.types("a");
    one.types("b");
    one.take<client::say>();

    one.hears(server::nack{.pair = "p", .cid = 1, .code = refusal::rate_limited, .retry_ms = 1500});
    one.hears(server::nack{.pair = "p", .cid = 2, .code = refusal::rate_limited, .retry_ms = 1500});
    one.types("c");

    CHECK(one.shows() == lines{"— not sent yet, the server says to wait; trying again in 2 s —"});
    CHECK(one.sends_nothing());
    CHECK(one.who->wake(one.now) == one.now + 1500ms);
    one.waits(1500ms);
    const auto again = one.take<client::say>();
    REQUIRE(again.size() == 3);
    CHECK(again[0] == client::say{.cid = 3, .text = "a", .pair = "p"});
    CHECK(again[2] == client::say{.cid = 5, .text = "c", .pair = "p"});
}

TEST_CASE("lines that are too long or not UTF-8 are refused here") {
    person one;
    one.talks();
    std::string longest;
    for (std::size_t n = 0; n < protocol::limits::text_code_points_max; ++n) {
        longest += "云";
    }

    one.types(longest);
    CHECK(one.take<client::say>().size() == 1);

    one.types(longest + "云");
    one.types("\xFF");
    one.types(std::string_view{"a\0b", 3});
    CHECK(one.shows() == lines{"✗ not sent: a text has at most 2000 characters",
                               "✗ not sent: this line is not UTF-8 text",
                               "✗ not sent: this line is not UTF-8 text"});
    CHECK(one.sends_nothing());
}

TEST_CASE("a text without a partner is not sent to the next one") {
    person one;
    one.searches();

    one.types("有人吗");
    one.hears(person::match());

    CHECK(one.shows().front() == "✗ not sent: 有人吗 (nobody is here yet)");
    CHECK(one.sends_nothing());
}

TEST_CASE("the partner's coming and going is shown when it changes") {
    person one;
    one.talks();

    one.hears(server::partner{"p", protocol::partner_state::here, {}});
    one.hears(server::partner{"p", protocol::partner_state::away, {}});
    one.hears(server::partner{"p", protocol::partner_state::away, {}});
    one.hears(server::partner{"p", protocol::partner_state::here, {}});

    CHECK(one.shows() == lines{"— 晒太阳的云 is away; what you say arrives when they are back —",
                               "— 晒太阳的云 is back —"});
}

TEST_CASE("after heartbeat_ms of silence it says ping") {
    person one;
    one.talks();
    one.waits(24s);
    one.types("x");
    one.take<client::say>();

    one.waits(24s);
    CHECK(one.sends_nothing());
    CHECK(one.who->wake(one.now) == one.now + 1s);
    one.waits(1s);
    one.takes_one<client::ping>();
}

// ---- parting ----

TEST_CASE("when the partner leaves, unsent texts are told and Enter finds the next") {
    person one;
    one.talks();
    one.types("等等");
    one.take<client::say>();

    one.hears(server::nack{.pair = "p", .cid = 1, .code = refusal::not_paired});
    one.hears(end(2, sender::partner));
    one.hears(server::partner{"p", protocol::partner_state::left, protocol::end_reason::left});

    CHECK(one.shows() == lines{"✗ not sent: 等等 (the chat is over)", "— 晒太阳的云 left —", hint});
    CHECK(one.sends_nothing());
    one.types("喂");
    CHECK(one.shows() == lines{"✗ not sent: 喂 (nobody is here)"});
    one.types("");
    one.takes_one<client::find>();
}

TEST_CASE("/leave names the pair, and nothing is said in it any more") {
    person one;
    one.talks();

    one.types("/leave");
    one.types("/leave");
    one.types("太晚");

    CHECK(one.takes_one<client::leave>().pair == "p");
    CHECK(one.shows() == lines{"✗ not sent: 太晚 (you are leaving this chat)"});
    one.hears(end(2, sender::me));
    one.is_answered(server::idle{});
    CHECK(one.shows() == lines{"— you left —", hint});
}

TEST_CASE("/next names the pair, and a double tap skips nobody") {
    person one{{.topics = {"film"}}};
    one.talks();

    one.types("/next");
    one.types("/next");

    const auto next = one.takes_one<client::next>();
    CHECK(next.pair == "p");
    CHECK(next.topics == lines{"film"});
    one.is_answered(server::waiting{});
    one.hears(person::match("q"));
    one.hears(end(2, sender::me));  // after its commit
    one.types("你好");
    CHECK(one.takes_one<client::say>() == client::say{.cid = 1, .text = "你好", .pair = "q"});
}

TEST_CASE("/next that crosses the partner's leaving still finds somebody") {
    person one;
    one.talks();
    one.types("/next");
    one.last_rid();
    one.take<client::next>();

    one.hears(end(2, sender::partner));
    one.hears(server::partner{"p", protocol::partner_state::left, protocol::end_reason::left});
    CHECK(one.sends_nothing());
    one.is_answered(server::error{.code = refusal::not_paired});

    one.takes_one<client::find>();
}

TEST_CASE("Enter right after /leave waits for idle and then searches once") {
    person one;
    one.talks();
    one.types("/leave");
    one.last_rid();
    one.take<client::leave>();

    one.types("");
    CHECK(one.sends_nothing());
    one.hears(end(2, sender::me));
    one.is_answered(server::idle{});

    one.takes_one<client::find>();
}

TEST_CASE("/leave while waiting cancels, and a match that crosses it is left") {
    person one;
    one.searches();

    one.types("/leave");
    one.takes_one<client::cancel>();
    one.hears(person::match());
    one.types("你好");
    CHECK(one.sends_nothing());
    one.hears(end(2, sender::me));
    one.hears(server::idle{});

    CHECK(one.shows().back() == hint);
}

TEST_CASE("/find changes the topics of the search, and is refused in a chat") {
    person one;
    one.searches();

    one.types("/find film  music");
    CHECK(one.takes_one<client::find>().topics == lines{"film", "music"});
    one.types("/find");
    CHECK(one.takes_one<client::find>().topics == lines{});
    one.types("/find 1 2 3 4 5 6 7 8 9");
    CHECK(one.shows().back() == "✗ at most 8 topics, as /topics lists them");
    one.hears(person::match());
    one.types("/find film");
    CHECK(one.shows().back() == "✗ you are in a chat; /next or /leave ends it");
    CHECK(one.sends_nothing());
}

TEST_CASE("an unknown topic ends the search with a sentence") {
    person one{{.topics = {"flim"}}};
    one.connects();
    one.hears(person::welcome());

    one.is_answered(server::error{.code = refusal::unknown_topic, .field = "topics"});
    one.take<client::find>();
    one.take<client::hello>();

    CHECK(one.shows().end()[-2] == "✗ no such topic; /topics lists them");
    one.types("");
    CHECK(one.takes_one<client::find>().topics == lines{});
}

TEST_CASE("a search that comes too soon is tried again after retry_ms") {
    person one;
    one.talks();
    one.types("/next");

    one.is_answered(server::error{.code = refusal::rate_limited, .retry_ms = 4000});
    one.take<client::next>();
    CHECK(one.shows() == lines{"— the server says to wait; trying again in 4 s —"});
    one.waits(3999ms);
    CHECK(one.sends_nothing());
    one.waits(1ms);

    CHECK(one.takes_one<client::next>().pair == "p");
}

TEST_CASE("/topics and /help list, and what is no command is explained") {
    person one;
    one.talks();

    one.types("/topics");
    CHECK(one.shows() == lines{"  film  电影: 最近看了什么 (waiting: 1-4)"});
    one.types("/help");
    CHECK(one.shows().size() == 6);
    one.types("/laeve");
    CHECK(one.shows() == lines{"✗ no such command: /laeve; /help lists them, and //x says /x"});
    CHECK(one.sends_nothing());
}

// ---- coming back ----

TEST_CASE("it comes back with full jitter, between 0.5 and 20 s, and starts over when welcomed") {
    person one;
    one.searches();
    std::vector<std::chrono::milliseconds> pauses;

    for (int n = 0; n < 8; ++n) {
        one.who->closed(one.now, one.out);
        const auto wake = one.who->wake(one.now).value();
        pauses.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(wake - one.now));
        one.comes_back();
    }

    CHECK(pauses == std::vector<std::chrono::milliseconds>{500ms, 1s, 2s, 4s, 8s, 16s, 20s, 20s});
    CHECK(one.shows() == lines{"— the connection is lost; trying again —"});
    one.hears(person::welcome());
    one.who->closed(one.now, one.out);
    CHECK(one.who->wake(one.now) == one.now + 500ms);
}

TEST_CASE("it dials once when its pause is over, and again when that fails") {
    person one;
    one.talks();
    one.who->closed(one.now, one.out);

    one.waits(499ms);
    CHECK_FALSE(one.dials());
    one.waits(1ms);
    CHECK(one.dials());
    one.waits(100ms);
    CHECK_FALSE(one.dials());
    one.who->connect_failed("cannot be reached", one.now, one.out);
    one.waits(1s);
    CHECK(one.dials());
}

TEST_CASE("retry_ms of a bye is honoured") {
    person one;
    one.talks();

    one.hears(server::bye{.code = 4000, .reason = "restarting", .retry_ms = 3210});
    one.who->closed(one.now, one.out);

    CHECK(one.who->wake(one.now) == one.now + 3210ms);
}

TEST_CASE("a bye from 4500 on ends with status 1 and a sentence") {
    person one;
    one.talks();

    one.hears(server::bye{.code = 4502, .reason = "banned", .until = evening});
    one.who->closed(one.now, one.out);

    REQUIRE(one.quits() != nullptr);
    CHECK(one.quits()->status == 1);
    CHECK(one.quits()->sentence == "The server has banned you until 2026-11-22 18:30.");
    CHECK_FALSE(one.who->wake(one.now));
}

TEST_CASE("when the first connection fails it ends with status 1") {
    person one;
    one.who->start(one.out);

    one.who->connect_failed("127.0.0.1:1 cannot be reached", one.now, one.out);

    REQUIRE(one.quits() != nullptr);
    CHECK(one.quits()->status == 1);
    CHECK(one.quits()->sentence == "127.0.0.1:1 cannot be reached.");
}

TEST_CASE("after a reconnect it names what it holds and says unacked texts again") {
    person one;
    one.talks();
    one.types("a");  // becomes 2
    one.types("b");  // becomes 4
    one.hears(text(3, "in between"));
    one.hears(server::ack{.pair = "p", .cid = 1, .seq = 2, .at = evening});
    one.types("c");
    one.out.clear();

    one.who->closed(one.now, one.out);
    one.types("while away");
    one.comes_back();

    const auto hello = one.takes_one<client::hello>();
    CHECK(hello.token == "token");
    CHECK_FALSE(hello.login);
    CHECK(hello.held == client::held_position{"p", 3, 100});
    CHECK(one.sends_nothing());
    one.hears(person::welcome_back(3, 2));
    const auto said = one.take<client::say>();
    REQUIRE(said.size() == 3);
    CHECK(said[0] == client::say{.cid = 2, .text = "b", .pair = "p"});
    CHECK(said[1] == client::say{.cid = 3, .text = "c", .pair = "p"});
    CHECK(said[2] == client::say{.cid = 4, .text = "while away", .pair = "p"});
}

TEST_CASE("an own text that comes back as an event is answered, not shown") {
    person one;
    one.talks();
    one.types("a");
    one.who->closed(one.now, one.out);
    one.comes_back();
    one.hears(person::welcome_back(1, 1));
    one.out.clear();

    auto own = text(2, "a", sender::me);
    own.cid = 1;
    one.hears(own);
    one.hears(server::ack{.pair = "p", .cid = 1, .seq = 2, .at = evening, .dup = true});

    CHECK(one.shows().empty());
    one.who->closed(one.now, one.out);
    one.comes_back();
    one.hears(person::welcome_back(2, 1));
    CHECK(one.take<client::say>().empty());
}

TEST_CASE("what a crashed server lost is dropped, and shown when it is said again") {
    person one;
    one.talks();
    one.hears(text(2, "a"));
    one.hears(text(3, "b"));
    one.who->closed(one.now, one.out);
    one.comes_back();
    one.out.clear();

    one.hears(person::welcome_back(2));
    one.hears(text(3, "b"));

    const auto shown = one.shows();
    CHECK(std::ranges::count(shown, "— the server lost the last 1; they may be said again —") == 1);
    CHECK(shown.back() == "18:30 晒太阳的云: b");
}

TEST_CASE("the end of a chat that ended meanwhile is shown, and what was not sent") {
    person one;
    one.talks();
    one.types("stored");
    one.types("lost");
    one.who->closed(one.now, one.out);
    one.comes_back();
    one.out.clear();
    auto back = person::welcome();
    back.held = server::held_answer{"p", 1, {}};

    one.hears(back);
    auto own = text(2, "stored", sender::me);
    own.cid = 1;
    one.hears(own);
    one.hears(end(3, sender::partner));

    CHECK(one.shows() == lines{"— connected again —", "— 晒太阳的云 left —",
                               "✗ not sent: lost (the chat is over)", hint});
    CHECK(one.sends_nothing());
}

TEST_CASE("of a chat that the server does not know any more nothing is awaited") {
    person one;
    one.talks();
    one.types("lost");
    one.who->closed(one.now, one.out);
    one.comes_back();
    one.out.clear();
    auto back = person::welcome();
    back.held = server::held_answer{"p", 0, {}};

    one.hears(back);

    CHECK(one.shows() == lines{"— connected again —", "— the chat is over —",
                               "✗ not sent: lost (the chat is over)", hint});
}

TEST_CASE("of more than the server replays the end is shown, and the record goes on behind it") {
    person one;
    one.talks();
    one.who->closed(one.now, one.out);
    one.comes_back();
    auto back = person::welcome_back(1);
    back.held->gap = true;

    one.hears(back);
    one.hears(text(500, "late"));
    one.who->closed(one.now, one.out);
    one.out.clear();
    one.comes_back();

    CHECK(one.takes_one<client::hello>().held->seq == 500);
}

TEST_CASE("who was waiting and finds itself idle says find again; who was idle does not") {
    person one;
    one.searches();
    one.who->closed(one.now, one.out);
    one.comes_back();
    one.hears(person::welcome(user_state::waiting));
    CHECK(one.take<client::find>().empty());

    one.who->closed(one.now, one.out);
    one.comes_back();
    one.hears(person::welcome());
    one.takes_one<client::find>();

    one.types("/leave");
    one.is_answered(server::idle{});
    one.who->closed(one.now, one.out);
    one.comes_back();
    one.hears(person::welcome());
    CHECK(one.take<client::find>().empty());
}

TEST_CASE("who finds itself in a chat it left says so again") {
    person one;
    one.talks();
    one.types("/leave");
    one.who->closed(one.now, one.out);
    one.comes_back();
    one.take<client::leave>();

    one.hears(person::welcome_back(1));

    CHECK(one.takes_one<client::leave>().pair == "p");

    one.types("/next");
    one.who->closed(one.now, one.out);
    one.comes_back();
    one.hears(person::welcome_back(1));
    CHECK(one.takes_one<client::next>().pair == "p");
}

// ---- the end ----

TEST_CASE("/quit leaves the chat, waits for idle, and ends with status 0") {
    person one;
    one.talks();

    one.types("/quit");

    CHECK(one.takes_one<client::leave>().pair == "p");
    CHECK(one.quits() == nullptr);
    CHECK_FALSE(one.who->wants_lines());
    one.hears(end(2, sender::me));
    one.is_answered(server::idle{});
    REQUIRE(one.quits() != nullptr);
    CHECK(one.quits()->status == 0);
}

TEST_CASE("it waits for idle at most 2 s") {
    person one;
    one.talks();
    one.types("/quit");

    one.waits(1999ms);
    CHECK(one.quits() == nullptr);
    one.waits(1ms);

    CHECK(one.quits() != nullptr);
}

TEST_CASE("/quit while waiting cancels; while idle or apart it ends at once") {
    person waiting;
    waiting.searches();
    waiting.types("/quit");
    waiting.takes_one<client::cancel>();
    CHECK(waiting.quits() == nullptr);
    waiting.is_answered(server::idle{});
    CHECK(waiting.quits() != nullptr);

    person apart;
    apart.talks();
    apart.who->closed(apart.now, apart.out);
    apart.types("/quit");
    CHECK(apart.quits() != nullptr);

    person unwelcome;
    unwelcome.connects();
    unwelcome.who->leave_and_quit(unwelcome.now, unwelcome.out);
    CHECK(unwelcome.quits() != nullptr);
}

TEST_CASE("when the input ends, texts that wait are said before it leaves") {
    person one;
    one.talks();
    for (std::size_t n = 0; n < protocol::limits::in_flight_max + 1; ++n) {
        one.types("x");
    }

    one.who->input_ended(one.now, one.out);
    CHECK(one.take<client::leave>().empty());
    one.take<client::say>();
    one.hears(server::ack{.pair = "p", .cid = 1, .seq = 2, .at = evening});

    CHECK(one.take<client::say>().size() == 1);
    one.takes_one<client::leave>();
}

TEST_CASE("when the input ends and no ack comes, it leaves all the same") {
    person one;
    one.talks();
    for (std::size_t n = 0; n < protocol::limits::in_flight_max + 1; ++n) {
        one.types("x");
    }
    one.who->input_ended(one.now, one.out);
    one.take<client::say>();

    one.waits(10s);

    one.takes_one<client::leave>();
    one.waits(2s);
    CHECK(one.quits() != nullptr);
}
