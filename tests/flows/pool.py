"""A division of the pool in the small world: of Lin's month, for Ada's course."""

from typing import Any

from django.db import transaction

from accounts.models import User
from courses.models import Course
from marketplace.lib import clock
from payments.models import AccountKind, LedgerAccount, MembershipMonth, PoolDivision, PoolMonth, PoolPart, Role


def objects(lin: User, course: Course) -> dict[str, Any]:
    LedgerAccount.objects.get_or_create(
        book="sandbox", kind=AccountKind.POOL, owner_id=None, currency="USD",
        defaults={"normal_side": AccountKind.POOL.side, "cached": False},
    )  # fmt: skip
    month = MembershipMonth.objects.filter(membership__member=lin).latest("pk")
    with transaction.atomic():
        division = PoolDivision.objects.create(
            book="sandbox", currency="USD", month="2020-01-01", amount_minor=5, members=1, seconds=7, batches=1,
            inputs_hash="0" * 64, divided_at=clock.now(), booked_at=clock.now(),
        )  # fmt: skip
        PoolMonth.objects.create(division=division, month=month, amount_minor=5, divided_minor=5, seconds=7)
        PoolPart.objects.create(
            division=division, course=course, owner=course.creator, role=Role.CREATOR, bps=10_000, seconds=7,
            watched_in="2020-01-01", members=1, course_minor=5, amount_minor=5, batch=0,
        )  # fmt: skip
    token = month.membership.token
    return {
        **dict.fromkeys(["payments:pool_division:pk", "api-finance-pool-division:pk"], division.pk),
        **dict.fromkeys(["payments:look_at_pool:currency", "api-finance-pool-look:currency"], "USD"),
        "api-membership-pool:token": token,
    }
