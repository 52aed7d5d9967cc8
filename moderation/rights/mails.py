"""Who is told of what, in which words: one place, so that each step tells both sides, and whose income it holds."""

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
from payments.models import CourseEscrow, EscrowedShare

from . import coauthors

Kind = RightsStep.Kind
Words = str | Promise
# Heard are the two sides; co-authors, who have a part in the course's income, are told what becomes of it.
CLAIMANT, CREATOR, COAUTHOR = "claimant", "creator", "coauthor"
WAITS = _(
    "Somebody claims that this course shows a work of theirs. Until the claim ends, your part of its income that you "
    "were not paid yet waits, and so does that of new sales. Its creator answers the claim; nothing is asked of you."
)
WAITS_NO_LONGER = _("A claim of copyright on this course has ended. Your part of its income waits for it no longer.")

# What happened, and what it means for each side. No words for a side: it is not told.
SAID: dict[str, dict[str, Words]] = {
    Kind.ADMIT: {
        CLAIMANT: _("A moderator has admitted your claim. The creator is told and can answer it until the day below."),
        CREATOR: _(
            "Somebody claims that this shows a work of theirs. It stays online. Read the claim and say until the day "
            "below why it is wrong; if you do not, a moderator decides without you. Until the claim ends, what the "
            "course earned and you were not paid yet waits, and so does what it earns from now on."
        ),
        COAUTHOR: WAITS,
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
        CREATOR: _(
            "The claimant has withdrawn the claim. It is closed, and nothing of it stays with you. The course's income "
            "waits for it no longer."
        ),
        COAUTHOR: WAITS_NO_LONGER,
    },
    Kind.LAPSE: {
        CLAIMANT: _("You did not reply to the counter-notice in time, so the claim has lapsed. It is closed."),
        CREATOR: _(
            "The claimant did not reply to your counter-notice in time. The claim is closed, and the course's income "
            "waits for it no longer."
        ),
        COAUTHOR: WAITS_NO_LONGER,
    },
    Kind.UPHOLD: {
        CLAIMANT: _("A moderator has upheld your claim."),
        CREATOR: _("A moderator has upheld the claim. You can appeal within 30 days; another person looks at it."),
        COAUTHOR: _("A claim of copyright on this course was upheld."),
    },
    Kind.REJECT: {
        CLAIMANT: _("A moderator has rejected your claim. You can appeal within 30 days; another person looks at it."),
        CREATOR: _("A moderator has rejected the claim. It is closed, and the course's income waits for it no longer."),
        COAUTHOR: WAITS_NO_LONGER,
    },
    Kind.SETTLE: {
        CLAIMANT: _("A moderator has noted that you and the creator agreed. The claim is closed."),
        CREATOR: _(
            "A moderator has noted that you and the claimant agreed. The claim is closed, and the course's income "
            "waits for it no longer."
        ),
        COAUTHOR: WAITS_NO_LONGER,
    },
    Kind.REOPEN: {
        CLAIMANT: _("The verdict on your claim was taken back. The claim is open again."),
        CREATOR: _(
            "The verdict on the claim was taken back. The claim is open again, and a moderator decides anew. Until "
            "then the course's income waits."
        ),
        COAUTHOR: WAITS,
    },
    Kind.OVERTURN: {
        CLAIMANT: _("The verdict that upheld your claim was taken back. The claim is closed."),
        CREATOR: _("The verdict that upheld the claim was taken back. The claim is closed."),
        COAUTHOR: _("The verdict that upheld a claim of copyright on this course was taken back."),
    },
}
# What becomes of the income where there is any: by an upheld claim whose it is now (`verdicts.Income`), by one that is
# taken back what it took. `learners_asked`: the money goes only when a second person agrees.
LEARNERS_ASKED, TAKEN_BACK = "learners_asked", "taken_back"
OF_INCOME: dict[str, Words] = {
    "claimant": _("What waited of the course's income becomes the claimant's, each sale when its buyer can no longer "
                  "ask for the money back."),
    "learners": _("Everybody who bought the course gets the money back: your part of it out of what waits of your "
                  "income, and where that was paid to you already, out of your balance, which may go below zero."),
    LEARNERS_ASKED: _("Whether everybody who bought the course gets the money back is for a second person to agree. "
                      "Until then no money goes back, and what waits of the course's income goes on waiting."),
    "creator": _("What waited of the course's income goes on to its creators."),
    TAKEN_BACK: _("Income that it took from you comes back to you."),
}  # fmt: skip
# The claimant reads of what is awarded to her in a mail of its own.
OF_CLAIMANTS_INCOME: dict[str, Words] = {
    TAKEN_BACK: _("Income that was awarded to you goes back to the creator; what has come into your balance of it is "
                  "taken from there."),
}  # fmt: skip
ANOTHER_CLAIM = _("Another claim on this course is open; until it ends the income waits for that one.")
# By these the claim lets the income go.
LETS_GO = {Kind.WITHDRAW, Kind.LAPSE, Kind.REJECT, Kind.SETTLE, Kind.OVERTURN}
# Of a claim that was never admitted the creator knows nothing.
ONLY_WHEN_ADMITTED = {Kind.WITHDRAW, Kind.REJECT, Kind.SETTLE}


