"""A membership in the small world: Ada's, which Lin pays, and a course that it opens."""

from typing import Any

from accounts.models import User
from tests.payments.membered import club, join


def objects(lin: User) -> dict[str, Any]:
    offer, course = club()
    token = join(lin, offer).token
    pages = ("membership", "cancel_membership", "resume_membership", "pay_month", "take_month_back")
    api = ("", "-cancel", "-resume", "-pay", "-take-back")
    assert offer.creator
    return {
        **{f"payments:{view}:token": token for view in pages},
        **{f"api-membership{act}:token": token for act in api},
        "payments:join_membership:slug": offer.creator.slug,
        "api-creator-membership:slug": offer.creator.slug,
        **{f"{view}:slug": course.slug for view in ("payments:open_by_membership", "api-open-by-membership")},
        **{f"{view}:slug": course.slug for view in ("payments:mark_course", "api-studio-membership-course")},
    }
