"""Whether somebody can make an account now, and what she agrees to by it: allauth asks its adapter, on the page and for
our API.
"""

from typing import Any

from accounts.adapter import AccountAdapter

from . import agreements, switches
from .models.agreement import Act


class Adapter(AccountAdapter):
    def is_open_for_signup(self, request: Any) -> bool:
        return switches.is_on("sign_up")

    def has_signed_up(self, user: Any, said: str = "") -> None:
        agreements.note(user, Act.SIGN_UP, said=said)
