"""Mails as rows: written in the transaction of the act that causes them, sent afterwards, once a key."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import urlize

from . import worded, work


class Mail(work.Work):
    """A message to one address, rendered when it was posted. `key` names its cause: the same cause mails once."""

    TASK = "marketplace.lib.tasks.send_mail"
    LEASE = timedelta(minutes=1)
    MAX_ATTEMPTS = 8

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField(max_length=254)
    language = models.CharField(max_length=12)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    # Where one click ends mails of this kind (RFC 8058); empty for those that everybody gets.
    unsubscribe_url = models.CharField(max_length=500, blank=True, db_default="")
    posted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "floor"
        indexes = [models.Index(fields=["due_at"], condition=models.Q(finished_at=None, dead_at=None), name="mail_due")]

    def __str__(self) -> str:
        return self.key

    def send(self) -> None:
        message = EmailMultiAlternatives(self.subject, self.text, settings.DEFAULT_FROM_EMAIL, [self.to])
        # Our key as the message id: a mail server that gets a repeated try after a crash can tell that it is the same.
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
        message.extra_headers["Message-ID"] = f"<kezhan-{self.pk}@{domain}>"
        if self.unsubscribe_url:
            message.extra_headers["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        if self.html:
            message.attach_alternative(self.html, "text/html")
        message.send()


def post(key: str, to: Any, template: str, context: dict[str, Any], language: str | None = None) -> Mail:
    """Queue one mail; a key that was posted before is not posted again.

    `to` is a User (mailed in the user's language, with dates of the user's time zone) or an address.
    `templates/mail/<template>.txt` holds the subject on its first line, a blank line, and the text.
    `action_url` and `action_label` in the context become the button; `unsubscribe_url` becomes the headers
    that offer one click.
    """
    address = getattr(to, "email", to)
    language = language or getattr(to, "language", None) or settings.LANGUAGE_CODE
    with read_by(to, language):
        subject, text = rendered(template, context, to)
        html = _html_of(text, subject, context, language)
    stop = context.get("unsubscribe_url", "")
    return post_rendered(key, address, subject, text + "\n", html, language, unsubscribe_url=stop)


def html_of(text: str, subject: str, language: str) -> str:
    """A text as the HTML of a mail, where nothing else is known of it."""
    return _html_of(text, subject, {}, language)


@contextmanager
def read_by(to: Any, language: str) -> Iterator[None]:
    """What is drawn inside is for this reader: the request, if there is one, stands in the language and zone of the
    person who acts.
    """
    with translation.override(language), timezone.override(_zone_of(to)):
        yield


def rendered(template: str, context: dict[str, Any], to: Any) -> tuple[str, str]:
    """Subject and text of a mail, in the language that is active, in the words that the site has for it (`worded`)."""
    own = {worded.OWN: worded.own_words(template)}
    words = render_to_string(f"mail/{template}.txt", {**context, "reader": to, **own})
    subject, _, text = words.strip().partition("\n")
    return subject.strip(), text.strip()


def _zone_of(to: Any) -> ZoneInfo:
    try:
        return ZoneInfo(getattr(to, "time_zone", "") or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def post_rendered(
    key: str, address: str, subject: str, text: str, html: str, language: str, *, unsubscribe_url: str = ""
) -> Mail:
    """Queue a mail whose words are already there."""
    try:
        with transaction.atomic():
            mail = Mail.objects.create(
                key=key, to=address, language=language, subject=subject.strip()[:300], text=text, html=html,
                unsubscribe_url=unsubscribe_url,
            )  # fmt: skip
    except IntegrityError:
        return Mail.objects.get(key=key)
    mail.ring()
    return mail


def _html_of(text: str, subject: str, context: dict[str, Any], language: str) -> str:
    # The button stands for the address, so its line of the plain text is left out of the HTML.
    action_url = context.get("action_url")
    paragraphs = [urlize(part, autoescape=True) for part in re.split(r"\n\s*\n", text) if part.strip() != action_url]
    return render_to_string(
        "mail/base.html", {**context, "subject": subject, "paragraphs": paragraphs, "language": language}
    )
