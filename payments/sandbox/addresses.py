"""Where the sandbox's hosted pages are; a provider has its own host, the sandbox borrows ours."""

from urllib.parse import urlencode

from marketplace.lib import links


def checkout_url(session_id: str) -> str:
    return links.absolute(f"/sandbox/checkout/{session_id}/")


def onboarding_url(account_id: str, return_url: str) -> str:
    return links.absolute(f"/sandbox/onboarding/{account_id}/?{urlencode({'return_url': return_url})}")


def dashboard_url(account_id: str) -> str:
    return links.absolute(f"/sandbox/onboarding/{account_id}/?{urlencode({'return_url': '/studio/earnings/'})}")


def webhook_url() -> str:
    return links.absolute("/webhooks/stripe/")
