from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from accounts.models import User
from marketplace.lib import emails
from marketplace.lib.money import Money

PAYOUT = SimpleNamespace(
    amount=Money(12_800, "CNY"), sent_at=datetime(2026, 12, 1, 20, tzinfo=UTC), transfer_id="tr_1"
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Shanghai", "12月2日"), ("UTC", "12月1日"), ("Nowhere/Atall", "12月1日")]
)
def test_a_mail_speaks_its_readers_language_and_keeps_her_calendar(zone, day):
    reader = User(email="ada@kezhan.example", name="何悦", language="zh-hans", time_zone=zone)
    mail = emails.post("payout:1", reader, "payments/payout_sent", {"payout": PAYOUT})
    assert mail.subject == "¥128.00 正在打给你"
    assert mail.text.startswith("何悦，你好：")
    assert f"2026年{day}" in mail.text
    assert "你收到这封邮件，是因为你在课栈有账号。" in mail.html
