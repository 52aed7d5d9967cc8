"""Selling inside lessons: what leads away is found with its place, what speaks of such things is left alone."""

import time

import pytest

from videos.precheck import selling

LEADS_AWAY = [
    # contacts, Chinese
    ("有问题加我微信：pottery_88", "contact"),
    ("我的微信号是 teacher2024，欢迎来聊", "contact"),
    ("微信号：amylaoshi", "contact"),
    ("需要资料的同学加微信 abc12345", "contact"),
    ("加一下老师的企业微信领取作业模板", "contact"),
    ("添加助教微信，拉你进群", "contact"),
    ("课后请加v信：x_study01", "contact"),
    ("ＶＸ：ｋｅｚｈａｎ６６６", "contact"),
    ("微\u200b信\u200b号：kezhan_66", "contact"),
    ("QQ群：823456712", "contact"),
    ("答疑 QQ 12344321", "contact"),
    ("加QQ群领源码", "contact"),
    ("加入我们的微信学习群", "contact"),
    ("扫描二维码加我", "contact"),
    ("扫码进群领资料", "contact"),
    ("咨询电话：186 2345 9876", "contact"),
    ("打给我 13925457788", "contact"),
    ("联系我：+86 18623459876", "contact"),
    ("电报 @kezhan_2024", "contact"),
    ("微信teacher_88", "contact"),
    ("加vxamy2024", "contact"),
    ("QQ12344321 答疑", "contact"),
    ("wxid_ab12cd34ef", "contact"),
    ("VXid：teacher_88", "contact"),
    # contacts, English
    ("Add me on WeChat for the templates", "contact"),
    ("message us on WhatsApp if you want more", "contact"),
    ("WeChat ID: teacher_amy", "contact"),
    ("my WeChat is amy2024ceramics", "contact"),
    ("Join my private Telegram group", "contact"),
    ("Call me at +44 20 7946 0958", "contact"),
    ("text me on +1 (415) 867-2301", "contact"),
    # other shops
    ("教材在这里买 https://item.taobao.com/item.htm?id=632345", "shop"),
    ("我的店：https://shop3456.taobao.com", "shop"),
    ("完整版在 https://t.zsxq.com/1a2B3c", "shop"),
    ("复制 ￥AbC12345xyZ￥ 打开淘宝", "shop"),
    ("买同款泥料：https://u.jd.com/abCdEf", "shop"),
    ("Full course: https://www.udemy.com/course/wheel-throwing/", "shop"),
    ("Get the presets at amystudio.gumroad.com", "shop"),
    ("support me: https://www.patreon.com/amyclay", "shop"),
    ("https://paypal.me/amyclay", "shop"),
    # offers
    ("一对一私教原价 1999，现在只要 999 元，私信我", "offer"),
    ("训练营仅需 ¥399，扫码报名", "offer"),
    ("进阶课优惠价 199，链接在评论区", "offer"),
    ("Buy my full bundle for $49, link below", "offer"),
    ("Coaching is only $99, DM me", "offer"),
]

