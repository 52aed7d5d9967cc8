"""Months of income, summed up ahead of time so that a long history is read as quickly as a short one.

Everything here is taken from the ledger's entries and from what they name, by `payments.incomes.rollups`, the only
writer; it can be thrown away and built again. What came after the mark is added by whoever reads.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from creators.models import Creator
from marketplace.lib.money import currency_choices

from .ledger import Book, LedgerAccount


class Role(models.TextChoices):
    """As what somebody has a part in a sale."""

    CREATOR = "creator", _("Your own course")
    COAUTHOR = "coauthor", _("As co-author")
    PROMOTER = "promoter", _("As promoter")


class IncomeMonth(models.Model):
    """What one person had of one course's sales in one month (UTC) and currency.

    Sales count in the month in which they were paid, what was taken back in the month in which that was booked. The
    parts of others are kept for the course's own creator only. gross − discount + promotion − tax − platform −
    affiliate − coauthors = share. `first_item`, `last_item`: between them lie the sales of the month.
    """

    book = models.CharField(max_length=8, choices=Book.choices)
    owner = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=8, choices=Role.choices)
    # Null for the months of her membership, and for courses that few members watched by the pass.
    course = models.ForeignKey(Course, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3, choices=currency_choices())
    month = models.DateField()
    sales = models.BigIntegerField(default=0)
    gross_minor = models.BigIntegerField(default=0)
    discount_minor = models.BigIntegerField(default=0)
    promotion_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    platform_minor = models.BigIntegerField(default=0)
    affiliate_minor = models.BigIntegerField(default=0)
    coauthors_minor = models.BigIntegerField(default=0)
    share_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    first_item = models.BigIntegerField(null=True)
    last_item = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "book", "currency", "month", "course", "role"], nulls_distinct=False,
                name="one_income_a_month",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.CREATOR)
                | Q(
                    share_minor=models.F("gross_minor") - models.F("discount_minor") + models.F("promotion_minor")
                    - models.F("tax_minor") - models.F("platform_minor") - models.F("affiliate_minor")
                    - models.F("coauthors_minor")
                ),
                name="income_adds_up",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.owner_id} {self.course_id} {self.month:%Y-%m}: {self.share_minor} {self.currency}"


class AccountMonth(models.Model):
    """The signed sum of one account's postings of one kind in one month (UTC), and between which postings they lie."""

    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="months", db_index=False)
    month = models.DateField()
    kind = models.CharField(max_length=24)
    amount_minor = models.BigIntegerField()
    postings = models.BigIntegerField()
    first_posting = models.BigIntegerField()
    last_posting = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "month", "kind"], name="one_account_month")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month:%Y-%m} {self.kind}: {self.amount_minor:+d}"


class RollupMarkQuerySet(models.QuerySet["RollupMark"]):
    def hold(self) -> "RollupMark":
        """The one row, locked for the rest of the transaction."""
        RollupMark.objects.bulk_create([RollupMark(pk=1)], ignore_conflicts=True)
        return self.select_for_update(no_key=True).get(pk=1)


class RollupMark(models.Model):
    """Up to where entries are summed up: every one up to `through_entry`, and none after.

    `next_entry` is how far the next round may go, once every transaction numbered below `next_tx` has ended.
    """

    through_entry = models.BigIntegerField(default=0)
    next_entry = models.BigIntegerField(default=0)
    next_tx = models.BigIntegerField(null=True)
    moved_at = models.DateTimeField(default=timezone.now)

    objects = RollupMarkQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_rollup_mark")]

    def __str__(self) -> str:
        return f"through entry {self.through_entry}"

    def move(self, through_entry: int, *, next_entry: int = 0, next_tx: int | None = None) -> None:
        self.through_entry, self.next_entry, self.next_tx = through_entry, next_entry, next_tx
        self.moved_at = timezone.now()
        self.save(update_fields=["through_entry", "next_entry", "next_tx", "moved_at"])
