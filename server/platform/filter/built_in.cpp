#include "server/platform/filter/built_in.hpp"

#include <array>

namespace onechat::platform {
namespace {

// Of phone numbers those of mainland mobiles, in one piece, as they are grouped on a card or digit
// by digit. Ids count only where something announces them, since dates, prices and 1314520 are
// digits, too; one of letters alone only behind `号`, `id` or a colon, since it is a word as well.
// Domains without http or www only where nothing else ends like that: 3.5万, e.g., node.js.
constexpr std::string_view contacts = R"(
mask /(?:^|[^0-9.]|[^0-9]\.)((?:\+?86[ -]?)?1[3-9][0-9][ -\/:-@[-`{-~·\x{2000}-\x{2bff}\x{3000}-\x{303f}\x{1f300}-\x{1faff}]{0,2}[0-9]{4}[ -\/:-@[-`{-~·\x{2000}-\x{2bff}\x{3000}-\x{303f}\x{1f300}-\x{1faff}]{0,2}[0-9]{4})(?:[^0-9]|$)/
mask /(?:^|[^0-9])(1[ -\/:-@[-`{-~·\x{2000}-\x{2bff}\x{3000}-\x{303f}\x{1f300}-\x{1faff}]{1,3}[3-9](?:[ -\/:-@[-`{-~·\x{2000}-\x{2bff}\x{3000}-\x{303f}\x{1f300}-\x{1faff}]{1,3}[0-9]){9})(?:[^0-9]|$)/
mask /(?:微[*+_. -]?信|[威薇徽维溦][*+_. -]?信|v[*+_. -]?信|薇芯|微芯|威芯|绿泡泡|(?:^|[^a-z0-9])(?:v[*+_. -]?x|w[*+_. -]?x|we ?chat|weixin)|[加+➕]\s?v(?:[^a-z]|我)|(?:^|[^a-z0-9])v ?:)[^a-z0-9]{0,6}(?:id)?[^a-z0-9]{0,4}([a-z][a-z_-]{0,18}[0-9_][a-z0-9_-]{3,19}|[a-z][a-z_-]{4,18}[0-9][a-z0-9_-]{0,14}|[1-9][0-9]{4,10}|[a-z0-9](?:[ .*][a-z0-9]){5,19})/
mask /(?:[微威薇徽维v]信|we ?chat|weixin|(?:^|[^a-z0-9])[vw]x) ?(?:号|id|账号|帐号|号码)? ?[是为:]{1,2} ?([a-z][a-z0-9_-]{5,19})(?:[^a-z0-9]|$)/
mask /(?:[微威薇徽维v]信|we ?chat|weixin|(?:^|[^a-z0-9])[vw]x) ?(?:号|id|账号|帐号|号码) ?([a-z][a-z0-9_-]{5,19})(?:[^a-z0-9]|$)/
mask /(?:(?:^|[^a-z0-9])q[*+_. -]?q|扣扣|叩叩|蔻蔻|企鹅|球球|秋秋|[加+➕]\s?q)[^a-z0-9]{0,6}([1-9][0-9]{4,10}|[1-9](?:[ -\/:-@[-`{-~·\x{2000}-\x{2bff}\x{3000}-\x{303f}\x{1f300}-\x{1faff}]{1,2}[0-9]){4,10})(?: *$| *[^0-9 只个块元万人年月])/
mask /([a-z0-9][a-z0-9._%+-]* ?(?:@|艾特|\[at\]|\(at\)| at ) ?[a-z0-9-]+(?: ?(?:\.|点|dot) ?[a-z0-9-]+)* ?(?:\.|点|dot|。) ?(?:com|cn|net|org|edu|me|io|cc|vip|xyz))(?:[^a-z0-9]|$)/
mask /((?:https?|ftp) ?: ?\/ ?\/ ?[!-~]+)/
mask /(?:^|[^a-z0-9])(www(?: ?[.。点] ?[a-z0-9-]+)+[!-~]*)/
mask /(?:^|[^a-z0-9.@-])([a-z0-9-]*[a-z0-9](?:\.[a-z0-9-]+)*(?:\.|。| \. ?)(?:com|cn|net|org|xyz|cc|vip|icu|ltd)(?:[:\/][!-~]*)?)(?:[^a-z0-9]|$)/
mask /(?:^|[^a-z0-9])([a-z][a-z0-9-]* ?(?:点|dot) ?(?:com|cn|net|org|xyz|cc|vip))(?:[^a-z0-9]|$)/
mask /(?:^|[^a-z0-9])((?:t|wa|line|discord|m)\.(?:me|gg)\/[!-~]+)/
pass asp.net
pass /\basp\.net\b/
# A nickname has no room for a number that is not meant to be dialled.
nickname reject /(?:^|[^0-9])([1-9][0-9]{8,10})(?:[^0-9]|$)/
nickname reject /(?:^|[^a-z0-9])(?:vx|wx|qq|加我?v|加我?q)[^a-z0-9]{0,3}[0-9]{4,}/
nickname reject /(?:^|[^a-z0-9])(?:vx|wx|qq|v|q)[^a-z0-9]{1,3}[a-z]{0,8}[0-9]{4,}/
nickname reject 加微
nickname reject 加薇
nickname reject 加我微信
nickname reject 微信号
nickname reject 加qq
nickname reject 加vx
)";

constexpr std::string_view adverts = R"(
flag 加微
flag 加薇
flag 加威
flag 代开发票
flag 办证刻章
flag 高仿手表
flag 微商代理
flag 招代理
flag 日赚千元
flag 日入过千
flag 躺着赚钱
flag 免费领红包
flag 优惠券内部群
)";

constexpr std::string_view fraud = R"(
flag 刷单
flag 刷信誉
flag 裸聊
flag 博彩
flag 网赌
flag 百家乐
flag 六合彩
flag 时时彩
flag 跑分平台
flag 花呗套现
flag 信用卡套现
flag 收购银行卡
flag 出租银行卡
flag 内幕消息 股票
flag 带单老师
flag 稳赚不赔
flag 无抵押贷款
flag 黑户贷款
flag 秒批贷款
reject 兼职刷单
reject 刷单兼职
reject 刷单返利
reject 刷单日结
reject 招刷单
reject 裸聊加
reject 裸聊吗
reject 可裸聊
reject 裸聊服务
reject 高价收银行卡
reject 收购四件套
reject 菠菜平台
)";

constexpr std::string_view drugs = R"(
flag 冰毒
flag 海洛因
flag 摇头丸
flag k粉
flag 听话水
flag 迷奸药
flag 催情水
flag 蒙汗药
flag 代孕
flag 卖肾
reject 出售冰毒
reject 出冰毒
reject 卖冰毒
reject 出售大麻
reject 卖大麻
reject 出售k粉
reject 出售听话水
reject 卖听话水
reject 出售迷药
reject 卖迷药
reject 出售枪支
reject 卖枪支
reject 出售安眠药
)";

constexpr std::string_view solicitation = R"(
flag 约炮
flag 援交
flag 包夜
flag 文爱
flag 语爱
flag 磕炮
flag 福利姬
flag 一夜情
flag 卖淫
flag 嫖娼
flag send nudes
reject 约炮吗
reject 约炮么
reject 约炮加
reject 可约炮
reject 找人约炮
reject 援交吗
reject 可援交
reject 包夜价
reject 上门服务包夜
reject 文爱吗
reject 语爱吗
reject 磕炮吗
reject 看片加
reject 裸照交换
reject 发裸照给我
reject 小萝莉资源
reject 幼女资源
reject 幼女视频
reject 呦呦资源
reject child porn
)";

constexpr std::string_view threats = R"(
flag 弄死你
flag 杀了你
flag 杀你全家
flag 砍死你
flag 打死你
flag 人肉你
flag 你去死
flag 去死吧
flag 怎么不去死
flag 快去死
flag 快去自杀
flag 曝光你的裸照
flag kill yourself
flag kys
)";

constexpr std::string_view names = R"(
nickname reject 官方客服
nickname reject 在线客服
nickname reject 人工客服
nickname reject 平台客服
nickname reject 管理员
nickname reject 系统消息
nickname reject 系统通知
nickname reject 官方账号
nickname reject 官方人员
nickname reject administrator
nickname reject onechat
)";

constexpr std::array built_in{
    rule_group{"contacts", contacts},
    rule_group{"adverts", adverts},
    rule_group{"fraud", fraud},
    rule_group{"drugs", drugs},
    rule_group{"solicitation", solicitation},
    rule_group{"threats", threats},
    rule_group{"names", names},
};

}  // namespace

std::span<const rule_group> built_in_groups() {
    return built_in;
}

}  // namespace onechat::platform
