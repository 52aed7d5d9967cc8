"""From when until when each version of a page was what its address showed."""

from datetime import datetime
from typing import NamedTuple

from django.http import Http404
from django.shortcuts import get_object_or_404

from .models import CustomPage, PageVersion


class Period(NamedTuple):
    """`until` None: it is shown now."""

    version: PageVersion
    since: datetime
    until: datetime | None
    why: str


def of(page: CustomPage) -> list[Period]:
    """The newest first. That the same version moved in the foot begins no new one."""
    found: list[Period] = []
    for showing in page.showings.select_related("version").defer("version__text_en", "version__text_zh").order_by("id"):
        last = found[-1] if found and found[-1].until is None else None
        if last and showing.version_id == last.version.pk:
            continue
        if last:
            found[-1] = last._replace(until=showing.at)
        if showing.version:
            found.append(Period(showing.version, showing.at, None, showing.why))
    return found[::-1]


def since(page: CustomPage) -> datetime:
    """From when on a published page has said what it says."""
    return of(page)[0].since


def found_or_404(slug: str) -> tuple[CustomPage, list[Period]]:
    """A page that was published at some time, with its periods."""
    page = get_object_or_404(CustomPage.objects.select_related("present__version"), slug=slug)
    if not (shown := of(page)):
        raise Http404
    return page, shown


def of_number_or_404(periods: list[Period], number: int) -> list[Period]:
    if mine := [period for period in periods if period.version.number == number]:
        return mine
    raise Http404
