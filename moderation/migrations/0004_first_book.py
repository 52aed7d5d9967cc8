"""The first rule book."""

from datetime import UTC, datetime

from django.db import migrations

START = datetime(2026, 1, 1, tzinfo=UTC)
GOODS = ["course", "lesson"]
WORDS = ["rating", "question", "comment"]
ALL = [*GOODS, "creator", *WORDS]


def rule(code, area, severity, applies_to, title, text, examples, reviewed=None, ends_access=False):
    """`title` and `text`: (English, Chinese). `examples`: (breaks, English, Chinese). `reviewed`: "course", "lesson"."""
    return {
        "code": code, "area": area, "severity": severity, "applies_to": applies_to,
        "title_en": title[0], "title_zh": title[1], "text_en": text[0], "text_zh": text[1],
        "examples": [{"breaks": breaks, "en": en, "zh": zh} for breaks, en, zh in examples],
        "is_reviewed": reviewed is not None, "about": reviewed or "lesson", "ends_access": ends_access,
    }  # fmt: skip


BOOK = [
    rule(
        "honest_title", "commerce", 3, GOODS,
        ("The title and the promise are honest", "标题和承诺属实"),
        ("The lessons hold what title, subtitle and outcomes promise. No guaranteed income or results.", "课时内容与标题、副标题和学习目标一致，不保证收入或效果。"),
        [(True, "“Earn 500 a day after this course.”", "“学完每天赚 500 元。”"), (False, "“You will have written your first invoice.”", "“你会写出自己的第一张发票。”")],
        reviewed="course",
    ),
    rule(
        "outcomes_taught", "content", 2, ["course"],
        ("The outcomes are taught", "学习目标都教到了"),
        ("Each listed outcome can be pointed to in a lesson.", "每一条学习目标都能在课时中找到对应内容。"),
        [(True, "“Glaze a bowl” is listed; no lesson shows glazing.", "目标写着“给碗上釉”，却没有一节课讲上釉。"), (False, "Each outcome has a lesson in which it is done.", "每个目标都有一节课真正做出来。")],
        reviewed="course",
    ),
    rule(
        "language_matches", "content", 1, GOODS,
        ("The language is the one stated", "语言与标注一致"),
        ("Speech and articles are in the course's language, and the level fits what is taught.", "讲解和文字使用课程标注的语言，难度与内容相符。"),
        [(True, "A course marked Chinese is spoken in English.", "标注为中文的课程用英语讲解。"), (False, "Terms of the trade are named in a second language.", "专业术语顺带给出外文。")],
        reviewed="lesson",
    ),
    rule(
        "picture_quality", "content", 1, GOODS,
        ("The picture can be followed", "画面看得清"),
        ("Text on the screen can be read, the picture is not frozen, black, or shaken.", "屏幕文字清晰可读，画面没有卡死、黑屏或晃动。"),
        [(True, "Code on the screen is too small to be read on a phone.", "屏幕上的代码在手机上小得看不清。"), (False, "A slide stands still while it is explained.", "讲解时幻灯片停在一页。")],
        reviewed="lesson",
    ),
    rule(
        "sound_quality", "content", 1, GOODS,
        ("The sound can be followed", "声音听得清"),
        ("Speech is clear and even; no clipping, hum, or silence where there should be speech.", "人声清晰、音量均匀，没有爆音、杂音，该有人声的地方没有静音。"),
        [(True, "Half of the lesson is drowned by a fan.", "半节课被风扇声盖住。"), (False, "The sounds of the workshop are heard behind the voice.", "人声背后能听到作坊的声音。")],
        reviewed="lesson",
    ),
    rule(
        "rights", "rights", 3, [*GOODS, "creator"],
        ("The creator may use what is shown", "创作者有权使用所展示的内容"),
        ("No copied films, music, pictures or texts without a right to them; sources are named.", "没有无授权搬运的视频、音乐、图片或文字，并注明来源。"),
        [(True, "A lesson of somebody else's course, cut anew.", "把别人课程的一节剪辑后上传。"), (False, "A short passage is quoted, named and discussed.", "引用一小段，注明出处并加以讲解。")],
        reviewed="lesson",
    ),
    rule(
        "no_selling_in_lessons", "commerce", 2, GOODS,
        ("Lessons teach and do not sell", "课时用来教学，不用来推销"),
        ("No advertising, no links to buy elsewhere, no asking for contact outside the lesson's purpose.", "没有广告，没有引流到别处购买的链接，没有与课时无关的联系方式索取。"),
        [(True, "“Add me, the second half is sold there.”", "“加我好友，后半部分在那边卖。”"), (False, "The tool that the lesson needs is named with its price.", "说明这节课需要的工具和价格。")],
        reviewed="lesson",
    ),
    rule(
        "safe_content", "content", 3, ALL,
        ("The content is safe and lawful", "内容安全合法"),
        ("No hatred, no harassment, no sexual content, no instructions for harm; risks of practice are named.", "没有仇恨、骚扰、色情内容，没有教人伤害的内容；练习中的风险已说明。"),
        [(True, "Grinding is shown without eye protection and without a word on it.", "演示打磨不戴护目镜，也不提醒。"), (False, "A hard subject is taught with its history and its dangers.", "讲解敏感题材的历史与危险。")],
        reviewed="lesson",
    ),
    rule(
        "privacy", "content", 3, ALL,
        ("Nobody is shown against their will", "不让任何人违背意愿出镜"),
        ("No personal data of others, no recognizable people who did not agree.", "没有他人的个人信息，没有未经同意而可辨认的人。"),
        [(True, "A learner's chat with name and number is shown.", "展示学员的聊天记录，带姓名和电话。"), (False, "A table of invented customers.", "使用虚构的客户表格。")],
        reviewed="lesson",
    ),
    rule(
        "grave_harm", "content", 4, ALL,
        ("Nothing that gravely harms people", "不传播严重伤害他人的内容"),
        ("No abuse of children, no trade in people, weapons or drugs, no call to violence. Such a course is taken from its learners too, and they get their money back.", "不得涉及虐待儿童、贩卖人口、武器或毒品，不得煽动暴力。此类课程对已购学员也会收回，并全额退款。"),
        [(True, "Instructions for making a weapon.", "教人制作武器。"), (False, "A safety course explains how accidents with chemicals happen.", "安全课讲解化学事故如何发生。")],
        ends_access=True,
    ),
    rule(
        "fake_learning", "commerce", 4, GOODS,
        ("What is sold is a course", "卖的必须是课程"),
        ("A course is not a cover for something else: no empty films, no lottery, no investment scheme, no ghostwriting. Learners get their money back.", "课程不能是别的东西的幌子：不得是空白视频、抽奖、投资骗局或代写。学员会得到全额退款。"),
        [(True, "Ten minutes of a still picture, sold for its price alone.", "十分钟静止画面，只为收钱。"), (False, "A short course on one small skill.", "只教一个小技能的短课程。")],
        ends_access=True,
    ),
    rule(
        "respect", "content", 2, ["creator", *WORDS],
        ("People are treated with respect", "尊重他人"),
        ("No insults, threats or exposure of people. What is said is about the work.", "不侮辱、不威胁、不曝光他人。评价对事不对人。"),
        [(True, "“People like you should not teach.”", "“你这种人不配教课。”"), (False, "“The second half is too fast, and the files are missing.”", "“后半段太快，资料也缺。”")],
    ),
    rule(
        "honest_person", "commerce", 3, ["creator"],
        ("Creators are who they say", "创作者身份属实"),
        ("Names, portraits, titles and places of work are one's own and true. Nobody acts as another person or institution.", "姓名、头像、头衔和任职单位属于本人且真实，不冒充他人或机构。"),
        [(True, "“Professor” without a chair; somebody else's portrait.", "自称“教授”却无任职；盗用他人头像。"), (False, "A pen name with an invented portrait, and no claim besides.", "使用笔名和手绘头像，不作虚假声称。")],
    ),
    rule(
        "pay_here", "commerce", 3, [*GOODS, "creator", *WORDS],
        ("Courses are paid for here", "课程在平台内付款"),
        ("Nobody is asked to pay by another way than this site's checkout, where the right to money back holds.", "不得要求学员绕过本站结账付款；站内付款才有退款保障。"),
        [(True, "“Send me the money directly, it is cheaper.”", "“直接转账给我，更便宜。”"), (False, "A creator shares her own link to her course here.", "创作者分享自己课程的站内链接。")],
    ),
    rule(
        "honest_voices", "commerce", 3, ["course", "creator", *WORDS],
        ("Praise is not bought", "好评不能买"),
        ("No reviews, questions or sales that the creator made, paid for or exchanged.", "不得自写、购买或互换评价、提问和销量。"),
        [(True, "Money back outside the site for five stars.", "私下返现换五星好评。"), (False, "Learners are asked at the end to say what they think.", "课程结尾请学员说说想法。")],
    ),
    rule(
        "names_and_marks", "rights", 2, [*GOODS, "creator"],
        ("Names and marks of others stay theirs", "他人的名称和标识归他人所有"),
        ("No course looks as if a company, school or examination had made or approved it that has not.", "课程不得让人误以为由某公司、学校或考试机构制作或认可。"),
        [(True, "An examination board's seal on the cover.", "封面印着考试机构的印章。"), (False, "“Prepares for the examination of …”, with a word on not being part of it.", "“备考……”，并说明与主办方无关。")],
    ),
    rule(
        "no_spam", "content", 1, ["creator", *WORDS],
        ("No spam", "不发垃圾信息"),
        ("No repeated, empty or machine-made messages, and no advertising in reviews, questions and comments.", "不发重复、空洞或机器生成的信息，不在评价、提问和评论中做广告。"),
        [(True, "The same sentence under twenty lessons.", "在二十节课下发同一句话。"), (False, "A link to the source that was asked for.", "回复别人索要的来源链接。")],
    ),
]  # fmt: skip
# Without a rule for accounts nobody could be warned.
FAIR_ACCOUNTS = {
    "code": "fair_accounts", "area": "commerce", "severity": 3, "applies_to": ["account"], "about": "lesson",
    "is_reviewed": False, "ends_access": False,
    "title_en": "Accounts, coupons and cards are one's own", "title_zh": "账号、优惠券和银行卡须为本人使用",
    "text_en": "An account is one person's. Coupons for one use a person are used once, cards are one's own or lent with consent, and nothing is bought to move figures.",
    "text_zh": "一个账号只供一人使用。每人限用一次的优惠券只用一次，银行卡须为本人所有或经持卡人同意，不得为刷数据而购买。",
    "examples": [
        {"breaks": True, "en": "Ten new accounts of one person use one welcome coupon.", "zh": "一个人用十个新账号重复领取新人券。"},
        {"breaks": False, "en": "A mother buys a course for each of her two children with her card.", "zh": "母亲用自己的银行卡给两个孩子各买一门课程。"},
    ],
}  # fmt: skip


def write(apps, _editor):
    wordings = apps.get_model("moderation", "RuleVersion")
    wordings.objects.bulk_create(
        wordings(number=1, announced_by=None, announced_at=START, comments_until=START, in_force_at=START, **words)
        for words in [*BOOK, FAIR_ACCOUNTS]
    )


class Migration(migrations.Migration):
    replaces = [("moderation", "0003_first_book")]
    dependencies = [
        ("moderation", "0003_decisions"),
    ]
    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
