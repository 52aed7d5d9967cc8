"""People. The e-mail address is the login; a role is a row that says who gave it, when and why."""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Prefetch
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from marketplace.lib import fit_words
from marketplace.lib.errors import DomainError
from marketplace.lib.money import currency_choices

LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
# What doors ask for, and which roles may do it beside the one of that name (an admin may do everything): a wider role
# holds a narrower one, and two of these are no roles but what several of them need.
DUTIES: dict[str, tuple[str, ...]] = {
    "moderator": ("senior",),
    "orders": ("finance", "support"),
    "seeing": ("support",),
}


class EmailTaken(DomainError):
    code = "email_taken"
    message = _("There is an account with this e-mail address already. Log in, or reset the password.")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def sign_up(self, *, email: str, password: str, name: str = "", language: str = "en") -> "User":
        """A new person. Raises EmailTaken, or ValidationError when the password is too weak."""
        user = self.model(email=self.normalize_email(email).lower(), name=name.strip(), language=language)
        fit_words.must_be_fit(name=user.name)
        validate_password(password, user)
        user.set_password(password)
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError:
            raise EmailTaken from None
        return user

    def with_role(self, role: str) -> models.QuerySet["User"]:
        """Everybody who holds this role now, or one that is wider; administrators only where they were given it."""
        roles = (role, *DUTIES.get(role, ()))
        rows = self.filter(is_active=True, role_grants__role__in=roles, role_grants__revoked_at=None)
        return rows.distinct().order_by("pk")

    def staff(self) -> models.QuerySet["User"]:
        """Everybody who holds a role now, with the present grants and the factors, by name."""
        present = Prefetch("role_grants", RoleGrant.objects.filter(revoked_at=None), to_attr="present_grants")
        rows = self.filter(is_active=True, is_staff=True).prefetch_related(present, "authenticator_set")
        return rows.order_by("name", "pk")

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        user = self.sign_up(email=email, password=password, **fields)
        user.grant_role(RoleGrant.Role.ADMIN, by=None, reason="made on the command line")
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can log in."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=12, choices=LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices(), default="USD")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    # Follows the curb of that kind that stands, so that no request asks a query more.
    rests_since = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_an_email")]

    def __str__(self) -> str:
        return self.name or self.email.partition("@")[0]

    def get_full_name(self) -> str:
        return str(self)

    def clean(self) -> None:
        super().clean()
        if self.time_zone not in available_timezones():
            raise ValidationError({"time_zone": _("Choose a time zone from the list.")})
        fit_words.must_be_fit(name=self.name)

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(self.role_grants.filter(revoked_at=None).values_list("role", flat=True))

    @cached_property
    def has_second_factor(self) -> bool:
        """A code from an app, or a key. Codes for emergencies alone are none."""
        self_: Any = self  # types do not see allauth's side of the relation
        return bool(self_.authenticator_set.exclude(type="recovery_codes").exists())

    @property
    def has_confirmed_address(self) -> bool:
        """Whether a link that was mailed to it was opened: anybody can sign up with another's address."""
        self_: Any = self
        return bool(self_.emailaddress_set.filter(email__iexact=self.email, verified=True).exists())

    @cached_property
    def unread_notices(self) -> int:
        """As the row was read with it (`accounts.backend`); asked for where it was not."""
        now = self.__dict__.get("unread_now")
        return self.notices.unread().count() if now is None else now

    def has_role(self, role: str) -> bool:
        """Whether the person may act in `role` (or do a duty of several) now; an admin may in every role. Without a
        second factor nobody may.
        """
        # The two flags follow the grants, so that nobody else costs a query.
        if not (self.is_active and (self.is_staff or self.is_superuser)):
            return False
        enough = {role, RoleGrant.Role.ADMIN.value, *DUTIES.get(role, ())}
        return not enough.isdisjoint(self.roles) and self.has_second_factor

    def may_read(self, role: str) -> bool:
        """Whether what `role` works with is shown to her: auditors read everything and change nothing."""
        return self.has_role(role) or self.has_role(RoleGrant.Role.AUDITOR)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """The data pages ask this; auditors look at them."""
        return super().has_perm(perm, obj) or (".view_" in perm and self.has_role(RoleGrant.Role.AUDITOR))

    def has_module_perms(self, app_label: str) -> bool:
        return super().has_module_perms(app_label) or self.has_role(RoleGrant.Role.AUDITOR)

    @property
    def creator_or_none(self) -> Any:
        """The person's Creator, where she is one."""
        return getattr(self, "creator", None)

    @transaction.atomic
    def grant_role(self, role: str, *, by: "User | None", reason: str) -> "RoleGrant":
        """Give the role; held already, the present grant is returned. It sleeps until there is a second factor."""
        grant, _is_new = self.role_grants.get_or_create(
            role=RoleGrant.Role(role), revoked_at=None, defaults={"granted_by": by, "reason": reason}
        )
        self.follow_roles()
        return grant

    def follow_roles(self) -> None:
        """Let Django's own two flags follow the present grants: staff holds any role, a superuser is an admin."""
        self.__dict__.pop("roles", None)
        self.is_staff, self.is_superuser = bool(self.roles), RoleGrant.Role.ADMIN in self.roles
        self.save(update_fields=["is_staff", "is_superuser"])

    def rest(self, since: datetime | None) -> None:
        """Called by `AccountCurb` alone, which holds the row. None: no longer."""
        self.rests_since = since
        self.save(update_fields=["rests_since"])

    def become_nobody(self) -> None:
        """Nothing of the person stays in the row, and nobody logs in by it; called by `privacy.deleting` alone."""
        self.email, self.name = f"deleted-{self.pk}@deleted.invalid", ""
        self.language, self.time_zone, self.currency = "en", "UTC", "USD"
        self.is_active, self.is_staff, self.is_superuser, self.last_login = False, False, False, None
        self.set_unusable_password()
        self.save()

    def change_language(self, language: str) -> None:
        self.language = language
        self.save(update_fields=["language"])


class RoleGrant(models.Model):
    """A role that somebody was given, and perhaps lost again. Rows are never deleted."""

    class Role(models.TextChoices):
        SUPPORT = "support", _("Support")
        MODERATOR = "moderator", _("Moderator")
        SENIOR = "senior", _("Senior moderator")
        FINANCE = "finance", _("Finance")
        AUDITOR = "auditor", _("Auditor")
        ADMIN = "admin", _("Administrator")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=16, choices=Role.choices)
    granted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(revoked_at=None), name="one_present_grant_a_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"

    @transaction.atomic
    def revoke(self, *, by: User | None, reason: str) -> None:
        self.revoked_by, self.revoked_at, self.revoke_reason = by, timezone.now(), reason
        self.save(update_fields=["revoked_by", "revoked_at", "revoke_reason"])
        self.user.follow_roles()
