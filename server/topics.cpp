#include "server/topics.hpp"

#include "protocol/limits.hpp"
#include "protocol/unicode.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <utility>

namespace onechat {
namespace {

// Unicode Standard Annex 15. Nothing when the text is not valid UTF-8.
std::optional<std::string> nfkc(std::string_view text) {
    utf8proc_uint8_t* made = nullptr;
    const auto size = utf8proc_map(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
        static_cast<utf8proc_ssize_t>(text.size()), &made,
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner{made, &std::free};
    if (size < 0) {
        return std::nullopt;
    }
    return std::string{reinterpret_cast<const char*>(made), static_cast<std::size_t>(size)};
}

void require(bool holds, const topic& of, std::string_view what) {
    if (!holds) {
        throw std::runtime_error{"The topic \"" + of.id + "\" " + std::string{what}};
    }
}

bool between(std::string_view text, std::size_t min, std::size_t max) {
    if (!protocol::valid_utf8(text)) {
        return false;
    }
    const std::size_t size = protocol::code_points_in(text);
    return min <= size && size <= max;
}

}  // namespace

topics::topics(std::vector<topic> offered) : all_{std::move(offered)} {
    if (all_.size() > count_max) {
        throw std::runtime_error{"There are more than 100 topics."};
    }
    std::size_t bytes = 0;
    for (std::size_t n = 0; n < all_.size(); ++n) {
        topic& one = all_[n];
        one.id = nfkc(one.id).value_or(one.id);
        require(between(one.id, 1, 32) && one.id.size() <= protocol::limits::id_bytes_max, one,
                "needs an id of 1 to 32 characters.");
        require(between(one.title, 1, 32), one, "needs a title of 1 to 32 characters.");
        require(between(one.hint, 0, 100), one, "has a hint of more than 100 characters.");
        bytes += one.id.size() + one.title.size() + one.hint.size();
        require(bytes <= bytes_max, one, "and those before it are too long for one message.");
        require(by_id_.emplace(one.id, static_cast<lobby::topic_id>(n)).second, one,
                "occurs twice.");
    }
}

std::vector<topic> topics::built_in() {
    return {
        {"stress", "压力", "说说最近压在心上的事"},
        {"love", "恋爱", "喜欢、想念、放不下"},
        {"study", "学习", "考试、论文、选择"},
        {"work", "工作", "同事、加班、去留"},
        {"family", "家庭", "父母、孩子、回家"},
        {"music", "音乐", "在听什么歌"},
        {"film", "电影", "刚看完一部"},
        {"games", "游戏", "来一局再聊"},
        {"sport", "运动", "跑步、球赛、健身"},
        {"food", "美食", "今天吃什么"},
        {"travel", "旅行", "去过和想去的地方"},
        {"night", "深夜", "睡不着的人"},
    };
}

topic topics::parse(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) {
        throw std::runtime_error{"The topic \"" + std::string{text} +
                                 "\" is not of the form id=title or id=title|hint."};
    }
    const std::string_view rest = text.substr(equals + 1);
    const auto bar = rest.find('|');
    topic read;
    read.id = text.substr(0, equals);
    read.title = rest.substr(0, bar);
    if (bar != std::string_view::npos) {
        read.hint = rest.substr(bar + 1);
    }
    return read;
}

std::optional<lobby::topic_id> topics::find(std::string_view id) const {
    const auto normal = nfkc(id);
    const auto found = by_id_.find(normal ? *normal : std::string{id});
    if (found == by_id_.end()) {
        return std::nullopt;
    }
    return found->second;
}

}  // namespace onechat
