"""Everything that may raise a flag: its name, what it looks at in words, and what its owner can do. One list for pages,
mails and the API. The rules themselves stand in `moderation.gates` and `moderation.fraud`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Detector:
    """`is_told`: its owner sees the flag as soon as it is raised. `severity`: as of rules, 1 slight … 4 grave."""

    code: str
    severity: int
    is_told: bool
    title: str | Promise
    rule: str | Promise
    advice: str | Promise

    @property
    def area(self) -> str:
        """ "gate" or "fraud"."""
        return "gate" if self.is_told else "fraud"


_GATES = (
    Detector(
        "refunds", 2, True, _("Many give it back"),
        _("Of at least 20 sales in 180 days 5 or more were given back by those who bought it, and even the lower end "
          "of that share's 99 percent interval is above twice the category's share and above 10 percent."),
        _("Compare what the page promises with what the lessons hold, and read what learners asked. A new version and "
          "an honest preview lesson help most."),
    ),
    Detector(
        "disputes", 3, True, _("Many payments are disputed"),
        _("Of at least 50 sales in a year 3 or more were disputed at the buyer's bank, stolen cards not counted, and "
          "even the lower end of that share's 99 percent interval is above twice the category's share and above "
          "1 percent."),
        _("Buyers go to their bank when they do not recognize a payment or find no other way to their money. Say "
          "clearly who sells, and answer questions soon."),
    ),
    Detector(
        "leaving", 1, True, _("Many leave at once"),
        _("Of at least 30 learners who began 30 to 180 days ago 15 or more finished no lesson and watched less than a "
          "twentieth of it, and even the lower end of that share's 99 percent interval is above one and a half times "
          "the category's share and above 40 percent."),
        _("Look at the audience page: where do they stop? Often it is the sound, the level, or a slow beginning of the "
          "first lesson."),
    ),
    Detector(
        "ratings", 2, True, _("Rated badly of late"),
        _("Of the ratings of the last 90 days, or of the last ten where those are fewer, 5 or more gave one or two "
          "stars, and even the lower end of that share's 99 percent interval is above twice the category's share and "
          "above 25 percent."),
        _("Read what they say and answer them: what you answer stands below. A new version that mends what several "
          "name helps most; who sees it can say her rating anew."),
    ),
    Detector(
        "stale", 1, True, _("Out of date for long"),
        _("By the rule of freshness the course has been out of date for 30 days or more."),
        _("Open a new version, or write down what you checked it with. Either ends it at once."),
    ),
)  # fmt: skip

_FRAUD = (
    Detector(
        "self_purchase", 3, False, _("Bought by oneself"),
        _("Within 180 days three accounts or more bought one creator's courses with her own card or on her own device, "
          "or four with one card, and eight of ten of these purchases or more were never watched."),
        _("A creator's own copies need no purchase: she can watch her courses as they are."),
    ),
    Detector(
        "rings", 3, False, _("Buying in a circle"),
        _("Creators who each bought two or more of each other's courses in a circle within 180 days, and never watched "
          "eight of ten of them or more."),
        _("Colleagues who learn from each other watch what they buy; then nothing is flagged."),
    ),
    Detector(
        "rating_rings", 3, False, _("Praise in a circle"),
        _("Creators, with whoever shares a device with them, who within 180 days each gave two or more ratings to each "
          "other's courses in a circle, eight of ten of them or more with five stars after less than a quarter."),
        _("Colleagues who learn from each other have seen what they praise; then nothing is flagged."),
    ),
    Detector(
        "coupon_farming", 2, False, _("One coupon, many accounts"),
        _("A coupon for one use a person was used by four new accounts or more with one card on one device, or by six "
          "on one device of which eight of ten never watched what they got."),
        _("A coupon is for one person. Families, schools and companies use it once each."),
    ),
    Detector(
        "card_testing", 4, False, _("Cards tried out"),
        _("Within 24 hours six tries or more with four cards or more by one account, or twenty with ten cards by "
          "several accounts on one device, and eight of ten of them or more were declined."),
        _("Whoever has trouble with a card tries it a few times, with one or two others."),
    ),
    Detector(
        "account_sharing", 2, False, _("One account, many devices"),
        _("On five days or more of 14 an account played films on seven devices or more, and its log-ins came from six "
          "networks or more."),
        _("An account is for one person. Teams can buy a seat for each."),
    ),
)  # fmt: skip

DETECTORS: dict[str, Detector] = {detector.code: detector for detector in (*_GATES, *_FRAUD)}


def told() -> list[str]:
    """The codes of those whose flags their owners see at once."""
    return [detector.code for detector in DETECTORS.values() if detector.is_told]
