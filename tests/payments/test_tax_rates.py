"""The table of tax rates: versions by country, added by finance."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from marketplace.lib import clock
from marketplace.lib.errors import NotAllowed
from payments.models import TaxRate
from payments.models.tax_rate import RateStartsInPast, RateStartTaken
from payments.tax import rates

pytestmark = pytest.mark.django_db


def vat(by: User, bps: int = 1900, country: str = "DE", **more: Any) -> TaxRate:
    return TaxRate.objects.introduce(country, name="VAT", bps=bps, by=by, reason="the law", **more)


@pytest.fixture
def table(settings: Any) -> None:
    settings.KEZHAN_TAX = "table"
    settings.KEZHAN_SELLER_COUNTRY = "IE"


class TestRates:
    def test_the_rate_of_the_day_holds_and_a_later_one_waits(self, fay: User, table: None) -> None:
        now = clock.now()
        vat(fay, 1900)
        vat(fay, 2000, starts_at=now + timedelta(days=30))
        assert rates.for_country("DE", clock.now()).bps == 1900
        assert rates.for_country("DE", now + timedelta(days=31)).bps == 2000

    def test_nobody_is_taxed_before_there_is_a_rate(self, fay: User, table: None) -> None:
        before = clock.now()
        vat(fay)
        assert rates.for_country("DE", before - timedelta(seconds=1)) == rates.NONE
        assert rates.for_country("FR", clock.now()) == rates.NONE

    def test_who_names_no_country_counts_as_of_the_seller_s(self, fay: User, table: None) -> None:
        vat(fay, 2300, "IE")
        assert rates.for_country("", clock.now()).bps == 2300

    def test_the_table_is_silent_when_it_is_not_asked(self, fay: User, settings: Any) -> None:
        vat(fay)
        for source in ("off", "stripe"):
            settings.KEZHAN_TAX = source
            assert rates.for_country("DE", clock.now()) == rates.NONE

    def test_only_finance_adds_one(self, lin: User) -> None:
        with pytest.raises(NotAllowed):
            vat(lin)

    def test_the_past_and_a_second_one_at_once_are_refused(self, fay: User) -> None:
        then = clock.now() + timedelta(days=1)
        vat(fay, starts_at=then)
        with pytest.raises(RateStartTaken):
            vat(fay, starts_at=then)
        with pytest.raises(RateStartsInPast):
            vat(fay, starts_at=clock.now() - timedelta(hours=1))
        assert AuditEvent.objects.filter(verb="tax_rate.introduce").count() == 1

    def test_rows_are_never_changed(self, fay: User) -> None:
        rate = vat(fay)
        for statement in [
            "UPDATE payments_taxrate SET bps = 1 WHERE id = %s",
            "DELETE FROM payments_taxrate WHERE id = %s",
        ]:
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [rate.pk])

    def test_a_country_is_two_letters_and_a_rate_at_most_half(self, fay: User) -> None:
        for country, bps in [("de", 1900), ("DE", 5001)]:
            with pytest.raises(IntegrityError), transaction.atomic():
                vat(fay, bps, country)


class TestPages:
    def test_finance_notes_a_rate_and_sees_it_in_force(self, fay: User) -> None:
        client = Client()
        client.force_login(fay)
        assert "No rates yet" in client.get("/finance/tax/").content.decode()
        form = {"country": "DE", "name": "VAT", "percent": "8.1", "starts_at": "", "reason": "the law"}
        page = client.post("/finance/tax/", form, follow=True).content.decode()
        assert "8.1 %" in page
        assert "In force" in page
        assert TaxRate.objects.get().bps == 810

    def test_a_rate_that_is_none_is_said_beside_its_field(self, fay: User) -> None:
        client = Client()
        client.force_login(fay)
        answer = client.post("/finance/tax/", {"country": "DE", "name": "VAT", "percent": "200", "reason": "x"})
        assert answer.status_code == 422
        assert not TaxRate.objects.exists()

    def test_the_api_adds_and_lists(self, fay: User) -> None:
        client = APIClient()
        client.force_authenticate(fay)
        body = {"country": "JP", "name": "JCT", "bps": 1000, "reason": "the law"}
        added = client.post("/api/v1/tax-rates/", body, format="json")
        assert added.status_code == 201
        assert client.get("/api/v1/tax-rates/").json()["results"][0]["bps"] == 1000
        refused = client.post("/api/v1/tax-rates/", {**body, "starts_at": "2020-01-01T00:00:00Z"}, format="json")
        assert refused.status_code == 409
        assert refused.json()["code"] == "tax_rate_starts_in_past"
