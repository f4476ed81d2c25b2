#include "server/platform/text_checks.hpp"

#include "protocol/json.hpp"
#include "protocol/write.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <tuple>
#include <utility>

namespace onechat::platform {
namespace asio = boost::asio;

namespace {

using protocol::field;

// Where the words will stand.
constexpr std::uint32_t scene_profile = 1;
constexpr std::uint32_t scene_social = 4;
// How QQ's check answers, as WeChat's first version did; its second may fall back to it.
constexpr std::int64_t risky_content = 87014;
constexpr std::int64_t label_max = 1'000'000;

struct wechat_request {
    std::uint32_t version = 2;
    std::string openid;
    std::uint32_t scene = scene_social;
    std::string content;

    static constexpr auto fields = std::tuple{
        field{"version", &wechat_request::version, "Always this."},
        field{"openid", &wechat_request::openid, "Who says it."},
        field{"scene", &wechat_request::scene, "Where it will stand."},
        field{"content", &wechat_request::content, "What is said: at most 2500 characters."},
    };
};

struct qq_request {
    std::string appid;
    std::string content;

    static constexpr auto fields = std::tuple{
        field{"appid", &qq_request::appid, "Who asks."},
        field{"content", &qq_request::content, "What is said."},
    };
};

// Read by hand, not by a table: the label is there for the operator's eyes, and a strange one must
// not cost the suggestion.
outside_opinion opinion_in(std::string_view body) {
    using json_kind = protocol::json::kind;
    protocol::json::document document;
    if (!document.parse(body, answer_depth_max).empty()) {
        return {};
    }
    const auto result = document.root().find("result");
    if (!result.is(json_kind::object)) {
        return {};
    }
    const auto suggest = result.find("suggest");
    if (!suggest.is(json_kind::string)) {
        return {};
    }
    outside_opinion read;
    const auto word = suggest.string();
    read.is = word == "pass"     ? outside_opinion::kind::pass
              : word == "review" ? outside_opinion::kind::doubtful
              : word == "risky"  ? outside_opinion::kind::risky
                                 : outside_opinion::kind::failed;
    if (const auto label = result.find("label"); label.is(json_kind::number)) {
        const auto number = label.integer().value_or(0);
        read.label = number >= 0 && number <= label_max ? static_cast<std::uint32_t>(number) : 0;
    }
    return read;
}

}  // namespace

void text_checks::judge(words_to_judge what, done finished) {
    asio::co_spawn(line_.around().http.executor(), ask(std::move(what), std::move(finished)),
                   asio::detached);
}

net::loop_task<void> text_checks::ask(words_to_judge what, done finished) {
    const auto got = co_await calls_.ask(question_for(std::move(what)));
    finished(judged(got));
}

api_caller::question text_checks::question_for(words_to_judge&& what) const {
    api_caller::question asked;
    asked.method = "POST";
    if (line_.platform() == platform_name::wechat) {
        asked.target = "/wxa/msg_sec_check";
        const bool text = what.is == words_to_judge::kind::text;
        protocol::write_fields(asked.body,
                               wechat_request{.openid = what.author.openid(),
                                              .scene = text ? scene_social : scene_profile,
                                              .content = std::move(what.words)});
    } else {
        asked.target = "/api/json/security/MsgSecCheck";
        protocol::write_fields(asked.body,
                               qq_request{.appid = appid_, .content = std::move(what.words)});
    }
    return asked;
}

outside_opinion text_checks::judged(const api_caller::reply& got) const {
    using kind = outside_opinion::kind;
    if (got.what == call_outcome::refused && got.errcode == risky_content) {
        return {kind::risky, 0};
    }
    if (got.what != call_outcome::done) {
        return {kind::failed, 0};
    }
    if (line_.platform() == platform_name::qq) {
        return {kind::pass, 0};
    }
    return opinion_in(got.body);
}

}  // namespace onechat::platform
