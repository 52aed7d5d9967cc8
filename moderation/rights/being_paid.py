"""What an award opens to a claimant whose account is suspended: nobody is paid without a profile and a payout account,
and as long as an award waits she may not leave either.
"""

from typing import Any

from accounts import resting
from moderation.models import RightsClaim

NAMES = {
    "creators:become", "api-creators",
    "payments:payout_account", "api-payout-account", "payments:bank_account", "api-bank-account",
    # In the sandbox the provider's own page is one of ours.
    "payments:sandbox_onboarding",
}  # fmt: skip


def _was_awarded(person: Any) -> bool:
    """Also when it is in her balance by now, from where a payout has still to send it."""
    return RightsClaim.objects.awarded_to(person).exists()


resting.open_to(NAMES, _was_awarded)
