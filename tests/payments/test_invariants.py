"""The invariants notice broken books, and the command tells it to scripts."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from learners.models import Enrollment
from marketplace.lib import clock
from payments import invariants, payouts
from payments.models import LedgerAccount, LedgerBalance, LedgerCheckpoint, OrderItem, Payout, ProviderEvent, Refund
from payments.sandbox.models import SandboxTransaction, SandboxTransfer
from tests.payments.sales import creator_named, give_back, only_item, pass_hold, ready_account, sell, submit_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy_books() -> None:
    """A sale, a refund and a payout that arrived."""
    ada = creator_named("Ada")
    sell(ada)
    sell(creator_named("Funder"))
    ready_account(ada)
    pass_hold()
    payouts.run(None)
    submit_all()
    order = sell(ada)
    give_back(order, only_item(order))
    # The refund left the provider as well.
    SandboxTransaction.objects.move("refund", -2000, "usd", "re_1")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing is left to be checked before tables are broken


def break_in(statement: str) -> None:
    """Change what the database's own rules would refuse."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def broken() -> set[str]:
    return {name for name, found in invariants.breaks(ask_provider=True).items() if found}


@pytest.mark.usefixtures("busy_books")
class TestBreaks:
    def test_are_none_in_sound_books(self) -> None:
        assert broken() == set()

    def test_show_a_posting_that_changed(self) -> None:
        break_in(
            "UPDATE payments_ledgerposting SET amount_minor = amount_minor + 1 WHERE id ="
            " (SELECT min(id) FROM payments_ledgerposting)"
        )
        assert {"I1", "I2"} <= broken()

    def test_show_an_entry_that_lost_its_postings(self) -> None:
        break_in("DELETE FROM payments_ledgerposting WHERE entry_id = (SELECT min(id) FROM payments_ledgerentry)")
        assert "I2" in broken()

    def test_show_a_kept_balance_that_is_not_true(self) -> None:
        LedgerBalance.objects.update(amount_minor=7)
        assert broken() == {"I3"}

    def test_show_a_refund_of_more_than_was_taken(self) -> None:
        break_in(
            "UPDATE payments_ledgerposting SET amount_minor = amount_minor * 3 WHERE entry_id ="
            " (SELECT id FROM payments_ledgerentry WHERE kind = 'refund')"
        )
        assert "I6" in broken()

    def test_show_an_order_sold_twice(self) -> None:
        break_in("UPDATE payments_ledgerentry SET meta = meta || '{\"order\": \"K1\"}' WHERE kind = 'sale'")
        break_in("UPDATE payments_order SET number = 'K1' WHERE id = (SELECT min(id) FROM payments_order)")
        assert "I5" in broken()

    def test_show_a_refund_that_took_from_somebody_else(self) -> None:
        break_in("UPDATE payments_refundshare SET amount_minor = amount_minor + 1 WHERE kind = 'creator'")
        assert broken() == {"I6 shares"}

    def test_show_an_item_that_forgot_what_was_asked_of_it(self) -> None:
        OrderItem.objects.update(refund_asked_minor=0, refunded_minor=0)
        assert broken() == {"I6 shares"}

    def test_show_a_right_without_a_purchase_and_a_purchase_without_a_right(self) -> None:
        item = OrderItem.objects.first()
        Enrollment.objects.grant(learner=item.buyer, course=item.course, source="purchase", reference="K1")
        assert broken() == {"I10"}
        Enrollment.objects.all().delete()
        OrderItem.objects.filter(pk=item.pk).update(granted_at=clock.now())
        assert broken() == {"I10"}

    def test_show_a_checkpoint_that_is_not_true(self) -> None:
        account = LedgerAccount.objects.get(kind="platform_revenue")
        LedgerCheckpoint.objects.create(account=account, through_posting_id=10**9, amount_minor=1)
        assert broken() == {"I3"}

    def test_show_a_payout_that_says_something_else_than_the_ledger(self) -> None:
        Payout.objects.update(state="void", transfer_id=None, sent_at=None)
        assert broken() == {"I7", "I7 provider"}

    def test_show_an_event_that_was_acknowledged_and_forgotten(self) -> None:
        for hours in (5, 7):
            ProviderEvent.objects.create(
                book="sandbox", event_id=f"evt_{hours}", type="charge.updated", body={},
                received_at=timezone.now() - timedelta(hours=hours),
            )  # fmt: skip
        assert broken() == {"I8"}
        assert ["evt_7" in found for found in invariants.breaks()["I8"]] == [True]
        ProviderEvent.objects.update(dead_at=timezone.now())  # somebody was told
        assert broken() == set()

    def test_show_no_event_that_the_provider_is_silent_of(self) -> None:
        long_ago = timezone.now() - timedelta(days=1)
        ProviderEvent.objects.create(
            book="sandbox", event_id="evt_silent", type="charge.updated", body={}, received_at=long_ago, silences=9
        )
        assert broken() == set()

    def test_show_work_whose_worker_never_came_back(self) -> None:
        refund = Refund.objects.get()
        Refund.objects.update(lease_until=timezone.now() - timedelta(minutes=30), finished_at=None)
        assert "I11" not in broken()
        Refund.objects.update(lease_until=timezone.now() - timedelta(hours=2))
        assert invariants.breaks()["I11"] == [f"payments.Refund {refund.pk} was taken and never given back"]

    @pytest.mark.parametrize("since", ["key_used_at", "dead_at"])
    def test_show_a_payout_of_which_nobody_has_found_out_what_became_of_it(self, since) -> None:
        on_its_way = {"state": "submitting", "transfer_id": None, "sent_at": None, "key_used_at": timezone.now()}
        Payout.objects.update(**on_its_way)
        assert "I11" not in broken()
        Payout.objects.update(**{since: timezone.now() - timedelta(days=3)})
        assert "I11" in broken()

    def test_show_a_transfer_that_nobody_booked(self) -> None:
        transfer = SandboxTransfer.objects.get()
        SandboxTransfer.objects.create(
            amount=500, currency="usd", destination=transfer.destination, group=transfer.group
        )
        assert broken() == {"I7 provider"}

    def test_show_money_at_the_provider_that_is_not_in_the_books(self) -> None:
        SandboxTransaction.objects.move("adjustment", 5, "usd", "adj_1")
        assert broken() == {"I12"}

    def test_the_command_passes_and_fails_with_them(self) -> None:
        told = io.StringIO()
        call_command("ledger", "check", "--ask-provider", stdout=told)
        assert "I3: holds" in told.getvalue()
        LedgerBalance.objects.update(amount_minor=7)
        with pytest.raises(CommandError):
            call_command("ledger", "check", stdout=told)
        assert "keeps 7" in told.getvalue()
