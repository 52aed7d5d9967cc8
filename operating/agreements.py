"""What people agree to by a button: the pages that are linked beside it, as they were when her page was drawn."""

from datetime import timedelta

from django.core import signing

from accounts.models import User
from marketplace.lib.spoken import reads_chinese

from . import foot
from .models import Agreement, PageVersion
from .models.agreement import Act

# How long a page that stays open in a tab is taken at its word.
STANDS = timedelta(days=1)
SALT = "operating.agreements"
Linked = tuple[list[int], str]


def stated() -> list[foot.Shown]:
    """What the sentence beside a button names. Without terms nobody is asked to agree to anything."""
    terms = foot.page("terms")
    return [page for page in (terms, foot.page("privacy")) if page] if terms else []


def word() -> str:
    """For the form: which versions its sentence links, and in which language. Sealed, so that nobody names one that she
    was not shown.
    """
    keys, language = _now()
    return signing.dumps([keys, language], salt=SALT) if keys else ""


def word_of(person: User, subject: str) -> str:
    """As `word`, of what she has agreed to for an order: the same purchase goes on by another one."""
    rows = list(Agreement.objects.of(person).filter(act=Act.BUY, subject=subject))
    return signing.dumps([[row.version_id for row in rows], rows[0].language], salt=SALT) if rows else ""


def note(person: User, act: Act, *, said: str = "", subject: str = "") -> None:
    """She pressed the button. `said`: the word of her form; without one, or with one that is older than a day, what is
    shown now is what she agrees to.
    """
    keys, language = _linked(said)
    if keys:
        versions = PageVersion.objects.filter(pk__in=keys).defer("text_en", "text_zh")
        Agreement.objects.note(person, act, versions, language=language, subject=subject)


def _linked(said: str) -> Linked:
    try:
        keys, language = signing.loads(said, salt=SALT, max_age=STANDS)
    except signing.BadSignature:
        return _now()
    return keys, language


def _now() -> Linked:
    return [page.version for page in stated()], "zh-hans" if reads_chinese() else "en"
