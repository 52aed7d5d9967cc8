"""A price in parts in the small world: a course of Ada's, and Lin's plan of it."""

from typing import Any

from accounts.models import User
from tests.payments.in_parts import begin, course_in_parts


def objects(lin: User) -> dict[str, Any]:
    course = course_in_parts(2, title="Wheels")
    plan = begin(lin, course)
    token, number = plan.token, plan.reference
    views = ("payments:instalment_plan", "payments:pay_instalments", "api-instalment", "api-instalment-pay")
    views += ("payments:refund_instalments", "api-finance-instalment", "api-finance-instalment-refund")
    again = ("payments:refund_instalment_again", "api-finance-instalment-again")
    slugs = ("payments:start_instalments", "api-course-instalments", "payments:offer_instalments")
    return {
        **{f"{view}:token": token for view in (*views, *again)},
        **{f"{view}:number": number for view in again},
        **{f"{view}:slug": course.slug for view in (*slugs, "api-studio-instalments")},
    }
