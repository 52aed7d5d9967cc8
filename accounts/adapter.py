"""How allauth meets our house: its mails go through our outbox, its new people speak the page's language."""

import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import timezone
from django.utils.translation import get_language

from marketplace.lib import emails


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        html = next((part for part, kind in getattr(message, "alternatives", ()) if kind == "text/html"), "")
        # A mail of this kind carries its own secret link, so equal words are the same mail.
        digest = hashlib.sha256(f"{email}\n{message.subject}\n{message.body}".encode()).hexdigest()
        key = f"{template_prefix}:{digest}" if "http" in message.body else f"{template_prefix}:{digest}:{_moment()}"
        emails.post_rendered(key[:200], email, message.subject, message.body, html, get_language() or "en")

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        user.language = get_language() or "en"
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)


def _moment() -> str:
    return timezone.now().isoformat(timespec="seconds")
