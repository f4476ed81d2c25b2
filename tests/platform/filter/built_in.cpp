#include "server/platform/filter/built_in.hpp"

#include "tests/platform/filter/standard_filter.hpp"

#include <string>

using namespace onechat::platform;
using namespace onechat::platform::test;

TEST_CASE("the built-in rules are well-formed, and each group has a name of its own") {
    for (const rule_group& group : built_in_groups()) {
        CAPTURE(group.name);
        const rule_list list = parse_rules(group.rules);
        for (const rule_problem& problem : list.problems) {
            CAPTURE(problem.line, problem.sentence);
            CHECK(false);
        }
        CHECK(!list.rules.empty());
    }
}

TEST_CASE("what somebody says of their own pain reaches the partner as it was said") {
    for (const char* said : {"我想死",
                             "想死",
                             "我想去死",
                             "好想去死啊",
                             "我不想活了",
                             "我想自杀",
                             "自杀是不是很疼",
                             "我昨天割腕了",
                             "从楼上跳下去会怎么样",
                             "我吃了很多安眠药",
                             "活着没意思",
                             "我想结束这一切",
                             "他们说我去死算了",
                             "我把自己划伤了",
                             "我得了抑郁症，想自杀",
                             "没人在乎我死活",
                             "I want to die",
                             "i want to kill myself",
                             "I feel suicidal",
                             "遗书写好了",
                             "我被强奸了",
                             "我被猥亵过",
                             "他打我",
                             "我妈要打死我",
                             "老公家暴我",
                             "我流产了",
                             "我堕过胎",
                             "我吸毒过，戒不掉",
                             "我欠了网贷，还不上",
                             "我赌博输光了"}) {
        CAPTURE(said);
        CHECK(standard().judge(said) == verdict{});
    }
}

TEST_CASE("what has happened to somebody is flagged at most") {
    for (const char* said :
         {"我被刷单骗了两万", "遇到裸聊敲诈，他要发给我全家", "男朋友约炮被我发现了",
          "他说要弄死我", "有人给我下了听话水", "我爸在网赌", "前任说要曝光我的裸照",
          "他骂我，叫我怎么不去死", "她吸冰毒进去了"}) {
        CAPTURE(said);
        CHECK(standard().judge(said).what == decision::pass);
    }
}

TEST_CASE("harmless sentences with numbers and letters pass") {
    for (const char* said : {"1314520",
                             "520",
                             "5201314，爱你",
                             "今天花了128元",
                             "￥19.99",
                             "3.1415926535897932",
                             "2023-11-27 13:45:10",
                             "13:45:10 20:31",
                             "15:30 2024-10-1",
                             "1990年3月15日",
                             "一二三四五六七八九十",
                             "上山打老虎，一二三四五",
                             "我家三口人，五一去玩三天",
                             "版本 1.2.3",
                             "v2.0.1 更新了",
                             "iPhone 15 Pro",
                             "我考了 600 分",
                             "一共 12000 字",
                             "房价一平13000元，首付800000",
                             "工资 15000，房租 3800",
                             "订单号 202311271345108888",
                             "尾号 8000",
                             "打10086问问",
                             "12306 抢票",
                             "报警打110",
                             "心理援助热线 400-161-9995",
                             "010-82951332",
                             "12356 热线",
                             "身高 178 体重 65",
                             "1,3,5,7,9",
                             "1 2 3 4 5 6 7 8 9 10",
                             "第1名13分，第2名12分",
                             "周六 13:00 到 15:00",
                             "三国 2024 版 1999 元",
                             "时间戳 1700000000",
                             "1500 2000000",
                             "10000000000 是一百亿",
                             "2 的 32 次方是 4294967296",
                             "圆周率 3.13800138000 不对",
                             "比分 3:2，第 90 分钟"}) {
        CAPTURE(said);
        CHECK(standard().judge(said) == verdict{});
    }
}

