"""A person's record as the rows tell it at this moment."""

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from learners.models import Enrollment
from moderation.models import CommunityVote, Measure, Report

from .trust import Record

_WRONG = Q(case__measure__action="dismiss") | Q(case__measure__appeal__answer__verdict="overturned")
# The last word: what an appeal has overturned was in order after all.
_FINE = Q(case__measure__action="dismiss") | Q(case__measure__appeal__answer__verdict="overturned")


def of(person: User) -> Record:
    reports = Report.objects.filter(reporter=person, case__measure__isnull=False)
    told = reports.aggregate(all=Count("pk"), wrong=Count("pk", filter=_WRONG))
    votes = CommunityVote.objects.filter(by=person, case__measure__isnull=False).aggregate(
        all=Count("pk"),
        agreed=Count("pk", filter=Q(_FINE, verdict="fine") | (~_FINE & Q(verdict="breaks"))),
    )
    return Record(
        days=(timezone.now() - person.joined_at).days,
        finished=Enrollment.objects.of(person).filter(completed_at__isnull=False).count(),
        upheld=told["all"] - told["wrong"],
        dismissed=told["wrong"],
        measures=Measure.objects.standing().of_person(person).count(),
        agreed=votes["agreed"],
        differed=votes["all"] - votes["agreed"],
    )
