#include "server/platform/filter/offers.hpp"

#include "tests/platform/filter/standard_filter.hpp"
#include "tests/platform/filter/written_rules.hpp"

using namespace onechat::platform;
using namespace onechat::platform::test;

TEST_CASE("who tells what was done to them, or asks what to do, is never refused") {
    for (const char* said : {
             "有人发裸照给我怎么办",
             "他老是发裸照给我要不要报警",
             "被人逼发裸照给我很难受",
             "他问我裸聊吗好恶心",
             "有人问我约炮吗我拉黑了",
             "新闻说有人出售枪支被判刑",
             "child porn is a crime",
             "he sent me child porn, what should I do",
             "I was shown child porn as a kid",
             "刚聊两句就问约炮吗，烦死了",
             "上来就是裸聊吗？什么人啊",
             "裸聊吗？他就这样问我",
             "他说：发裸照给我",
             "“发裸照给我”，他每天都这么说",
             "前男友让我发裸照给他看，不然就曝光",
             "我被裸聊敲诈了五万",
             "我做兼职刷单被骗了三万",
             "刷单返利",
             "刷单返利是不是骗人的",
             "兼职刷单靠谱吗",
             "同学拉我去刷单返利",
             "我妈信了高价收银行卡，现在卡被冻结了",
             "室友出冰毒被抓了",
             "我爸卖冰毒坐牢了",
             "我哥卖大麻判了三年",
             "我以前卖过冰毒，现在改了",
             "有人给我下了听话水",
             "他给我下迷药",
             "怎么买到安眠药的",
             "我吃了一整瓶安眠药",
             "我小时候被人拍过幼女视频",
             "我未成年的时候被拍了裸照",
             "裸照被人传到网上了",
             "他手里有我的裸照",
             "老师发裸照给我看",
             "网友约我见面，见面就要文爱",
             "对方问我文爱吗 我说不",
             "男朋友约炮被我发现了",
             "我约炮得了病",
             "我被迫卖淫",
             "我做过援交，很后悔",
             "我爸嫖娼被抓",
             "他说要弄死我",
             "他叫我去死",
             "I was raped",
             "he keeps asking me to send nudes",
             "someone is selling child porn in this group",
             "my uncle made me watch child porn",
             "我被网上的人骗去代孕",
             "我想卖肾还债",
             "赌博输了三十万，网赌害人",
         }) {
        CAPTURE(said);
        CHECK(standard().judge(said).what == decision::pass);
    }
}

TEST_CASE("what offers or asks for something grave is rejected, however it is written") {
    for (const char* said : {
             "裸聊吗",
             "裸_聊_吗",
             "裸😀聊吗",
             "来裸聊吗",
             "裸聊吗？加我v abc12345",
             "裸聊加v12345678",
             "美女裸聊加我",
             "可裸聊",
             "约炮吗",
             "约炮么，在线等",
             "找人约炮",
             "同城约炮",
             "今晚约炮吗",
             "文爱吗",
             "语爱吗 女的加",
             "援交吗",
             "出售冰毒",
             "出售K粉",
             "卖丨冰丨毒",
             "卖*大*麻",
             "长期出售听话水，加微信",
             "本人卖迷药",
             "卖枪支",
             "出售安眠药",
             "发裸照给我",
             "发张裸照给我看看",
             "快发裸照给我",
             "裸照交换吗",
             "幼女资源",
             "有幼女资源吗",
             "出小萝莉资源，私聊",
             "幼女视频加我",
             "出呦呦资源",
             "child porn",
             "c h i l d p o r n",
             "ＣＨＩＬＤ ＰＯＲＮ",
             "selling child porn",
             "i want child porn",
             "诚招兼职刷单",
             "兼职刷单了解一下",
             "手机兼职刷单日结",
             "刷单返利加我",
             "招 刷 单 员",
             "招刷单",
             "高价收银行卡",
             "收购四件套，联系我",
             "看片加我",
             "上门服务包夜",
         }) {
        CAPTURE(said);
        CHECK(standard().judge(said).what == decision::reject);
    }
}

TEST_CASE("an offer counts as a sentence of its own only") {
    const auto judge = filter_of_only("offer 甲乙吗\noffer bad thing\n");

    for (const char* said :
         {"甲乙吗", "甲乙吗？", "你好，甲乙吗", "好 甲乙吗 呢", "ok甲乙吗ok", "😀甲*乙*吗😀",
          "甲 乙 吗", "bad thing", "hi, bad thing!", "好。bad thing。", "badthing"}) {
        CAPTURE(said);
        CHECK(judge.judge(said).what == decision::reject);
    }
    for (const char* said :
         {"丙甲乙吗", "甲乙吗丙", "a bad thing", "bad thing to do", "bad thing吗"}) {
        CAPTURE(said);
        CHECK(judge.judge(said) == verdict{});
    }
}

TEST_CASE("an offer in a text that tells of something is flagged") {
    const auto judge = filter_of_only("offer 甲乙吗\ntell 他\ntell 乙\nreject 丁\n");

    CHECK(judge.judge("他问：甲乙吗") == verdict{decision::pass, "", true});
    CHECK(judge.judge("甲乙吗，他问") == verdict{decision::pass, "", true});
    CHECK(judge.judge("甲乙吗").what == decision::reject);
    CHECK(judge.judge("他丁").what == decision::reject);
    CHECK(judge.judge("他") == verdict{});
    CHECK(judge.judge("他", subject::note) == verdict{});
    CHECK(judge.judge("甲乙吗", subject::note) == verdict{decision::pass, "", true});
    CHECK(judge.judge("甲乙吗", subject::nickname).what == decision::reject);
}

TEST_CASE("without the words that tell, an offer is one whoever is spoken of") {
    CHECK(standard().judge("裸聊吗，他问").what == decision::pass);
    CHECK(filter_of("without telling\n").judge("裸聊吗，他问").what == decision::reject);
}
