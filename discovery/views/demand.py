"""What learners look for, for creators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from courses.views.studio.doors import creator_required
from discovery import demand as counting
from discovery import wanted
from discovery.models.demand import FEWEST_PEOPLE


@creator_required
def demand(request: HttpRequest) -> HttpResponse:
    unanswered, few = wanted.topics()
    context = {"unanswered": unanswered, "few": few, "weeks": counting.WEEKS_SHOWN, "fewest": FEWEST_PEOPLE}
    return render(request, "discovery/demand.html", context)
