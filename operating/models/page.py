"""Pages that an administrator writes: terms, privacy, who we are. What a page said, and when, is never changed.

A version is saved and not yet shown; a showing says which version the page's address shows from then on, or that it
shows none. So what somebody agreed to can be read by its version and by its days.
"""

import re
from html import unescape
from typing import Any, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import markdown
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.spoken import reads_chinese

from ..held import changed

LONGEST_TEXT = 60_000
MOST_PLACES = 99
WORDS = ("title_en", "title_zh", "text_en", "text_zh")
# Parts of addresses beside pages, now or later.
RESERVED_SLUGS = frozenset({"create", "new", "edit", "preview", "versions", "api", "admin", "staff"})
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class PageTaken(DomainError):
    code = "page_taken"
    message = _("There is a page at this address already.")


class PageEditedElsewhere(DomainError):
    code = "page_edited_elsewhere"
    message = _("Somebody has saved another version meanwhile. Open the page again, and put your change into it.")


class PageNotShown(DomainError):
    code = "page_not_shown"
    message = _("This page is not published.")


class ShownPageQuerySet(models.QuerySet["CustomPage"]):
    def public(self) -> Self:
        """Those that are shown now, each with the version that is."""
        return self.filter(present__version__isnull=False).select_related("present__version")

    @transaction.atomic
    def start(self, slug: str, words: dict[str, str], *, by: User, why: str) -> "CustomPage":
        """A page with its first version, which is not shown yet. Raises NotAllowed, PageTaken, ValidationError."""
        _only_admin(by)
        must_be_free(slug)
        try:
            with transaction.atomic():
                page = self.create(slug=slug)
        except IntegrityError:
            raise PageTaken(slug=slug) from None
        page.write(words, by=by, why=why, seen=0)
        return page


