"""Word lists are rows that are only added; each change says who and why, and is in the audit log."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEvent, User
from marketplace.lib.errors import NotAllowed
from moderation.models import ListedWord, WordListed, WordWithdrawal, WordWithdrawn
from moderation.models.word import FIRST_REASONS
from moderation.words import lists, preview
from tests import cast
from tests.community.factories import ask, rate
from tests.courses.factories import make_course
from tests.courses.path_factories import make_path
from tests.creators.institutions import make_institution
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
FACTS = {"text": "gribble", "language": "en", "severity": "refuse", "rule_code": "respect", "reason": "An insult."}


def add(by: User, **facts: object) -> ListedWord:
    return ListedWord.objects.add(by=by, **{**FACTS, **facts})


class TestListing:
    def test_is_looked_for_at_once_and_no_more_when_withdrawn(self, sam: User) -> None:
        before = lists.present().edition
        row = add(sam)
        assert [hit.word.text for hit in lists.finder().hits("you gr1bble")] == ["gribble"]
        assert lists.present().edition != before
        row.withdraw(by=sam, reason="It is a sea animal.")
        assert not lists.finder().hits("you gribble")
        assert lists.present().edition == before
        verbs = AuditEvent.objects.filter(actor=sam).values_list("verb", flat=True)
        assert {"word.add", "word.withdraw"} <= set(verbs)

    def test_is_for_moderators(self, ada: User, sam: User) -> None:
        with pytest.raises(NotAllowed):
            add(ada)
        with pytest.raises(NotAllowed):
            add(sam).withdraw(by=ada, reason="Mine.")

    def test_a_word_stands_once_and_ends_once(self, sam: User) -> None:
        row = add(sam)
        with pytest.raises(WordListed):
            add(sam, text=" GRIBBLE ")
        row.withdraw(by=sam, reason="No.")
        with pytest.raises(WordWithdrawn):
            row.withdraw(by=sam, reason="No.")
        assert add(sam, text="Gribble").pk != row.pk

    def test_rows_cannot_be_changed(self, sam: User) -> None:
        row = add(sam)
        row.withdraw(by=sam, reason="No.")
        for rows in (ListedWord.objects.filter(pk=row.pk), WordWithdrawal.objects.all()):
            # `delete` would be stopped by what points to the row; the database has to refuse it by itself.
            for act in (lambda rows=rows: rows.update(reason="Another."), lambda rows=rows: rows._raw_delete(rows.db)):
                with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                    act()
        assert ListedWord.objects.get(pk=row.pk).reason == "An insult."

    @pytest.mark.parametrize("wrong", [{"severity": "grave"}, {"language": "fr"}, {"rule_code": ""}, {"text": ""}])
    def test_the_database_refuses_what_is_none(self, sam: User, wrong: dict[str, str]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            ListedWord.objects.create(added_by=sam, **{**FACTS, **wrong})


@pytest.mark.django_db(transaction=True)
def test_two_who_list_one_word_at_once_list_it_once() -> None:
    sam = cast.sam()
    answers = at_once(lambda _n: add(sam), 4)
    refused = [answer for answer in answers if isinstance(answer, WordListed)]
    assert len(refused) == 3
    assert ListedWord.objects.filter(text="gribble").count() == 1


class TestPages:
    def test_a_word_is_previewed_before_it_is_saved(self, sam: User, client: Client) -> None:
        make_course(title="The gribble and the sea")
        client.force_login(sam)
        page = reverse("moderation:add_word")
        # Asking to save what was not shown shows it first.
        shown = client.post(page, {**FACTS, "save": "1"})
        assert "The <mark>gribble</mark> and the sea" in shown.content.decode()
        assert not ListedWord.objects.filter(text="gribble").exists()
        stamp = shown.context["form"].stamp
        again = client.post(page, {**FACTS, "is_part": "on", "seen": stamp, "save": "1"})
        assert again.status_code == 200
        saved = client.post(page, {**FACTS, "seen": stamp, "save": "1"})
        assert saved.status_code == 302
        assert ListedWord.objects.get(text="gribble").added_by == sam

    @pytest.mark.parametrize(
        "wrong", [{"text": "!"}, {"text": "a"}, {"rule_code": ""}, {"rule_code": "none"}, {"severity": "x"}]
    )
    def test_a_bad_word_is_refused(self, sam: User, client: Client, wrong: dict[str, str]) -> None:
        client.force_login(sam)
        assert client.post(reverse("moderation:add_word"), {**FACTS, **wrong, "save": "1"}).status_code == 422
        answer = client.post(
            "/api/v1/moderation/words/", {**FACTS, **wrong}, content_type="application/json"
        )  # fmt: skip
        assert answer.status_code == 400

    def test_the_list_is_searched_and_a_word_withdrawn(self, sam: User, client: Client) -> None:
        row = add(sam)
        client.force_login(sam)
        found = client.get(reverse("moderation:words"), {"q": "gribb", "severity": "refuse"})
        assert list(found.context["page"]) == [row]
        client.post(reverse("moderation:withdraw_word", args=[row.pk]), {"reason": "A sea animal."})
        assert "A sea animal." in client.get(reverse("moderation:words") + "?closed").content.decode()

    def test_the_api_does_the_same(self, sam: User, client: Client) -> None:
        make_course(title="The gribble and the sea")
        client.force_login(sam)
        shown = client.post("/api/v1/moderation/words/preview/", FACTS, content_type="application/json").json()
        assert shown["texts"] == 1
        assert shown["found"][0]["written"] == "gribble"
        made = client.post("/api/v1/moderation/words/", FACTS, content_type="application/json")
        assert made.status_code == 201
        again = client.post("/api/v1/moderation/words/", FACTS, content_type="application/json")
        assert (again.status_code, again.json()["code"]) == (409, "word_listed")
        ended = client.delete(
            f"/api/v1/moderation/words/{made.json()['id']}/", {"reason": "No."}, content_type="application/json"
        )  # fmt: skip
        assert ended.status_code == 200


def test_a_preview_reads_the_latest_texts_of_every_kind(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ada.creator.edit({"bio": "I like the gribble."})
    make_course(title="Gribbles")
    seen = preview.of(ListedWord(**FACTS))
    assert seen.texts == 2
    monkeypatch.setattr(preview, "MOST_SIGNS", 30)
    assert preview.of(ListedWord(**FACTS)).looked_at < seen.looked_at


def test_a_preview_reads_what_learners_say_and_what_stands_around_courses(ada: User, lin: User) -> None:
    course = make_course()
    ask(lin, course, "Why a gribble?")
    hidden = ask(lin, course, "Another gribble?")
    hidden.be_hidden(True)
    rate(lin, course, text="Too many a gr1bble")
    make_path([course, make_course(title="Kiln")], title="From gribble to bowl")
    make_institution(ada, name="The Gribble School", about="")
    found = [one.hit.written for one in preview.of(ListedWord(**FACTS)).found]
    assert sorted(found) == ["Gribble", "gr1bble", "gribble", "gribble"]


@pytest.mark.django_db
def test_why_the_first_words_are_listed_is_said_in_the_reader_s_language(sam: User) -> None:
    first = ListedWord.objects.filter(added_by=None)
    assert {row.reason for row in first} == set(map(str, FIRST_REASONS))
    own = ListedWord.objects.add(
        by=sam, text="snake oil", language="en", severity="mark", rule_code="honest_title", reason="An insult."
    )
    with translation.override("zh-hans"):
        assert not [row.told_reason for row in first if row.told_reason.isascii()]
        assert own.told_reason == "An insult."  # her own words
