"""Full addresses for what leaves the site: mails, the payment provider, the API."""

from django.conf import settings


def here(address: str) -> str:
    """An address of our own as its path alone: the reader stays on the name by which she came. Others as they are."""
    base = settings.KEZHAN_BASE_URL.rstrip("/")
    return address.removeprefix(base) if address.startswith(f"{base}/") else address


def absolute(path: str) -> str:
    return settings.KEZHAN_BASE_URL.rstrip("/") + path
