"""Joining: earned by the record, invited by mail, after a test on the examples of the rule book; left at any time."""

import random
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from marketplace.lib import links, sweeps
from marketplace.lib.errors import DomainError, NotAllowed
from moderation import rulebook
from moderation.models import CommunityReviewer, RuleVersion

from . import records, trust

QUESTIONS, MOST_WRONG = 6, 1
# The gravest rule that is left to the community: notable.
GRAVEST = RuleVersion.Severity.NOTABLE


class NotEarned(NotAllowed):
    code = "trust_not_earned"
    message = _("What is asked of reviewers is not there yet: the page says what is missing.")


class TestFailed(DomainError):
    code = "community_test_failed"
    message = _("More than one answer was wrong. Read the rules again; tomorrow there are other examples.")


class ReviewsAlready(DomainError):
    code = "reviews_already"
    message = _("You are a community reviewer already.")


@dataclass(frozen=True)
class Question:
    """An example of the book: does it break the rule?"""

    number: int
    rule: RuleVersion
    text: str
    breaks: bool


def questions(person: User) -> list[Question]:
    """The same ones for a person all day long, others the next day."""
    rules = [rule for rule in rulebook.book().rules if rule.severity <= GRAVEST]
    told = [(rule, example) for rule in rules for example in rule.told_examples]
    drawn = random.Random(f"{person.pk} {timezone.now():%Y-%m-%d}").sample(told, min(QUESTIONS, len(told)))
    return [
        Question(number, rule, example["text"], example["breaks"]) for number, (rule, example) in enumerate(drawn, 1)
    ]


def join(person: User, answers: dict[str, Any], *, agrees: bool) -> CommunityReviewer:
    """`answers`: "breaks" or "fine" by the number of the question. Raises NotEarned, TestFailed, ReviewsAlready,
    ValidationError without consent or with an answer missing.
    """
    if CommunityReviewer.objects.of(person):
        raise ReviewsAlready
    if not trust.may_join(records.of(person)):
        raise NotEarned
    asked = questions(person)
    if not agrees or any(answers.get(str(each.number)) not in ("breaks", "fine") for each in asked):
        raise ValidationError(_("Answer each question, and say that you will keep to the rules of reviewing."))
    right = sum((answers[str(each.number)] == "breaks") == each.breaks for each in asked)
    if len(asked) - right > MOST_WRONG:
        raise TestFailed(right=right, questions=len(asked))
    try:
        with transaction.atomic():
            return CommunityReviewer.objects.create(
                person=person, edition=rulebook.book().edition, right_answers=right, questions=len(asked)
            )
    except IntegrityError:
        raise ReviewsAlready from None


def invite() -> int:
    """A mail to each person who has earned it and was never asked; how many were looked at."""
    right = Q(reports__case__measure__isnull=False) & ~Q(reports__case__measure__action="dismiss")
    rows = User.objects.filter(is_active=True, community_reviews=None).annotate(right=Count("reports", filter=right))
    people = rows.filter(right__gte=trust.LEAST_UPHELD).order_by("pk").iterator(chunk_size=200)
    return sum(sweeps.each("community_invitations", people, _invite))


@transaction.atomic
def _invite(person: User) -> bool:
    if not trust.may_join(records.of(person)):
        return False
    address = links.absolute(reverse("community_review:home"))
    context = {"action_url": address, "action_label": _("See what it is about")}
    notices.tell(f"community-invitation:{person.pk}", person, "moderation/community_invitation", context)
    return True
