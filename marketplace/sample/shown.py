"""The sample's learners read their lists, so that what the site measures of itself is drawn from the first minute on."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from discovery.matching import explained, exposure, learning, looks
from moderation import report_card


def fill(learners: Iterable[User]) -> None:
    learning.learn()
    for learner in learners:
        explained.cards(learner)
    looks.write_down()
    exposure.reckon()
    report_card.reckon_due(timezone.now())
