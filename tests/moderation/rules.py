"""Wordings of rules as administrators announce them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import RoleGrant, User
from moderation import rulebook
from moderation.models import RuleVersion
from moderation.models.rule import COMMENT_PERIOD
from tests import cast

WORDS: dict[str, Any] = {
    "area": "rights", "severity": 3, "applies_to": ["course", "lesson"], "is_reviewed": True,
    "title_en": "Sources are named", "title_zh": "注明来源",
    "text_en": "Name every source.", "text_zh": "每个来源都要注明。",
    "examples": [{"breaks": True, "en": "None is named.", "zh": "没有注明。"}],
    "why_en": "Asked for by many.", "why_zh": "许多人要求。",
}  # fmt: skip


def admin() -> User:
    return cast.person("Max", role=RoleGrant.Role.ADMIN)


def later(days: int = 0) -> datetime:
    """When a change may be in force, and some days after."""
    return timezone.now() + COMMENT_PERIOD + timedelta(days=days, minutes=1)


def announce(code: str = "rights", *, at: datetime | None = None, **words: Any) -> RuleVersion:
    return rulebook.announce(code, by=admin(), in_force_at=at or later(), words={**WORDS, **words})
