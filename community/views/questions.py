"""Questions under lessons: all of a course, one with its answers, and what people do with them."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import unsubscribing
from community import asking, circle, threads
from community.models import Post
from community.notices import QUESTION_MAILS
from community.question_forms import CommentForm, PostForm, QuestionForm, form_for, without_place
from courses.models import Course

MARKS = ("after", "before")


@login_required
@require_GET
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """All of a course. `?q=` words, `?lesson=` one lesson, `?order=` votes, newest, unanswered."""
    course, place = _course(request, slug)
    order, words = request.GET.get("order", ""), request.GET.get("q", "")[:200]
    order = order if order in threads.ORDERS else "votes"
    lesson = circle.lessons(course, place).filter(key=_key(request.GET.get("lesson", ""))).first()
    rows = threads.listed(course, place, lesson=lesson and lesson.key, words=words, order=order)
    page = threads.page(rows, order, {name: request.GET.get(name, "") for name in MARKS})
    context = {"course": course, "place": place, "page": page, "order": order, "words": words, "lesson": lesson}
    context["hidden"] = threads.hidden_of(course, request.user, place)
    context["stop"] = unsubscribing.page(request.user, QUESTION_MAILS)
    return render(request, "community/questions.html", context)


@login_required
def ask(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    """The form alone: for who has no scripts, and for what was refused."""
    course, place = _course(request, slug)
    circle.must_write(request.user, course)
    lesson = get_object_or_404(circle.askable(course).select_related("video"), key=key)
    form = QuestionForm(request.POST or None, initial={"is_named": True, "at": request.GET.get("t", "")})
    if lesson.video is None:
        without_place(form)
    if request.method == "POST":
        post = _written(
            form, lambda: asking.ask(request.user, course, key, form.said, at_s=form.cleaned_data.get("at"))
        )
        if post is not None:
            messages.success(request, _("Your question stands. You hear of answers."))
            return redirect("community:question", post.pk)
    context = {"course": course, "lesson": lesson, "form": form, "place": place}
    return render(request, "community/ask.html", context, status=400 if form.errors else 200)


@login_required
@require_GET
def question(request: HttpRequest, pk: int) -> HttpResponse:
    return _thread(request, _post(pk, Post.Kind.QUESTION))


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    asked, form = _post(pk, Post.Kind.QUESTION), PostForm(request.POST)
    circle.must_write(request.user, asked.course)
    post = _written(form, lambda: asking.answer(request.user, asked, form.said))
    return redirect(asking.address(post)) if post else _thread(request, asked, answer_form=form)


@login_required
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """On a question or an answer."""
    parent = get_object_or_404(_posts().exclude(kind=Post.Kind.COMMENT), pk=pk)
    form = CommentForm(request.POST or None, initial={"is_named": True})
    if request.method == "POST":
        post = _written(form, lambda: asking.comment(request.user, parent, form.said))
        if post is not None:
            return redirect(asking.address(post))
    return _form_page(request, parent, form, _("Comment on it"), is_new=True)


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say otherwise what one wrote; what it said before is kept."""
    post = get_object_or_404(_posts().of(request.user), pk=pk)
    form = form_for(post)
    if request.method == "POST":
        form = without_place(type(form)(request.POST))
        if _written(
            form, lambda: asking.edit(post, form.said, by=request.user, revision=form.cleaned_data["revision"])
        ):
            return redirect(asking.address(post))
    return _form_page(request, post, form, _("Say it otherwise"), is_new=False)


@login_required
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """`undo`: not any more."""
    post = get_object_or_404(_posts(), pk=pk)
    asking.vote(post, by=request.user, up="undo" not in request.POST)
    return redirect(asking.address(post))


@login_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer, for its question. `number`: of the choice that was seen; `undo`: none after all."""
    chosen = _post(pk, Post.Kind.ANSWER)
    number, wanted = request.POST.get("number", ""), None if "undo" in request.POST else chosen
    seen = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else None
    asking.accept(get_object_or_404(_posts(), pk=chosen.question_id), wanted, by=request.user, number=seen)
    return redirect(asking.address(chosen))


@login_required
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """`undo`: not any more."""
    asking.follow(_post(pk, Post.Kind.QUESTION), by=request.user, follows="undo" not in request.POST)
    return redirect("community:question", pk)


def _written(form: PostForm, write: Callable[[], Post]) -> Post | None:
    """What was written; None, with the reason in the form, where it may not stand so."""
    if not form.is_valid():
        return None
    try:
        return write()
    except ValidationError as error:
        names = {"at_s": "at"}
        by_field = error.error_dict if hasattr(error, "error_dict") else {None: [error]}
        for name, errors in by_field.items():
            known = names.get(name, name) if name else None
            form.add_error(known if known in form.fields else None, errors)
        return None


def _thread(request: HttpRequest, asked: Post, *, answer_form: PostForm | None = None) -> HttpResponse:
    marks = {name: request.GET.get(name, "") for name in MARKS}
    thread = threads.of(asked, request.user, marks)
    if thread is None:
        raise Http404
    form = answer_form or PostForm(initial={"is_named": True})
    context = {"thread": thread, "course": asked.course, "form": form}
    return render(request, "community/question.html", context, status=400 if form.errors else 200)


def _form_page(request: HttpRequest, post: Post, form: PostForm, title: str, *, is_new: bool) -> HttpResponse:
    place = circle.of(request.user, post.course)
    if not place.writes or (is_new and circle.is_closed(post)) or not circle.is_read_by(post, request.user, place):
        raise Http404
    context = {"post": post, "form": form, "title": title, "place": place, "course": post.course, "is_new": is_new}
    context["back"] = f"{reverse('community:question', args=[post.thread_id])}#post-{post.pk}"
    return render(request, "community/write.html", context, status=400 if form.errors else 200)


def _course(request: HttpRequest, slug: str) -> tuple[Course, circle.Place]:
    """404 for who does not read its questions."""
    live = Course.objects.filter(live_version__isnull=False).select_related("creator", "live_version")
    course = get_object_or_404(live, slug=slug)
    place = circle.of(request.user, course)
    if not place.reads:
        raise Http404
    return course, place


def _posts() -> Any:
    return Post.objects.select_related("course__creator", "course__live_version", "author", "question__course__creator")


def _post(pk: int, kind: str) -> Post:
    rows = _posts().select_related("accepted__author", "accepted__course__creator")
    return get_object_or_404(rows.filter(kind=kind), pk=pk)


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
