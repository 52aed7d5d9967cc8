"""Agreeing to a membership: what a month costs and when the next one is due, and the order of the first one."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock, window
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money
from operating import agreements, switches
from operating.models.agreement import Act

from .. import checkout, frozen_sale
from ..checkout import PriceChanged
from ..models import (
    Billing,
    BillingDetails,
    Membership,
    MembershipMonth,
    MembershipOffer,
    Order,
    RefundRule,
    RevenueRule,
    RuleCode,
)
from ..models.membership_offer import NoMembership
from ..models.order_queries import fingerprint
from ..monthly import nth_day
from ..pricing import OF_NO_COURSE, MonthOf, Priced, Quote
from ..quotes import Line, quote
from ..tax import rates


class AlreadyMember(DomainError):
    code = "already_member"
    message = _("You have this membership already. It stands among your memberships.")


class OwnMembership(DomainError):
    code = "own_membership"
    message = _("This is your own membership.")


@dataclass(frozen=True)
class Proposal:
    """A membership before anybody has agreed to it: what a month costs, from which day on."""

    offer: MembershipOffer
    quote: Quote
    rule: RefundRule

    @property
    def first_on(self) -> date:
        return self.quote.at.date()

    @property
    def next_on(self) -> date:
        return nth_day(self.first_on, 2)


class Agreed(NamedTuple):
    """Which proposal she saw when she agreed."""

    total: Money
    first_on: date


def are_on() -> bool:
    """Whether memberships are offered here. A tax that the provider reckons is known only once a month is paid."""
    return settings.KEZHAN_TAX != "stripe" and switches.is_on("memberships")


def offered(creator: Any) -> MembershipOffer | None:
    """What new members of this creator, or with None of the pass, would agree to now."""
    if not are_on():
        return None
    rows = MembershipOffer.objects.open().filter(_same(creator and creator.pk))
    return rows.select_related("creator__user").first()


def on_offer() -> dict[int, int]:
    """What new members are taken into, by creator (0: the pass), so that a page of a creator who offers none asks for
    nothing.
    """
    if not are_on():
        return {}
    return window.near("memberships on offer", _on_offer)


def _on_offer() -> dict[int, int]:
    rows = MembershipOffer.objects.open().values_list("creator_id", "pk")
    return {creator or 0: pk for creator, pk in rows}


def proposed(person: Any, offer: MembershipOffer, country: str = "") -> Proposal:
    """As it would be agreed to now. Raises NoMembership, AlreadyMember, OwnMembership."""
    _must_be_open(person, offer)
    at = clock.now()
    return Proposal(offer, priced(offer, country, at), RefundRule.objects.in_force(at=at))


def start(
    person: Any, offer: MembershipOffer, seen: Agreed, billing: Billing | None = None, agreed: str = ""
) -> Order:  # fmt: skip
    """Her one open order of the first month, with a page at the provider; asked again, it is the same. `agreed`: what
    her form says of the terms.

    Raises NoMembership, AlreadyMember, OwnMembership, PriceChanged when it is not what she saw, GatewayRefused,
    GatewayUnknown (then try again).
    """
    billing = billing or Billing()
    shown = proposed(person, offer, billing.country)
    if seen != Agreed(shown.quote.total, shown.first_on):
        raise PriceChanged
    membership = _agreement(person, shown)
    order = checkout.standing(lambda: place(membership, 1, shown.quote.at))
    agreements.note(person, Act.BUY, said=agreed, subject=order.number)
    if not order.is_open:
        return order
    BillingDetails.objects.note(order, billing)
    for other in _others(person, membership):
        checkout.withdraw(other)
    return checkout.with_page(order, back=_back(offer))


def priced(offer: MembershipOffer, country: str, at: datetime) -> Quote:
    """What a month comes to: taxed by the country of who pays, shared by the rule of its kind."""
    rule = RevenueRule.objects.in_force(RuleCode.PASS if offer.is_pass else RuleCode.MEMBERSHIP, at=at)
    taxed = rates.taxing(country, at)
    line = Line(
        course_id=None, creator_id=offer.creator_id, list=offer.price, discount=Money.zero(offer.currency),
        platform_bps=rule.platform_bps, fixed_minor=rule.fixed_minor, rule_id=rule.pk, tax_bps=taxed.rate.bps,
        is_tax_inclusive=taxed.is_inclusive,
    )  # fmt: skip
    return Quote(
        offer.currency, [Priced(OF_NO_COURSE, line, quote(line))], at, is_tax_inclusive=taxed.is_inclusive,
        tax_source=taxed.source, tax_name=taxed.rate.name, tax_country=taxed.country, tax_bps=taxed.rate.bps,
    )  # fmt: skip


def place(membership: Membership, number: int, at: datetime, open_for: timedelta | None = None) -> Order:
    """The open order of one month as it was agreed, whatever is offered by now; made out to whom the one before was.
    Of a membership that runs, its caller holds it, and no other order of it is open.
    """
    terms, currency = membership.terms, membership.currency
    line = Priced(OF_NO_COURSE, frozen_sale.line_of(terms, currency), membership.sale())
    asked = Quote(currency, [line], at, part=MonthOf(membership, number, open_for), **terms["tax"])
    order = Order.objects.place(buyer=membership.member, quote=asked, language=membership.language)
    before = MembershipMonth.objects.filter(membership=membership).order_by("-number").first()
    if before is not None and (billed := before.order.billed_to):
        BillingDetails.objects.note(order, billed)
    return order


def _agreement(person: Any, shown: Proposal) -> Membership:
    """Asked again on the same day for the same, it is the same one."""
    told = f"{fingerprint(shown.quote, shown.rule)}:{shown.offer.pk}:{shown.first_on}"
    return Membership.objects.propose(
        member=person, key=hashlib.sha256(told.encode()).hexdigest(), creator_id=shown.offer.creator_id,
        book=settings.PAYMENTS_BOOK, offer=shown.offer, currency=shown.quote.currency,
        total_minor=shown.quote.total.minor, terms=frozen_sale.terms_of(shown.quote), refund_rule=shown.rule,
        first_on=shown.first_on, language=(get_language() or person.language)[:12], agreed_at=shown.quote.at,
    )  # fmt: skip


def _must_be_open(person: Any, offer: MembershipOffer) -> None:
    if not are_on() or not MembershipOffer.objects.open().filter(pk=offer.pk).exists():
        raise NoMembership
    if offer.creator and offer.creator.user_id == person.pk:
        raise OwnMembership
    if not offer.courses().exists():
        raise NoMembership(_("This membership opens no course at present."))
    if running_of(person, offer) is not None:
        raise AlreadyMember


def running_of(person: Any, offer: MembershipOffer) -> Membership | None:
    """Hers of the same creator, or of the pass."""
    return Membership.objects.running().filter(_same(offer.creator_id), member=person).first()


def _others(person: Any, membership: Membership) -> list[Order]:
    """Her open orders of the same kind, begun on another day or at another price."""
    rows = Order.objects.filter(buyer=person, state=Order.State.PENDING, membership__state=Membership.State.PROPOSED)
    return list(rows.filter(_same(membership.creator_id, "membership__creator")).exclude(membership=membership))


def _back(offer: MembershipOffer) -> str:
    return offer.creator.get_absolute_url() if offer.creator else "/"


def _same(creator_id: int | None, name: str = "creator") -> Q:
    """NULL equals nothing in SQL: the pass is asked for by its being so."""
    return Q(**{name: creator_id}) if creator_id else Q(**{f"{name}__isnull": True})