TEST_CASE("harmless sentences about apps and the net pass") {
    for (const char* said : {"我不用微信",
                             "微信是腾讯的",
                             "微信 8.0.40 很卡",
                             "微信红包收到了",
                             "我在微信上看到的",
                             "微信读书看了2小时",
                             "QQ音乐好听",
                             "qq飞车手游",
                             "QQ 2.5G 内存",
                             "南极有企鹅 10000 只",
                             "企鹅好可爱",
                             "我的球球是只狗",
                             "踢球球",
                             "wechat is a good app",
                             "my wechat froze yesterday",
                             "wechat pay works",
                             "wx 是什么意思",
                             "显卡 vx 版",
                             "vip会员",
                             "加VIP",
                             "node.js 和 asp.net",
                             "用 python3.11 写的",
                             "readme.md 在哪",
                             "e.g. this one",
                             "I like it.me too",
                             "wait...what",
                             "ok.好的",
                             "嗯.好.的",
                             "a.m. 9点",
                             "3.5cn",
                             "@小明 你好",
                             "C++ 和 C# 哪个好",
                             "下午3点见",
                             "五点吧",
                             "他发了个 😀.😀",
                             "and/or",
                             "1/2 杯",
                             "w/o sugar",
                             "https 是什么",
                             "com 口坏了",
                             "淘宝网",
                             "微博上说的",
                             "自信，微笑",
                             "卫星发射了",
                             "v5",
                             "威信很高的老师",
                             "他很有威信2年了"}) {
        CAPTURE(said);
        CHECK(standard().judge(said) == verdict{});
    }
}

TEST_CASE("harmless sentences whose words only meet by chance pass") {
    for (const char* said : {"我在刷，单身真好",
                             "裸色的聊天背景",
                             "他在刷牙单子上写着",
                             "冰，毒蛇",
                             "这家包子夜里卖",
                             "约了，炮台见",
                             "class assess bass",
                             "Scunthorpe",
                             "Essex",
                             "skyscraper kyss",
                             "他杀了。你猜",
                             "打死。你呢",
                             "弄死 你好",
                             "快去，死线到了",
                             "加油",
                             "加薪了",
                             "加微波炉里热",
                             "Let's assume a document",
                             "大麻烦",
                             "代表孕妇",
                             "单刷副本",
                             "刷题，单词背不完"}) {
        CAPTURE(said);
        CHECK(standard().judge(said) == verdict{});
    }
}

