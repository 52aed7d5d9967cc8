"""Reporting something: by anybody, counted once a person, at a cost that does not grow with how many there are."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from accounts.models import User
from marketplace.lib.errors import DomainError

from . import priority, report_mails, rulebook, targets
from .models import Case, Report
from .models.case import KEPT_ANONYMOUS

A_DAY = timedelta(days=1)
OF_PERSON_A_DAY, OF_ADDRESS_AN_HOUR = 30, 5


class TooManyReports(DomainError):
    code = "too_many_reports"
    status = 429
    message = _("You have reported as much as one person may in a day. Log in, or come back tomorrow.")


class ReportsClosed(DomainError):
    code = "reports_closed"
    status = 503
    message = _("Reports without an account cannot be taken just now. Log in, or try again in a minute.")


class OwnThing(DomainError):
    code = "own_thing"
    message = _("This is your own. You can change it yourself.")


class WrongRule(DomainError):
    code = "wrong_rule"
    status = 400
    message = _("This rule is not about such things. Choose another one.")


@dataclass(frozen=True)
class Sender:
    """Who reports: a person with an account, or an address."""

    person: User | None
    address: str = ""

    @property
    def trace(self) -> str:
        """Of an address: the same for a day and never the address itself. Of a person: empty."""
        if self.person:
            return ""
        day = f"{timezone.now():%Y-%m-%d}"
        return salted_hmac("moderation.reports", f"{day} {self.address}", algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Filed:
    """What became of a report: the case it belongs to; `is_new` is False for one that the sender had made before."""

    case: Case
    is_new: bool


def target_or_404(kind: str, key: str, reader: Any) -> targets.Target:
    """What the reader may see and so may report."""
    target = targets.find(kind, key)
    if target is None or not target.is_seen_by(reader):
        raise Http404
    return target


def file(
    target: targets.Target, sender: Sender, *, rule_code: str, text: str = "", at_second: int | None = None
) -> Filed:
    """Report a thing under a rule. The same sender's second report of an open case is the first one.

    Raises UnknownRule, WrongRule, OwnThing, TooManyReports, ReportsClosed.
    """
    rule = rulebook.book().rule(rule_code)
    if target.ruled_as not in rule.applies_to:
        raise WrongRule(rule_code=rule_code)
    if sender.person and sender.person.pk == target.owner.pk:
        raise OwnThing
    _must_be_few(sender)
    if not sender.person and (drowned := Case.objects.count_drowned(target, rule.severity)):
        return Filed(drowned, is_new=True)
    trust = trust_of(sender.person) if sender.person else 0
    with transaction.atomic():
        case = Case.objects.hold_open(target)
        if _has_reported(case, sender):
            return Filed(case, is_new=False)
        case.keep_evidence(target)
        weight = trust if sender.person else priority.anonymous_weight(case.anonymous_weight)
        kept = bool(sender.person) or case.kept_count < KEPT_ANONYMOUS
        if kept:
            made = Report.objects.create(
                case=case, reporter=sender.person, sender=sender.trace, rule=rule, text=text.strip(),
                at_second=at_second, weight=weight,
            )  # fmt: skip
            if sender.person:
                # Drawn in both languages when the case is free again: thousands may wait for it.
                transaction.on_commit(lambda: report_mails.received(made), robust=True)
        case.count(
            rule=rule, reach=target.reach, kept=kept,
            **({"weight": weight} if sender.person else {"anonymous": weight}),
        )  # fmt: skip
        return Filed(case, is_new=True)


def trust_of(person: User) -> int:
    """Her weight, from what became of her reports; what an appeal overturned counts as dismissed."""
    is_wrong = Q(case__measure__action="dismiss") | Q(case__measure__appeal__answer__verdict="overturned")
    decided = Report.objects.filter(reporter=person, case__measure__isnull=False).aggregate(
        all=Count("pk"),
        wrong=Count("pk", filter=is_wrong),
        bad_faith=Count("pk", filter=Q(case__measure__is_bad_faith=True)),
    )
    return priority.trust(
        decided["all"] - decided["wrong"], decided["wrong"] - decided["bad_faith"], decided["bad_faith"]
    )  # fmt: skip


def _has_reported(case: Case, sender: Sender) -> bool:
    mine = {"reporter": sender.person} if sender.person else {"sender": sender.trace}
    return case.reports.filter(**mine).exists()


def _must_be_few(sender: Sender) -> None:
    if sender.person:
        made = Report.objects.filter(reporter=sender.person, reported_at__gt=timezone.now() - A_DAY)
        if made.count() >= OF_PERSON_A_DAY:
            raise TooManyReports
        return
    key = f"reports.{sender.trace}"
    try:
        cache.add(key, 0, 3600)
        if cache.incr(key) > OF_ADDRESS_AN_HOUR:
            raise TooManyReports
    except RedisError as error:
        raise ReportsClosed from error
    except ValueError:
        pass  # the hour ended between the two: the count begins anew with the next one
