"""What moderation tells of a person and forgets: her words go; that something was reported or decided stays."""

from typing import Any

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.privacy import parts
from courses.models import FindingAnswer

from .models import (
    Appeal,
    CommunityReviewer,
    CommunityVote,
    Flag,
    FlagAnswer,
    Measure,
    Report,
    RightsClaim,
    RightsStep,
    RuleComment,
)


def tell(person: User) -> parts.Told:
    reports = Report.objects.filter(reporter=person).order_by("id")
    about = Measure.objects.of_person(person).order_by("id")
    flags = Flag.objects.filter(case__owner=person).order_by("id")
    answers = FindingAnswer.objects.filter(submission__submitted_by=person).order_by("id")
    appeals = Appeal.objects.filter(by=person).order_by("id")
    claims = RightsClaim.objects.filter(claimant=person).order_by("id")
    steps = RightsStep.objects.filter(by=person).order_by("id")
    return parts.Told(
        {
            "reports": list(reports.values(
                "text", "at_second", "reported_at", title=F("case__title"), rule_code=F("rule__code"))),
            "rule_comments": list(RuleComment.objects.filter(by=person).values("at", "text", code=F("rule__code"))),
            "decisions_about_me": list(about.values(
                "action", "title", "reason", "decided_at", "ends_at", code=F("rule__code"))),
            "flags": [_without_others(row) for row in flags.values(
                "code", "figures", "raised_at", "cleared_at", "answer__text", title=F("case__title"))],
            "rights_claims": list(claims.values(
                "title", "holder", "work", "proof", "proof_url", "proof_name", "filed_at", "state")),
            "rights_steps": list(steps.values("kind", "text", "at", title=F("claim__title"))),
            "answers_to_findings": list(answers.values("is_mended", "text", about=F("finding__text"))),
            "community_reviews": list(CommunityReviewer.objects.filter(person=person).order_by("id").values(
                "edition", "right_answers", "questions", "joined_at", "left_at")),
            "community_votes": list(CommunityVote.objects.filter(by=person).order_by("id").values(
                "verdict", "text", "voted_at", title=F("case__title"))),
            "appeals": list(appeals.values("text", "appealed_at", "answer__verdict", "answer__reason")),
        }
    )  # fmt: skip


def _without_others(row: Any) -> dict[str, Any]:
    """Whose accounts are tied with hers is told to moderators alone."""
    return {**row, "figures": {name: value for name, value in row["figures"].items() if name != "named"}}


def forget(person: User) -> None:
    """Called when an `AccountDeletion` of hers stands: the database lets her words go then, and nothing else."""
    Report.forget(person)
    RuleComment.forget(person)
    FlagAnswer.forget(person)
    RightsClaim.forget(person)
    Appeal.forget(person)
    CommunityVote.forget(person)
    if reviewer := CommunityReviewer.objects.of(person):
        reviewer.leave()


def holds(person: User) -> list[str | Promise]:
    """An open dispute is brought to its end first, and what it awarded to her is hers before she goes: later nobody
    could be paid it.
    """
    found: list[str | Promise] = []
    if RightsClaim.objects.of_party(person).open().exists():
        found.append(_("A claim of copyright is open. Withdraw it, or wait for the verdict."))
    if RightsClaim.objects.awaited_by(person).exists():
        found.append(
            _("Income was awarded to you by a claim of copyright and is not in your balance yet. See the claim for "
              "what is missing, or write to us.")
        )  # fmt: skip
    return found


parts.register(parts.Part("moderation", tell, forget, holds))
