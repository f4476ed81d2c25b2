#include "server/lobby/alias.hpp"

#include "protocol/limits.hpp"

#include <array>
#include <string_view>

namespace onechat::lobby {
namespace {

constexpr std::array<std::string_view, 40> manners = {
    "安静的", "路过的", "早起的",   "晚睡的",   "发呆的", "赶路的", "听歌的", "看海的",
    "爬山的", "淋雨的", "晒太阳的", "数星星的", "吹风的", "散步的", "写信的", "读书的",
    "喝茶的", "画画的", "唱歌的",   "做梦的",   "认真的", "温和的", "好奇的", "慢吞吞的",
    "勇敢的", "害羞的", "乐观的",   "细心的",   "自在的", "坦率的", "远方的", "山里的",
    "海边的", "屋顶的", "巷口的",   "月下的",   "林间的", "河畔的", "窗边的", "车站的"};

constexpr std::array<std::string_view, 40> nouns = {
    "云", "风", "雨", "雪", "星", "月", "山", "河", "海", "湖", "松", "竹", "梅", "荷",
    "枫", "橘", "柚", "茶", "石", "灯", "船", "帆", "桥", "伞", "信", "笛", "鼓", "钟",
    "鹿", "鹤", "鲸", "猫", "雁", "燕", "蝉", "萤", "鱼", "狐", "兔", "熊"};

std::string alias_at(std::size_t place) {
    std::string alias{manners[place / nouns.size()]};
    alias += nouns[place % nouns.size()];
    return alias;
}

// Two different places out of `count`.
std::pair<std::size_t, std::size_t> draw_two(std::size_t count, random_source& random) {
    const std::size_t one = random.below(count);
    return {one, (one + 1 + random.below(count - 1)) % count};
}

}  // namespace

std::pair<appearance, appearance> draw_appearances(random_source& random) {
    const auto alias = draw_two(manners.size() * nouns.size(), random);
    const auto avatar = draw_two(protocol::avatars.size(), random);
    return {{alias_at(alias.first), std::string{protocol::avatars[avatar.first]}},
            {alias_at(alias.second), std::string{protocol::avatars[avatar.second]}}};
}

}  // namespace onechat::lobby
