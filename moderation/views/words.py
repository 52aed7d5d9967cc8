"""The word lists for those who keep them, and for creators what the lists find in their texts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from moderation.models import ListedWord
from moderation.word_forms import FindWordForm, WithdrawWordForm, WordForm
from moderation.words import lists, mine, preview

ROWS_A_PAGE = 50


@role_required("moderator")
@require_GET
def words(request: HttpRequest) -> HttpResponse:
    is_closed, form = "closed" in request.GET, FindWordForm(request.GET)
    rows = ListedWord.objects.exclude(withdrawal=None) if is_closed else ListedWord.objects.standing()
    rows = form.of(rows.select_related("added_by", "withdrawal__withdrawn_by"))
    page = Paginator(rows.order_by("-id"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_closed": is_closed, "form": form, "edition": lists.present().edition}
    return render(request, "moderation/words.html", context)


@role_required("moderator")
def add_word(request: HttpRequest) -> HttpResponse:
    """Shows what the word would have found; saved is what was shown."""
    form, shown = WordForm(request.POST or None), None
    if form.is_valid():
        if "save" in request.POST and form.was_seen:
            row = ListedWord.objects.add(by=request.user, **form.facts)
            messages.success(request, _("“%(word)s” is on the list.") % {"word": row.text})
            return redirect("moderation:words")
        shown = preview.of(ListedWord(**form.facts))
    context = {"form": form, "shown": shown}
    return render(request, "moderation/add_word.html", context, status=422 if form.errors else 200)


@role_required("moderator")
@require_POST
def withdraw_word(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = get_object_or_404(ListedWord, pk=pk), WithdrawWordForm(request.POST)
    if form.is_valid():
        row.withdraw(by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("“%(word)s” is looked for no more.") % {"word": row.text})
    else:
        messages.error(request, _("Say why the word is withdrawn."))
    return redirect("moderation:words")


@login_required
@require_GET
def my_words(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/words.html", {"texts": mine.of(request.user)})
