"""What invoices, credit notes and receipts print alike: who sells, who buys, days, and the line at the foot."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from creators import countries


def seller(seller: dict[str, Any]) -> dict[str, Any]:
    lines = [seller["name"], *seller["address"], countries.name_of(seller["country"]), tax_number(seller["tax_id"])]
    return {"title": _("From"), "lines": filled(lines)}


def buyer(buyer: dict[str, Any]) -> dict[str, Any]:
    lines = [
        buyer["company"], buyer["name"], *buyer["address"].splitlines(), countries.name_of(buyer["country"]),
        tax_number(buyer["tax_id"]), buyer["email"],
    ]  # fmt: skip
    return {"title": _("Billed to"), "lines": filled(lines)}


def tax_number(number: str) -> str:
    return _("Tax number: %(number)s") % {"number": number} if number else ""


def footer(seller: dict[str, Any]) -> str:
    return " · ".join(filled([seller["name"], *seller["address"], tax_number(seller["tax_id"])]))


def filled(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]


def day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def what(line: dict[str, Any]) -> str:
    """What a line is of: a course by its title, a tip for it, or a month of a membership."""
    title: str = line["title"]
    if "month" in line:
        return _("A month of “%(title)s”") % {"title": title}
    return _("Tip for “%(title)s”") % {"title": title} if line.get("tip") else title


def by(line: dict[str, Any]) -> str:
    """Under a course's title: whose it is, and the bundle in which it was sold."""
    said = [_("by %(creator)s") % {"creator": line["creator"]} if line["creator"] else ""]
    if line.get("month"):
        first, last = (date_format(date.fromisoformat(one), "DATE_FORMAT") for one in line["month"])
        said.append(_("%(first)s to %(last)s") % {"first": first, "last": last})
    if line.get("bundle"):
        said.append(_("in the bundle “%(title)s”") % {"title": line["bundle"]})
    return " · ".join(filled(said))
