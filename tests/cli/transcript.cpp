#include "server/cli/transcript.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::cli;
using protocol::event_kind;
using protocol::sender;
using protocol::server::event;

namespace {

std::tm utc(std::int64_t unix_ms) {
    const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
    std::tm when{};
    ::gmtime_r(&seconds, &when);
    return when;
}

const transcript lines{utc};
constexpr std::int64_t evening = 1'795'372'200'000;  // 2026-11-22 18:30 UTC

}  // namespace

TEST_CASE("text from others cannot control the terminal") {
    CHECK(visible("\033[2J\a\x7f") == "\\x1b[2J\\x07\\x7f");
    CHECK(visible("\xC2\x9B"
                  "31m") == "\\x9b31m");
    CHECK(visible("a\nb\tc\r") == "a\\nb\\tc\\x0d");
    CHECK(visible("\u202Eabc\u2066\u200F") == "\\u{202e}abc\\u{2066}\\u{200f}");
    CHECK(visible("\u2028") == "\\u{2028}");
}

TEST_CASE("Chinese, emoji and what joins them stay as they are") {
    const std::string text = "晒太阳的云 👩\u200D👧 ñ \\";
    CHECK(visible(text) == text);
}

TEST_CASE("a nickname stands in for the alias unless it is empty") {
    CHECK(name_of({.alias = "云", .avatar = "fox"}) == "云");
    CHECK(name_of({.alias = "云", .avatar = "fox", .nickname = "小\x1b明"}) == "小\\x1b明");
    CHECK(name_of({.alias = "云", .avatar = "fox", .nickname = ""}) == "云");
}

TEST_CASE("each kind of event has its line") {
    event what{.pair = "p", .seq = 1, .at = evening, .from = sender::partner, .text = "你好"};
    CHECK(lines.line(what, "云") == "18:30 云: 你好");
    what.from = sender::me;
    CHECK(lines.line(what, "云") == "18:30 you: 你好");
    what.text.reset();
    what.gone = protocol::gone_reason::recall;
    CHECK(lines.line(what, "云") == "18:30 you: (taken back)");
    what.kind = event_kind::end;
    what.reason = protocol::end_reason::left;
    CHECK(lines.line(what, "云") == "— you left —");
    what.from = sender::system;
    what.reason = protocol::end_reason::timeout;
    CHECK(lines.line(what, "云") == "— the chat ended: somebody was away for too long —");
    what.kind = event_kind::start;
    CHECK(lines.line(what, "云").empty());
}

TEST_CASE("the past of a pair ends with a line about it; a stranger has none") {
    protocol::server::matched met;
    met.partner.alias = "云";
    met.recent = {
        event{.seq = 1, .at = evening, .kind = event_kind::start},
        event{.seq = 2, .at = evening, .from = sender::partner, .text = "你好"},
        event{.seq = 3,
              .at = evening,
              .from = sender::partner,
              .kind = event_kind::end,
              .reason = protocol::end_reason::left},
        event{.seq = 4, .at = evening + 60'000, .kind = event_kind::start},
    };

    CHECK(lines.past(met).empty());
    met.met = 1;
    CHECK(lines.past(met) ==
          std::vector<std::string>{"— 2026-11-22 18:30 —", "18:30 云: 你好", "— 云 left —",
                                   "— you met before, 1 chat, last at 2026-11-22 18:30 —"});
    CHECK(lines.so_far(met).empty());
    met.recent->push_back(event{.seq = 5, .at = evening, .from = sender::me, .text = "在吗"});
    CHECK(lines.so_far(met) == std::vector<std::string>{"18:30 you: 在吗"});
}
