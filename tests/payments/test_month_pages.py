"""Finance's pages and API of months: the list, the preview, closing, and the files of a closed month."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from payments.closing import act
from payments.models import BookCheck, MonthClose, ReconBreak
from tests import cast
from tests.payments.books import BOOK, usd
from tests.payments.ended import MARCH, two_months

pytestmark = pytest.mark.django_db
ARGS = [2026, 3]


@pytest.fixture
def fay(client: Client) -> Client:
    two_months()
    client.force_login(cast.fay())
    return client


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_the_list_says_which_month_comes_next_and_what_is_in_the_way(fay: Client) -> None:
    said = text(fay.get(reverse("payments:months")))
    assert "Can be closed" in said
    assert "Comes after the months before it" in said
    BookCheck.objects.keep("I1", ["broken"])
    assert "The books do not hold: I1." in text(fay.get(reverse("payments:months")))


def test_the_preview_shows_the_figures_and_closes_nothing(fay: Client) -> None:
    said = text(fay.get(reverse("payments:month", args=ARGS)))
    assert "$59.99" in said
    assert "Close it for good" in said
    assert not MonthClose.objects.exists()


def test_a_month_is_closed_and_then_shows_what_was_frozen(fay: Client) -> None:
    answer = fay.post(reverse("payments:close_month", args=ARGS), {"note": "Spring"}, follow=True)
    said = text(answer)
    row = MonthClose.objects.get()
    assert "The books of March 2026 are closed." in said
    assert row.hash in said
    assert "Close it for good" not in said
    assert "Closed" in text(fay.get(reverse("payments:months")))


def test_what_is_in_the_way_refuses_in_its_own_words(fay: Client) -> None:
    answer = fay.post(reverse("payments:close_month", args=[2026, 4]))
    assert answer.status_code == 409
    assert "Close March 2026 first." in text(answer)


def test_an_open_break_asks_for_a_reason(fay: Client) -> None:
    ReconBreak.objects.note("unseen", "sale:2", book=BOOK, amount=usd(4000), note="not listed")
    said = text(fay.get(reverse("payments:month", args=ARGS)))
    assert "Needs a reason" in said
    assert 'name="reason"' in said
    assert fay.post(reverse("payments:close_month", args=ARGS)).status_code == 409
    fay.post(reverse("payments:close_month", args=ARGS), {"reason": "They correct it in June"})
    said = text(fay.get(reverse("payments:month", args=ARGS)))
    assert "They correct it in June" in said
    assert "sale:2" in said


def test_a_month_that_the_books_do_not_have_is_not_found(fay: Client) -> None:
    for year, month in ((2026, 2), (2026, 13), (2026, 0), (1999, 12), (9999, 1)):
        assert fay.get(f"/finance/months/{year}-{month}/").status_code == 404


def test_the_files_of_an_open_month_are_refused(fay: Client) -> None:
    for name in ("month_csv", "month_pdf", "month_file"):
        assert fay.get(reverse(f"payments:{name}", args=ARGS)).status_code == 409


def test_the_csv_has_every_figure_and_account(fay: Client) -> None:
    row = act.close(MARCH, by=cast.fay())
    answer = fay.get(reverse("payments:month_csv", args=ARGS))
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]
    found = {(each["line"], each["name"]): each for each in rows}
    assert found["figure", "gross_sales"]["amount"] == "59.99"
    assert found["account", "creator_pending"]["closing"] == "45.00"
    assert ("hash", row.hash) in found


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pdf_is_set_in_the_reader_s_language_and_the_same_each_time(fay: Client, language: str) -> None:
    act.close(MARCH, by=cast.fay())
    fay.cookies["django_language"] = language
    first, again = (fay.get(reverse("payments:month_pdf", args=ARGS)).content for _n in range(2))
    assert first.startswith(b"%PDF")
    assert first == again


class TestTheApi:
    def test_tells_of_months_and_closes_one(self, fay: Client) -> None:
        listed = fay.get(reverse("api-months")).json()
        (march,) = [each for each in listed if each["month"] == "2026-03"]
        assert (march["closed_at"], march["obstacles"]) == (None, [])
        seen = fay.get(reverse("api-month", args=ARGS)).json()
        assert (seen["is_closable"], seen["hash"]) == (True, None)
        answer = fay.post(reverse("api-month-close", args=ARGS), {"note": "Spring"}, content_type="application/json")
        assert answer.status_code == 201, answer.content
        told = answer.json()
        assert (told["hash"], told["note"]) == (MonthClose.objects.get().hash, "Spring")
        figures = {each["name"]: each["amount"] for each in told["currencies"][0]["figures"]}
        assert figures["gross_sales"] == {"minor": "5999", "currency": "USD"}
        again = fay.post(reverse("api-month-close", args=ARGS), {}, content_type="application/json")
        assert (again.status_code, again.json()["code"]) == (409, "month_already_closed")

    def test_names_what_is_in_the_way(self, fay: Client) -> None:
        seen = fay.get(reverse("api-month", args=[2026, 4])).json()
        assert [each["code"] for each in seen["obstacles"]] == ["earlier_month_open"]
        refused = fay.post(reverse("api-month-close", args=[2026, 4]), {}, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (409, "earlier_month_open")
        assert refused.json()["month"] == "2026-03"

    def test_gives_the_files(self, fay: Client) -> None:
        act.close(MARCH, by=cast.fay())
        kinds = {"csv": "text/csv", "pdf": "application/pdf", "file": "application/json"}
        for name, kind in kinds.items():
            answer = fay.get(reverse(f"api-month-{name}", args=ARGS))
            assert answer.status_code == 200
            assert answer.headers["Content-Type"].startswith(kind)
