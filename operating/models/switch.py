"""Switches: what a site offers, turned by an administrator. Each turn is a row; the last one counts."""

from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed

from ..held import changed


class Switch(NamedTuple):
    """`stops` and `leaves` say what turning it off does and does not do: nothing that somebody has bought is touched.

    `setting` decides instead of the rows where it is not None.
    """

    code: str
    setting: str
    name: str | Promise
    stops: str | Promise
    leaves: str | Promise

    @property
    def forced(self) -> bool | None:
        found: bool | None = getattr(settings, self.setting)
        return found


SWITCHES = (
    Switch(
        "sign_up",
        "KEZHAN_SIGN_UP",
        _("New accounts"),
        _("Nobody can make an account, neither on the page nor over the API."),
        _("Whoever has an account logs in, buys and learns as before. Who is invited to an institution needs one."),
    ),
    Switch(
        "memberships",
        "KEZHAN_MEMBERSHIPS",
        _("Memberships and the pass"),
        _("None is offered, and nobody new is taken. Whether there is a pass is finance's to say, on its own page."),
        _("Those that run go on with their months until they are canceled, and what they opened stays open."),
    ),
    Switch(
        "instalments",
        "KEZHAN_INSTALMENTS",
        _("Prices in parts"),
        _("No creator can offer them, and no buyer is shown any."),
        _("Plans that run go on to their last part."),
    ),
    Switch(
        "tips",
        "KEZHAN_TIPS",
        _("Tips"),
        _("Nobody is asked for a tip or can begin one."),
        _("What was given stays given and can be taken back as before; who has a payment page open can finish it."),
    ),
)
BY_CODE = {switch.code: switch for switch in SWITCHES}


class SwitchedAlready(DomainError):
    code = "switched_already"
    message = _("It stands so already: somebody was before you.")


class SwitchIsForced(DomainError):
    code = "switch_is_forced"
    message = _("The environment of this installation decides this switch. Take the variable away first.")


class TurnQuerySet(models.QuerySet["SwitchTurn"]):
    def turn(self, switch: Switch, is_on: bool, *, by: User, why: str) -> "SwitchTurn":
        """Raises NotAllowed, SwitchIsForced, SwitchedAlready."""
        if not by.has_role("admin"):
            raise NotAllowed
        if switch.forced is not None:
            raise SwitchIsForced(setting=switch.setting)
        last = self.filter(code=switch.code).order_by("-number").first()
        if (last.is_on if last else True) == is_on:
            raise SwitchedAlready
        if not why.strip():
            raise ValidationError({"why": _("Say why, for the record.")})
        number = last.number + 1 if last else 1
        try:
            with transaction.atomic():
                row = self.create(code=switch.code, number=number, is_on=is_on, by=by, why=why.strip())
                audit.record(by, "switch.turn", row, switch=switch.code, is_on=is_on, why=row.why)
                changed()
        except IntegrityError:
            raise SwitchedAlready from None
        return row


class SwitchTurn(models.Model):
    """From `at` on a switch is on, or off. The database refuses changes."""

    code = models.SlugField(max_length=20)
    number = models.PositiveIntegerField()
    is_on = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    why = models.CharField(_("why"), max_length=300)

    objects = TurnQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="turns_are_numbered"),
            models.CheckConstraint(
                condition=models.Q(code__in=[switch.code for switch in SWITCHES]), name="a_turn_is_of_a_switch"
            ),
            models.CheckConstraint(condition=~models.Q(why=""), name="a_turn_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {'on' if self.is_on else 'off'}"

    @property
    def switch(self) -> Switch:
        return BY_CODE[self.code]
