#include "server/platform/filter/built_in.hpp"

#include "server/platform/filter/contacts.hpp"
#include "server/platform/filter/offers.hpp"

#include <array>
#include <string>

namespace onechat::platform {
namespace {

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
flag 带你躺着赚钱
flag 免费领红包
flag 优惠券内部群
pass /加微[波博笑小弱量课软型调分距观创]/
pass /(?:增|参|更|附|追|添|叠|强)加[微威薇]/
pass /加威[力武胁严望风尔]/
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
flag 高价收银行卡
flag 收购四件套
flag 菠菜平台
flag 内幕消息 股票
flag 带单老师
flag 稳赚不赔
flag 无抵押贷款
flag 黑户贷款
flag 秒批贷款
pass /刷单[词人机曲项元杠]/
pass 菠菜平台期
pass 广博彩
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
flag /(?:出|卖|出售)大麻(?:$|[^花烦烫团袋辣糕球布绳雀将])/
flag /(?:出|卖|出售)(?:迷药|枪支|安眠药)/
pass 冰毒素材
pass /k粉[丝底色饼]/
pass /代孕[妇期检]/
)";

// Han words have no borders: 语文爱吗, 支援交通.
constexpr std::string_view solicitation = R"(
flag 约炮
flag 援交
flag 上门包夜
flag 包夜服务
flag /(?:美女|妹子|小姐|学生妹)包夜/
flag /(?:^|[ ,.!?:;])(?:文爱|语爱)/
flag /(?:来|想|要|约|找|找人|玩|聊|能|会|可以|求|一起|搞)(?:文爱|语爱)/
flag 磕炮
flag 福利姬
flag 一夜情
flag 卖淫
flag 嫖娼
flag 裸照
flag 幼女资源
flag 幼女视频
flag 小萝莉资源
flag child porn
flag send nudes
pass /[支增救声求]援交[通叉警给流替接还代费换付往待谈]/
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

}  // namespace

std::span<const rule_group> built_in_groups() {
    static const std::string contacts = contact_rules();
    static const std::string frauds = std::string{fraud} + fraud_offers();
    static const std::string drug_trade = std::string{drugs} + drug_offers();
    static const std::string solicitations = std::string{solicitation} + sexual_offers();
    static const std::string telling = telling_words();
    static const std::array all{
        rule_group{"contacts", contacts},
        rule_group{"adverts", adverts},
        rule_group{"fraud", frauds},
        rule_group{"drugs", drug_trade},
        rule_group{"solicitation", solicitations},
        rule_group{"threats", threats},
        rule_group{"names", names},
        rule_group{"telling", telling},
    };
    return all;
}

}  // namespace onechat::platform
