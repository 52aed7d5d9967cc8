"""A rule for accounts, of which the first book was silent: without one nobody can be warned. In force as that book is."""

from datetime import UTC, datetime

from django.db import migrations

START = datetime(2026, 1, 1, tzinfo=UTC)
RULE = {
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
    wordings.objects.create(
        number=1, announced_by=None, announced_at=START, comments_until=START, in_force_at=START, **RULE
    )


class Migration(migrations.Migration):
    dependencies = [("moderation", "0011_rights_hold")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
