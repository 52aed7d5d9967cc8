"""How the site looks and what it is called: one row a change, the last one counts; before the first it is Kezhan."""

import io
from datetime import datetime
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image

from accounts import audit
from accounts.models import User
from marketplace.lib import images
from marketplace.lib.errors import DomainError, NotAllowed

from .. import colors
from ..held import changed

WORDS = ("name_en", "name_zh", "tagline_en", "tagline_zh", "accent", "logo_has_name", "language")
PICTURES = {"logo": (480, None, "WEBP"), "logo_dark": (480, None, "WEBP"), "icon": (180, 1.0, "PNG")}


class LookEditedElsewhere(DomainError):
    code = "look_edited_elsewhere"
    message = _("Somebody has changed the look meanwhile. Open the page again, and put your change into it.")


class LookQuerySet(models.QuerySet["Look"]):
    def present(self) -> "Look | None":
        return self.order_by("-number").first()

    def change(
        self, words: dict[str, Any], pictures: dict[str, IO[bytes] | None], *, by: User, why: str, seen: int
    ) -> "Look":  # fmt: skip
        """The next look. `words` by WORDS; of `pictures`, by PICTURES, those that change (None: taken away); `seen`:
        the number of the look that the writer saw, 0 before the first. Raises NotAllowed, LookEditedElsewhere,
        ValidationError.
        """
        last = self.present()
        kept = {name: getattr(last, name) for name in (*WORDS, *PICTURES, "sizes")} if last else {}
        told = {name: _one_line(words[name]) for name in WORDS if name in words}
        row = Look(by=by, why=why.strip(), number=seen + 1, **(kept | told))
        row._must_follow(last, seen)
        drawn = {name: row._drawn(name, upload) for name, upload in pictures.items()}
        row._must_fit(drawn)
        for name, picture in drawn.items():
            row._put(name, picture)
        return row._keep()

    def again(self, number: int, *, by: User, why: str, seen: int) -> "Look":
        """An earlier look is the present one again. Raises as `change`, and Look.DoesNotExist."""
        old = self.get(number=number)
        told = {name: getattr(old, name) for name in (*WORDS, *PICTURES, "sizes")}
        row = Look(by=by, why=why.strip(), number=seen + 1, **told)
        row._must_follow(self.present(), seen)
        return row._keep()

    def at(self, moment: datetime) -> "Look | None":
        """The one that was in force then."""
        return self.filter(at__lte=moment).order_by("-number").first()


class Look(models.Model):
    """From `at` on the site looks so. The database refuses changes. What is empty is as Kezhan comes."""

    number = models.PositiveIntegerField(unique=True)
    name_en = models.CharField(_("name in English"), max_length=40)
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    tagline_en = models.CharField(_("tagline in English"), max_length=120, blank=True)
    tagline_zh = models.CharField(_("tagline in Chinese"), max_length=120, blank=True)
    accent = models.CharField(_("accent color"), max_length=7, blank=True)
    logo = models.ImageField(_("logo"), upload_to="look/", blank=True)
    logo_dark = models.ImageField(_("logo for dark pages"), upload_to="look/", blank=True)
    # Then the name is not written beside it once more.
    logo_has_name = models.BooleanField(_("the name stands in the logo"), default=False)
    icon = models.ImageField(_("icon of browser tabs"), upload_to="look/", blank=True)
    # {"logo": [width, height]}: pages say it, and ask no file.
    sizes = models.JSONField(default=dict, blank=True)
    # For browsers that ask for none of the site's languages.
    language = models.CharField(_("language for who asks for another"), max_length=12, default="en")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    why = models.CharField(_("why"), max_length=300)

    objects = LookQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accent="") | Q(accent__regex=r"^#[0-9a-f]{6}$"), name="accent_is_a_color"
            ),
            models.CheckConstraint(condition=~Q(name_en="") & ~Q(name_zh=""), name="the_site_has_a_name"),
            models.CheckConstraint(condition=Q(language__in=["en", "zh-hans"]), name="the_site_speaks_it"),
            models.CheckConstraint(condition=~Q(why=""), name="a_look_says_why"),
            models.CheckConstraint(condition=~Q(logo="") | Q(logo_dark=""), name="a_dark_logo_stands_beside_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name_en}"

    def clean(self) -> None:
        self.accent = self.accent.strip().lower()
        if self.accent:
            must_be_readable(self.accent)

    def _drawn(self, name: str, upload: IO[bytes] | None) -> ContentFile | None:
        """The picture written anew, in memory. Raises ValidationError."""
        side, ratio, form = PICTURES[name]
        try:
            return images.cleaned(upload, side, ratio=ratio, form=form) if upload else None
        except ValidationError as error:
            raise ValidationError({name: error.messages}) from None

    def _must_fit(self, drawn: dict[str, ContentFile | None]) -> None:
        """Looked at as a whole before a file is written. Raises ValidationError."""
        has = {name: drawn[name] is not None if name in drawn else bool(getattr(self, name)) for name in PICTURES}
        if has["logo_dark"] and not has["logo"]:
            raise ValidationError({"logo_dark": _("Send the logo for light pages as well.")})
        self.full_clean(exclude=["number", *PICTURES])

    def _put(self, name: str, picture: ContentFile | None) -> None:
        self.sizes = {each: size for each, size in self.sizes.items() if each != name}
        if picture is None:
            setattr(self, name, "")
            return
        with Image.open(io.BytesIO(picture.read())) as opened:
            self.sizes[name] = list(opened.size)
        picture.seek(0)
        getattr(self, name).save(f"{name}.{PICTURES[name][2].lower()}", picture, save=False)

    def _must_follow(self, last: "Look | None", seen: int) -> None:
        """Looked at before anything is written. Raises NotAllowed, LookEditedElsewhere."""
        if not self.by.has_role("admin"):
            raise NotAllowed
        if seen != (last.number if last else 0):
            raise LookEditedElsewhere

    def _keep(self) -> "Look":
        self.full_clean(exclude=["number"])
        try:
            with transaction.atomic():
                self.save(force_insert=True)
                audit.record(self.by, "look.change", self, number=self.number, why=self.why)
                changed()
        except IntegrityError:
            raise LookEditedElsewhere from None
        return self


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def must_be_readable(accent: str) -> None:
    """Raises ValidationError for what is no color, or one on which white words cannot be read; it names the nearest."""
    if not colors.HEX.fullmatch(accent):
        raise ValidationError({"accent": _("Write a color as # and six digits of 0 to 9 and a to f: #c2361d.")})
    if not colors.is_readable(accent):
        facts = {
            "color": accent,
            "has": f"{colors.contrast(accent, colors.on_accent()):.1f}",
            "nearest": colors.nearest(accent),
        }
        told = _(
            "White words on %(color)s have a contrast of %(has)s to 1, and 4.5 to 1 is needed to read them. The "
            "nearest color that has it is %(nearest)s."
        )
        raise ValidationError({"accent": told % facts})
