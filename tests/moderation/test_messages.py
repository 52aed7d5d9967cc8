"""What people are told of a decision about them: each kind of decision in words of its own."""

import pytest
from django.template.loader import render_to_string

from moderation.models import Measure

# Nobody is told of a dismissal as its owner; verdicts on claims of copyright have mails of their own.
ELSEWHERE = {"dismiss", "uphold", "reject", "settle"}
ACTIONS = [action for action in Measure.Action.values if action not in ELSEWHERE]


@pytest.mark.parametrize("template", ["measure_notice", "measure_ended"])
def test_each_action_is_said_in_words_of_its_own(template: str) -> None:
    told = [action for action in ACTIONS if (template, action) != ("measure_ended", "refund")]  # money stays back
    subjects = {action: _subject(template, action) for action in told}
    assert len(set(subjects.values())) == len(told)
    assert [action for action, said in subjects.items() if "payouts" in said.lower()] == ["hold"]
    assert _subject(template, "one of tomorrow") not in subjects.values()


def test_a_hidden_rating_is_explained_to_who_wrote_it() -> None:
    words = render_to_string("mail/moderation/measure_notice.txt", {"action": "hide_rating", "title": "Glazes: 1/5"})
    assert "hidden your rating of Glazes: 1/5" in words
    assert "payouts" not in words


def _subject(template: str, action: str) -> str:
    context = {"action": action, "title": "Glazes", "course": {"title": "Glazes"}}
    return render_to_string(f"mail/moderation/{template}.txt", context).splitlines()[0]
