"""What a learner can do: her own page, and the one that she may show."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from learners import skills_shown
from learners.models import SkillCard
from marketplace.lib import links


@login_required
@never_cache
def my_skills(request: HttpRequest) -> HttpResponse:
    card = SkillCard.objects.of(request.user).first()
    address = links.absolute(card.get_absolute_url()) if card else ""
    return render(request, "learners/my_skills.html", {"skills": skills_shown.of(request.user), "address": address})


@login_required
@require_POST
def show_skills(request: HttpRequest) -> HttpResponse:
    """Show them under an address; with `stop`, no longer."""
    if "stop" in request.POST:
        SkillCard.objects.hide(request.user)
        messages.success(request, _("Your skills are yours alone again. The old address leads nowhere."))
    else:
        SkillCard.objects.show(request.user)
        messages.success(request, _("Whoever has the address can read your skills now."))
    return redirect("learners:my_skills")


@never_cache
def skill_card(request: HttpRequest, code: str) -> HttpResponse:
    card = get_object_or_404(SkillCard.objects.select_related("learner").filter(learner__is_active=True), code=code)
    context = {"name": str(card.learner), "skills": skills_shown.of(card.learner)}
    return render(request, "learners/skill_card.html", context)
