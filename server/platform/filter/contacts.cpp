#include "server/platform/filter/contacts.hpp"

namespace onechat::platform {
namespace {

// In a few ranges what separates: classes by property make automata ten times as large. Not `=` and
// `+`, between which one calculates.
const std::string symbols =
    R"(!-*.>-@[-`{-~·\x{2000}-\x{2bff}\x{3002}-\x{303f}\x{1f300}-\x{1faff}-)";
const std::string anything =
    R"( -\/:-@[-`{-~·\x{2000}-\x{2bff}\x{3000}-\x{303f}\x{1f300}-\x{1faff})";
// What stands between the numbers of a list as well.
const std::string apart = " ,\\/;\\x{3001}" + symbols;

std::string one_of(const std::string& characters) {
    return "[" + characters + "]";
}

const std::string before_word = "(?:^|[^a-z0-9])";
const std::string after_word = "(?:$|[^a-z0-9])";
const std::string before_number = R"((?:^|[^0-9.]|[^0-9]\.))";
const std::string after_number = "(?:$|[^0-9])";

std::string rule_of(const std::string& action, const std::string& pattern) {
    return action + " /" + pattern + "/\n";
}

std::string mask(const std::string& pattern) {
    return rule_of("mask", pattern);
}

std::string pass(const std::string& pattern) {
    return rule_of("pass", pattern);
}

// ---- mobile numbers ----

// Numbers whose digits only happen to be eleven. With blanks between them 150 1600 1700 are prices
// and 138 0013 8000 is a number: prices end in zeros, and none begins with one.
std::string number_lists() {
    const std::string between = "[ ,\\/\\x{3001}-]{1,3}";
    const auto list = [&between](const std::string& first, const std::string& more,
                                 const std::string& times) {
        return "(?:" + first + ")(?:" + between + "(?:" + more + "))" + times;
    };
    const std::string round = "[1-9][0-9]{0,5}(?:0|88|99)";
    const std::string small = "[1-9][0-9]{0,1}[05-9]";
    const std::string amount = R"([1-9][0-9]*\.[0-9]{1,2})";
    const std::string score = R"([1-9][0-9]{1,2}-[1-9][0-9]{1,2})";
    const std::string date = R"(19[0-9]{2}[.\/-][01]?[0-9](?:[.\/-][0-3]?[0-9])?)";
    const std::string octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    const std::string size = R"([1-9][0-9]{2,3}\*[1-9][0-9]{2,3})";
    const std::string sweet = "520|521|999|1314|1314520|5201314";
    const auto alone = [](const std::string& numbers) {
        return pass(before_number + numbers + after_number);
    };
    return alone(list(round + "|1", round, "+")) + alone(list(small, small, "{3,}")) +
           alone(list(amount, amount + "|[1-9][0-9]*", "+")) + alone(list(score, score, "+")) +
           alone(list(date, date + "|[0-9]{1,4}", "+")) + alone(list(size, size, "+")) +
           alone(list("1314", sweet, "+")) +
           alone(R"(1[0-9](?:\*[1-9][0-9]{0,3}){3})") +          // a product
           alone(R"(1[0-9]{1,2}\.0\.[0-9]{1,4}\.[0-9]{1,7})") +  // a browser's version
           alone("[1-7](?: [1-7]){11,}") + pass("简谱[: ]*[1-7](?: [1-7])*") +
           alone("1[4-9][0-9] (?:19[6-9]|20[01])[0-9] ?(?:0[1-9]|1[0-2])[0-3][0-9]") +  // 身高 生日
           alone("(?:" + octet + "\\.){3}" + octet) + alone("1[3-9][0-9]{3}0{6}") +  // 一百五十亿
           alone("[1-9][0-9]{0,2}(?:,[0-9]{3})*(?:,000){2}");
}

// Mainland ones: as they are grouped on a card; in groups of any size with symbols between; with
// blanks or commas, as lists are written, when three digits or 1 and three stand first; and digit
// by digit.
std::string phone_numbers() {
    const std::string symbol = one_of(symbols);
    const std::string gap = one_of(apart);
    const std::string country = R"((?:\+?86[ -]?)?)";
    const std::string by_symbols =
        country + "1" + symbol + "{0,3}[3-9](?:" + symbol + "{0,3}[0-9]){9}";
    const std::string by_groups = country + "(?:1[3-9][0-9]" + gap + "{0,3}[0-9]|1" + gap +
                                  "{1,3}[3-9][0-9]{2})(?:" + gap + "{0,3}[0-9]){7}";
    const std::string by_digits =
        "1" + one_of(anything) + "{1,3}[3-9](?:" + one_of(anything) + "{1,3}[0-9]){9}";
    const std::string as_on_a_card = country + "1[3-9][0-9]" + one_of(anything) + "{0,2}[0-9]{4}" +
                                     one_of(anything) + "{0,2}[0-9]{4}";
    return mask(before_number + "(" + as_on_a_card + ")" + after_number) +
           mask(before_number + "(" + by_symbols + ")" + after_number) +
           mask(before_number + "(" + by_groups + ")" + after_number) +
           mask("(?:^|[^0-9])(" + by_digits + ")" + after_number) + number_lists();
}

// ---- ids ----
// They count only where something announces them, since prices, dates and 1314520 are digits, too;
// and only words that announce may stand between: 微信转账10000 is no id.

const std::string han = R"(\x{4e00}-\x{9fff})";
const std::string announcing =
    "(?:[^a-z0-9" + han + "]|[号码是为我的加搜账帐叫群你下吧哦呀啊]|联系)";
const std::string no_unit = "(?: *$| *[^0-9 只个块元钱万亿人年月日天点步分秒米次条多名位字岁斤])";
// What may stand before a name that is one letter or one Han letter.
const std::string calling = "(?:[加+➕] ?[我个下你]?|我的?|你的?|[留换]个?|互加|找我?) ?";

const std::string with_digit =
    "[a-z][a-z_-]{0,18}[0-9_][a-z0-9_-]{3,19}|[a-z][a-z_-]{4,18}[0-9][a-z0-9_-]{0,14}";

// Of more digits than one has of anything, or without a unit behind them.
std::string number_from(const std::string& more_digits) {
    return "[1-9][0-9]{" + more_digits + ",10}";
}

std::string wechat_ids() {
    const std::string within = "[*+_. -]?";
    const std::string latin_name =
        before_word + "(?:v" + within + "x|w" + within + "x|we ?chat|wei ?xin)";
    const std::string han_name = "[微威薇徽维溦v]" + within + "信|[微威薇维]x|[微威薇]芯|绿泡泡";
    const std::string name = "(?:" + han_name + "|" + latin_name + ")";
    const std::string letter_v = before_word + "v ?:";
    const std::string han_letter = "(?:^|[^a-z0-9" + han + "]|" + calling + ")[微薇威]";
    const std::string short_name = "(?:" + han_letter + "|" + calling + "v)";
    const std::string spelled = "[a-z0-9](?:[ .*][a-z0-9]){5,19}";
    // Of letters alone it is a word as well (my wechat froze), unless it is called an id.
    const std::string letters = "([a-z][a-z0-9_-]{5,19})";
    const std::string ends = "(?: *$| *[^a-z0-9_ 的公家开出旗做和-])";
    const std::string called = " ?(?:号|id|账号|帐号|号码)";
    const std::string announced = "(?:" + announcing + "{0,6}(?:id)?" + announcing + "{0,4})";
    return mask(name + announced + "(" + with_digit + "|" + spelled + ")") +
           mask(short_name + announcing + "{1,6}(" + with_digit + "|" + spelled + ")") +
           mask(letter_v + announcing + "{0,4}(" + with_digit + "|" + spelled + ")") +
           mask(han_letter + "(" + with_digit + ")") +
           mask(name + announced + "(" + number_from("4") + ")" + no_unit) +
           mask("(?:" + letter_v + "|" + short_name + ")" + announcing + "{0,6}(" +
                number_from("4") + ")" + no_unit) +
           mask("(?:" + han_name + "|" + before_word + "(?:v" + within +
                "x|wx|wei ?xin))(?:" + called + ")? ?[是为:]{1,2} ?" + letters + ends) +
           mask(before_word + "v" + within + "x +" + letters + ends) +
           mask(name + called + " ?" + letters + after_word) +
           pass(R"(\b(?:windows|win|macos|mac|android|iphone|ipad|ios|bug|beta)[0-9]{1,4}\b)");
}

// A row of penguins is no id.
std::string qq_ids() {
    const std::string name = "(?:" + before_word +
                             "(?:q[*+_. -]?q)|扣扣|抠抠|叩叩|蔻蔻|企鹅|球球|秋秋|" + calling + "q)";
    const std::string short_name =
        "(?:" + before_word + "q|(?:^|[^a-z0-9" + han + "]|" + calling + ")[扣抠叩])";
    const std::string spelled = "[1-9](?:" + one_of(anything) + "{1,2}[0-9]){4,10}";
    return mask(name + announcing + "{0,6}(" + number_from("4") + "|" + spelled + ")" + no_unit) +
           mask(short_name + announcing + "{0,3}(" + number_from("5") + ")" + no_unit);
}

std::string telegram_ids() {
    return mask(before_word + "(?:tg|telegram)" + announcing + "{1,6}(" + with_digit + ")") +
           mask("(?:" + before_word + "(?:tg|telegram)|电报|飞机)" + announcing +
                "{0,6}(@[a-z0-9_]{4,32})");
}

// ---- links ----

// Domains by themselves only where nothing else ends like that: e.g. node.js, 3.5万, I like it.me.
std::string links() {
    const std::string label = "[a-z0-9-]+";
    const std::string dot = R"( ?(?:\.|点|dot|。) ?)";
    const std::string mail_ends = "(?:com|cn|net|org|edu|me|io|cc|vip|xyz|top|club)";
    const std::string ends = "(?:com|cn|org|xyz|cc|vip|icu|ltd)";
    // `he said.net profit`, `window.top`: English and programs, unless it stands in Chinese, alone,
    // or where one is sent.
    const std::string doubtful = R"(\.(?:net|top|club|shop|site|wang))";
    // With a path behind them few words are left that they could be.
    const std::string path_ends =
        "(?:net|top|club|shop|site|wang|ly|gl|gg|gd|cn|co|io|im|la|fm|tv|uk|ru|jp|kr|tw|hk|ren|win|"
        "fun|ink|link|live|info|"
        "biz|online|store|space|website|tech|app|page|dev|asia|cloud|pro|xin)";
    const std::string at = R"( ?(?:@|艾特|\[at\]|\(at\)| at ) ?)";
    const std::string host = R"([a-z0-9-]*[a-z0-9](?:\.)" + label + ")*";
    const std::string before_host = "(?:^|[^a-z0-9.@-])";
    const std::string path = R"([:\/][!-~]+)";
    return mask("([a-z0-9][a-z0-9._%+-]*" + at + label + "(?:" + dot + label + ")*" + dot +
                mail_ends + ")" + after_word) +
           mask(R"(((?:https?|ftp) ?: ?\/ ?\/ ?[!-~]+))") +
           mask(before_word + "(www(?: ?[.。点] ?" + label + ")+[!-~]*)") +
           mask(before_host + "(" + host + R"((?:\.|。| \. ?))" + ends + "(?:" + path + ")?)" +
                after_word) +
           mask(before_host + "(" + host + "\\." + path_ends + path + ")") +
           mask("[" + han + "] ?(" + host + doubtful + ")" + after_word) +
           mask(before_host + "(" + host + doubtful + ") ?[" + han + "]") +
           mask("^[^a-z0-9]*(" + host + doubtful + ")[^a-z0-9]*$") +
           mask("(?:to|at|on|visit|open|see|site|web) (" + host + doubtful + ")" + after_word) +
           mask(before_host + "([a-z]+[0-9][a-z0-9-]*" + doubtful + ")" + after_word) +
           mask(before_word + "([a-z][a-z0-9-]* ?(?:点|dot) ?" + ends + ")" + after_word) +
           mask(before_word + R"(((?:t|wa|line|discord|m)\.(?:me|gg)\/[!-~]+))") +
           pass(R"(\b(?:(?:asp|ado|vb|vs|mr|ms|mrs|dr|said)\.net|window\.top)\b)");
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
    return phone_numbers() + wechat_ids() + qq_ids() + telegram_ids() + links() + in_nicknames();
}

}  // namespace onechat::platform