def of_step(
    claim: RightsClaim, kind: str, reason: str, due_at: datetime | None = None, income: str = ""
) -> list[Message]:  # fmt: skip
    """What a step would write to each who is told, before it is made. `income`: of OF_INCOME."""
    words = _words(claim, kind, income)
    return [
        written(person, "moderation/rights_claim", _context(claim, side, words[side], reason.strip(), due_at))
        for side, person in told_of(claim, kind)
    ]  # fmt: skip


def of_award(claim: RightsClaim) -> Message:
    """What goes to the claimant beside a verdict that awards her income."""
    return written(claim.claimant, "moderation/rights_award", _award_context(claim, is_final=False))


def told_of(claim: RightsClaim, kind: str) -> list[tuple[str, User]]:
    """As which side, and who."""
    told = [(CLAIMANT, claim.claimant)]
    if kind not in ONLY_WHEN_ADMITTED or claim.is_admitted:
        told += [(CREATOR, claim.owner), *((COAUTHOR, person) for person in coauthors.of(claim))]
    return [(side, person) for side, person in told if side in SAID[kind]]


def filed(claim: RightsClaim) -> None:
    """The acknowledgment."""
    words = _("Your claim has come in. A moderator looks whether it is complete and admits it, or tells you why not.")
    _post(f"rights:{claim.pk}:filed", claim, CLAIMANT, claim.claimant, [words])


def tell(step: RightsStep, *, income: str = "") -> None:
    """Both sides of a step and co-authors, each in their own words and language, once. `income`: of OF_INCOME."""
    claim = step.claim
    words = _words(claim, step.kind, income)
    for side, person in told_of(claim, step.kind):
        name = f"{side}:{person.pk}" if side == COAUTHOR else side
        _post(f"rights-step:{step.pk}:{name}", claim, side, person, words[side], step)


def _words(claim: RightsClaim, kind: str, income: str) -> dict[str, list[Words]]:
    """By side."""
    to_creators = [OF_INCOME[income]] if income else []
    if (kind in LETS_GO or income == "creator") and _is_claimed_by_another(claim):
        to_creators.append(ANOTHER_CLAIM)
    to_claimant = [OF_CLAIMANTS_INCOME[income]] if income in OF_CLAIMANTS_INCOME else []
    return {side: [said, *(to_claimant if side == CLAIMANT else to_creators)] for side, said in SAID[kind].items()}


def _is_claimed_by_another(claim: RightsClaim) -> bool:
    return CourseEscrow.objects.open().filter(course=claim.course_id).exclude(pk=claim.escrow_id).exists()


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


def _post(
    key: str, claim: RightsClaim, side: str, to: User, words: list[Words], step: RightsStep | None = None
) -> None:  # fmt: skip
    reason = step.text if step is not None and step.by_id != to.pk else ""
    due_at = step.due_at if step else None
    notices.tell(key, to, "moderation/rights_claim", _context(claim, side, words, reason, due_at))


def _context(
    claim: RightsClaim, side: str, words: list[Words], reason: str, due_at: datetime | None
) -> dict[str, Any]:  # fmt: skip
    """What is said between the two sides, and until when one of them answers, is not for co-authors."""
    if side == COAUTHOR:
        return {"title": claim.title, "words": words, **to_earnings()}
    return {
        "title": claim.title,
        "work": claim.work,
        "words": words,
        "reason": reason,
        "due_at": due_at,
        "action_url": links.absolute(reverse("rights:claim", args=[claim.pk])),
        "action_label": _("See the claim"),
    }
