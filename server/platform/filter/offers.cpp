#include "server/platform/filter/offers.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace onechat::platform {
namespace {

using words = std::vector<std::string_view>;

constexpr std::string_view nothing;

std::string rules_of(std::string_view action, const words& each) {
    std::string lines;
    for (const std::string_view word : each) {
        lines.append(action).append(" ").append(word).append("\n");
    }
    return lines;
}

// A word of each list, one behind the other, in all ways.
std::string offers(std::initializer_list<words> parts) {
    std::vector<std::string> all{"offer "};
    for (const words& part : parts) {
        std::vector<std::string> longer;
        for (const std::string& begun : all) {
            for (const std::string_view word : part) {
                longer.push_back(begun + std::string{word});
            }
        }
        all = std::move(longer);
    }
    std::string lines;
    for (const std::string& line : all) {
        lines += line + "\n";
    }
    return lines;
}

// How one is asked to get in touch; v and numbers may follow 加.
const words contact_me{"加", "加我", "加微", "加微信", "私聊", "私我", "联系", "联系我"};

words with(words some, const words& more) {
    some.insert(some.end(), more.begin(), more.end());
    return some;
}

}  // namespace

std::string fraud_offers() {
    const words job{"兼职刷单", "刷单兼职", "刷单返利", "刷单日结"};
    const words recruiting{"招", "诚招", "急招", "高薪", "高薪招", "手机", "在家", "正规", "宝妈"};
    const words terms{"日结", "一单一结", "了解一下", "有意加", "的来", "的加", "要做的加"};
    const words cards{"银行卡", "四件套"};
    const words buying{"收", "收购", "高价收", "高价收购", "回收", "高价回收", "长期收", "租"};
    return offers({recruiting, job, {nothing}}) +
           offers({with({nothing}, recruiting), job, with(terms, contact_me)}) +
           offers({{"招刷单", "招刷单员", "诚招刷单", "诚招刷单员"}, with({nothing}, contact_me)}) +
           offers({buying, cards, with({nothing}, contact_me)}) +
           offers({{"正规", "信誉", "推荐"}, {"菠菜平台"}, with({nothing}, contact_me)}) +
           offers({{"菠菜平台"}, with({"注册送", "送彩金"}, contact_me)});
}

std::string drug_offers() {
    const words selling{"出", "卖", "出售", "专卖", "批发", "供应", "现货"};
    const words things{"冰毒", "海洛因", "大麻",   "摇头丸", "k粉",    "麻古", "听话水",
                       "迷药", "迷奸药", "催情水", "蒙汗药", "安眠药", "枪支", "氰化物"};
    const words terms{nothing, "了", "货到付款", "包邮", "有货", "要的加", "要的私聊", "要的联系"};
    return offers({{nothing, "本人", "长期"}, selling, things, with(terms, contact_me)});
}

std::string sexual_offers() {
    const words deed{"约炮", "裸聊", "文爱", "语爱", "磕炮", "援交"};
    const words looking{"来",   "想",   "要",   "可",     "可以", "能",   "找人", "有人",
                        "出来", "今晚", "同城", "小姐姐", "美女", "帅哥", "宝贝", "有偿"};
    const words asking{"吗", "么", "嘛", "不", "吧", "的来", "的加", "的加我"};
    const words ready{"可", "可以", "找人", "同城", "有偿"};
    const words children{"幼女资源", "幼女视频",   "幼女裸照",  "幼幼资源",
                         "幼幼视频", "小萝莉资源", "未成年裸照"};
    const words half_said{"呦呦资源", "呦呦视频", "儿童色情", "儿童色情片", "儿童色情视频"};
    const words trading{"有", "出", "卖", "收", "求", "要", "换", "分享"};
    const words much{nothing, "张", "几张", "点"};
    const words to_me{"裸照给我", "裸照给我看", "裸照给我看看", "裸照过来", "裸照来看看"};
    return offers({with({nothing}, looking), deed, with(asking, contact_me)}) +
           offers({ready, deed, {nothing, "服务"}}) +
           offers({{"上门服务包夜", "美女包夜", "学生妹包夜", "包夜服务", "看片", "想看片",
                    "裸聊服务"},
                   contact_me}) +
           offers({{"上门服务包夜", "裸照交换", "交换裸照", "裸聊服务"}, {nothing, "吗"}}) +
           offers({{nothing, "快", "你", "宝贝"},
                   {"发"},
                   much,
                   to_me,
                   {nothing, "吧", "嘛", "好吗"}}) +
           offers({children, with({nothing, "有吗", "要吗"}, contact_me)}) +
           offers({half_said, with({"有吗", "要吗"}, contact_me)}) +
           offers({trading, with(children, half_said), with({nothing, "吗"}, contact_me)}) +
           offers({{nothing, "i want ", "i have ", "i sell ", "got ", "selling ", "send ",
                    "send me ", "trade ", "trading ", "share ", "buy ", "any ", "want "},
                   {"child porn"}}) +
           "offer child porn for sale\n";
}

std::string telling_words() {
    return rules_of("tell",
                    {"他",       "她",     "别人",     "人家",   "对方",     "网友",   "前任",
                     "前男友",   "前女友", "同学",     "领导",   "亲戚",     "骗",     "有人问",
                     "有人说",   "有人发", "有人给我", "有人让", "有人叫我", "有人逼", "有人要我",
                     "被",       "逼",     "威胁",     "问我",   "说",       "收到",   "遇到",
                     "遇见",     "碰到",   "看到",     "报警",   "警察",     "派出所", "判刑",
                     "坐牢",     "犯法",   "违法",     "犯罪",   "举报",     "拉黑",   "新闻",
                     "怎么办",   "咋办",   "该不该",   "要不要", "求助",     "救救",   "帮帮",
                     "什么意思", "是什么", "为什么",   "小心",   "别信",     "不要",   "拒绝",
                     "讨厌",     "恶心",   "害怕",     "难受",   "后悔",     "吓",     "想死",
                     "自杀"}) +
           rules_of("tell", {"he",      "she",    "they",       "someone",  "somebody", "asked",
                             "asking",  "told",   "said",       "says",     "forced",   "scam",
                             "scammed", "police", "report",     "reported", "crime",    "illegal",
                             "wrong",   "victim", "abuse",      "abused",   "jail",     "arrested",
                             "help",    "banned", "disgusting", "sick"});
}

}  // namespace onechat::platform
