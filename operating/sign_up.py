"""Whether somebody can make an account now: allauth asks its adapter, on the page and for our API."""

from typing import Any

from accounts.adapter import AccountAdapter

from . import switches


class Adapter(AccountAdapter):
    def is_open_for_signup(self, request: Any) -> bool:
        return switches.is_on("sign_up")
