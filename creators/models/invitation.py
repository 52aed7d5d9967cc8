"""Invitations into institutions: by mail, for one address, for two weeks, answered once."""

import secrets
from datetime import timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit, notices
from accounts.models import User
from marketplace.lib import links
from marketplace.lib.errors import DomainError, NotAllowed

from .institution import Institution, Membership

VALID = timedelta(days=14)


class InvitationOver(DomainError):
    code = "invitation_over"
    message = _("This invitation is answered, withdrawn or older than two weeks.")


def fresh_code() -> str:
    return secrets.token_urlsafe(24)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(answer="", invited_at__gt=timezone.now() - VALID)

    def to(self, user: Any) -> Self:
        """Those that this person may answer: sent to her address. Whoever names the code has the mail."""
        return self.filter(email__iexact=user.email) if user.pk else self.none()

    def shown_to(self, user: Any) -> Self:
        """Those of which lists tell her, with the code: the address must be confirmed, since anybody can sign up with
        another's.
        """
        return self.to(user) if user.pk and user.has_confirmed_address else self.none()

    @transaction.atomic
    def invite(self, institution: Institution, email: str, role: str, *, by: User) -> "Invitation":
        """Mails an address, which need not have an account yet. The earlier one to the same address is withdrawn.
        Raises NotAllowed, ValidationError, ValueError for no role.
        """
        institution.must(by, "manage")
        validate_email(email)
        institution.hold()
        if institution.members.active().filter(user__email__iexact=email).exists():
            raise ValidationError({"email": _("This person is a member already.")})
        self.filter(institution=institution, email__iexact=email, answer="").update(
            answer=Invitation.Answer.WITHDRAWN, answered_at=timezone.now()
        )
        row = self.create(institution=institution, email=email.lower(), role=Membership.Role(role), invited_by=by)
        row._mail()
        audit.record(by, "institution.invite", institution, role=role, invitation=row.pk)
        return row


class Invitation(models.Model):
    """An owner asks somebody in. Its code stands in a mail to that address alone, and only its owner may answer."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=8, choices=Membership.Role.choices)
    code = models.CharField(max_length=48, unique=True, default=fresh_code)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "email"], condition=Q(answer=""), name="one_open_invitation_an_address"
            )
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.role}"

    @property
    def is_open(self) -> bool:
        return not self.answer and self.invited_at > timezone.now() - VALID

    @transaction.atomic
    def reply(self, is_yes: bool, *, by: User) -> "Membership | None":
        """Raises NotAllowed (sent to somebody else), InvitationOver, AlreadyMember."""
        if by.email.lower() != self.email.lower():
            raise NotAllowed
        self._hold_open()
        self._close(self.Answer.ACCEPTED if is_yes else self.Answer.DECLINED)
        if not is_yes:
            return None
        audit.record(by, "institution.join", self.institution, role=self.role)
        return Membership.objects.join(self.institution, by, self.role, added_by=self.invited_by)

    @transaction.atomic
    def withdraw(self, *, by: User) -> None:
        """Raises NotAllowed, InvitationOver."""
        self.institution.must(by, "manage")
        self._hold_open()
        self._close(self.Answer.WITHDRAWN)

    def _hold_open(self) -> None:
        self.institution = self.institution.hold()
        self.refresh_from_db(fields=["answer"])
        if not self.is_open:
            raise InvitationOver

    def _close(self, answer: str) -> None:
        self.answer, self.answered_at = answer, timezone.now()
        self.save(update_fields=["answer", "answered_at"])

    def _mail(self) -> None:
        known = User.objects.filter(email__iexact=self.email, is_active=True).first()
        if known and not known.has_confirmed_address:
            known = None  # no notice with the code for who may have signed up with another's address
        words = {
            "institution": self.institution.name, "by": str(self.invited_by), "role": self.get_role_display(),
            "action_url": links.absolute(reverse("institutions:invitation", args=[self.code])),
            "action_label": _("Answer the invitation"),
        }  # fmt: skip
        notices.tell(f"institution-invitation:{self.pk}", known or self.email, "institution_invitation", words)
