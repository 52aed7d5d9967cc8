"""Community review: what it asks and gives, one case at a time, and leaving."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from moderation.community import joining, showing, voting
from moderation.community_forms import VoteForm
from moderation.models import CommunityTurn

PAGE = "community_review/home.html"


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, PAGE, {**showing.home(request.user), "form": VoteForm()})


@login_required
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    try:
        joining.join(request.user, request.POST.dict(), agrees="agrees" in request.POST)
    except ValidationError as error:
        context = {**showing.home(request.user), "wrong": error.messages, "given": request.POST}
        return render(request, PAGE, context, status=422)
    messages.success(request, _("Welcome. Take your first case whenever you like."))
    return redirect("community_review:home")


@login_required
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    try:
        voting.take(request.user)
    except voting.NothingToVoteOn as nothing:
        messages.info(request, str(nothing))
    return redirect("community_review:home")


@login_required
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    turn = get_object_or_404(CommunityTurn, pk=pk, reviewer__person=request.user)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return render(request, PAGE, {**showing.home(request.user), "form": form}, status=422)
    voting.vote(request.user, turn.pk, **form.cleaned_data)
    messages.success(request, _("Thank you. A moderator hears what you said when all votes are in."))
    return redirect("community_review:home")


@login_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    voting.leave(request.user)
    messages.success(request, _("You are no community reviewer any more. Thank you for your help."))
    return redirect("community_review:home")
