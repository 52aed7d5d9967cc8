"""The sample's memberships: two creators open their courses for a monthly price, and a few people are members. Once."""

from collections.abc import Callable

from accounts.models import User
from creators.models import Creator
from marketplace.lib.money import Money
from payments import after_sale, checkout
from payments.memberships import agreeing, rights
from payments.memberships.agreeing import Agreed
from payments.models import Membership, MembershipOffer
from payments.sandbox import cashier

# Whose, name, words, price of a month.
OFFERS = (
    (
        "elena",
        "Friends of the bench",
        "All my courses, and each new one from its first day. What you pay keeps the workshop warm.",
        Money(900, "EUR"),
    ),
    ("lu", "竹坊之友", "每月一份心意，所有竹编与染布课程随时打开，新课上线当天就能看。", Money(2900, "CNY")),
)


def fill(owners: dict[str, Creator], members: list[User], say: Callable[[str], None]) -> None:
    for key, name, words, price in OFFERS:
        creator = owners[key]
        if MembershipOffer.objects.present(creator) is None:
            MembershipOffer.objects.choose(
                creator, by=creator.user, name=name, description=words, price=price, opens="all", is_open=True
            )
    if agreeing.are_on() and not Membership.objects.exists():
        for member in members:
            _join(member, owners["elena"])
        after_sale.catch_up()
    say(f"  {len(OFFERS)} memberships")


def _join(member: User, creator: Creator) -> None:
    """With the first month paid, and a course opened by it that was not hers."""
    offer = agreeing.offered(creator)
    assert offer is not None
    shown = agreeing.proposed(member, offer)
    order = agreeing.start(member, offer, Agreed(shown.quote.total, shown.first_on))
    assert order.checkout_session_id is not None  # written by start()
    cashier.act(order.checkout_session_id, "pay")
    checkout.complete(order.checkout_session_id)
    new = offer.courses().exclude(pk__in=member.enrollments.active().values("course")).first()
    if new is not None:
        rights.open_course(member, new)
