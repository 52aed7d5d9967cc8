"""A weekly goal: set, changed, taken away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from learners import goal
from learners.goal_forms import GoalForm
from learners.models import WeeklyGoal


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def weekly_goal(request: HttpRequest) -> HttpResponse:
    """POST with minutes sets it, with `remove` takes it away."""
    present = WeeklyGoal.objects.filter(learner=request.user).first()
    if request.method == "POST" and "remove" in request.POST:
        if present:
            present.remove()
        messages.success(request, _("You have no weekly goal now."))
        return redirect("learners:library")
    form = GoalForm(request.POST or None, initial={"minutes": present.minutes if present else 60})
    if form.is_valid():
        WeeklyGoal.objects.put(request.user, form.cleaned_data["minutes"])
        messages.success(request, _("Your weekly goal is set."))
        return redirect("learners:library")
    context = {"form": form, "has_goal": present is not None, "zone": goal.zone_of(request.user).key}
    return render(request, "learners/weekly_goal.html", context, status=422 if form.errors else 200)
