"""Reports and decisions in tests, by the verbs that people use: each decision names the effect that was seen."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from moderation import appeals, measures, reports, rulebook, targets
from moderation.measures import Wish
from moderation.models import Appeal, AppealAnswer, Case, Measure
from moderation.reports import Sender

DEFAULT_RULES = {"account": "fair_accounts", **dict.fromkeys(("rating", "question", "comment"), "respect")}


def target(kind: str, key: Any) -> targets.Target:
    found = targets.find(kind, str(key))
    assert found is not None
    return found


def wish(action: str, kind: str, key: Any, *, rule: str = "", reason: str = "Copied", **more: Any) -> Wish:
    """Under a rule that is about such things, where none is named."""
    case: Case | None = more.get("case")
    found = case.target if case else target(kind, key)
    named = None if action == "dismiss" else rulebook.book().rule(rule or DEFAULT_RULES.get(found.ruled_as, "rights"))
    return Wish(action, found, named, reason, **more)


def decide(action: str, kind: str, key: Any, by: User, **more: Any) -> Measure:
    wanted = wish(action, kind, key, **more)
    return measures.decide(wanted, by, seen=measures.preview(wanted, by).version)


def decide_case(case: Case, action: str, by: User, **more: Any) -> Measure:
    return decide(action, case.kind, case.key, by, case=case, **more)


def report(kind: str, key: Any, by: User | str, *, rule: str = "rights", **more: Any) -> Case:
    """By a person, or from an address without an account."""
    sender = Sender(None, by) if isinstance(by, str) else Sender(by)
    return reports.file(target(kind, key), sender, rule_code=rule, **more).case


def answer_appeal(appeal: Appeal, by: User, *, verdict: str, reason: str) -> AppealAnswer:
    seen = appeals.preview(appeal, by, verdict=verdict, reason=reason).version
    return appeals.answer(appeal, by, verdict=verdict, reason=reason, seen=seen)


def confirmed(desk: Client, address: str, told: dict[str, str]) -> HttpResponse:
    """What was written on the page of an appeal or of a measure that ends, after the page with its effect."""
    weighed = desk.post(address, told)
    assert weighed.status_code == 200
    return desk.post(address, {**told, "effect_version": weighed.context["ending"].version})  # type: ignore[return-value]
