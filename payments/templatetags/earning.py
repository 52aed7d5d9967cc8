"""What a creator earns by a sale, for the studio's page on prices."""

from django import template

from courses.models import Course
from marketplace.lib import clock
from payments import fees
from payments.models import RevenueRule

register = template.Library()


@register.simple_tag
def earning_of(course: Course) -> fees.Shares | None:
    """Both shares of one sale at the present price under the present rule; None while there is no price."""
    if course.price is None:
        return None
    return fees.split(course.price, RevenueRule.objects.in_force(at=clock.now()))
