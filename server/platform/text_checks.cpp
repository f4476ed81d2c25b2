#include "server/platform/text_checks.hpp"

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
// QQ's check answers as WeChat's first version did.
constexpr std::int64_t risky_content = 87014;
constexpr std::size_t suggestion_bytes_max = 32;
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

struct suggestion {
    std::string suggest;
    std::optional<std::uint32_t> label;

    static constexpr auto fields = std::tuple{
        field{"suggest", &suggestion::suggest, "pass, review or risky.",
              protocol::bytes{1, suggestion_bytes_max}},
        field{"label", &suggestion::label, "What was seen.", protocol::between{0, label_max}},
    };
};

struct wechat_answer {
    suggestion result;

    static constexpr auto fields = std::tuple{
        field{"result", &wechat_answer::result, "The sum of all strategies."},
    };
};

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
    if (line_.platform() == platform_name::qq) {
        if (got.what == call_outcome::refused && got.errcode == risky_content) {
            return {kind::risky, 0};
        }
        return {got.what == call_outcome::done ? kind::pass : kind::failed, 0};
    }
    if (got.what != call_outcome::done) {
        return {kind::failed, 0};
    }
    const auto read = read_answer<wechat_answer>(got.body);
    if (!read) {
        return {kind::failed, 0};
    }
    const auto& [suggest, label] = read->result;
    const kind is = suggest == "pass"     ? kind::pass
                    : suggest == "review" ? kind::doubtful
                    : suggest == "risky"  ? kind::risky
                                          : kind::failed;
    return {is, label.value_or(0)};
}

}  // namespace onechat::platform
