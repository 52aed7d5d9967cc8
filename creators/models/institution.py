"""Institutions: schools and others under whose name several people offer courses, and who of them may do what."""

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import audit
from accounts.models import User
from marketplace.lib import fit_words, links, window
from marketplace.lib.beside_lists import BesideLists
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.slugs import free_slug

if TYPE_CHECKING:
    from .verification import Verification

RESERVED_SLUGS = frozenset({"create", "invitations"})
PAGE_ROWS = 60


class LastOwner(DomainError):
    code = "last_owner"
    message = _("An institution needs an owner: make somebody else one first.")


class AlreadyMember(DomainError):
    code = "already_member"
    message = _("This person is a member already.")


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def public(self) -> Self:
        """Those whose verification holds."""
        return self.filter(is_verified=True)

    def known(self) -> dict[int, tuple[str, str]]:
        """Slug and name of the public ones by their ids, remembered for seconds: every public list asks for some."""
        return window.near_name("institutions", lambda: {pk: (slug, name) for pk, slug, name in self._public_names()})

    def _public_names(self) -> models.QuerySet["Institution", tuple[int, str, str]]:
        return self.public().order_by().values_list("pk", "slug", "name")

    def page_after(self, slug: str) -> tuple[list[Any], str]:
        """A page of them by name, from behind the one with this slug on (the first page where nobody has it), and the
        slug behind which the next page begins: "" at the end.
        """
        rows = self.order_by("name", "id")
        last = self.model.objects.filter(slug=slug).values_list("name", "pk").first() if "\0" not in slug else None
        if last:
            rows = rows.filter(Q(name__gt=last[0]) | Q(name=last[0], pk__gt=last[1]))
        found = list(rows[: PAGE_ROWS + 1])
        return found[:PAGE_ROWS], found[PAGE_ROWS - 1].slug if len(found) > PAGE_ROWS else ""

    def of(self, user: Any) -> Self:
        """Those of which this person is a member now."""
        return (
            self.filter(pk__in=Membership.objects.active().of(user).values("institution")) if user.pk else self.none()
        )

    @transaction.atomic
    def start(self, *, by: User, **told: Any) -> "Institution":
        """A new institution, not verified yet, with `by` as its owner. `told` by FIELDS. Raises ValidationError."""
        slug = free_slug(self.model.objects.all(), str(told.get("name", "")), "institution", RESERVED_SLUGS)
        institution = self.model(slug=slug, started_by=by)
        institution._take(told)
        institution.save()
        institution.members.create(user=by, role=Membership.Role.OWNER, added_by=by)
        return institution


