"""Words of mails: every sentence of every mail can be said otherwise, and keeps what readers need."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from accounts import notices
from accounts.models import AuditEvent, Notice, User
from marketplace.lib import emails
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from operating import mail_kinds, mail_words
from operating.mail_forms import field_of
from operating.models import MailWords
from operating.models.mail_words import MailEditedElsewhere
from tests import cast
from tests.faults.taken_away import constraint, meeting, taken_away
from tests.operating.pages import max_
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
KIND = "course_complete"
GIVEN = "role_given"


def words_of(kind: str) -> dict[str, str]:
    """By sentence, ours in English with their places in braces."""
    with translation.override("en"):
        return {told.sentence.key: told.sentence.original for told in mail_kinds.sentences(kind)}


def subject_of(kind: str) -> str:
    return mail_kinds.sentences(kind)[0].sentence.key


def write(kind: str, words: dict[str, str], language: str = "en", seen: int = 0, by: User | None = None) -> MailWords:
    return MailWords.objects.write(kind, language, words, by=by or max_(), why="Our tone", seen=seen)


class TestAllMails:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_fit_as_they_come_and_can_be_looked_at(self, language: str) -> None:
        assert len(mail_kinds.kinds()) > 100
        with translation.override(language):
            for kind in mail_kinds.kinds():
                mail_kinds.must_fit(kind, {told.sentence.key: told.sentence.original for told in mail_kinds.said(kind)})
                subject, text = mail_words.preview(kind, language, {})
                assert subject
                assert "\n" not in subject
                assert text, kind

    def test_know_that_a_price_is_money(self) -> None:
        (told,) = (each for each in mail_kinds.sentences("discovery/news") if "before" in each.sentence.places)
        assert (told.sentence.places["then"], told.sentence.places["before"]) == ("money", "money")

    def test_have_a_subject_and_sentences_with_places(self) -> None:
        told = {each.sentence.key: each for each in mail_kinds.sentences("payments/by_hand_how")}
        first = next(iter(told.values()))
        assert first.is_subject
        assert first.sentence.places == {"number": "text", "total": "money"}
        assert set(first.sentence.needed) == {"number", "total"}
        assert sum(each.is_subject for each in told.values()) == 1

    def test_know_no_others(self) -> None:
        for wrong in ("nothing", "../settings", "base", "payments"):
            with pytest.raises(Http404):
                mail_kinds.kind_or_404(wrong)


class TestAMail:
    def test_says_the_other_words_with_its_places_filled(self, lin: User) -> None:
        key = subject_of(GIVEN)
        write(GIVEN, {key: "Welcome to the staff"})
        mail = emails.post("k", lin, GIVEN, {"role": "Moderator", "reason": "She is good", "action_url": "https://x/"})
        assert mail.subject == "Welcome to the staff"
        assert "She is good" in mail.text
        assert "Welcome to the staff" in mail.html

    def test_fills_places_as_plain_text_and_runs_nothing(self, lin: User) -> None:
        told = next(each for each in mail_kinds.sentences(GIVEN) if each.sentence.places)
        place = next(iter(told.sentence.places))
        write(
            GIVEN,
            {told.sentence.key: f"{{{place}}} %(x)s <b> and " + ", ".join(f"{{{p}}}" for p in told.sentence.needed)},
        )
        nasty = "{reader.password} {{ 7|add:7 }} {% now 'Y' %}"
        context = {"role": nasty, "reason": nasty, "by": nasty, "action_url": "https://x/"}
        mail = emails.post("k", lin, GIVEN, context)
        assert "%(x)s <b> and" in mail.subject + mail.text
        assert "14" not in mail.text
        assert "<b>" not in mail.html
        assert lin.password not in mail.text

    def test_in_the_other_language_and_of_other_kinds_is_as_it_comes(self, lin: User) -> None:
        write(GIVEN, {subject_of(GIVEN): "Welcome to the staff"}, "zh-hans")
        context = {"role": "Moderator", "reason": "x", "action_url": "https://x/"}
        assert emails.post("k", lin, GIVEN, context).subject != "Welcome to the staff"
        assert emails.post("l", lin, GIVEN, context, language="zh-hans").subject == "Welcome to the staff"
        assert emails.post("m", lin, "role_withdrawn", context, language="zh-hans").subject != "Welcome to the staff"

    def test_counts_in_the_form_that_fits(self, lin: User) -> None:
        one, many = (each.sentence for each in mail_kinds.sentences("community/new_questions")[:2])
        assert (one.is_for_one, many.is_for_one) == (True, False)
        write("community/new_questions", {one.key: "{n} learner asks", many.key: "{n} learners ask"})
        context = {"lines": [], "more": 0, "action_url": "https://x/", "unsubscribe_url": "https://y/"}
        assert emails.post("a", lin, "community/new_questions", {**context, "count": 1}).subject == "1 learner asks"
        assert emails.post("b", lin, "community/new_questions", {**context, "count": 3}).subject == "3 learners ask"
        with translation.override("zh-hans"):
            assert one.key not in [told.sentence.key for told in mail_kinds.said("community/new_questions")]

    def test_is_told_on_the_site_in_the_same_words_without_its_greeting(self, lin: User) -> None:
        greeting = next(key for key in words_of(GIVEN) if key.startswith("Hello"))
        write(
            GIVEN,
            {
                subject_of(GIVEN): "Welcome to the staff",
                greeting: "Dear {reader}," if "reader" in greeting else "Dear {name},",
            },
        )
        notices.tell("k", lin, GIVEN, {"role": "Moderator", "reason": "x", "action_url": "/"})
        told = Notice.objects.get(person=lin).words["en"]
        assert told["title"] == "Welcome to the staff"
        assert "Dear" not in told["text"]

    def test_goes_on_in_our_words_where_a_release_has_changed_the_sentence(self, lin: User) -> None:
        MailWords.objects.create(
            kind=GIVEN, language="en", number=1, by=max_(), why="x",
            words={"A sentence of before": "x", subject_of(GIVEN): "With {nothing} known"},
        )  # fmt: skip
        mail = emails.post("k", lin, GIVEN, {"role": "Moderator", "reason": "x", "action_url": "https://x/"})
        assert "With" not in mail.subject


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("words", "why"),
        [
            ("Pay {total} for {what}, order {number}", "does not know"), ("Pay for order {number}", "need this"),
            ("Pay {total}", "need this"), ("{{ total }} {number}", "Braces"), ("{total} {number} {", "Braces"),
            ("{% now %} {total} {number}", "Braces"), ("{total.__class__} {number}", "Braces"),
            ("Pay {total},\norder {number}", "one line"),
            ("Pay {total}\u2028{number}", "one line"), ("Pay {total}\rBcc: {number}", "one line"),
            ("Pay {total}\x0b{number}", "control character"), ("{total} {number}" + "x" * 200, "signs"), (" ", "signs"),
        ],
    )  # fmt: skip
    def test_a_sentence_that_does_not_fit(self, words: str, why: str) -> None:
        key = subject_of("payments/by_hand_how")
        with pytest.raises(ValidationError, match=why):
            write("payments/by_hand_how", {key: words})
        write("payments/by_hand_how", {key: "Order {number}: please pay {total}"})

    def test_a_sentence_that_the_mail_has_not(self) -> None:
        with pytest.raises(ValidationError, match="no such sentence"):
            write(KIND, {"Another": "x"})

    def test_others_than_administrators_and_who_saw_older_words(self, sam: User) -> None:
        with pytest.raises(NotAllowed):
            write(KIND, {}, by=sam)
        write(KIND, {})
        with pytest.raises(MailEditedElsewhere):
            write(KIND, {})

    def test_to_change_what_was(self) -> None:
        write(KIND, {})
        for act in (lambda: MailWords.objects.update(words={}), lambda: MailWords.objects.all().delete()):
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                act()


class TestTheDesk:
    @pytest.fixture
    def desk(self) -> Client:
        client = Client()
        client.force_login(max_())
        return client

    def test_lists_changes_and_goes_back(self, desk: Client) -> None:
        address = reverse("operating:edit_mail", args=["en", GIVEN])
        field = field_of(subject_of(GIVEN))
        assert desk.post(address, {field: "Welcome", "why": "Our tone", "seen": 0}).status_code == 302
        assert mail_words.own(GIVEN, "en") == {subject_of(GIVEN): "Welcome"}
        assert "own words" in desk.get(reverse("operating:mails")).content.decode()
        page = desk.get(address).content.decode()
        assert "Our tone" in page
        assert desk.post(address, {field: "Welcome", "why": "Back", "seen": 1, "original": "1"}).status_code == 302
        assert mail_words.own(GIVEN, "en") == {}
        assert MailWords.objects.count() == 2

    def test_shows_and_sends_without_keeping(self, desk: Client) -> None:
        address = reverse("operating:edit_mail", args=["zh-hans", GIVEN])
        sent = {field_of(subject_of(GIVEN)): "欢迎加入", "seen": 0, "why": ""}
        page = desk.post(address, sent | {"try": "1"})
        assert page.status_code == 200
        assert "<strong>欢迎加入</strong>" in page.content.decode()
        assert desk.post(address, sent | {"send": "1"}).status_code == 200
        mail = Mail.objects.get(to=max_().email)
        assert (mail.subject, mail.language) == ("欢迎加入", "zh-hans")
        assert AuditEvent.objects.filter(verb="mail_words.try_out").exists()
        assert not MailWords.objects.exists()

    def test_says_what_is_wrong_at_its_sentence(self, desk: Client) -> None:
        kind = "payments/by_hand_how"
        address, field = reverse("operating:edit_mail", args=["en", kind]), field_of(subject_of(kind))
        for wrong in ({field: "No places"}, {field: "{x}"}, {"why": ""}, {"seen": 9}):
            sent = {field: "{total} for {number}", "why": "x", "seen": 0} | wrong
            assert desk.post(address, sent).status_code == 422
        assert "{total}" in desk.post(address, {field: "No places", "why": "x", "seen": 0}).content.decode()
        assert desk.get(reverse("operating:edit_mail", args=["fr", kind])).status_code == 404
        assert desk.get(reverse("operating:edit_mail", args=["en", "no/mail"])).status_code == 404

    def test_does_the_same_over_the_api(self) -> None:
        api = APIClient()
        api.force_login(max_())
        assert len(api.get("/api/v1/staff/mails/").json()) == len(mail_kinds.kinds())
        one = api.get(f"/api/v1/staff/mails/en/{GIVEN}/").json()
        key = one["sentences"][0]["key"]
        told = api.post(f"/api/v1/staff/mails/en/{GIVEN}/", {"words": {key: "Welcome"}, "why": "x", "seen": 0}).json()
        assert (told["number"], told["sentences"][0]["own"], told["subject"]) == (1, "Welcome", "Welcome")
        wrong = api.post(f"/api/v1/staff/mails/en/{GIVEN}/", {"words": {key: "{x}"}, "why": "x", "seen": 1})
        assert wrong.status_code == 400
        assert api.get(f"/api/v1/staff/mails/fr/{GIVEN}/").status_code == 404


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def both(self) -> list[Any]:
        people = [max_(), cast.person("Mia", role="admin")]
        return at_once(lambda n: write(KIND, {}, by=people[n]).number, 2)

    def test_make_one_change(self) -> None:
        made = self.both()
        assert [one for one in made if isinstance(one, int)] == [1]
        assert [type(one) for one in made if not isinstance(one, int)] == [MailEditedElsewhere]

    def test_make_two_without_the_rule(self) -> None:
        """The negative control: both look before either writes."""
        rule = constraint("operating_mailwords", "words_of_mails_are_numbered")
        with taken_away(meeting("operating_mailwords")), taken_away(rule):
            made = self.both()
        assert made == [1, 1]
