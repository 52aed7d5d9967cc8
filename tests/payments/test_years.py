"""A year's reports: what each creator had by quarter, frozen when its months are closed, corrected by versions."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Notice
from creators.models import Creator
from marketplace.lib import work
from marketplace.lib.errors import NotAllowed
from payments import payouts, releases
from payments.closing import act, months
from payments.models import LedgerEntry, TaxIdentity, YearReport, YearRound
from payments.models.tax_identity import KEPT, TaxDetails
from payments.proof import seals
from payments.years import figures, identity, issuing, page, papers, verifying
from tests import cast
from tests.payments import sales, statements
from tests.payments.books import BOOK
from tests.payments.ended import booked_on, checked
from tests.payments.test_invariants import break_in

pytestmark = pytest.mark.django_db
DETAILS = TaxDetails("person", "Ada Ann Abel", "DE", "12/345/67890", "DE123456789", "Kiln Lane 1\n10115 Berlin")
FORM = {
    "kind": "person", "legal_name": "Ada Ann Abel", "country": "DE", "tax_number": "12/345/67890",
    "vat_id": "de123456789", "address": "Kiln Lane 1\n10115 Berlin",
}  # fmt: skip


def move(after: int, at: datetime) -> int:
    """Everything written since the entry `after`, as if it had been written then. Returns the last entry."""
    for entry in LedgerEntry.objects.filter(pk__gt=after).order_by("pk"):
        booked_on(entry, at)
    return LedgerEntry.objects.order_by("pk").last().pk  # type: ignore[union-attr]


@pytest.fixture
def ada() -> Creator:
    """September 2025: a sale. November: two more, one of them Bea's. December: some given back, the rest paid out."""
    ada, bea = sales.creator_named("Ada"), sales.creator_named("Bea")
    first = sales.sell(ada)
    last = move(0, datetime(2025, 9, 30, 23, 59, 59, tzinfo=UTC))
    sales.sell(ada, bea)
    last = move(last, datetime(2025, 11, 5, tzinfo=UTC))
    statements.give_back_part(first, 500, "re_1")
    sales.ready_account(ada)
    sales.pass_hold()
    releases.release_due()
    payouts.run(None)
    sales.submit_all()
    move(last, datetime(2025, 12, 20, tzinfo=UTC))
    seals.seal_closed_days(BOOK, through=date(2025, 12, 31))
    checked()
    return ada


def close_all() -> None:
    for number in (9, 10, 11, 12):
        act.close(date(2025, number, 1), by=cast.fay())


@pytest.fixture
def closed(ada: Creator) -> Creator:
    close_all()
    return ada


def carry_out() -> None:
    for pk in YearRound.open_work().values_list("pk", flat=True):
        work.run(YearRound, pk, issuing.carry_out)


def give_out(reason: str = "") -> None:
    issuing.issue(2025, by=cast.fay(), reason=reason)
    carry_out()


class TestFigures:
    def test_stand_in_the_quarter_in_which_they_were_booked(self, ada: Creator) -> None:
        quarters = figures.of_year(BOOK, 2025)[ada.pk, "USD"]
        assert [quarter.sales for quarter in quarters] == [0, 0, 1, 1]
        assert [quarter.gross for quarter in quarters] == [0, 0, 2000, 2000]
        assert [quarter.returned for quarter in quarters][:3] == [0, 0, 0]
        assert quarters[3].returned > 0
        assert quarters[3].paid_out > 0

    def test_make_the_change_of_all_that_she_has(self, ada: Creator) -> None:
        statements.busy_month()
        last = LedgerEntry.objects.filter(created_at__year=2025).order_by("pk").last()
        assert last is not None
        move(last.pk, datetime(2025, 12, 21, tzinfo=UTC))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.owner_id, a.currency, -sum(p.amount_minor)::bigint FROM payments_ledgerposting p"
                " JOIN payments_ledgeraccount a ON a.id = p.account_id WHERE a.owner_id IS NOT NULL GROUP BY 1, 2"
            )
            standing = {(owner, currency): amount for owner, currency, amount in cursor.fetchall()}
        made = figures.of_year(BOOK, 2025)
        assert made.keys() == standing.keys()
        assert len(made) > 5
        for key, quarters in made.items():
            total = sum(quarters, figures.Quarter())
            assert total.share - total.returned + total.other - total.paid_out == standing[key], key

    def test_of_a_year_without_entries_are_none(self, ada: Creator) -> None:
        assert figures.of_year(BOOK, 2024) == {}


