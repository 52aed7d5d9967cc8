"""Three pages of the sample's own: who this is, terms, privacy. They say what the software does, and nothing else."""

from accounts.models import User
from operating.models import CustomPage

ABOUT_EN = """
Kezhan is a marketplace of courses, made by people of a craft. This is a sample installation: its people and courses
are made up, and no real money moves.

## What is different here

- **Money is exact.** Every sale is a set of entries that add up to nothing, and [each day is sealed](/ledger/seals/).
- **Watching is honest.** Progress is what was really played, bounded by the clock.
- **Decisions are explained.** [The rules](/rules/) are public, and so is [the log](/rules/log/) of what was decided.
- **Sharing is public.** You see [how a sale is shared](/how-sales-are-shared/) before you buy or sell.
"""
ABOUT_ZH = """
课栈是一个课程市场，课程由各行各业的手艺人制作。这里是示例站点：人物和课程都是虚构的，没有真实的资金流动。

## 这里有什么不同

- **账目分毫不差。** 每笔销售都是一组合计为零的分录，[每天封账](/ledger/seals/)。
- **学习记录真实。** 进度只计算真正播放过的内容，并受时钟约束。
- **决定都有理由。** [规则](/rules/)公开，作出的决定也记入[公开日志](/rules/log/)。
- **分成公开。** 买卖之前就能看到[一笔销售如何分配](/how-sales-are-shared/)。
"""
TERMS_EN = """
This text describes what this software does. It comes with the sample and is no legal advice: whoever runs an
installation puts her own terms in its place.

## Buying

What you buy is the right to watch a course here, shown in your library. The total at the checkout is all that you pay,
or says that tax comes on top. You get a receipt, and an invoice.

## When money comes back

[The rule](/refund-rules/) is arithmetic and stands beside every course before you buy it; in the player a meter shows
how much of it is left. A refund ends the right to the course.

## What is not allowed

What may be taught, sold and written stands in [the rules](/rules/). A change of them is announced, with its reason,
and open for comments for at least 14 days. Decisions name their rule, and you can appeal to another person.

## Selling

[How sales are shared](/how-sales-are-shared/) says which part of a sale is the creator's. Each sale keeps the rule of
its day.
"""
TERMS_ZH = """
本文说明这套软件实际怎样运作，随示例数据提供，不构成法律意见：站点的运营者应当换上自己的条款。

## 购买

你购买的是在本站观看一门课程的权利，课程会出现在你的书架里。结算页显示的总额就是你要付的全部，或注明另加税款。你会得到收据和发票。

## 退款

[退款规则](/refund-rules/)是一道算式，购买前就写在每门课程旁边；播放器里的计量条显示还剩多少。退款之后，观看该课程的权利随之结束。

## 不允许的内容

可以教什么、卖什么、写什么，见[规则](/rules/)。规则的修改会附理由公布，并至少征求 14 天意见。每个决定都注明所依据的规则，你可以向另一位审核员申诉。

## 出售

[销售如何分配](/how-sales-are-shared/)写明创作者得到其中的多少。每笔销售沿用当天的规则。
"""
PRIVACY_EN = """
This text describes what this software keeps. It comes with the sample: whoever runs an installation puts her own in
its place, with who she is and how to reach her.

## What is kept

- Your account: e-mail address, name, language, time zone, and a password that nobody can read.
- What you bought, as the books need it, and which parts of films you have watched.
- What you write: notes, questions, ratings, works that you hand in.
- Card numbers never reach us: the payment provider has them.

## Cookies

One for your session, one against forged forms, one each for the language and the theme that you chose. There are none
of advertising, and no page loads anything from another company but the payment page itself.

## What you can do

On [your data](/account/data/) you can have all of it made as a file, and delete your account. What the books must keep
stays without your name.
"""
PRIVACY_ZH = """
本文说明这套软件保存哪些数据，随示例提供：站点的运营者应当换上自己的说明，并写明自己是谁、怎样联系。

## 保存什么

- 你的账户：电子邮箱、姓名、语言、时区，以及谁也读不出来的密码。
- 你买过什么（账目所需），以及影片的哪些部分你已经看过。
- 你写下的内容：笔记、提问、评分、提交的作业。
- 卡号不会到我们这里，只在支付服务商处。

## Cookie

一个用于登录会话，一个用于防止伪造表单，另外各有一个记住你选的语言和主题。没有广告 Cookie；除支付页面本身以外，任何页面都不会加载其他公司的内容。

## 你可以做什么

在[你的数据](/account/data/)页面，你可以把全部数据导出成文件，也可以删除账户。账目必须保留的部分会去掉你的姓名。
"""
PAGES = (
    ("about", "About us", "关于我们", ABOUT_EN, ABOUT_ZH),
    ("terms", "Terms", "服务条款", TERMS_EN, TERMS_ZH),
    ("privacy", "Privacy", "隐私说明", PRIVACY_EN, PRIVACY_ZH),
)


def write(admin: User) -> None:
    """Published, and in the foot; what is there already stays."""
    for place, (slug, title_en, title_zh, text_en, text_zh) in enumerate(PAGES):
        if CustomPage.objects.filter(slug=slug).exists():
            continue
        words = {"title_en": title_en, "title_zh": title_zh, "text_en": text_en, "text_zh": text_zh}
        page = CustomPage.objects.start(slug, words, by=admin, why="Sample data")
        page.publish(1, by=admin, why="The first version", in_foot=True, place=place, seen=0)
