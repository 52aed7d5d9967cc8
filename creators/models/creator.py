"""Who sells: the public face of one person or institution."""

from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib import fit_words, images, links, window
from marketplace.lib.errors import DomainError
from marketplace.lib.slugs import free_slug

from .institution import Institution

PORTRAIT_SIDE = 480
MOST_INSTITUTIONS = 6
RESERVED_SLUGS = frozenset({"become", "edit"})


class AlreadyCreator(DomainError):
    code = "already_creator"
    message = _("You are a creator already.")


class CreatorQuerySet(models.QuerySet["Creator"]):
    def become(
        self, *, user: User, name: str, headline: str = "", bio: str = "", portrait: IO[bytes] | None = None,
        country: str = "",
    ) -> "Creator":  # fmt: skip
        """Make `user` a creator. Raises AlreadyCreator, or ValidationError for an empty name or a bad picture."""
        creator = self.model(user=user, name=name.strip(), headline=headline.strip(), bio=bio, country=country.upper())
        creator.slug = free_slug(self.all(), name, "creator", RESERVED_SLUGS)
        creator.full_clean(exclude=["user", "slug", "portrait"])
        if portrait:
            creator._draw(portrait)
        try:
            with transaction.atomic():
                creator.save(force_insert=True)
        except IntegrityError:
            if self.filter(user=user).exists():
                raise AlreadyCreator from None
            creator.slug = free_slug(self.none(), "", "creator")
            creator.save(force_insert=True)
        user.__dict__.pop("creator", None)
        user._state.fields_cache.pop("creator", None)
        return creator

    def visible(self) -> "CreatorQuerySet":
        return self.filter(suspended_at=None)

    def suspended(self) -> "CreatorQuerySet":
        return self.filter(suspended_at__isnull=False)


class Creator(models.Model):
    """A person or institution that sells courses under a name of its own."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="creator")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=80)
    headline = models.CharField(_("headline"), max_length=120, blank=True)
    bio = models.TextField(_("about you"), max_length=4000, blank=True)
    portrait = models.ImageField(_("portrait"), upload_to=images.path_of_portrait, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    since = models.DateTimeField(default=timezone.now)
    # Follows the open Suspension row, so that lists ask one table.
    suspended_at = models.DateTimeField(null=True, blank=True)

    objects = CreatorQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="creator_has_a_name")]
        indexes = [
            models.Index("id", name="creator_suspended", condition=models.Q(suspended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return links.of_slug("creators:detail", self.slug)

    def institutions(self) -> list[Institution]:
        """The verified institutions under whose name she offers courses, as a member: for page and API. A member who
        offers none there is not named: that she belongs to it is nobody's business.
        """
        offered = self.courses.listed().exclude(institution=None).values("institution")
        return list(Institution.objects.public().of(self.user).filter(pk__in=offered)[:MOST_INSTITUTIONS])

    def clean(self) -> None:
        super().clean()
        fit_words.must_be_fit(name=self.name, headline=self.headline, bio=self.bio)

    def edit(self, changes: dict[str, Any]) -> None:
        """Change name, headline, bio, country or portrait (a picture; none keeps the present one).
        The address stays, since others link to it. Raises ValidationError.
        """
        for field in ("name", "headline", "bio", "country"):
            if field in changes:
                setattr(self, field, str(changes[field]).strip())
        self.country = self.country.upper()
        self.full_clean(exclude=["user", "slug", "portrait"])
        if changes.get("portrait"):
            self._draw(changes["portrait"])
        self.save(update_fields=["name", "headline", "bio", "country", "portrait"])
        window.change()

    def set_suspended(self, at: Any) -> None:
        """Called by Suspension alone."""
        self.suspended_at = at
        self.save(update_fields=["suspended_at"])
        window.change()

    def _draw(self, upload: IO[bytes]) -> None:
        try:
            picture = images.cleaned(upload, PORTRAIT_SIDE, ratio=1)
        except ValidationError as error:
            raise ValidationError({"portrait": error.messages}) from None
        self.portrait.save(f"{self.slug}.webp", picture, save=False)
