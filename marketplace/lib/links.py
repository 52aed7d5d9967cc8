"""Full addresses for what leaves the site: mails, the payment provider, the API."""

from django.conf import settings


def absolute(path: str) -> str:
    return settings.KEZHAN_BASE_URL.rstrip("/") + path
