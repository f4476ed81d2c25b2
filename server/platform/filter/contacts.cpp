#include "server/platform/filter/contacts.hpp"

namespace onechat::platform {
namespace {

// In a few ranges what separates: classes by property make automata ten times as large.
std::string gap(const std::string& times) {
    return R"([ -\/:-@[-`{-~·\x{2000}-\x{2bff}\x{3000}-\x{303f}\x{1f300}-\x{1faff}])" + times;
}

const std::string before_word = "(?:^|[^a-z0-9])";
const std::string after_word = "(?:$|[^a-z0-9])";
const std::string before_number = R"((?:^|[^0-9.]|[^0-9]\.))";
const std::string after_number = "(?:$|[^0-9])";

std::string rule_of(const std::string& action, const std::string& pattern) {
    return action + " /" + pattern + "/\n";
}

// Mainland mobile numbers: in one piece, as they are grouped on a card, or digit by digit. In other
// groups they would be a list of prices, or a time and a date.
std::string phone_numbers() {
    const std::string grouped =
        R"((?:\+?86[ -]?)?1[3-9][0-9])" + gap("{0,2}") + "[0-9]{4}" + gap("{0,2}") + "[0-9]{4}";
    const std::string spelled = "1" + gap("{1,3}") + "[3-9](?:" + gap("{1,3}") + "[0-9]){9}";
    return rule_of("mask", before_number + "(" + grouped + ")" + after_number) +
           rule_of("mask", "(?:^|[^0-9])(" + spelled + ")" + after_number);
}

// Ids count only where something announces them, since prices, dates and 1314520 are digits, too.
std::string wechat_ids() {
    const std::string within = "[*+_. -]?";
    const std::string name = "(?:[微威薇徽维溦v]" + within + "信|[微威薇]芯|绿泡泡|" + before_word +
                             "(?:v" + within + "x|w" + within + "x|we ?chat|weixin))";
    const std::string add = R"([加+➕]\s?v(?:[^a-z]|我)|)" + before_word + "v ?:";
    const std::string with_digit =
        "[a-z][a-z_-]{0,18}[0-9_][a-z0-9_-]{3,19}|[a-z][a-z_-]{4,18}[0-9][a-z0-9_-]{0,14}";
    const std::string number = "[1-9][0-9]{4,10}";
    const std::string spelled = "[a-z0-9](?:[ .*][a-z0-9]){5,19}";
    // Of letters alone it is a word as well (my wechat froze), unless it is called an id.
    const std::string letters = "([a-z][a-z0-9_-]{5,19})" + after_word;
    const std::string called = " ?(?:号|id|账号|帐号|号码)";
    return rule_of("mask", "(?:" + name + "|" + add + ")[^a-z0-9]{0,6}(?:id)?[^a-z0-9]{0,4}(" +
                               with_digit + "|" + number + "|" + spelled + ")") +
           rule_of("mask", name + "(?:" + called + ")? ?[是为:]{1,2} ?" + letters) +
           rule_of("mask", name + called + " ?" + letters);
}

// A row of penguins is no id.
std::string qq_ids() {
    const std::string name =
        "(?:" + before_word + R"(q[*+_. -]?q|扣扣|叩叩|蔻蔻|企鹅|球球|秋秋|[加+➕]\s?q))";
    const std::string id = "([1-9][0-9]{4,10}|[1-9](?:" + gap("{1,2}") + "[0-9]){4,10})";
    return rule_of("mask", name + "[^a-z0-9]{0,6}" + id + "(?: *$| *[^0-9 只个块元万人年月])");
}

// Domains by themselves only where nothing else ends like that: e.g. node.js, 3.5万, I like it.me.
std::string links() {
    const std::string label = "[a-z0-9-]+";
    const std::string dot = R"( ?(?:\.|点|dot|。) ?)";
    const std::string mail_ends = "(?:com|cn|net|org|edu|me|io|cc|vip|xyz)";
    const std::string ends = "(?:com|cn|net|org|xyz|cc|vip|icu|ltd)";
    const std::string at = R"( ?(?:@|艾特|\[at\]|\(at\)| at ) ?)";
    return rule_of("mask", "([a-z0-9][a-z0-9._%+-]*" + at + label + "(?:" + dot + label + ")*" +
                               dot + mail_ends + ")" + after_word) +
           rule_of("mask", R"(((?:https?|ftp) ?: ?\/ ?\/ ?[!-~]+))") +
           rule_of("mask", before_word + "(www(?: ?[.。点] ?" + label + ")+[!-~]*)") +
           rule_of("mask", R"((?:^|[^a-z0-9.@-])([a-z0-9-]*[a-z0-9](?:\.)" + label +
                               R"()*(?:\.|。| \. ?))" + ends + R"((?:[:\/][!-~]*)?))" +
                               after_word) +
           rule_of("mask",
                   before_word + "([a-z][a-z0-9-]* ?(?:点|dot) ?" + ends + ")" + after_word) +
           rule_of("mask", before_word + R"(((?:t|wa|line|discord|m)\.(?:me|gg)\/[!-~]+))") +
           rule_of("pass", R"(\basp\.net\b)");
}

// A nickname has no room for a number that is not meant to be dialled.
std::string in_nicknames() {
    const std::string action = "nickname reject";
    return rule_of(action, "(?:^|[^0-9])([1-9][0-9]{8,10})" + after_number) +
           rule_of(action, before_word + "(?:vx|wx|qq|加我?v|加我?q)[^a-z0-9]{0,3}[0-9]{4,}") +
           rule_of(action, before_word + "(?:vx|wx|qq|v|q)[^a-z0-9]{1,3}[a-z]{0,8}[0-9]{4,}") +
           "nickname reject 加微\n"
           "nickname reject 加薇\n"
           "nickname reject 加我微信\n"
           "nickname reject 微信号\n"
           "nickname reject 加qq\n"
           "nickname reject 加vx\n";
}

}  // namespace

std::string contact_rules() {
    return phone_numbers() + wechat_ids() + qq_ids() + links() + in_nicknames();
}

}  // namespace onechat::platform