HONEST = [
    "今天我们给网站增加微信登录。",
    "给商城加微信支付，只要三步。",
    "微信小程序开发第 12 课",
    "添加微信公众号的接口权限",
    "微信号的规则：以字母开头，6 到 20 位",
    "在微信中打开 index2.html",
    "QQ 音乐的推荐算法",
    "QQ 图是分位数图",
    "腾讯的 QQ 在 1999 年上线",
    "用正则匹配手机号 13800138000",
    "测试账号的手机号码是 13912345678",
    "电话号码一共有 11 位",
    "订单号 18623459876543",
    "设 x = 13925457788，求它的各位数字之和",
    "爬取 taobao.com 的商品列表（仅供学习）",
    "打开 https://www.taobao.com/ 看一看它的首页",
    "https://open.taobao.com/doc/api.htm 是开放平台的文档",
    "这支股票原价 10 元，现价 8 元，跌了多少？",
    "一件衬衫原价 200 元，打八折后只要 160 元",
    "用户下单时，原价 100 元，现价 80 元",
    "我报名了一个训练营，花了 3000 元，后悔了",
    "作业请在课程的问答区提交",
    "扫码登录的原理",
    "扫描二维码需要摄像头权限",
    "微信群聊的数据结构",
    "参加微信公开课的人有两千",
    "小红书和抖音的算法有什么不同",
    "加 5 毫升水，搅拌均匀",
    "联系方式一栏用 input type=tel",
    "WeChat has more than a billion users.",
    "WeChat Pay API v3 and how its signatures work",
    "In chapter 3 we compare WeChat, WhatsApp and Telegram.",
    "Add WeChat login to your app",
    "The WeChat id must be unique in the table",
    "WhatsApp uses the Signal protocol",
    "A QQ plot of 10000 samples",
    "Call the function at line 1234567890",
    "call super().__init__() 2 times",
    "The phone number 555-0100 is reserved for films",
    "Call 911 in an emergency.",
    "Suppose a shirt costs $20 and is now only $15.",
    "A student buys an ebook for $10. What is her margin?",
    "The book costs only $30 in most shops.",
    "Udemy was founded in 2010; its address is www.udemy.com.",
    "We scrape https://www.etsy.com politely.",
    "docs at https://support.skillshare.com/hc/en-us",
    "See https://docs.python.org/3/library/re.html",
    "Ask your questions below this lesson.",
    "Link the library with -lm, then join the threads.",
    "Contact me through the questions of this course.",
    "Set the price with stripe.Price.create(unit_amount=4900)",
    "Only $n$ of the terms are left, just $3$ of them odd.",
    "版本 1.2.3，端口 8080，时间 2024-11-29 13:45",
    "ISBN 978-7-302-51234-5",
    "圆周率 3.14159265358979",
    "git commit -m 'wx: fix login'",
    "import wx; app = wx.App()",
    "wxPython 4.2.1 安装",
    "pip install wxpython4",
    "qqplot_1 = qqplot(sample)",
    "wxpay_v3 的签名",
    "wechatpay_v3 and telegrambot_2 are modules",
    "my_wx: frame_1, abcqq: 1234567, vxvx pose_12",
    "wxid_of(user_12)",
    "vx = speed_x * dt",
    "vx = v0 * cos(theta)",
    "速度分量 vx 为 12345 像素每秒时，物体早就出了屏幕",
]


@pytest.mark.parametrize(("text", "kind"), LEADS_AWAY, ids=[text for text, _kind in LEADS_AWAY])
def test_what_leads_away_is_found(text: str, kind: str) -> None:
    assert kind in {lure.kind for lure in selling.found_in(text)}


@pytest.mark.parametrize("text", HONEST)
def test_what_speaks_of_such_things_is_left_alone(text: str) -> None:
    assert selling.found_in(text) == []


def test_its_place_in_the_text_is_told_as_it_was_written() -> None:
    text = "开头。ＷｅＣｈａｔ ID： teacher_amy，谢谢"
    (lure,) = selling.found_in(text)
    assert text[lure.start : lure.end] == "ＷｅＣｈａｔ ID： teacher_amy"


def test_our_own_addresses_are_no_other_shop() -> None:
    assert selling.found_in("https://kezhan.taobao.com/x", "kezhan.taobao.com") == []


def test_spaces_and_lines_between_make_no_difference() -> None:
    text = "我的微信号 \t\n\n  ：\u3000\u3000pottery_88 ，欢迎"
    (lure,) = selling.found_in(text)
    assert lure.written == "微信号 ： pottery_88"
    assert text[lure.start : lure.end].endswith("pottery_88")


def test_a_text_of_nothing_else_is_told_so_often() -> None:
    assert len(selling.found_in("加我微信。" * 500)) == selling.MOST


HOSTILE = [
    ("微信", " ", "。"), ("微信", " \n", "。"), ("", "微信 : ", ""), ("微信号 ", "是", ""), ("", "www.-", ""),
    ("", "。www.-a.", ""), ("", "a.b.", ""), ("https://", "a-", ""), ("call", " ", "x"), ("call", ":", "x"),
    ("", "call ", ""), ("call ", "1-", ""), ("", "1", ""), ("only", " ", "x"), ("", "only $1 ", ""), ("", "只要1", ""),
    ("", "¥", ""), ("", "加", ""), ("", "添加一下我们的个人", ""), ("", "qq", ""),
]  # fmt: skip


def seconds(text: str) -> float:
    """Of the processor and of this thread alone, whatever else runs meanwhile."""

    def once() -> float:
        began = time.thread_time()
        selling.found_in(text)
        return time.thread_time() - began

    return min(once() for _ in range(5))


@pytest.mark.parametrize(("before", "again", "after"), HOSTILE, ids=[repr("".join(each)) for each in HOSTILE])
def test_time_grows_with_the_text_and_no_faster(before: str, again: str, after: str) -> None:
    """Of a text eight times as long: eight times as much, where it grew with the square sixty-four times."""

    def text(length: int) -> str:
        return before + again * (length // len(again)) + after

    times = [seconds(text(length)) for length in (250, 2_000, 16_000)]
    # Small ones first: what grows with the cube is not waited for.
    assert times[1] < 24 * times[0]
    assert times[2] < 24 * times[1]
