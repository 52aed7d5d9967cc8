"""A creator's month with everything that can happen to her money in it, and the papers that prove it."""

import importlib.util
import json
from collections.abc import Callable
from datetime import UTC, date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money, provider_amount
from payments import bookings, disputes, payouts, pricing, releases
from payments.models import LedgerEntry, Order, Refund, ReserveRule, RevenueRule
from payments.proof import canonical, papers, seals, statement
from payments.quotes import Line, quote
from payments.sandbox import desk
from payments.sandbox.models import SandboxDispute, SandboxPayment
from tests import cast
from tests.payments import sales

VERIFIER = Path(settings.BASE_DIR) / "docs" / "verify" / "kezhan_verify.py"


def verifier() -> ModuleType:
    """The stand-alone file, loaded as it lies."""
    spec = importlib.util.spec_from_file_location("kezhan_verify", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def today() -> date:
    return timezone.now().astimezone(UTC).date()


def sell_by(creator: Creator, price: Money, code: str = "organic", inclusive: bool = True, **terms: Any) -> Order:
    """A paid order of one course by these terms of `Line`."""
    now = clock.now()
    rule = RevenueRule.objects.in_force(code, at=now)
    course = sales.course_of(creator, price)
    line = Line(
        course_id=course.pk, creator_id=creator.pk, list=price, platform_bps=rule.platform_bps,
        fixed_minor=rule.fixed_minor, rule_id=rule.pk, is_tax_inclusive=inclusive,
        affiliate_bps=rule.affiliate_bps if "affiliate_id" in terms else 0,
        **{"discount": Money.zero(price.currency), **terms},
    )  # fmt: skip
    basket = pricing.Quote(price.currency, [pricing.Priced(course, line, quote(line))], now,
                           is_tax_inclusive=inclusive, tax_source="table" if line.tax_bps else "none")  # fmt: skip
    order = Order.objects.place(buyer=cast.lin(), quote=basket, language="en")
    payment = SandboxPayment.objects.create(
        amount=provider_amount(order.total), currency=order.currency.lower(), group=order.transfer_group
    )
    payment.succeed()
    with transaction.atomic():
        order.mark_paid(payment.charge_id)
        bookings.book_sale(order, payment.charge_id)
    return order


@transaction.atomic
def give_back_part(order: Order, minor: int, name: str) -> Refund:
    """A refund of so much of the order's only course; the right stays."""
    held = Order.objects.hold(pk=order.pk)
    refund = Refund.objects.ask(
        held, [(held.items.get(), minor)], by=cast.fay(), reason="Part", cause=Refund.Cause.STAFF, ends_access=False
    )
    refund.name_at_provider(name)
    refund.settle()
    bookings.book_refund(refund)
    return refund


def lose_at_the_bank(order: Order, amount: int | None = None) -> None:
    """The buyer's bank takes the money of an order, or so many cents of it, and keeps it."""
    desk.on_charge(order.charge_id, "dispute", amount=amount)
    dispute = SandboxDispute.objects.latest("created")
    disputes.take(dispute.pk)
    desk.on_dispute(dispute.pk, "lose")
    disputes.take(dispute.pk)


def busy_month() -> Creator:
    """Ada sells in four currencies, alone, with others, promoted and promoting; gives back; is paid out."""
    ada, bea, cora = (sales.creator_named(name) for name in ("Ada", "Bea", "Cora"))
    sales.sell(ada)
    sales.sell(ada, bea)
    usd, jpy, kwd, twd = (lambda minor, code=code: Money(minor, code) for code in ("USD", "JPY", "KWD", "TWD"))
    mixed = sell_by(
        ada, usd(4999), "affiliate", inclusive=False, discount=usd(700), bearer="platform", tax_bps=725,
        affiliate_id=bea.pk, coauthors=((cora.pk, 3333),),
    )  # fmt: skip
    sell_by(bea, usd(3001), coauthors=((ada.pk, 2500), (cora.pk, 1111)), discount=usd(1), bearer="creator")
    sell_by(bea, usd(8000), "affiliate", affiliate_id=ada.pk)
    sell_by(ada, jpy(1999), "own_link", tax_bps=1000)
    sell_by(ada, kwd(10_010), tax_bps=500, discount=kwd(30), bearer="platform")
    sell_by(ada, twd(50_000), inclusive=False, tax_bps=500)
    for n, minor in enumerate((101, 1000, 77)):
        give_back_part(mixed, minor, f"re_part_{n}")
    sales.give_back(mixed, mixed.items.get(), provider_refund_id="re_rest")
    lose_at_the_bank(sell_by(ada, usd(5050), coauthors=((cora.pk, 3333),)))
    sales.ready_account(ada)
    ReserveRule.objects.place(by=cast.fay(), creator=ada, bps=700, days=30, reason="A new shop")
    sales.pass_hold()
    releases.release_due()
    payouts.run(None)
    sales.submit_all()
    sales.sell(ada)
    return ada


def refitted(path: Path, change: Callable[[list[Any]], object]) -> None:
    """Somebody changes the lines of a statement, and makes the file's own checks fit again."""
    head = json.loads(path.read_bytes())
    rows, end, check = head.pop("lines"), head.pop("end"), head["check"]
    change(rows)
    for n, row in enumerate(rows, 1):
        facts = {**row, "n": n}
        del facts["check"]
        check = canonical.digest("check", [check, facts])
        row.update(n=n, check=check)
    end.update(count=len(rows), check=check)
    path.write_bytes(b"".join(papers.laid_out(head, "lines", rows, end)))


def found_wrong(creators: list[Creator]) -> str:
    """What the verifier says of these creators' statements of all months, sealed now; "" when all is right."""
    seals.seal_closed_days("sandbox", through=today())
    verify, entry = verifier(), LedgerEntry.objects.order_by("created_at").first()
    first = entry.created_at if entry else clock.now()
    with TemporaryDirectory() as name:
        paper = Path(name) / "paper.json"
        paper.write_bytes(b"".join(papers.seals("sandbox")))
        head, days = verify.read_seals(paper)
        for creator in creators:
            before, month = None, (first.year, first.month)
            while month <= (today().year, today().month):
                paper.write_bytes(b"".join(statement.month(creator, *month)))
                try:
                    told, closes, _lines, _sealed = verify.check_statement(paper, head, days, before)
                except verify.Wrong as wrong:
                    return f"{creator}: {wrong}"
                before = (told["creator"], told["month"]), closes
                month = (month[0] + month[1] // 12, month[1] % 12 + 1)
    return ""


def write(folder: Path, creator: Creator, *, sealed: bool = True) -> tuple[Path, Path]:
    """The seals and the creator's statement of this month, as files."""
    if sealed:
        seals.seal_closed_days("sandbox", through=today())
    files = folder / "seals.json", folder / "statement.json"
    files[0].write_bytes(b"".join(papers.seals("sandbox")))
    files[1].write_bytes(b"".join(statement.month(creator, today().year, today().month)))
    return files