class Institution(BesideLists):
    """A body that offers courses by its members. `is_verified` follows its last Verification."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("School")
        UNIVERSITY = "university", _("University")
        COMPANY = "company", _("Company")
        PUBLIC = "public", _("Public body")
        ASSOCIATION = "association", _("Association")

    FIELDS = ("name", "domain", "kind", "about")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    domain = models.CharField(_("domain"), max_length=120, help_text=_("Its own, as in its e-mail: example.edu"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    about = models.TextField(_("about it"), max_length=4000, blank=True)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    is_verified = models.BooleanField(default=False)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="an_institution_has_a_name"),
            models.CheckConstraint(
                condition=Q(kind__in=["school", "university", "company", "public", "association"]),
                name="institution_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return links.of_slug("institutions:institution", self.slug)

    def clean(self) -> None:
        super().clean()
        fit_words.must_be_fit(name=self.name, about=self.about)

    @property
    def proof(self) -> "Verification | None":
        """What the badge stands on; None where there is none."""
        return self.verifications.first() if self.is_verified else None

    def role_of(self, user: Any) -> str:
        """ "" for who is no member."""
        found = self.members.active().of(user).first()
        return found.role if found else ""

    def may(self, user: Any, act: str) -> bool:
        """By MAY, the matrix of roles."""
        return self.role_of(user) in MAY[act]

    def must(self, user: Any, act: str) -> None:
        """Raises NotAllowed."""
        if not self.may(user, act):
            raise NotAllowed

    def hold(self) -> "Institution":
        return Institution.objects.select_for_update(no_key=True).get(pk=self.pk)

    @transaction.atomic
    def edit(self, told: dict[str, Any], *, by: User) -> None:
        """Name and domain are what was verified: changing one takes the badge away. Raises NotAllowed,
        ValidationError.
        """
        self.must(by, "edit")
        self.hold()
        self.refresh_from_db()
        was = (self.name, self.domain)
        self._take(told)
        self.save(update_fields=[name for name in self.FIELDS if name in told])
        if self.is_verified and was != (self.name, self.domain):
            from .verification import Verification

            Verification.objects.lapse(self, by=by)

    def follow(self, is_verified: bool) -> None:
        """Called by Verification alone."""
        self.is_verified = is_verified
        self.save(update_fields=["is_verified"])

    def _take(self, told: dict[str, Any]) -> None:
        """What was told of FIELDS, checked and not yet saved. Raises ValidationError."""
        for name in self.FIELDS:
            setattr(self, name, str(told.get(name, getattr(self, name))).strip())
        self.domain = self.domain.lower().removeprefix("www.")
        if "." not in self.domain or "/" in self.domain or "@" in self.domain or " " in self.domain:
            raise ValidationError({"domain": _("Write a domain as in example.edu.")})
        self.full_clean(exclude=["started_by"])


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        return self.filter(ended_at=None)

    def of(self, user: Any) -> Self:
        return self.filter(user_id=user.pk) if user.pk else self.none()

    def join(self, institution: Institution, user: User, role: str, *, added_by: User) -> "Membership":
        """Called by Invitation.accept alone. Raises AlreadyMember."""
        if institution.role_of(user):
            raise AlreadyMember
        return self.create(institution=institution, user=user, role=Membership.Role(role), added_by=added_by)


class Membership(models.Model):
    """A person has a role in an institution from `since` until `ended_at`. Another role is another row."""

    class Role(models.TextChoices):
        OWNER = "owner", pgettext_lazy("role in an institution", "Owner")
        EDITOR = "editor", pgettext_lazy("role in an institution", "Editor")
        VIEWER = "viewer", pgettext_lazy("role in an institution", "Viewer")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=Role.choices)
    since = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "user"], condition=Q(ended_at=None), name="one_role_in_an_institution"
            ),
            models.CheckConstraint(condition=Q(role__in=["owner", "editor", "viewer"]), name="member_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"

    @property
    def is_last_owner(self) -> bool:
        owners = self.institution.members.active().filter(role=Membership.Role.OWNER).exclude(pk=self.pk)
        return self.role == Membership.Role.OWNER and not owners.exists()

    @transaction.atomic
    def change_role(self, role: str, *, by: User) -> "Membership":
        """The same role again does nothing. Raises NotAllowed, LastOwner."""
        self.institution.must(by, "manage")
        self._hold_active()
        if self.role == role:
            return self
        self._must_leave_an_owner()
        self._end(by)
        new = Membership.objects.create(
            institution=self.institution, user=self.user, role=Membership.Role(role), added_by=by
        )
        audit.record(by, "institution.role", self.institution, user=self.user_id, was=self.role, role=role)
        return new

    @transaction.atomic
    def end(self, *, by: User) -> None:
        """Taken out by an owner, or gone by herself. Raises NotAllowed, LastOwner."""
        if by.pk != self.user_id:
            self.institution.must(by, "manage")
        self._hold_active()
        self._must_leave_an_owner()
        self._end(by)
        audit.record(by, "institution.leave", self.institution, user=self.user_id)

    def _hold_active(self) -> None:
        self.institution = self.institution.hold()
        self.refresh_from_db(fields=["ended_at", "role"])
        if self.ended_at:
            raise NotAllowed

    def _must_leave_an_owner(self) -> None:
        if self.is_last_owner:
            raise LastOwner

    def _end(self, by: User) -> None:
        self.ended_at, self.ended_by = timezone.now(), by
        self.save(update_fields=["ended_at", "ended_by"])


_OWNER, _EDITOR, _VIEWER = Membership.Role.OWNER, Membership.Role.EDITOR, Membership.Role.VIEWER
# Who may do what: the one place where it stands.
MAY: dict[str, frozenset[str]] = {
    "see": frozenset({_OWNER, _EDITOR, _VIEWER}),
    "edit": frozenset({_OWNER, _EDITOR}),
    "list": frozenset({_OWNER, _EDITOR}),
    "unlist_any": frozenset({_OWNER}),
    "manage": frozenset({_OWNER}),
}