class CustomPage(models.Model):
    """An address below /pages/. What it shows is said by its present showing; without one it was never published."""

    slug = models.SlugField(max_length=60, unique=True)
    present = models.ForeignKey(
        "operating.PageShowing", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ShownPageQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("pages:page", args=[self.slug])

    @property
    def newest(self) -> "PageVersion":
        found = self.versions.first()
        assert found is not None  # a page begins with one
        return found

    @property
    def shown(self) -> "PageVersion | None":
        return self.present.version if self.present else None

    @transaction.atomic
    def write(self, words: dict[str, str], *, by: User, why: str, seen: int) -> "PageVersion":
        """One more version, not shown yet. `words` by WORDS; `seen`: the number of the version that the writer saw.
        Raises NotAllowed, PageEditedElsewhere, ValidationError.
        """
        _only_admin(by)
        last = self._held()
        if seen != last:
            raise PageEditedElsewhere(number=last)
        told = {name: words.get(name, "").strip() for name in WORDS}
        row = PageVersion(page=self, number=last + 1, by=by, why=why.strip(), **told)
        row.full_clean()
        row.save(force_insert=True)
        audit.record(by, "page.write", self, number=row.number, why=row.why)
        return row

    @transaction.atomic
    def publish(self, number: int, *, by: User, why: str, in_foot: bool, place: int, seen: int) -> "PageShowing":
        """The page shows this version from now on, or the same one elsewhere in the foot. `seen`: the key of the
        showing that was the present one when this was decided, 0 for none. Raises NotAllowed, PageEditedElsewhere,
        PageVersion.DoesNotExist.
        """
        _only_admin(by)
        self._must_be_seen(seen)
        return self._show(self.versions.get(number=number), by=by, why=why, in_foot=in_foot, place=place)

    @transaction.atomic
    def withdraw(self, *, by: User, why: str, seen: int) -> "PageShowing":
        """The address shows nothing any more; what it showed stays readable. Raises NotAllowed, PageEditedElsewhere,
        PageNotShown.
        """
        _only_admin(by)
        self._must_be_seen(seen)
        if self.shown is None:
            raise PageNotShown
        return self._show(None, by=by, why=why, in_foot=False, place=0)

    def _show(self, version: "PageVersion | None", *, by: User, why: str, **where: Any) -> "PageShowing":
        row = PageShowing(page=self, version=version, by=by, why=why.strip(), **where)
        row.full_clean()
        row.save(force_insert=True)
        self.present = row
        self.save(update_fields=["present"])
        verb = "page.publish" if version else "page.withdraw"
        audit.record(by, verb, self, number=version.number if version else None, why=row.why)
        changed()
        return row

    def _must_be_seen(self, seen: int) -> None:
        self._held()
        self.refresh_from_db(fields=["present"])
        if seen != (self.present_id or 0):
            raise PageEditedElsewhere(present=self.present_id)

    def _held(self) -> int:
        """The number of the newest version; whoever writes or shows this page waits for us."""
        CustomPage.objects.select_for_update(no_key=True).get(pk=self.pk)
        return self.versions.aggregate(last=models.Max("number"))["last"] or 0


class PageVersion(models.Model):
    """What a page says, in one language or both. The database refuses changes."""

    page = models.ForeignKey(CustomPage, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title_en = models.CharField(_("title in English"), max_length=100, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=100, blank=True)
    text_en = models.TextField(_("text in English"), max_length=LONGEST_TEXT, blank=True)
    text_zh = models.TextField(_("text in Chinese"), max_length=LONGEST_TEXT, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    why = models.CharField(_("why"), max_length=300)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="page_versions_are_numbered"),
            models.CheckConstraint(
                condition=Q(title_en="", text_en="") | (~Q(title_en="") & ~Q(text_en="")), name="a_page_is_whole_in_en"
            ),
            models.CheckConstraint(
                condition=Q(title_zh="", text_zh="") | (~Q(title_zh="") & ~Q(text_zh="")), name="a_page_is_whole_in_zh"
            ),
            models.CheckConstraint(condition=~Q(title_en="") | ~Q(title_zh=""), name="a_page_says_something"),
            models.CheckConstraint(condition=~Q(why=""), name="a_page_version_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.number}"

    def clean(self) -> None:
        missing = _("A page needs title and text in a language, or neither of them.")
        for code in ("en", "zh"):
            title, text = getattr(self, f"title_{code}"), getattr(self, f"text_{code}")
            if len(text) > LONGEST_TEXT:
                raise ValidationError({f"text_{code}": _("Keep it below %(most)d signs.") % {"most": LONGEST_TEXT}})
            if bool(title) != bool(text):
                raise ValidationError({f"text_{code}" if title else f"title_{code}": missing})
        if not (self.title_en or self.title_zh):
            raise ValidationError({"title_en": _("Write the page in one language at least.")})

    @property
    def said(self) -> "Said":
        """What a reader of the language that is active gets."""
        return said({name: getattr(self, name) for name in WORDS})

    @property
    def languages(self) -> list[str]:
        """Codes of those that it is written in."""
        return [code for code, has in (("en", self.title_en), ("zh-hans", self.title_zh)) if has]

    def language_for(self, language: str) -> str:
        """In which a reader of this one gets it."""
        return language if language in self.languages else self.languages[0]


class PageShowing(models.Model):
    """From `at` on the page's address shows this version, or nothing. The database refuses changes."""

    page = models.ForeignKey(CustomPage, on_delete=models.PROTECT, related_name="showings")
    version = models.ForeignKey(PageVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="showings")
    in_foot = models.BooleanField(_("in the foot of every page"), default=False)
    # Smaller ones stand before.
    place = models.PositiveSmallIntegerField(_("place in the foot"), default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    why = models.CharField(_("why"), max_length=300)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(version__isnull=False) | Q(in_foot=False), name="what_is_withdrawn_is_not_in_the_foot"
            ),
            models.CheckConstraint(condition=Q(place__lte=MOST_PLACES), name="the_foot_has_so_many_places"),
            models.CheckConstraint(condition=~Q(why=""), name="a_showing_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.version.number if self.version else '-'}"


class Said(NamedTuple):
    """Title and text in one language; `is_other`: not the reader's, since the page is not written in hers."""

    title: str
    text: str
    language: str
    is_other: bool

    @property
    def summary(self) -> str:
        """How it begins, without its marks, for search engines."""
        return Truncator(unescape(strip_tags(markdown.render(self.text)))).chars(160)


def said(words: dict[str, str]) -> Said:
    """Of WORDS, what a reader of the language that is active gets: hers, else the one that there is."""
    wanted = "zh" if reads_chinese() else "en"
    other = "en" if wanted == "zh" else "zh"
    found = wanted if words[f"title_{wanted}"] else other
    tag = {"en": "en", "zh": "zh-Hans"}[found]
    return Said(words[f"title_{found}"], words[f"text_{found}"], tag, found != wanted)


def must_be_free(slug: str) -> None:
    """Raises ValidationError for what is no address, or is kept for something else."""
    if not SLUG.fullmatch(slug) or not 2 <= len(slug) <= 60:
        wrong = _("Small letters of a to z, digits and single hyphens between them, 2 to 60 signs.")
        raise ValidationError({"slug": wrong})
    if slug in RESERVED_SLUGS:
        raise ValidationError({"slug": _("This word is kept for an address of the site itself.")})


def _only_admin(by: User) -> None:
    if not by.has_role("admin"):
        raise NotAllowed
