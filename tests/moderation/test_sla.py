"""The promise of an answer within two days."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.sla import REVIEW_WITHIN, wait_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class TestWait:
    @pytest.mark.parametrize(("hours", "tone"), [(0, "ok"), (35, "ok"), (36, "wait"), (47, "wait"), (48, "bad")])
    def test_is_judged_by_the_promise(self, hours: int, tone: str) -> None:
        assert wait_of(NOW - timedelta(hours=hours), NOW).tone == tone

    def test_says_when_the_answer_is_due(self) -> None:
        assert wait_of(NOW, NOW).due_at == NOW + REVIEW_WITHIN

    def test_is_never_negative_when_two_clocks_differ(self) -> None:
        assert wait_of(NOW + timedelta(seconds=3), NOW).waited == timedelta(0)
