"""What people agreed to: which version of a page of the site's own, in which language, by which act."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .page import PageVersion


class Act(models.TextChoices):
    SIGN_UP = "sign_up", _("Signing up")
    BUY = "buy", _("Paying")


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def note(
        self, person: User, act: Act, versions: Iterable[PageVersion], *, language: str, subject: str = ""
    ) -> None:
        """She agrees to these, each as a reader of this language gets it. Noted before for the same act, it is one."""
        rows = [
            Agreement(person=person, version=one, act=act, subject=subject, language=one.language_for(language))
            for one in versions
        ]  # fmt: skip
        Agreement.objects.bulk_create(rows, ignore_conflicts=True)

    def of(self, person: User) -> Self:
        """Hers, in their order."""
        return self.filter(person=person).select_related("version__page").order_by("pk")


class Agreement(models.Model):
    """She pressed a button beside which it said that by it she agrees to this version. The database refuses changes,
    and takes none that was never shown, nor in a language that it is not written in.

    `subject`: the number of the order that she went to pay.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PageVersion, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=10, choices=Act.choices)
    subject = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=12)
    at = models.DateTimeField(default=timezone.now)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "version", "act", "subject"], name="one_agreement_an_act"),
            models.CheckConstraint(condition=Q(act__in=Act.values), name="an_agreement_is_an_act"),
            models.CheckConstraint(
                condition=Q(act=Act.SIGN_UP, subject="") | (Q(act=Act.BUY) & ~Q(subject="")),
                name="who_buys_agrees_about_an_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.version}"