TEST_CASE("a mobile number is masked, and only it") {
    check_masks({
        {"打我电话13800138000吧", "打我电话***********吧"},
        {"138 0013 8000", "*************"},
        {"138-0013-8000", "*************"},
        {"+86 13800138000", "***************"},
        {"+8613800138000。", "**************。"},
        {"1 3 8 0 0 1 3 8 0 0 0", "*********************"},
        {"１３８００１３８０００", "***********"},
        {"①③⑧⓪⓪①③⑧⓪⓪⓪", "***********"},
        {"一三八零零一三八零零零", "***********"},
        {"壹叁捌零零幺叁捌零零零哈", "***********哈"},
        {"1③八-零 0·①3 捌0零⓪", "***************"},
        {"1\u200b3\u200b8\u200b00138000", "**************"},
        {"1\ufe0f\u20e33\ufe0f\u20e3800138000", "***************"},
        {"138.0013.8000", "*************"},
        {"号码是𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "号码是***********"},
    });
}

TEST_CASE("a WeChat id is masked where something announces it") {
    check_masks({
        {"微信abc12345", "微信********"},
        {"微信：abc12345", "微信：********"},
        {"加我微信号是 abc_12345 哦", "加我微信号是 ********* 哦"},
        {"vx:abc12345", "vx:********"},
        {"VX abc12345", "VX ********"},
        {"ｖｘ：abc12345", "ｖｘ：********"},
        {"v x abc12345", "v x ********"},
        {"v-x: abc12345", "v-x: ********"},
        {"wx号abc12345", "wx号********"},
        {"威信 abc12345", "威信 ********"},
        {"薇信abc12345", "薇信********"},
        {"V信：abc12345", "V信：********"},
        {"微*信 abc12345", "微*信 ********"},
        {"微\u200b信abc12345", "微\u200b信********"},
        {"+v abc12345", "+v ********"},
        {"➕V：abc12345", "➕V：********"},
        {"加v：12345678", "加v：********"},
        {"加V我 abc12345", "加V我 ********"},
        {"v：abc12345", "v：********"},
        {"wechat: abc12345", "wechat: ********"},
        {"weixin abc12345", "weixin ********"},
        {"微信号：zhangsanfeng", "微信号：************"},
        {"微信id zhangsanfeng", "微信id ************"},
        {"vx: zhangsanfeng", "vx: ************"},
        {"微信是zhang_san", "微信是*********"},
        {"微信 一二三四五六七", "微信 *******"},
        {"微信 a b c 1 2 3 4", "微信 *************"},
    });
}

TEST_CASE("a QQ id is masked where something announces it") {
    check_masks({
        {"QQ12345678", "QQ********"},
        {"qq：12345678", "qq：********"},
        {"我的QQ号是12345678", "我的QQ号是********"},
        {"Ｑ Ｑ 12345678", "Ｑ Ｑ ********"},
        {"q.q 12345678", "q.q ********"},
        {"扣扣12345678", "扣扣********"},
        {"企鹅号 12345678", "企鹅号 ********"},
        {"球球：一二三四五六七", "球球：*******"},
        {"加q 1 2 3 4 5 6", "加q ***********"},
        {"QQ群 123456789 快来", "QQ群 ********* 快来"},
        {"qq ⑴⑵⑶⑷⑸⑹", "qq ******"},
    });
}

TEST_CASE("links, domains and mail addresses are masked") {
    check_masks({
        {"看这个 https://evil.example/path?x=1 吧", "看这个 ***************************** 吧"},
        {"http://1.2.3.4/a", "****************"},
        {"HTTP://EVIL.TOP", "***************"},
        {"www.evil.top", "************"},
        {"www。evil。top", "************"},
        {"evil.com", "********"},
        {"上 evil.com.cn/abc 看", "上 *************** 看"},
        {"evil。com", "********"},
        {"evil点com", "********"},
        {"ｅｖｉｌ．ｃｏｍ", "********"},
        {"a@b.com", "*******"},
        {"写信到 zhang.san@example.org。", "写信到 *********************。"},
        {"abc艾特qq点com", "***********"},
        {"t.me/evilgroup", "**************"},
    });
}

TEST_CASE("what a person should look at is flagged, and shown") {
    for (const char* said : {"加薇聊", "刷单", "刷单返利", "刷*单*返*利", "百家乐", "你去死",
                             "去死吧", "kys", "send nudes", "杀你全家", "代开发票"}) {
        CAPTURE(said);
        CHECK(standard().judge(said) == verdict{decision::pass, "", true});
    }
}

TEST_CASE("a nickname with a contact, or one that only the operator may bear, is rejected") {
    for (const char* name : {"vx12345", "加v123456", "微信abc12345", "QQ12345678", "13800138000",
                             "一三八零零一三八零零零", "123456789", "evil.com", "加微看片",
                             "官方客服", "系统消息", "Administrator", "管理员小王", "加我微信"}) {
        CAPTURE(name);
        CHECK(standard().judge(name, subject::nickname).what == decision::reject);
    }
    for (const char* name : {"小明", "1314520", "20010203", "想死的鱼", "Ada", "vivi2001", "qiqi88",
                             "阿Q正传", "不想上班", "夜的第七章", "🌸樱花🌸", "A320", "Q版小人"}) {
        CAPTURE(name);
        CHECK(standard().judge(name, subject::nickname) == verdict{});
    }
}
