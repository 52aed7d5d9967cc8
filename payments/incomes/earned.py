"""What everybody has earned in some months: for figures of the whole platform, by currency and person."""

from datetime import date

from ..models import Role
from . import events
from .asking import ask

# A promoter's commission is earned by leading buyers, not by a course.
_ROLES = f"('{Role.CREATOR}', '{Role.COAUTHOR}')"
_SPAN = f"month BETWEEN %(first)s AND %(last)s AND role IN {_ROLES}"
_EARNED = f"""
SELECT currency, owner_id, sum(share_minor - returned_minor)::bigint AS net FROM (
  SELECT currency, owner_id, share_minor, returned_minor
    FROM payments_incomemonth WHERE book = %(book)s AND {_SPAN}
   UNION ALL
  SELECT currency, owner_id, share_minor, returned_minor
    FROM ({events.incomes("e.id > %(mark)s AND e.book = %(book)s")}) AS tail WHERE {_SPAN}
) AS every GROUP BY currency, owner_id HAVING sum(share_minor - returned_minor) > 0"""


def by_person(first: date, last: date) -> dict[str, dict[int, int]]:
    """Currency -> creator's key -> minor units, of those who had more than was taken back of it, by their own courses
    and those that they share in. `first`, `last`: first days of months, both included. Currencies are never added up.
    """
    earned: dict[str, dict[int, int]] = {}
    for currency, owner, net in ask(_EARNED, {"first": first, "last": last}):
        earned.setdefault(currency, {})[owner] = net
    return earned
