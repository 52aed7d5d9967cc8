"""What both queues are narrowed by in one way: who looks at a thing, and how old it is."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.models import User

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def claimed(by: str, held: QuerySet, name: str, reader: User) -> Q:
    """`by`: free, mine, or a moderator's number; `held` are the open claims, `name` is what they are of."""
    if by == "free":
        return ~Q(pk__in=held.values(name))
    theirs = held.filter(moderator=reader.pk if by == "mine" else int(by))
    # One moderator holds few: told one by one, they are looked up and nothing else is passed over.
    return Q(pk__in=list(theirs.values_list(name, flat=True)))


def aged(age: str | None, column: str, now: datetime) -> Q:
    """`age`: day (younger than one), week (a day to a week), old; anything else narrows nothing."""
    asked = {
        "day": Q(**{f"{column}__gt": now - DAY}),
        "week": Q(**{f"{column}__gt": now - WEEK, f"{column}__lte": now - DAY}),
        "old": Q(**{f"{column}__lte": now - WEEK}),
    }
    return asked.get(age or "", Q())
