"""What the provider is asked with means of payment that a buyer agreed to keep: to take something, and to forget them.

Each kind of agreement has its own rows, which name it; what is done with them is the same (`payments.kept_charging`).
"""

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.lib.work import Work

if TYPE_CHECKING:
    from .order import Order


class KeptChargeQuerySet(models.QuerySet[Any]):
    def begin(self, order: "Order", number: int) -> Any:
        """Have this order taken without its buyer, for the `number`th time; by a worker."""
        charge = self.create(order=order, number=number)
        charge.ring()
        return charge

    def under_way(self) -> Self:
        """Nobody knows yet whether they took the money."""
        return self.filter(state=KeptCharge.State.ASKED)


class KeptCharge(Work):
    """One try to take one order with the means that were kept. As work it is the call to the provider."""

    class State(models.TextChoices):
        ASKED = "asked", _("Under way")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")

    # Longer than the charge and what follows it can take together, with the provider's client's own repeats.
    LEASE = timedelta(seconds=200)
    MAX_ATTEMPTS = 12
    # By what it is called in keys.
    KIND: ClassVar[str]

    order: Any  # of each kind's own key
    order_id: int
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    # The provider's word for why it did not come.
    reason = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    # Under which key the provider was asked last, and when: written before it is asked. Empty: it never was.
    key = models.CharField(max_length=120, blank=True, default="", db_default="")
    key_used_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"try {self.number} of order {self.order_id}"

    @property
    @abstractmethod
    def what(self) -> str:
        """Which part or month of its agreement it is of, in keys."""

    def on_dead(self) -> None:
        self.order.flag(f"try {self.number} to take it with the kept means was given up: {self.last_error}")

    def ask_under(self, key: str, at: datetime) -> None:
        """Note the key before the provider is asked, with a whole lease to ask in. Raises LeaseLost."""
        self.heartbeat()
        self._settle(key=key, key_used_at=at)
        self.key, self.key_used_at = key, at


class KeptRelease(Work):
    """Nothing of an agreement is open: the provider is told to forget the means that were kept for it."""

    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 10

    class Meta:
        abstract = True

    @property
    @abstractmethod
    def agreement(self) -> Any:
        """Whose means they are."""

    @property
    @abstractmethod
    def charges(self) -> Any:
        """The tries of its agreement."""
