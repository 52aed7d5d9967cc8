"""The first lists of words."""

from datetime import UTC, datetime

from django.db import migrations

START = datetime(2026, 11, 28, tzinfo=UTC)
ADDED = datetime(2026, 11, 29, tzinfo=UTC)
INSULT = ("respect", "An insult.")
HATE = ("respect", "Hatred of people for what they are.")
SEX = ("safe_content", "Sexual content is not taught here.")
TRADE = ("grave_harm", "Trade in what harms people.")
FRAUD = ("fake_learning", "Work or papers are sold instead of learning.")
PROMISE = ("honest_title", "Nobody can promise that.")
OUTSIDE = ("pay_here", "Leads people away, to where no right to money back holds.")
PRAISE = ("honest_voices", "Praise or sales are bought.")
INNOCENT = ("", "A word of its own, and a piece of none.")
# (language, severity, (rule, reason), words, also inside other words, also by sound)
LISTS = [
    ("en", "refuse", HATE, "nigger,nigga,faggot,kike,gook,wetback,spic,tranny,subhuman", False, False),
    ("en", "refuse", INSULT, "kill yourself,go kill yourself,kys,die in a fire,cunt", False, False),
    ("en", "mark", INSULT, "fuck", True, False),
    (
        "en",
        "mark",
        INSULT,
        "fck,fuk,fcuk,shit,bullshit,bitch,bastard,wanker,dumbass,dickhead,twat,retard,moron",
        False,
        False,
    ),
    ("en", "person", INSULT, "asshole,arsehole,son of a bitch,whore,slut", False, False),
    ("en", "refuse", SEX, "child porn,jailbait,revenge porn", False, False),
    (
        "en",
        "person",
        SEX,
        "porn,porno,pornos,xxx video,nude chat,sex chat,escort service,onlyfans,blowjob",
        False,
        False,
    ),
    (
        "en",
        "person",
        TRADE,
        "buy cocaine,sell cocaine,buy meth,sell meth,buy heroin,sell heroin,buy fentanyl,ghost gun,human trafficking guide",
        False,
        False,
    ),
    (
        "en",
        "person",
        FRAUD,
        "fake diploma,buy diploma,fake passport,essay mill,essay for sale,exam answers for sale,we take your exam,do your homework for you,ghostwriting service,carding tutorial,credit card dumps",
        False,
        False,
    ),
    (
        "en",
        "person",
        PROMISE,
        "get rich quick,guaranteed income,guaranteed profit,double your money,risk-free profit,passive income guaranteed",
        False,
        False,
    ),
    (
        "en",
        "person",
        OUTSIDE,
        "whatsapp me,telegram me,dm me to pay,pay me directly,send me the money,paypal me,wire me",
        False,
        False,
    ),
    (
        "en",
        "person",
        PRAISE,
        "buy reviews,buy followers,buy likes,five stars for cash,review exchange,paid reviews",
        False,
        False,
    ),
    (
        "en",
        "innocent",
        INNOCENT,
        "hit,hits,itch,Scunthorpe,Penistone,Cockermouth,shiitake,shitake,Matsushita,Fukushima,Fukuoka",
        False,
        False,
    ),
    ("zh", "refuse", INSULT, "操你妈,死全家,去死吧你", False, True),
    ("zh", "refuse", INSULT, "日你妈,干你娘,草泥马,草尼马,肏你妈,艹你妈,婊子养的", False, False),
    (
        "zh",
        "person",
        INSULT,
        "傻逼,傻屄,煞笔,傻b,傻比,沙雕玩意,shabi,sha bi,婊子,狗日的,biaozi,biao zi,贱货,王八蛋,杂种",
        False,
        False,
    ),
    ("zh", "mark", INSULT, "他妈的,特么的,脑残,智障,废物东西,滚蛋", False, False),
    ("zh", "refuse", HATE, "支那猪,黑鬼,死基佬,弯弯狗", False, False),
    ("zh", "refuse", SEX, "裸聊,约炮,招嫖,萝莉资源,幼女资源", False, True),
    ("zh", "refuse", SEX, "祼聊", False, False),
    ("zh", "person", SEX, "色情,卖淫,嫖娼,援交,春药,一夜情交友,成人影片", False, False),
    ("zh", "person", TRADE, "冰毒,海洛因,迷魂药", False, True),
    ("zh", "person", TRADE, "冰毐,出售枪支,枪支出售,买卖器官,代孕,贩卖人口,贩毒,听话水,摇头丸", False, False),
    ("zh", "person", FRAUD, "代写论文,代开发票,信用卡套现,代做作业", False, True),
    (
        "zh",
        "person",
        FRAUD,
        "代考,daikao,dai kao,替考,枪手代笔,论文代写,包过不过退款,假文凭,假证件,办假证,真实学籍可查,考试答案出售,洗钱教程,代开fa票",
        False,
        False,
    ),
    ("zh", "person", PROMISE, "稳赚不赔,日赚千元,保本高收益,躺着赚钱,月入十万", False, True),
    ("zh", "person", PROMISE, "荐股,内幕股票,内幕消息,包赚,零风险高回报,六合彩,网上赌场,时时彩", False, False),
    ("zh", "person", OUTSIDE, "加微信,私下转账,扫码转账", False, True),
    ("zh", "person", OUTSIDE, "加vx,加v信,加v,加wx,微信号,加qq,加q群,绕过平台,直接转给我", False, False),
    ("zh", "person", PRAISE, "刷单,兼职刷单,刷好评,好评返现,刷信誉,刷销量", False, True),
    (
        "zh",
        "innocent",
        INNOCENT,
        "智障人士,智障儿童,微信小程序,微信公众号,待写论文,加微信小程序,办证大厅,草泥马羊驼",
        False,
        False,
    ),
]
# What those left out: two other spellings, and innocent words that hold a listed one.
MORE = [
    ("en", "mark", INSULT, "phuck", False, False),
    ("en", "person", INSULT, "azzhole", False, False),
    ("en", "innocent", INNOCENT, "Twatt", False, False),
    ("zh", "innocent", INNOCENT, "加微信支付,加微信登录,加微信分享,杂种优势", False, False),
]


def write(apps, _editor):
    words = apps.get_model("moderation", "ListedWord")
    words.objects.bulk_create(
        words(
            text=text, language=language, severity=severity, rule_code=rule, reason=reason, is_part=is_part,
            by_sound=by_sound, added_at=added_at,
        )
        for lists, added_at in ((LISTS, START), (MORE, ADDED))
        for language, severity, (rule, reason), listed, is_part, by_sound in lists
        for text in listed.split(",")
    )  # fmt: skip


class Migration(migrations.Migration):
    replaces = [("moderation", "0017_first_words")]
    dependencies = [
        ("moderation", "0004_first_book"),
    ]
    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
