"""The rule book: wordings, announced changes, comments, and what the database refuses."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.db.utils import InternalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from courses.models import Finding
from marketplace.lib import work
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from moderation import reviews, rubric, rulebook
from moderation.models import ChangeAnnouncement, ChangeRecall, RuleComment, RuleVersion, RuleWithdrawal
from moderation.models.rule import (
    MOST_COMMENTS,
    AlreadyInForce,
    ChangeWaits,
    NotOpenForComments,
    TooManyComments,
    TooSoon,
    UnknownRule,
)
from tests import cast
from tests.creators.factories import make_creator
from tests.moderation.factories import make_submission
from tests.moderation.rules import WORDS, admin, announce, later
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, InternalError)


def refused(act: Any) -> None:
    with pytest.raises(REFUSED), transaction.atomic():
        act()


class TestTheFirstBook:
    def test_has_rules_of_three_areas_in_both_languages_with_examples(self) -> None:
        book = rulebook.book()
        assert {rule.area for rule in book.rules} == {"content", "commerce", "rights"}
        for rule in book.rules:
            assert all([rule.title_en, rule.text_en, rule.title_zh, rule.text_zh])
            assert {example["breaks"] for example in rule.examples} == {True, False}
            assert all(example["en"] and example["zh"] for example in rule.examples)

    def test_is_the_one_source_of_the_rubric(self) -> None:
        asked = rubric.current()
        assert asked.version == rulebook.book().edition == "2026-01"
        assert len(asked.rules) == 9
        assert all(rulebook.book().rule(rule.code) == rule for rule in asked.rules)

    def test_says_what_can_be_reported_of_a_thing_the_gravest_first(self) -> None:
        of_words = rulebook.book().for_target("rating")
        assert [rule.severity for rule in of_words] == sorted((rule.severity for rule in of_words), reverse=True)
        assert {"grave_harm", "respect", "no_spam"} <= {rule.code for rule in of_words}
        assert "sound_quality" not in {rule.code for rule in of_words}

    def test_is_told_in_the_readers_language(self) -> None:
        with translation.override("zh-hans"):
            assert rulebook.rule_title("rights") == "创作者有权使用所展示的内容"
        assert rulebook.rule_title("rights", 1) == "The creator may use what is shown"
        assert rulebook.rule_title("gone") == "gone"


class TestAChange:
    def test_holds_from_its_day_and_not_before(self) -> None:
        change = announce("rights", at=later(3))
        assert rulebook.book().rule("rights").number == 1
        assert rulebook.book().coming == [change]
        after = rulebook.book(change.in_force_at)
        assert after.rule("rights") == change
        assert after.edition == f"{change.in_force_at:%Y-%m-%d}".removesuffix("-01")
        assert after.coming == []

    def test_keeps_old_decisions_in_the_words_of_their_day(self, sam: User) -> None:
        found = {"rule_code": "rights", "text": "Copied", "lesson_key": None, "at_second": None}
        decision = reviews.send_back(make_submission(), sam, "", [found])
        announce("rights")
        finding = Finding.objects.get(decision=decision)
        assert (finding.rule_version, decision.rubric_version) == (1, "2026-01")
        assert rulebook.rule_title("rights", finding.rule_version) == "The creator may use what is shown"
        assert rulebook.rule_title("rights", 2) == "Sources are named"

    def test_is_announced_two_weeks_before_and_not_sooner(self) -> None:
        with pytest.raises(TooSoon):
            announce(at=timezone.now() + timedelta(days=13, hours=23))
        refused(
            lambda: RuleVersion.objects.create(
                code="rights",
                number=2,
                announced_by=admin(),
                announced_at=timezone.now(),
                comments_until=timezone.now(),
                in_force_at=timezone.now(),
                **WORDS,
            )  # fmt: skip
        )

    def test_waits_for_the_one_before_it(self) -> None:
        announce("rights")
        with pytest.raises(ChangeWaits):
            announce("rights", at=later(9))

    def test_is_for_administrators(self, sam: User) -> None:
        with pytest.raises(NotAllowed):
            rulebook.announce("rights", by=sam, in_force_at=later(), words=WORDS)

    def test_is_written_to_every_creator_once_in_her_language(self, ada: User) -> None:
        ada.change_language("zh-hans")
        row = ChangeAnnouncement.objects.get(rule=announce("rights"))
        for _twice in range(2):
            work.run(ChangeAnnouncement, row.pk, rulebook.tell)
        mail = Mail.objects.get(to=ada.email)
        assert "注明来源" in mail.subject
        assert "许多人要求。" in mail.text
        row.refresh_from_db()
        assert row.finished_at is not None

    def test_withdrawn_is_told_once_to_whom_it_was_announced(self, ada: User) -> None:
        change = announce("rights")
        work.run(ChangeAnnouncement, change.announcement.pk, rulebook.tell)
        make_creator(cast.person("Late"))
        for _twice in range(2):
            rulebook.withdraw(change, by=admin(), reason="Comments were right")
            recall = ChangeRecall.objects.get()
            work.run(ChangeRecall, recall.pk, rulebook.recall)
        mails = Mail.objects.filter(key__startswith="rule-recall:")
        assert [mail.to for mail in mails] == [ada.email]
        assert "Comments were right" in mails[0].text

    def test_withdrawn_before_such_was_told_is_told_when_it_is_withdrawn_again(self, ada: User) -> None:
        change = announce("rights")
        work.run(ChangeAnnouncement, change.announcement.pk, rulebook.tell)
        change.withdraw(by=admin(), reason="x")
        acts = AuditEvent.objects.filter(verb="rule.withdraw")
        for _twice in range(2):
            rulebook.withdraw(change, by=admin(), reason="y")
            assert acts.count() == 2
        work.run(ChangeRecall, change.recall.pk, rulebook.recall)
        assert Mail.objects.get(key__startswith="rule-recall:").to == ada.email

    def test_withdrawn_is_announced_no_further_and_recalled_after_that(self, ada: User) -> None:
        change = announce("rights")
        rulebook.withdraw(change, by=admin(), reason="x")
        work.run(ChangeRecall, change.recall.pk, rulebook.recall)
        assert ChangeRecall.objects.get().finished_at is None
        work.run(ChangeAnnouncement, change.announcement.pk, rulebook.tell)
        ChangeRecall.objects.update(due_at=Now())
        work.run(ChangeRecall, change.recall.pk, rulebook.recall)
        assert ChangeRecall.objects.get().finished_at is not None
        assert not Mail.objects.exists()

    def test_ends_a_rule(self) -> None:
        change = announce("no_spam", is_end=True)
        with pytest.raises(UnknownRule):
            rulebook.book(change.in_force_at).rule("no_spam")

    def test_adds_a_rule_to_the_rubric(self) -> None:
        change = announce("sources_named")
        assert "sources_named" not in rubric.current().codes
        assert "sources_named" in {rule.code for rule in rulebook.book(change.in_force_at).rules}

    def test_is_withdrawn_before_its_day_only(self) -> None:
        change = announce("rights")
        change.withdraw(by=admin(), reason="Comments were right")
        assert rulebook.book(change.in_force_at).rule("rights").number == 1
        assert announce("rights").number == 3
        assert AuditEvent.objects.filter(verb="rule.withdraw").count() == 1
        first = RuleVersion.objects.get(code="rights", number=1)
        with pytest.raises(AlreadyInForce):
            first.withdraw(by=admin(), reason="No")
        refused(lambda: RuleWithdrawal.objects.create(rule=first, withdrawn_by=admin(), reason="No"))

    def test_rows_are_never_changed_nor_deleted(self, lin: User) -> None:
        change = announce("rights")
        change.comment(by=lin, text="Good.")
        refused(lambda: RuleVersion.objects.filter(pk=change.pk).update(title_en="Other"))
        refused(lambda: RuleVersion.objects.filter(number=1).delete())
        refused(lambda: RuleComment.objects.update(text="Other"))


class TestAComment:
    def test_is_open_for_two_weeks_to_everybody_signed_in(self, lin: User) -> None:
        change = announce("rights")
        change.comment(by=lin, text=" Name the page too. ")
        assert RuleComment.objects.get().text == "Name the page too."
        with pytest.raises(NotOpenForComments):
            RuleVersion.objects.get(code="rights", number=1).comment(by=lin, text="Late")
        change.withdraw(by=admin(), reason="No")
        with pytest.raises(NotOpenForComments):
            change.comment(by=lin, text="Late")

    def test_is_limited_a_person(self, lin: User) -> None:
        change = announce("rights")
        for number in range(MOST_COMMENTS):
            change.comment(by=lin, text=str(number))
        with pytest.raises(TooManyComments):
            change.comment(by=lin, text="More")


class TestThePages:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_show_the_book_and_each_rule(self, language: str) -> None:
        announce("rights")
        client = Client()
        client.cookies["django_language"] = language
        with translation.override(language):
            page = client.get(reverse("rules:book")).content.decode()
            for rule in rulebook.book().rules:
                assert rule.title.replace("'", "&#x27;") in page
            one = client.get(reverse("rules:rule", args=["rights"])).content.decode()
            assert rulebook.rule_title("rights", 1) in one
            assert rulebook.rule_title("rights", 2) in one
        assert client.get(reverse("rules:rule", args=["none"])).status_code == 404

    def test_take_a_comment(self, lin: User) -> None:
        announce("rights")
        client = Client()
        client.force_login(lin)
        address = reverse("rules:comment", args=["rights"])
        assert client.post(address, {"text": ""}).status_code == 422
        assert client.post(address, {"text": "Good."}).status_code == 302
        assert "Good." in client.get(reverse("rules:rule", args=["rights"])).content.decode()
        assert client.post(reverse("rules:comment", args=["privacy"]), {"text": "x"}).status_code == 404

    def test_let_an_administrator_announce_and_withdraw(self) -> None:
        client = Client()
        client.force_login(admin())
        address = reverse("moderation:rule_changes")
        assert "The creator may use what is shown" in client.get(address, {"rule": "rights"}).content.decode()
        data = {
            **{name: value for name, value in WORDS.items() if name != "examples"}, "code": "rights",
            "in_force_at": f"{later(1):%Y-%m-%dT%H:%M}", "examples_en": "- None is named.\n+ One is.",
            "examples_zh": "- 没有注明。",
        }  # fmt: skip
        assert client.post(address, data).status_code == 422
        assert client.post(address, {**data, "examples_zh": "- 没有注明。\n+ 注明了。"}).status_code == 302
        change = RuleVersion.objects.get(code="rights", number=2)
        assert [example["breaks"] for example in change.examples] == [True, False]
        assert "Sources are named" in client.get(address).content.decode()
        client.post(reverse("moderation:withdraw_rule", args=[change.pk]), {"reason": "No"})
        assert change.recall
        assert change.pk not in [row.pk for row in RuleVersion.objects.standing()]


class TestTheApi:
    def test_tells_the_book_to_everybody(self) -> None:
        change = announce("rights")
        told = APIClient().get("/api/v1/rules/").json()
        assert told["edition"] == "2026-01"
        assert [rule["number"] for rule in told["rules"] if rule["code"] == "rights"] == [1]
        assert [rule["id"] for rule in told["coming"]] == [change.pk]
        assert [rule["number"] for rule in APIClient().get("/api/v1/rules/rights/").json()] == [2, 1]

    def test_takes_comments_and_changes(self, lin: User) -> None:
        client, boss = APIClient(), APIClient()
        client.force_authenticate(lin)
        boss.force_authenticate(admin())
        body = {**WORDS, "code": "rights", "in_force_at": later().isoformat()}
        assert client.post("/api/v1/moderation/rule-changes/", body).status_code == 403
        assert boss.post("/api/v1/moderation/rule-changes/", {**body, "applies_to": ["moon"]}).status_code == 400
        made = boss.post("/api/v1/moderation/rule-changes/", body)
        assert made.status_code == 201, made.content
        assert boss.post("/api/v1/moderation/rule-changes/", body).json()["code"] == "rule_change_waits"
        assert client.post("/api/v1/rules/rights/comments/", {"text": "Good."}).status_code == 201
        address = f"/api/v1/moderation/rule-changes/{made.json()['id']}/"
        assert boss.delete(address, {"reason": "No"}).status_code == 200
        assert client.post("/api/v1/rules/rights/comments/", {"text": "Late"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_announcements_of_one_rule_at_once_are_one() -> None:
    admin()
    answers = at_once(lambda _n: announce("rights"), 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["ChangeWaits", "RuleVersion"]
    assert RuleVersion.objects.filter(code="rights").count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_announcement_that_commits_between_two_looks_of_another_is_not_overlooked() -> None:
    admin()
    met: list[Any] = []

    def let_the_other_in(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if not met and sql.startswith("SELECT") and 'FROM "moderation_ruleversion"' in sql:
            met.append(None)
            met.extend(at_once(lambda _n: announce("rights"), 1))
        return found

    with connection.execute_wrapper(let_the_other_in), pytest.raises(ChangeWaits):
        announce("rights")
    assert type(met[1]).__name__ == "RuleVersion"
    assert RuleVersion.objects.filter(code="rights").count() == 2
