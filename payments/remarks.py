"""What is noted for people of finance where something does not fit, in the language of whoever reads it.

Each line is the form of a note as its module writes it; `tests/payments/test_remarks.py` asks those modules.
"""

from django.utils.translation import gettext_noop as _

from marketplace.lib.sentences import Sentences

_REMARKS = Sentences(
    (
        # Of a payment: taking.
        _("a second charge: %(id)s after %(other_id)s"),
        _("asked for %(owed)s, charged %(charged)s (session: %(session)s)"),
        _("the session is paid, its charge %(id)s is not"),
        # Of a refund: refunds, and the work of sending one.
        _("refund %(id)s is %(said)s, asked for %(asked)s"),
        _("refund %(id)s failed: %(why)s"),
        _("refund %(id)s came back: %(why)s"),
        _("refund %(id)s of %(amount)s was made at the provider and fits no item"),
        _("refund %(id)s of %(amount)s was made beside %(other_id)s, for the same wish"),
        _("refund %(id)s had failed; %(other_id)s of %(amount)s was made for it after all and fits no item"),
        _("refund %(id)s had failed; %(other_id)s of %(amount)s was made for it after all"),
        _("refund %(id)s was not sent: %(why)s"),
        _("the provider says %(status)s"),
        # Of a dispute; what it says of itself stands alone in a break.
        _("the answer to %(id)s was not sent: %(why)s"),
        _("dispute %(id)s %(why)s"),
        _("asks for %(asked)s, the order was %(total)s"),
        _("was moved in several currencies: %(amounts)s"),
        _("was moved in a currency that is not known here: %(amount)s"),
        _("gives money back that was given up as lost"),
        # Of a payout.
        _("%(state)s here, but the provider sent %(amount)s as %(id)s"),
        _("sent as %(id)s, and again as %(other_id)s"),
        _("the other side has not what was asked for: %(found)s"),
        _("%(amount)s of %(id)s came back; it is on the creator's balance again"),
        _("by bank, but to no bank details that were confirmed: withdraw it, and the next run pays it anew"),
        # Of the provider's list beside our books.
        _("order %(id)s: %(why)s"),
        _("%(type)s of %(net)s is now listed as %(new_type)s of %(new_net)s"),
        _("%(type)s of %(id)s: listed %(net)s, booked as %(keys)s"),
        _("The provider lists nothing of %(id)s"),
        _("our clearing is %(ours)s, the provider has %(theirs)s; %(moving)s of the difference is on its way"),
        _("our clearing is %(ours)s, the provider has %(theirs)s"),
        _("%(type)s of %(id)s: %(net)s, a currency that is not known here"),
        _("%(type)s of nothing"),
        _("%(type)s of %(id)s"),
    )
)


def said(text: str) -> str:
    """A note in the reader's language; as it stands, where it is nothing that we write."""
    return _REMARKS.said(text)
