"""Who is told of what, in which words: one place, so that each step tells both sides."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from marketplace.lib import links
from marketplace.lib.money import Money
from moderation.messages import Message, written
from moderation.models import RightsClaim, RightsStep
from payments.mail_buttons import to_earnings
from payments.models import EscrowedShare

Kind = RightsStep.Kind
Words = str | Promise
CLAIMANT, CREATOR = "claimant", "creator"

# What happened, and what it means for each side. No words for a side: it is not told.
SAID: dict[str, dict[str, Words]] = {
    Kind.ADMIT: {
        CLAIMANT: _("A moderator has admitted your claim. The creator is told and can answer it until the day below."),
        CREATOR: _(
            "Somebody claims that this shows a work of theirs. It stays online. Read the claim and say until the day "
            "below why it is wrong; if you do not, a moderator decides without you."
        ),
    },
    Kind.COUNTER: {
        CLAIMANT: _(
            "The creator says that your claim is wrong. Say until the day below that the dispute goes on and which "
            "proceedings there are, or withdraw it. Without a word from you the claim lapses."
        ),
        CREATOR: _("Your counter-notice is in. The claimant has until the day below to go on or to withdraw."),
    },
    Kind.SILENT: {
        CLAIMANT: _("The creator did not answer in time. A moderator decides now."),
        CREATOR: _("You did not answer in time. A moderator decides now by what there is."),
    },
    Kind.GO_ON: {
        CLAIMANT: _("Your reply is in. A moderator decides now."),
        CREATOR: _("The claimant keeps to the claim. A moderator decides now."),
    },
    Kind.WITHDRAW: {
        CLAIMANT: _("You have withdrawn your claim. It is closed."),
        CREATOR: _("The claimant has withdrawn the claim. It is closed, and nothing of it stays with you."),
    },
    Kind.LAPSE: {
        CLAIMANT: _("You did not reply to the counter-notice in time, so the claim has lapsed. It is closed."),
        CREATOR: _("The claimant did not reply to your counter-notice in time. The claim is closed."),
    },
    Kind.UPHOLD: {
        CLAIMANT: _("A moderator has upheld your claim."),
        CREATOR: _("A moderator has upheld the claim. You can appeal within 30 days; another person looks at it."),
    },
    Kind.REJECT: {
        CLAIMANT: _("A moderator has rejected your claim. You can appeal within 30 days; another person looks at it."),
        CREATOR: _("A moderator has rejected the claim. It is closed."),
    },
    Kind.SETTLE: {
        CLAIMANT: _("A moderator has noted that you and the creator agreed. The claim is closed."),
        CREATOR: _("A moderator has noted that you and the claimant agreed. The claim is closed."),
    },
    Kind.REOPEN: {
        CLAIMANT: _("The verdict on your claim was taken back. The claim is open again."),
        CREATOR: _("The verdict on the claim was taken back. The claim is open again, and a moderator decides anew."),
    },
    Kind.OVERTURN: {
        CLAIMANT: _("The verdict that upheld your claim was taken back. The claim is closed."),
        CREATOR: _("The verdict that upheld the claim was taken back. The claim is closed."),
    },
}
# Of a claim that was never admitted the creator knows nothing.
ONLY_WHEN_ADMITTED = {Kind.WITHDRAW, Kind.REJECT, Kind.SETTLE}


def of_step(claim: RightsClaim, kind: str, reason: str, due_at: datetime | None = None) -> list[Message]:
    """What a step would write to each side, before it is made."""
    return [
        written(person, "moderation/rights_claim", _context(claim, SAID[kind][side], reason.strip(), due_at))
        for side, person in sides_of(claim, kind).items()
    ]


def of_award(claim: RightsClaim) -> Message:
    """What goes to the claimant beside a verdict that awards her income."""
    return written(claim.claimant, "moderation/rights_award", _award_context(claim, is_final=False))


def sides_of(claim: RightsClaim, kind: str) -> dict[str, User]:
    is_known = kind not in ONLY_WHEN_ADMITTED or claim.is_admitted
    return {CLAIMANT: claim.claimant, **({CREATOR: claim.owner} if is_known else {})}


def filed(claim: RightsClaim) -> None:
    """The acknowledgment."""
    words = _("Your claim has come in. A moderator looks whether it is complete and admits it, or tells you why not.")
    _post(f"rights:{claim.pk}:filed", claim, claim.claimant, words)


def tell(step: RightsStep) -> None:
    """Both sides of a step, each in its own words and language, once."""
    claim = step.claim
    for side, person in sides_of(claim, step.kind).items():
        _post(f"rights-step:{step.pk}:{side}", claim, person, SAID[step.kind][side], step)


def awarded(step: RightsStep) -> None:
    """To the claimant, beside the verdict: the income is hers, and what she does to have it."""
    _award(f"rights-award:{step.pk}", step.claim, is_final=False)


def award_waits(claim: RightsClaim, verdict: RightsStep) -> None:
    """To a claimant who has no profile, once nobody can appeal any more."""
    _award(key_of_wait(verdict), claim, is_final=True)


def award_paid(claim: RightsClaim, paid: list[Money]) -> None:
    """It stands in her balance, and the next payout sends it."""
    # A share is paid once, so one of those paid last names this payment: an older sale may be paid after a newer one.
    last = EscrowedShare.objects.filter(escrow=claim.escrow_id, paid_at__isnull=False).order_by("-paid_at", "-pk")[0]
    context = {"title": claim.title, "amounts": paid, **to_earnings()}
    notices.tell(f"rights-award-paid:{claim.pk}:{last.pk}", claim.claimant, "moderation/rights_award_paid", context)


def key_of_wait(verdict: RightsStep) -> str:
    return f"rights-award-waits:{verdict.pk}"


def _award(key: str, claim: RightsClaim, *, is_final: bool) -> None:
    notices.tell(key, claim.claimant, "moderation/rights_award", _award_context(claim, is_final=is_final))


def _award_context(claim: RightsClaim, *, is_final: bool) -> dict[str, Any]:
    return {
        "title": claim.title,
        "is_final": is_final,
        "has_profile": claim.claimant.creator_or_none is not None,
        "action_url": links.absolute(reverse("rights:claim", args=[claim.pk])),
        "action_label": _("See how you are paid"),
    }


def _post(key: str, claim: RightsClaim, to: User, words: Words, step: RightsStep | None = None) -> None:
    reason = step.text if step is not None and step.by_id != to.pk else ""
    notices.tell(key, to, "moderation/rights_claim", _context(claim, words, reason, step.due_at if step else None))


def _context(claim: RightsClaim, words: Words, reason: str, due_at: datetime | None) -> dict[str, Any]:
    return {
        "title": claim.title,
        "work": claim.work,
        "words": words,
        "reason": reason,
        "due_at": due_at,
        "action_url": links.absolute(reverse("rights:claim", args=[claim.pk])),
        "action_label": _("See the claim"),
    }
