"""Words that lead learners away to buy or to be reached: contacts, other shops, offers with a price. Pure.

Said of what is spoken and written in lessons. Only what has a number, a name or an address in it, or calls somebody to
come: a course may speak of WeChat, of shops and of prices as much as it likes. A hint for people, never a verdict.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

CONTACT, SHOP, OFFER = "contact", "shop", "offer"
MOST = 20
# So far from a price stands what calls to pay it.
NEAR = 60
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# The patterns below read what `_plain` gives: small letters, and never two spaces. What they repeat is bounded, so that
# a long text costs as much longer as it is; without an end is only what a match ends with, which is read once.
_HAN = r"微信|薇信|威信|维信|v信|企业微信|扣扣|企鹅|电报|飞机"
# Not the beginning or the end of another word, nor what a program gives a value: wxpython4, qqplot_1, vx = speed_x.
_LATIN = r"(?<![a-z0-9_])(?:vx|wx|wechat|weixin|q{2}|whats ?app|telegram)"
_ALONE = r"(?!\s=\s)(?=(?:id|number|account)?(?![a-z_])|id_)"
_APP = rf"(?:{_HAN}|{_LATIN})"
_ME = r"(?:我|老师|助教|客服|班主任|导师|本人|小助手|助理)"
# An account: with a digit or an underscore in it, so that it is no word; or that many digits.
_NAME = r"(?=[a-z_-]{0,19}[\d_])[a-z][-_a-z0-9]{5,19}|\d{5,11}|1[3-9]\d{9}"
_SEEMS = r"(?:\sis\b)?[\s:：,，是:=@\"“「]{0,12}"
# What is built, not joined: a course on programming adds a log-in with WeChat.
_BUILT = (
    r"(?!\s?(?:登[录陆]|支付|小程序|公众号|分享|接口|授权|sdk|api|按钮|功能|模块|表情|开放|扫码登|图标|机器人|推送|消息"
    r"|通知|客服消息|广告|红包|生态|端|版|的(?:接口|登|支付|能力|支持)|login|pay|support|button|bot))"
)
_CONTACTS = [
    # 微信号：abc_123, QQ群 12345678, WeChat ID: teacher_amy
    rf"(?:{_HAN}|{_LATIN}{_ALONE})\s?(?:号码|账号|帐号|群号|号|群|id|number|account)?{_SEEMS}(?:{_NAME})(?![\w.])",
    rf"{_APP}\s?(?:号码|账号|帐号|号|id)\s?(?:是|为)?\s?[:：]\s?[a-z][-_a-z0-9]{{5,19}}(?![\w.])",
    # 加我微信, 加一下老师的企业微信, 添加助教微信
    rf"(?:添加|加)(?:一?下|上)?{_ME}们?(?:的)?(?:个人|工作)?{_APP}{_BUILT}",
    rf"(?<![增添附追叠参更里中])加(?:个|一?下)?(?:v信|vx|wx|微信|薇信|威信|q{{2}}群?|扣扣){_BUILT}",
    r"扫(?:一扫|描|码)?(?:下方|屏幕上?|上方|这个|视频里)?的?(?:二维码)?(?:加我|加群|进群|入群|联系我|加老师|加助教|领取?资料)",
    r"(?:进|加入?)(?:我们?的|咱们的)?(?:微信|q{2}|电报|telegram|whatsapp|wechat)(?:交流|学习|粉丝|付费|会员)?群(?!聊|体|发)",
    r"\b(?:add|message|text|contact|reach|find|dm|ping|call) (?:me|us) (?:up )?(?:on|via|at|through|over|by)"
    r" (?:my )?(?:wechat|whats ?app|telegram|qq|signal|line|instagram|messenger)\b",
    r"\bjoin (?:my|our) (?:private |paid |vip |free )?(?:wechat|whats ?app|telegram|qq)\b",
]  # fmt: skip
_CALL = r"(?:电话|手机号?码?|致电|打给我?|拨打|热线|联系(?:我|方式)|咨询|call|phone|tel|mobile|text me|ring me)"
_PHONES = [
    rf"{_CALL}{_SEEMS}(?:\+?86[\s-]?)?(1[3-9]\d[\s-]?\d{{4}}[\s-]?\d{{4}})(?!\d)",
    r"\b(?:call|text|phone|ring)(?: me| us)?(?: at| on)?[\s:]{1,4}(\+?\d[\d\s().-]{8,16}\d)(?!\d)",
]
# Numbers of examples: 13800138000, 13812345678, 555-0100.
_SAMPLES = re.compile(r"13800138000|12345678|(\d)\1{5}|555\d{4}$|55501")
_ADDRESS = re.compile(
    r"(?:https?://|(?<![a-z0-9@./_-])www\.|(?<![\w@./-]))(?:[a-z0-9-]{1,63}\.){1,20}[a-z]{2,10}"
    r"(?:/[^\s)\]>\"'，。；、）】》]*)?"
)
# Where things are sold. With a path it is a thing or a shop there, without one the site that is spoken of.
_SHOPS = (
    "taobao.com", "tmall.com", "jd.com", "pinduoduo.com", "yangkeduo.com", "weidian.com", "youzan.com",
    "xiaoe-tech.com", "xet.tech", "zsxq.com", "afdian.com", "afdian.net", "mbd.pub", "ke.qq.com", "study.163.com",
    "udemy.com", "skillshare.com", "gumroad.com", "teachable.com", "thinkific.com", "kajabi.com", "podia.com",
    "payhip.com", "patreon.com", "ko-fi.com", "buymeacoffee.com", "lemonsqueezy.com", "myshopify.com", "etsy.com",
    "paypal.me", "buy.stripe.com", "amzn.to", "tb.cn",
)  # fmt: skip
# A shop of one's own is a name before the site's.
_OWN_NAME = {"gumroad.com", "teachable.com", "thinkific.com", "kajabi.com", "podia.com", "myshopify.com", "weidian.com",
             "taobao.com", "tmall.com", "youzan.com", "lemonsqueezy.com"}  # fmt: skip
_NOT_A_SHOP = {"www", "help", "support", "developers", "developer", "open", "docs", "api", "blog", "m", "s", "admin"}
_PASSWORD = re.compile(r"(?<!\w)[¥￥€][a-z0-9]{10,12}[¥￥€](?!\w)")  # the codes that open a thing in Taobao
_PRICE = re.compile(
    r"(?:原价|现价|只要|仅需|仅|特价|优惠价|限时|团购价|内部价|会员价)[^\n。！？!?]{0,8}?[¥￥]?\s?\d[\d,.]*\s?(?:元|块|rmb|¥)?"
    r"|(?:only|just|normally|special price|for)\s(?:us)?[$€£]\s?\d[\d,.]*"
)
_COME = re.compile(
    r"私信我|私聊我|找我(?:报名|购买|咨询)|联系我(?:报名|购买|下单)?|扫码(?:报名|购买|下单|付款)|转账给我|加我"
    r"|链接(?:就?在|放在?)(?:评论区|简介|下方|主页)|(?:点击|戳)(?:下方|评论区|主页|简介)(?:的)?链接"
    r"|\b(?:dm|message|text|email|contact) me\b|\blink (?:is )?(?:in (?:my|the) (?:bio|description|profile)|below)\b"
    r"|\b(?:buy|get|order|grab|book|join|enroll in|sign up for) (?:my|our) "
)


@dataclass(frozen=True)
class Lure:
    """`written` stands from `start` to `end` of the text."""

    kind: str
    written: str
    start: int
    end: int


def found_in(text: str, own_host: str = "") -> list[Lure]:
    """Each once, in the order of the text; of two that overlap the earlier. `own_host` is this site's."""
    plain, places = _plain(text)
    lures: list[Lure] = []
    reached = 0
    for start, end, kind in sorted(_spans(plain, own_host.lower())):
        if start < reached:
            continue
        reached = end
        first, last = places[start], places[end - 1] + 1
        lures.append(Lure(kind, " ".join(text[first:last].split()), first, last))
    return lures[:MOST]


