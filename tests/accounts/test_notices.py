"""Whatever is mailed to a person stands on her page of notices too, in the language in which she reads it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from accounts import notices, tasks
from accounts.models import ApiToken, Notice, User
from accounts.privacy import deleting, own
from marketplace.lib import links
from marketplace.lib.emails import Mail
from tests import cast
from tests.test_house import APPS

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
KINDS = sorted(
    path.relative_to(ROOT / "templates/mail").with_suffix("").as_posix()
    for path in (ROOT / "templates/mail").rglob("*.txt")
)
# Ways past `notices.tell`: itself, allauth's mails, whose links open an account to whoever reads them, and what an
# administrator sends herself to see her words.
PAST = {"accounts/notices.py", "accounts/adapter.py", "operating/mail_words.py"}


class Anything(int):
    """Stands for each row and number that a mail may speak of."""

    def __getattr__(self, name: str) -> "Anything":
        if name.startswith("__") or name in ("resolve_expression", "as_sql"):
            raise AttributeError(name)
        return Anything(3)

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 1

    def __getitem__(self, name: Any) -> "Anything":
        return Anything(3)

    def format(self) -> str:
        return "$3.00"


NAMES = [
    "action", "amount", "bought", "by", "certificate", "count", "course", "courses", "details",
    "dispute", "drops", "excerpt", "fewest", "first", "hand", "hold", "institution", "item", "items", "lesson", "line",
    "lines", "membership", "month", "offer",
    "name", "never_left", "number", "order", "others", "part", "parts",
    "payout", "payouts", "plan", "reason", "refund", "replacement", "role", "row", "rule", "run", "sales",
    "share", "shares", "skip", "split", "title", "video", "who", "why", "words", "work",
]  # fmt: skip


def told(person: User, key: str = "one", **more: Any) -> Notice:
    context = {"reason": "Because", "role": gettext_lazy("Finance"), **more}
    notices.tell(key, person, "role_given", context)
    return Notice.objects.get(key=key)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_mail_is_a_notice_in_both_languages(kind: str, lin: User) -> None:
    address = links.absolute("/library/")
    context = {**{name: Anything(3) for name in NAMES}, "action_url": address, "action_label": gettext_lazy("Library")}
    context["unsubscribe_url"] = links.absolute("/stop/")
    context["drops"] = [Anything(3)]
    notices.tell("a key", lin, kind, context)
    notice, mail = Notice.objects.get(person=lin), Mail.objects.get()
    assert notice.words["en"]["title"] == mail.subject
    assert notice.words["zh-hans"]["title"] not in ("", mail.subject), "its subject has no Chinese"
    assert set(notice.words["en"]["text"].split("\n\n")) <= {part.strip() for part in mail.text.split("\n\n")}
    for said in notice.words.values():
        assert said["title"]
        assert said["text"]
        assert "Hello" not in said["text"]
        assert "你好" not in said["text"][:4]
        assert "/stop/" not in said["text"]
        assert address not in said["text"].splitlines()
    assert notice.link == "/library/"


def test_no_module_mails_a_person_past_her_notices() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "emails.post" in path.read_text()
    }
    assert found == PAST


def test_mail_and_notice_come_with_the_step_or_not_at_all(lin: User) -> None:
    with transaction.atomic():
        told(lin)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not Mail.objects.exists()


def test_the_same_cause_is_told_once(lin: User) -> None:
    told(lin)
    told(lin, reason="Another")
    assert Notice.objects.count() == Mail.objects.count() == 1


def test_an_address_without_an_account_gets_the_mail_alone() -> None:
    notices.tell("one", "nobody@example.org", "role_given", {"role": "x", "reason": "y"})
    assert Mail.objects.get().to == "nobody@example.org"
    assert not Notice.objects.exists()


def test_it_is_read_in_the_language_of_the_reader_now(lin: User) -> None:
    notice = told(lin)
    with translation.override("zh-hans"):
        assert notice.title == "你被授予角色：财务"
    with translation.override("en"):
        assert notice.title == "You were given a role: Finance"


def test_a_link_to_elsewhere_is_none(lin: User) -> None:
    assert told(lin, action_url="https://example.org/x").link == ""
    assert told(lin, "two", action_url=links.absolute("/library/")).link == "/library/"


def test_the_head_counts_what_is_unread_and_asks_no_query_for_it(lin: User, client: Client) -> None:
    told(lin)
    told(lin, "two")
    client.force_login(lin)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("accounts:settings"))
    assert "Notices, 2 unread" in page.content.decode()
    about = [query["sql"] for query in asked.captured_queries if "accounts_notice" in query["sql"]]
    assert len(about) == 1
    assert 'FROM "accounts_user"' in about[0], "it came with the person's own row"


def test_pages_for_visitors_ask_nothing(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("home"))
    assert reverse("notices:notices") not in page.content.decode()
    assert not [query for query in asked.captured_queries if "accounts_notice" in query["sql"]]


def test_opening_one_reads_it_and_leads_on(lin: User, client: Client) -> None:
    notice = told(lin, action_url=links.absolute("/library/"), action_label="To it")
    told(lin, "two")
    client.force_login(lin)
    assert "To it" in client.get(reverse("notices:notices")).content.decode()
    answer = client.post(reverse("notices:open_notice", args=[notice.pk]))
    assert answer["Location"] == "/library/"
    assert [row.key for row in Notice.objects.unread()] == ["two"]


def test_all_are_read_at_once_and_only_hers(lin: User, client: Client) -> None:
    told(lin)
    told(cast.cole(), "cole")
    client.force_login(lin)
    client.post(reverse("notices:read"))
    assert [row.key for row in Notice.objects.unread()] == ["cole"]


def test_nobody_opens_the_notice_of_another(lin: User, client: Client) -> None:
    notice = told(lin)
    client.force_login(cast.cole())
    assert client.post(reverse("notices:open_notice", args=[notice.pk])).status_code == 404
    assert Notice.objects.unread().exists()


def test_looking_at_the_page_reads_nothing(lin: User, client: Client) -> None:
    told(lin)
    client.force_login(lin)
    client.get(reverse("notices:notices"))
    assert Notice.objects.unread().exists()


def test_the_api_lists_counts_and_reads(lin: User, client: Client) -> None:
    first, _second = told(lin), told(lin, "two")
    headers = {"Authorization": f"Bearer {ApiToken.objects.issue(lin, 'test')}"}
    listed = client.get("/api/v1/me/notices/", headers=headers).json()["results"]
    assert [row["kind"] for row in listed] == ["role_given", "role_given"]
    assert client.get("/api/v1/me/notices/read/", headers=headers).json() == {"unread": 2}
    answer = client.post(f"/api/v1/me/notices/{first.pk}/read/", headers=headers)
    assert answer.json()["read_at"]
    assert client.post("/api/v1/me/notices/read/", headers=headers).json() == {"unread": 0}
    others = {"Authorization": f"Bearer {ApiToken.objects.issue(cast.cole(), 'test')}"}
    assert client.post(f"/api/v1/me/notices/{first.pk}/read/", headers=others).status_code == 404


def test_read_ones_go_after_a_season_and_all_after_a_year(lin: User) -> None:
    now = timezone.now()
    for key, age, read_ago in (("new", 89, 89), ("read", 200, 91), ("waits", 364, None), ("old", 366, None)):
        told(lin, key)
        read_at = None if read_ago is None else now - timedelta(days=read_ago)
        Notice.objects.filter(key=key).update(told_at=now - timedelta(days=age), read_at=read_at)
    tasks.expire_notices()
    assert set(Notice.objects.values_list("key", flat=True)) == {"new", "waits"}


def test_they_are_told_with_her_record_and_go_with_her(lin: User) -> None:
    told(lin)
    assert [row["title"] for row in own.tell(lin).tables["notices"]] == ["You were given a role: Finance"]
    deleting.delete(lin)
    assert not Notice.objects.exists()
    assert not User.objects.get(pk=lin.pk).is_active
    notices.tell("later", User.objects.get(pk=lin.pk), "role_given", {"role": "x", "reason": "y"})
    assert not Notice.objects.exists()


def test_settings_name_the_languages_that_a_notice_speaks(lin: User) -> None:
    assert set(told(lin).words) == {code for code, _name in settings.LANGUAGES}
