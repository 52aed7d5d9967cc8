"""The words of a buyer's receipt: what `payments.receipts` tells becomes what the sheet sets, in a language."""

from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from marketplace.lib.money import Money
from operating import look

from .. import paid_with
from ..models import Refund
from . import render
from .parts import buyer, by, day, footer, seller, what

Told = dict[str, Any]


def pdf(told: Told, at: datetime, lang: str) -> bytes:
    """The document as PDF, dated `at`; the same arguments are the same file."""
    return render("receipt", sheet(told, at, lang), lang, at=at)


def sheet(told: Told, at: datetime, lang: str) -> dict[str, Any]:
    """What `sheets/receipt.typ` takes."""
    billed = told["billed"]
    with translation.override(lang), timezone.override("UTC"):
        words = _Words(told)
        return {
            "title": _("Receipt"), "number": billed["order"], "author": billed["seller"]["name"],
            "house": look.name_on_papers(at),
            "footer": footer(billed["seller"]), "page_of": _("Page {page} of {pages}"),
            "parties": [seller(billed["seller"]), buyer(billed["buyer"])], "facts": words.facts(at),
            "columns": words.columns(), "rows": words.rows(), "totals": words.totals(), "heading": _("Payments"),
            "movement_columns": words.movement_columns(), "movements": words.movements(), "sums": words.sums(),
            "notes": words.notes(),
        }  # fmt: skip


class _Words:
    """One receipt in the active language."""

    def __init__(self, told: Told) -> None:
        self.told, self.billed = told, told["billed"]
        self.paid, *self.refunds = told["movements"]

    def facts(self, at: datetime) -> list[list[str]]:
        method = paid_with.words(self.paid["paid_with"])
        told = [
            [_("Invoice number"), self.told["invoice"]],
            [_("Paid on"), day(datetime.fromisoformat(self.paid["at"]))],
            [_("Paid with"), method or ("–" if self.paid["amount"] else _("nothing to pay"))],
        ]
        return [*told, [_("As of"), day(at)]] if self.refunds else told

    def columns(self) -> list[dict[str, Any]]:
        return [{"label": _("Course"), "is_amount": False}, {"label": _("Amount"), "is_amount": True}]

    def rows(self) -> list[list[Any]]:
        return [[_with_note(what(line), by(line)), self.amount(line["price"])] for line in self.billed["lines"]]

    def totals(self) -> list[dict[str, Any]]:
        rows = [{"label": _("Total paid"), "amount": self.amount(self.billed["total"]), "is_sum": True}]
        if self.billed["tax"]:
            rows.append({"label": _("Tax in it"), "amount": self.amount(self.billed["tax"]), "is_sum": False})
        return rows

    def movement_columns(self) -> list[dict[str, Any]]:
        labels = [_("What happened"), _("Date"), _("Amount")]
        return [{"label": label, "is_amount": at > 0} for at, label in enumerate(labels)]

    def movements(self) -> list[list[Any]]:
        return [self._movement(one) for one in self.told["movements"]]

    def _movement(self, one: Told) -> list[Any]:
        notes = [" · ".join(one["titles"])]
        if one["credit_note"]:
            notes.append(_("Credit note %(number)s") % {"number": one["credit_note"]})
        if one["reference"]:
            words = (
                _("Reference: %(reference)s")
                if one["is_by_hand"]
                else _("Reference at the payment provider: %(reference)s")
            )
            notes.append(words % {"reference": one["reference"]})
        text = _with_note(self._what(one), "\n".join(note for note in notes if note))
        return [text, day(datetime.fromisoformat(one["at"])), self.amount(one["amount"])]

    def _what(self, one: Told) -> str:
        if one["kind"] == "payment":
            method = paid_with.words(one["paid_with"])
            return _("Paid with %(method)s") % {"method": method} if method else _("Paid")
        if one["state"] != Refund.State.DONE:
            return _("Refund, on its way")
        if one["cause"] == Refund.Cause.DISPUTE:
            return _("Taken back by your bank")
        return _("Refunded the way it was paid")

    def sums(self) -> list[dict[str, Any]]:
        """What is left paid, where anything went back."""
        if not self.refunds:
            return []
        done = sum(one["amount"] for one in self.refunds if one["state"] == Refund.State.DONE)
        waiting = sum(one["amount"] for one in self.refunds) - done
        rows = [(_("Paid"), self.paid["amount"]), (_("Refunded so far"), done), (_("On its way back"), waiting)]
        told = [{"label": label, "amount": self.amount(minor), "is_sum": False} for label, minor in rows if minor]
        left = self.paid["amount"] + done + waiting
        return [*told, {"label": _("Left paid"), "amount": self.amount(left), "is_sum": True}]

    def notes(self) -> list[str]:
        notes = [_("Invoice %(number)s says what was sold and its tax.") % {"number": self.told["invoice"]}]
        if self.billed["is_test"]:
            notes.append(_("Made in the sandbox: no money moved, and this is no document for a tax office."))
        return notes

    def amount(self, minor: int) -> str:
        return Money(minor, self.billed["currency"]).format().replace("-", "−")


def _with_note(text: str, note: str) -> dict[str, str]:
    return {"text": text, "note": note}