class TestGivingOut:
    def test_waits_until_all_months_are_closed(self, ada: Creator) -> None:
        for number in (9, 10, 11):
            act.close(date(2025, number, 1), by=cast.fay())
        with pytest.raises(issuing.YearNotClosed, match="2025-12"):
            issuing.issue(2025, by=cast.fay())
        act.close(date(2025, 12, 1), by=cast.fay())
        assert issuing.issue(2025, by=cast.fay()).pk

    def test_freezes_a_report_a_creator_and_tells_her(self, closed: Creator) -> None:
        give_out()
        report = YearReport.objects.get(creator=closed)
        assert (report.year, report.currency, report.version, report.reason) == (2025, "USD", 1, "")
        assert report.facts["total"]["gross"] == "4000"
        assert YearReport.objects.count() == 2
        assert Notice.objects.of(closed.user).filter(kind="payments/year_issued").count() == 1
        assert AuditEvent.objects.filter(verb="year.issue").count() == 1

    def test_is_for_finance_and_for_years_of_the_books(self, closed: Creator) -> None:
        with pytest.raises(NotAllowed):
            issuing.issue(2025, by=cast.sam())
        for year in (2024, 9999):
            with pytest.raises(months.NoSuchMonth):
                issuing.issue(year, by=cast.fay())

    def test_is_done_by_one_round_at_a_time(self, closed: Creator) -> None:
        issuing.issue(2025, by=cast.fay())
        with pytest.raises(issuing.RoundUnderWay):
            issuing.issue(2025, by=cast.fay())

    def test_again_needs_a_reason_and_leaves_alone_whose_is_as_it_was(self, closed: Creator) -> None:
        give_out()
        with pytest.raises(issuing.CorrectionNeedsReason):
            issuing.issue(2025, by=cast.fay(), reason=" ")
        identity.give(closed, by=closed.user, details=DETAILS)
        give_out("Tax details came in")
        versions = YearReport.objects.filter(creator=closed).order_by("version")
        assert [(row.version, row.reason) for row in versions] == [(1, ""), (2, "Tax details came in")]
        assert versions[1].identity == TaxIdentity.objects.get()
        assert YearReport.objects.count() == 3  # Bea's is as it was
        assert [row.made_count for row in YearRound.objects.order_by("pk")] == [2, 1]

    def test_goes_on_where_a_worker_died(self, closed: Creator, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(issuing, "BATCH", 1)
        issuing.issue(2025, by=cast.fay())
        row = YearRound.claim(YearRound.objects.get().pk)
        assert row is not None
        first = min(figures.of_year(BOOK, 2025))[0]
        with row.fenced() as held:
            held.reach(first, 0)
        YearRound.objects.update(lease_until=None)
        carry_out()
        assert list(YearReport.objects.values_list("creator_id", flat=True)) == [
            pk for pk in sorted({pk for pk, _currency in figures.of_year(BOOK, 2025)}) if pk > first
        ]

    @pytest.mark.parametrize(
        "change", ["UPDATE payments_yearreport SET year = 2024", "DELETE FROM payments_yearreport"]
    )
    def test_is_never_changed(self, closed: Creator, change: str) -> None:
        give_out()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    def test_what_the_ledger_no_longer_makes_is_named(self, closed: Creator) -> None:
        give_out()
        assert list(verifying.breaks(BOOK)) == []
        report = YearReport.objects.get(creator=closed)
        content = report.content.replace('"gross":"4000"', '"gross":"4001"')
        break_in(f"UPDATE payments_yearreport SET content = $q${content}$q$ WHERE id = {report.pk}")
        assert "its content does not make its hash" in next(verifying.breaks(BOOK))
        break_in(f"UPDATE payments_yearreport SET content = $q${report.content}$q$ WHERE id = {report.pk}")
        booked_on(LedgerEntry.objects.filter(kind="sale").order_by("pk").first(), datetime(2025, 4, 1, tzinfo=UTC))
        assert "quarter 2 sales: 0 was given out, the ledger makes 1" in next(verifying.breaks(BOOK))


class TestTaxIdentity:
    def test_is_kept_sealed_and_read_by_its_creator(self, db: None) -> None:
        ada = sales.creator_named("Ada")
        row = identity.give(ada, by=ada.user, details=DETAILS)
        assert row.details == DETAILS
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(t)::text FROM payments_taxidentity t")
            kept = cursor.fetchone()[0]
        assert not any(word in kept for word in ("Abel", "67890", "Kiln", "DE1"))
        assert "Abel" not in str(AuditEvent.objects.get(verb="tax_identity.give").facts)
        assert Notice.objects.of(ada.user).filter(kind="payments/tax_identity_given").count() == 1

    def test_each_change_is_a_version_and_the_same_again_is_none(self, db: None) -> None:
        ada = sales.creator_named("Ada")
        first = identity.give(ada, by=ada.user, details=DETAILS)
        assert identity.give(ada, by=ada.user, details=DETAILS) == first
        identity.give(ada, by=ada.user, details=TaxDetails(**vars(DETAILS) | {"tax_number": ""}))
        assert [row.has_number for row in TaxIdentity.objects.order_by("pk")] == [True, False]

    def test_is_given_by_nobody_else(self, db: None) -> None:
        with pytest.raises(NotAllowed):
            identity.give(sales.creator_named("Ada"), by=cast.fay(), details=DETAILS)

    @pytest.mark.parametrize(
        "change", ["given_at = now()", "has_number = NOT has_number", "creator_id = creator_id + 1"]
    )
    def test_nothing_but_its_seal_ever_changes(self, db: None, change: str) -> None:
        ada = sales.creator_named("Ada")
        identity.give(ada, by=ada.user, details=DETAILS)
        for statement in (f"UPDATE payments_taxidentity SET {change}", "DELETE FROM payments_taxidentity"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)

    def test_is_forgotten_ten_years_after_the_last_report_that_names_it(self, closed: Creator) -> None:
        row = identity.give(closed, by=closed.user, details=DETAILS)
        with time_machine.travel(datetime.now(UTC).replace(microsecond=0), tick=False) as moment:
            give_out()
            moment.shift(KEPT.total_seconds() - 86_400)
            assert TaxIdentity.objects.forget_old() == 0
            moment.shift(2 * 86_400)
            assert TaxIdentity.objects.forget_old() == 1
            assert TaxIdentity.objects.forget_old() == 0
        row.refresh_from_db()
        assert (row.sealed, row.details) == ("", None)

    def test_is_in_her_own_record(self, db: None) -> None:
        from payments import privacy

        ada = sales.creator_named("Ada")
        identity.give(ada, by=ada.user, details=DETAILS)
        (told,) = privacy.tell(ada.user).tables["tax_identities"]
        assert (told["legal_name"], told["tax_number"]) == ("Ada Ann Abel", "12/345/67890")


class TestWhoLacksANumber:
    def test_is_listed_and_reminded_once_a_round(self, closed: Creator) -> None:
        identity.give(closed, by=closed.user, details=DETAILS)
        with pytest.raises(issuing.NothingToRemindOf):
            issuing.remind(2025, by=cast.fay())
        give_out()
        (bea,) = issuing.lacking(2025)
        issuing.remind(2025, by=cast.fay())
        carry_out()
        assert Notice.objects.of(bea.user).filter(kind="payments/tax_number_missing").count() == 1
        assert not Notice.objects.of(closed.user).filter(kind="payments/tax_number_missing").exists()
        identity.give(bea, by=bea.user, details=DETAILS)
        with pytest.raises(issuing.NothingToRemindOf):
            issuing.remind(2025, by=cast.fay())


class TestTheFiles:
    def test_everybody_s_has_who_they_are_and_their_quarters(self, closed: Creator) -> None:
        identity.give(closed, by=closed.user, details=DETAILS)
        with pytest.raises(page.NotGivenOut):
            papers.everybody(2025, by=cast.fay())
        give_out()
        with pytest.raises(NotAllowed):
            papers.everybody(2025, by=cast.sam())
        rows = list(csv.DictReader(io.StringIO("".join(papers.everybody(2025, by=cast.fay())))))
        by_name = {row["legal_name"]: row for row in rows}
        assert (by_name["Ada Ann Abel"]["lacks_number"], by_name[""]["lacks_number"]) == ("no", "yes")
        assert (by_name["Ada Ann Abel"]["gross_Q3"], by_name["Ada Ann Abel"]["gross_year"]) == ("20.00", "40.00")
        assert AuditEvent.objects.get(verb="year.take_file").facts == {"reports": 2}

    def test_hers_as_csv(self, closed: Creator) -> None:
        give_out()
        report = YearReport.objects.get(creator=closed)
        rows = {row["figure"]: row for row in csv.DictReader(io.StringIO("".join(papers.csv_lines(report))))}
        assert (rows["sales"]["year_total"], rows["gross"]["Q4"]) == ("2", "20.00")
        assert report.hash in rows["hash"].values()

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_hers_on_paper_is_the_same_each_time(self, closed: Creator, language: str) -> None:
        identity.give(closed, by=closed.user, details=DETAILS)
        give_out()
        report = YearReport.objects.get(creator=closed)
        assert papers.pdf(report, language) == papers.pdf(report, language)
        assert papers._who(report)[0] == "Ada Ann Abel"


class TestThePages:
    def test_a_creator_gives_her_details_and_reads_her_report(self, client: Client, closed: Creator) -> None:
        client.force_login(closed.user)
        give = reverse("payments:tax_identity")
        assert "/accounts/reauthenticate/" in client.get(give).headers["Location"]
        client.post("/accounts/reauthenticate/", {"password": cast.PASSWORD})
        assert client.get(give).status_code == 200
        for wrong in ({"country": "XX"}, {"tax_number": "<b>"}, {"legal_name": ""}, {"kind": "robot"}):
            assert client.post(give, FORM | wrong).status_code == 422
        assert client.post(give, FORM).status_code == 302
        assert TaxIdentity.objects.get().details == DETAILS
        assert "Kiln Lane 1" in client.get(give).content.decode()
        give_out()
        said = client.get(reverse("payments:my_years")).content.decode()
        assert "2025 · USD" in said
        assert "$40.00" in said
        pk = YearReport.objects.get(creator=closed).pk
        assert client.get(reverse("payments:my_year_pdf", args=[pk])).content.startswith(b"%PDF")
        assert client.get(reverse("payments:my_year_csv", args=[pk])).status_code == 200

    def test_nobody_reads_another_s(self, client: Client, closed: Creator) -> None:
        give_out()
        client.force_login(sales.creator_named("Bea").user)
        for name in ("my_year_pdf", "my_year_csv"):
            pk = YearReport.objects.get(creator=closed).pk
            assert client.get(reverse(f"payments:{name}", args=[pk])).status_code == 404

    def test_finance_gives_out_reminds_and_takes_the_file(self, client: Client, closed: Creator) -> None:
        client.force_login(cast.fay())
        assert "Can be given out" in client.get(reverse("payments:years")).content.decode()
        assert client.post(reverse("payments:issue_year", args=[2025])).status_code == 302
        carry_out()
        said = client.get(reverse("payments:years")).content.decode()
        assert "Given out" in said
        assert "Who gave no tax number" in said
        assert client.post(reverse("payments:issue_year", args=[2025])).status_code == 409
        assert client.post(reverse("payments:remind_year", args=[2025])).status_code == 302
        answer = client.post(reverse("payments:year_file", args=[2025]))
        assert b"lacks_number" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]

    def test_the_api_does_the_same(self, client: Client, closed: Creator) -> None:
        client.force_login(closed.user)
        assert client.get(reverse("api-tax-details")).status_code == 204
        refused = client.post(reverse("api-tax-details"), FORM | {"country": "de"}, content_type="application/json")
        assert refused.status_code == 400
        kept = client.post(reverse("api-tax-details"), FORM, content_type="application/json")
        assert (kept.status_code, kept.json()["vat_id"]) == (200, "DE123456789")
        assert client.get(reverse("api-tax-details")).json()["tax_number"] == "12/345/67890"
        fay = Client()
        fay.force_login(cast.fay())
        assert fay.post(reverse("api-year-issue", args=[2025])).status_code == 202
        carry_out()
        (year,) = [each for each in fay.get(reverse("api-years")).json() if each["year"] == 2025]
        assert (year["reports"], year["open_months"], year["is_under_way"]) == (2, [], False)
        (report,) = client.get(reverse("api-my-years")).json()
        gross = next(line for line in report["lines"] if line["name"] == "gross")
        assert gross["total"] == {"minor": "4000", "currency": "USD"}
        assert client.get(reverse("api-my-year-pdf", args=[report["id"]])).status_code == 200
