"""What stands in the addresses of the payout desk."""

from typing import Any

from accounts.models import User
from payments.models import Payout, PayoutStop, ReserveRule


def objects(payout: Payout, fay: User) -> dict[str, Any]:
    stop = PayoutStop.objects.place(by=fay, currency="KWD", reason="Looked at")
    rule = ReserveRule.objects.place(by=fay, creator=payout.creator, bps=500, days=30, reason="Looked at")
    of_payout = [
        *(f"payments:{act}_payout" for act in ("approve", "decline", "withdraw")), "payments:settle_payout_flag",
        *(f"api-payout-{act}" for act in ("approve", "decline", "withdraw", "settle-flag")),
    ]  # fmt: skip
    of_run = ["api-payout-run-payouts", "api-payout-run-skips"]
    return {
        **{f"{name}:pk": payout.pk for name in of_payout},
        **{f"{name}:pk": payout.run_id for name in of_run},
        "payments:lift_stop:pk": stop.pk, "api-payout-stop-lift:pk": stop.pk,
        "payments:end_reserve:pk": rule.pk, "api-reserve-rule-end:pk": rule.pk,
    }  # fmt: skip
