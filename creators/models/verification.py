"""What stands behind an institution's badge: who of staff checked what, when, with which proof."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit, notices
from accounts.models import User
from marketplace.lib import links
from marketplace.lib.errors import NotAllowed

from .institution import Institution, Membership


class VerificationQuerySet(models.QuerySet["Verification"]):
    @transaction.atomic
    def decide(
        self, institution: Institution, verdict: str, *, by: User, checked: str, link: str = ""
    ) -> "Verification":
        """Verified, or withdrawn. `checked`: what was looked at, or why it no longer holds; public with the badge.
        Raises NotAllowed (who is no moderator, or a member), ValidationError.
        """
        if not by.has_role("moderator") or institution.role_of(by):
            raise NotAllowed(_("An institution is verified by a moderator who is none of its members."))
        held = institution.hold()
        row = self.model(institution=held, verdict=verdict, checked=checked.strip(), link=link.strip(), by=by)
        row.full_clean()
        if verdict == Verification.Verdict.VERIFIED and not row.link:
            raise ValidationError({"link": _("Name the page or the document that proves it.")})
        return self._record(row, institution)

    def lapse(self, institution: Institution, *, by: User) -> "Verification":
        """A member changed what was verified; called by Institution.edit alone."""
        words = "The name or the domain was changed by a member."
        row = self.model(institution=institution, verdict=Verification.Verdict.WITHDRAWN, checked=words, by=by)
        return self._record(row, institution)

    def _record(self, row: "Verification", institution: Institution) -> "Verification":
        was_verified = Institution.objects.values_list("is_verified", flat=True).get(pk=institution.pk)
        row.save(force_insert=True)
        institution.follow(row.verdict == Verification.Verdict.VERIFIED)
        audit.record(row.by, f"institution.{row.verdict}", institution, checked=row.checked, link=row.link)
        row._tell_owners(is_loss=was_verified)
        return row


class Verification(models.Model):
    """One decision about an institution. The last one holds; the database refuses changes."""

    class Verdict(models.TextChoices):
        VERIFIED = "verified", _("Verified")
        WITHDRAWN = "withdrawn", _("No longer verified")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="verifications")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    checked = models.TextField(_("what was checked"), max_length=2000)
    link = models.URLField(_("proof"), max_length=400, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["verified", "withdrawn"]), name="verification_verdict_is_known"
            ),
            models.CheckConstraint(condition=~Q(checked=""), name="verification_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.verdict}"

    def _tell_owners(self, *, is_loss: bool) -> None:
        """What a moderator wrote stands in it; that a member let it lapse is said in the reader's own language. Where
        nothing was verified, nothing is lost: a refusal.
        """
        is_lapsed = bool(self.institution.role_of(self.by))
        context = {
            "title": self.institution.name,
            "is_verified": self.verdict == self.Verdict.VERIFIED,
            "is_lapsed": is_lapsed,
            "is_loss": is_loss,
            "reason": "" if is_lapsed else self.checked,
            "action_url": links.absolute(reverse("institutions:desk", args=[self.institution.slug])),
            "action_label": _("Open the institution"),
        }
        owners = self.institution.members.active().filter(role=Membership.Role.OWNER).select_related("user")
        for owner in owners:
            key = f"verification:{self.pk}:{owner.user_id}"
            notices.tell(key, owner.user, "institution_verification", context)
