"""The words of an invoice and of a credit note: a frozen snapshot becomes what the sheet `invoice` sets, in a language.

Snapshots are those of `payments.invoice_snapshots`; amounts in them are minor units of the snapshot's currency.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.lib.money import Money
from operating import look

from ..models.revenue_rule import percent_text
from . import render
from .parts import buyer, by, day, footer, seller, what

Snapshot = dict[str, Any]
Cells = list[Any]


def pdf(snapshot: Snapshot, number: str, issued_at: datetime, lang: str) -> bytes:
    """The document as PDF; the same arguments are the same file."""
    return render("invoice", sheet(snapshot, number, issued_at, lang), lang, at=issued_at)


def sheet(snapshot: Snapshot, number: str, issued_at: datetime, lang: str) -> dict[str, Any]:
    """What `sheets/invoice.typ` takes."""
    with translation.override(lang), timezone.override("UTC"):
        words = _Words(snapshot)
        return {
            "title": words.title, "number": number, "author": snapshot["seller"]["name"],
            "house": look.name_on_papers(issued_at),
            "footer": footer(snapshot["seller"]), "page_of": _("Page {page} of {pages}"),
            "parties": [seller(snapshot["seller"]), buyer(snapshot["buyer"])],
            "facts": words.facts(number, issued_at), "columns": words.columns(), "rows": words.rows(),
            "totals": words.totals(), "notes": words.notes(),
        }  # fmt: skip


class _Words:
    """One snapshot in the active language. Columns that would only say nothing are left out."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.told = snapshot
        self.is_credit = snapshot["kind"] == "credit_note"
        self.has_discount = any(line["discount"] for line in snapshot["lines"])
        self.has_tax = snapshot["tax_source"] != "none"

    @property
    def title(self) -> str:
        if self.is_credit:
            return _("Credit note")
        # Translators: a commercial invoice in general, not the fapiao of China's tax office.
        return pgettext("document", "Invoice")

    def facts(self, number: str, issued_at: datetime) -> list[list[str]]:
        told = [[_("Date of issue"), day(issued_at)], [_("Order"), self.told["order"]]]
        if self.is_credit:
            billed = datetime.fromisoformat(self.told["invoiced_at"])
            return [*told, [_("For invoice"), self.told["invoice"]], [_("Of"), day(billed)]]
        paid_on = datetime.fromisoformat(self.told["paid_at"])
        return [*told, [_("Date of supply"), day(paid_on)], [_("Paid on"), day(paid_on)]]

    def columns(self) -> list[dict[str, Any]]:
        labels = [_("Course")]
        if self.has_discount:
            labels += [_("List price"), _("Discount")]
        if self.has_tax:
            labels += [_("Net"), _("Tax rate"), _("Tax")]
        labels.append(_("Amount"))
        return [{"label": label, "is_amount": at > 0} for at, label in enumerate(labels)]

    def rows(self) -> list[Cells]:
        return [self._row(line) for line in self.told["lines"]]

    def _row(self, line: dict[str, Any]) -> Cells:
        cells: Cells = [{"text": what(line), "note": by(line)}]
        if self.has_discount:
            cells += [self.amount(line["list"]), self.amount(-line["discount"]) if line["discount"] else "–"]
        if self.has_tax:
            cells += [self.amount(line["net"]), f"{percent_text(line['tax_bps'])} %", self.amount(line["tax"])]
        return [*cells, self.amount(line["price"])]

    def totals(self) -> list[dict[str, Any]]:
        told, rows = self.told, []
        if self.has_discount:
            rows += [(_("List prices"), told["subtotal"]), (_("Discount"), -told["discount"])]
        if self.has_tax:
            rows.append((_("Net amount"), told["net"]))
            rows += [(self._tax_label(tax), tax["tax"]) for tax in told["taxes"]]
        label = _("Total given back") if self.is_credit else _("Total paid")
        plain = [{"label": name, "amount": self.amount(minor), "is_sum": False} for name, minor in rows]
        return [*plain, {"label": label, "amount": self.amount(told["total"]), "is_sum": True}]

    def _tax_label(self, tax: dict[str, Any]) -> str:
        return _("%(name)s %(percent)s %% on %(net)s") % {
            "name": tax["name"] or _("Tax"), "percent": percent_text(tax["bps"]), "net": self.amount(tax["net"])
        }  # fmt: skip

    def notes(self) -> list[str]:
        told, notes = self.told, [self._how_it_was_paid()]
        if not self.has_tax:
            notes.append(_("No tax is charged."))
        elif self.has_discount:
            shown = _("List prices and discounts are shown with the tax in them.")
            notes.append(shown if told["is_tax_inclusive"] else _("List prices and discounts are shown without tax."))
        if told["is_test"]:
            notes.append(_("Made in the sandbox: no money moved, and this is no document for a tax office."))
        return notes

    def _how_it_was_paid(self) -> str:
        """True of the order that is billed. Papers of before "paid_through" was taken down say only what they know."""
        through = self.told.get("paid_through", "") if self.told["total"] else "nothing"
        if self.is_credit:
            back = {
                "hand": _("We sent the money back ourselves. Invoice %(number)s is corrected by this amount."),
                "nothing": _("Nothing had been paid, so no money went back. This corrects invoice %(number)s."),
            }
            way = _("The money went back the way it was paid. Invoice %(number)s is corrected by this amount.")
            return back.get(through, way) % {"number": self.told["invoice"]}
        paid = {
            "provider": _("Paid in full through our payment provider; nothing is left to pay."),
            "hand": _("Paid in full, directly to us and not through a payment provider; nothing is left to pay."),
            "nothing": _("There was nothing to pay."),
        }
        return paid.get(through, _("Paid in full; nothing is left to pay."))

    def amount(self, minor: int) -> str:
        return Money(minor, self.told["currency"]).format().replace("-", "−")