def _spans(plain: str, own_host: str) -> Iterator[tuple[int, int, str]]:
    for pattern in _REACHED:
        for found in pattern.finditer(plain):
            # Of a telephone its number alone is looked at.
            if not _is_sample(found[found.re.groups]):
                yield found.start(), found.end(), CONTACT
    for found in _ADDRESS.finditer(plain):
        if _is_shop(found[0], own_host):
            yield found.start(), found.end(), SHOP
    yield from ((found.start(), found.end(), SHOP) for found in _PASSWORD.finditer(plain))
    for found in _PRICE.finditer(plain):
        near = plain[max(0, found.start() - NEAR) : found.end() + NEAR]
        if _COME.search(near):
            yield found.start(), found.end(), OFFER


def _is_sample(words: str) -> bool:
    return bool(_SAMPLES.search(re.sub(r"[\s().-]", "", words)))


def _is_shop(address: str, own_host: str) -> bool:
    parts = urlsplit("//" + address.removeprefix("https://").removeprefix("http://"))
    host = (parts.hostname or "").lower()
    shop = next((shop for shop in _SHOPS if host == shop or host.endswith(f".{shop}")), None)
    if shop is None or (own_host and (host == own_host or host.endswith(f".{own_host}"))):
        return False
    name = host.removesuffix(shop).strip(".")
    if name in _NOT_A_SHOP - {"www", "m", "s"}:
        return False
    return bool(parts.path.strip("/")) or (shop in _OWN_NAME and bool(name) and name not in _NOT_A_SHOP)


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text without width, case and what nobody sees, its spaces single; and where in it each sign of that stood."""
    return _with_single_spaces(*_folded(text))


def _folded(text: str) -> tuple[str, Sequence[int]]:
    folded = {sign: unicodedata.normalize("NFKC", sign).lower() for sign in set(text)}
    if all(len(plain) == 1 for plain in folded.values()) and not _UNSEEN.search(text):
        return text.translate({ord(sign): plain for sign, plain in folded.items()}), range(len(text))
    signs, places = [], []
    for at, sign in enumerate(text):
        for each in "" if _UNSEEN.match(sign) else folded[sign]:
            signs.append(each)
            places.append(at)
    return "".join(signs), places


def _with_single_spaces(plain: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Where a line ended, it still does."""
    words, kept = [], []
    for found in re.finditer(r"\s+|\S+", plain):
        word = found[0] if not found[0].isspace() else "\n" if "\n" in found[0] else " "
        words.append(word)
        kept.extend(places[found.start() : found.start() + len(word)])
    return "".join(words), kept


_REACHED = [re.compile(pattern) for pattern in (*_CONTACTS, *_PHONES)]
