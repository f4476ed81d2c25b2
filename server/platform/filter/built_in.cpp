#include "server/platform/filter/built_in.hpp"

#include "server/platform/filter/contacts.hpp"

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

}  // namespace

std::span<const rule_group> built_in_groups() {
    static const std::string contacts = contact_rules();
    static const std::array all{
        rule_group{"contacts", contacts},
        rule_group{"adverts", adverts},
        rule_group{"fraud", fraud},
        rule_group{"drugs", drugs},
        rule_group{"solicitation", solicitation},
        rule_group{"threats", threats},
        rule_group{"names", names},
    };
    return all;
}

}  // namespace onechat::platform
