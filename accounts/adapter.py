"""How allauth meets our house: its mails go through our outbox, its new people speak the page's language."""

import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from marketplace.lib import emails

from . import audit, sealing, second_factor


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        html = next((part for part, kind in getattr(message, "alternatives", ()) if kind == "text/html"), "")
        # A mail of this kind carries its own secret link, so equal words are the same mail.
        digest = hashlib.sha256(f"{email}\n{message.subject}\n{message.body}".encode()).hexdigest()
        key = f"{template_prefix}:{digest}" if "http" in message.body else f"{template_prefix}:{digest}:{_moment()}"
        emails.post_rendered(key[:200], email, message.subject, message.body, html, get_language() or "en")

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """A mail at each change of what opens an account; of a second factor there is a row as well."""
        if template_prefix.startswith("mfa/email/"):
            audit.record(user, f"second_factor.{template_prefix.rpartition('/')[2]}", user)
        super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        user.language = get_language() or "en"
        user.name = form.cleaned_data.get("name", "")
        with transaction.atomic():
            saved = super().save_user(request, user, form, commit)
            self.has_signed_up(saved, request.POST.get("agreed", ""))
        return saved

    def has_signed_up(self, user: Any, said: str = "") -> None:
        """Somebody has made an account. Whoever stands above notes what she agreed to by it, as her form `said`."""


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return sealing.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.opened(encrypted_text)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Staff keep one: whoever has a new phone adds it before the old one goes."""
        return not authenticator.user.is_staff or second_factor.others_than(authenticator).exists()


def _moment() -> str:
    return timezone.now().isoformat(timespec="seconds")
