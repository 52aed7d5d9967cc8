"""Telling a person: one call leaves the mail and the notice on the site, in the transaction of the step itself."""

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from marketplace.lib import emails, links, worded

from .models import Notice, User

_GAP = re.compile(r"\n\s*\n")


def tell(key: str, to: User | str, template: str, context: dict[str, Any]) -> emails.Mail:
    """The mail of `template` (`emails.post`), and for whoever has an account the same words on her page of notices;
    each once a key. Labels in `context` are lazy, since they are said in every language.
    """
    mail = emails.post(key, to, template, context)
    if isinstance(to, User) and to.is_active:
        link = links.here(str(context.get("action_url", "")))
        words = words_of(template, context, to, mail)
        Notice.objects.keep(key, to, template, words, link if link.startswith("/") else "")
    return mail


def words_of(
    template: str, context: dict[str, Any], person: User, mail: emails.Mail
) -> dict[str, dict[str, str]]:  # fmt: skip
    """{title, text, label} by language; those of the mail's own are taken from it. Neither greeting nor address stands
    in the text, nor the files that a mail links to: page and button have them.
    """
    words = {}
    for language, _name in settings.LANGUAGES:
        with emails.read_by(person, language):
            is_mailed = language == mail.language
            title, text = (mail.subject, mail.text) if is_mailed else emails.rendered(template, context, person)
            left_out = {gettext("Hello,"), gettext("Hello %(reader)s,") % {"reader": person}}
            left_out |= _own_greetings(template, person)
            left_out |= {"", str(context.get("action_url", ""))}
            parts = [part for part in map(str.strip, _GAP.split(text)) if part not in left_out]
            mailed_alone = [context[name] for name in ("unsubscribe_url", "receipt_url") if context.get(name)]
            parts = [part for part in parts if not any(address in part for address in mailed_alone)]
            label = str(context.get("action_label", ""))
        words[language] = {"title": title, "text": "\n\n".join(parts), "label": label}
    return words


def _own_greetings(template: str, person: User) -> set[str]:
    """As the site says them, where it says them otherwise."""
    own, named = worded.own_words(template), {"reader": person, "name": person}
    known = ("Hello,", "Hello %(reader)s,", "Hello %(name)s,")
    return {worded.filled(own[each], named).strip() for each in known if each in own}
