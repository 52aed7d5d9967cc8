"""What a community reviewer has before her: her standing, and one case without a word of what others said."""

from typing import Any

from accounts.models import User
from moderation import rulebook
from moderation.models import CommunityReviewer, CommunityTurn

from . import joining, records, trust, voting


def home(person: User) -> dict[str, Any]:
    """For everybody with an account: what is asked, what is there, and where she stands."""
    reviewer, record = CommunityReviewer.objects.of(person), records.of(person)
    turn = voting.present(person) if reviewer else None
    may_join = reviewer is None and trust.may_join(record)
    return {
        "reviewer": reviewer,
        "record": record,
        "points": trust.points(record),
        "may_join": may_join,
        "may_go_on": trust.may_go_on(record),
        "questions": joining.questions(person) if may_join else [],
        "votes": person.community_votes.count(),
        **(case(turn) if turn else {}),
    }


def case(turn: CommunityTurn) -> dict[str, Any]:
    """What the thing showed when it was last reported, and under which rules: no names, no reports' words, no votes."""
    codes = turn.case.reports.values_list("rule__code", flat=True).order_by("rule__code").distinct()
    named = set(codes)
    return {
        "turn": turn,
        "evidence": turn.case.evidence.order_by("-id").first(),
        "rules": [rule for rule in rulebook.book().rules if rule.code in named],
    }
