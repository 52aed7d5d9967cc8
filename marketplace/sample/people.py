"""The people of the sample: eight creators, and one login for each role."""

from .plan import SampleCreator

PASSWORD = "kezhan-sample-2026"

# role or part, address, name, language
STAFF = (
    ("learner", "lin@kezhan.example", "Lin", "en"),
    ("moderator", "sam@kezhan.example", "Sam", "en"),
    ("finance", "fay@kezhan.example", "Fay", "en"),
    ("support", "sue@kezhan.example", "Sue", "en"),
    ("auditor", "aude@kezhan.example", "Aude", "en"),
    ("admin", "root@kezhan.example", "Root", "en"),
)
# What the authenticator apps of the sample's staff know. Everybody can read it here: the sample is for trying out.
SECRETS = {
    "moderator": "KEZHANSAMPLEMODERATORAAAAAAAAAAA",
    "finance": "KEZHANSAMPLEFINANCEAAAAAAAAAAAAA",
    "support": "KEZHANSAMPLESUPPORTAAAAAAAAAAAAA",
    "auditor": "KEZHANSAMPLEAUDITORAAAAAAAAAAAAA",
    "admin": "KEZHANSAMPLEADMINAAAAAAAAAAAAAAA",
}
LEARNER_NAMES = ("Mina", "Jonas", "小雨", "Priya", "阿强", "Sofia", "建国", "Tom", "晓彤", "Noor", "Yuki", "Elif")

CREATORS = (
    SampleCreator(
        "ada",
        "ada@kezhan.example",
        "Ada Ferreira",
        "Software engineer who teaches by building",
        "Twelve years of shipping web services, five of teaching. I explain with small programs that you can change.",
        "en",
        "PT",
        28,
    ),
    SampleCreator(
        "noah",
        "noah@kezhan.example",
        "Noah Okafor",
        "Data, plainly",
        "I was the person who had to explain the numbers to the board. Now I teach how to find them and how to doubt them.",
        "en",
        "GB",
        205,
    ),
    SampleCreator(
        "mari",
        "mari@kezhan.example",
        "Mari Kuroda",
        "Photographer of quiet things",
        "Still life, food and people at work. A phone and a window are enough to begin.",
        "en",
        "JP",
        340,
    ),
    SampleCreator(
        "elena",
        "elena@kezhan.example",
        "Elena Rossi",
        "Furniture maker and restorer",
        "Third generation at the bench. I teach hand tools first, because they teach you wood.",
        "en",
        "IT",
        60,
    ),
    SampleCreator(
        "wang",
        "wang@kezhan.example",
        "王思远",
        "把机器学习讲明白的人",
        "做过八年推荐系统，写过两本小书。相信一张图胜过三页公式。",
        "zh-hans",
        "CN",
        258,
    ),
    SampleCreator(
        "chen",
        "chen@kezhan.example",
        "陈阿婆的女儿",
        "返乡第六年，把家乡的柑橘卖到了全国",
        "从一部手机和一亩果园开始直播，带着村里四十多户一起卖货。踩过的坑都写在课里。",
        "zh-hans",
        "CN",
        140,
    ),
    SampleCreator(
        "lu",
        "lu@kezhan.example",
        "陆青",
        "竹编手艺人，非遗传承人",
        "十四岁跟外公学竹编，至今三十年。愿意把每一个手势慢慢拍给你看。",
        "zh-hans",
        "CN",
        95,
    ),
    SampleCreator(
        "he",
        "he@kezhan.example",
        "何悦",
        "对外汉语与公开演讲教师",
        "在三个国家教过中文，陪两千多人练过第一次上台。开口比完美重要。",
        "zh-hans",
        "CN",
        10,
    ),
)
