"""What beat rings for moderation goes on past the one row that fails, and says so."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from community import telling
from marketplace.lib.sweeps import SweepFailed
from moderation import measures, tasks
from moderation.models import Measure, RightsClaim
from moderation.rights import clocks
from tests import cast
from tests.community.factories import answer, ask
from tests.courses.factories import make_course
from tests.faults.taken_away import planted, take_away
from tests.moderation import claims
from tests.moderation.decisions import decide

pytestmark = pytest.mark.django_db


def test_the_clocks_of_other_claims_run_out(ada: User, lin: User, sam: User) -> None:
    for title in ("Glazes", "Kilns"):
        make_course(title=title)
    first, second = claims.admitted(cast.cole(), sam, "glazes"), claims.admitted(lin, sam, "kilns")
    spoiled = f"IF NEW.claim_id = {first.pk} THEN RAISE EXCEPTION 'spoiled'; END IF; RETURN NEW;"
    take_away(planted("moderation_rightsstep", spoiled))
    with (
        time_machine.travel(second.due_at + timedelta(minutes=1), tick=False),
        pytest.raises(SweepFailed, match=f"clocks_of_claims: 1 failed, 1 done; {first.pk}"),
    ):
        clocks.run_out()
    assert [claims.fresh(claim).state for claim in (first, second)] == [
        RightsClaim.State.ANSWERING, RightsClaim.State.DECIDING,
    ]  # fmt: skip


def test_other_measures_end_also_when_those_that_fail_fill_a_sweep(
    ada: User, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "A_SWEEP", 1)
    for title in ("Glazes", "Kilns", "Salt"):
        make_course(title=title)
    done = [decide("limit", "course", slug, sam, days=7) for slug in ("glazes", "kilns", "salt")]
    pks = ", ".join(str(measure.pk) for measure in done[:2])
    spoiled = f"IF NEW.reverses_id IN ({pks}) THEN RAISE EXCEPTION 'spoiled'; END IF; RETURN NEW;"
    take_away(planted("moderation_measure", spoiled))
    with (
        time_machine.travel(timezone.now() + timedelta(days=8), tick=False),
        pytest.raises(SweepFailed, match="2 failed, 1 done"),
    ):
        measures.end_overdue()
    assert [measure.is_standing for measure in Measure.objects.filter(pk__in=[m.pk for m in done]).order_by("pk")] == [
        True, True, False,
    ]  # fmt: skip


def test_of_two_steps_of_one_bell_the_second_comes_though_the_first_fails(
    ada: User, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []

    def fail() -> int:
        raise ValueError("spoiled")

    monkeypatch.setattr(tasks.income, "follow", fail)
    monkeypatch.setattr(tasks.awards, "remind", lambda: rung.append("remind"))
    with pytest.raises(SweepFailed, match="follow_claims: 1 failed, 1 done"):
        tasks.follow_claims()
    assert rung == ["remind"]


def test_other_answers_are_told(ada: User, lin: User) -> None:
    course = make_course(title="Glazes")
    asked = ask(lin, course)
    first, second = (answer(ada, asked, text) for text in ("Dry", "Wet"))
    spoiled = f"IF starts_with(NEW.key, 'post:{first.pk}:') THEN RAISE EXCEPTION 'spoiled'; END IF; RETURN NEW;"
    take_away(planted("floor_mail", spoiled))
    with (
        time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False),
        pytest.raises(SweepFailed, match="answers: 1 failed, 1 done"),
    ):
        telling.send_due(timezone.now())
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.told_at is None, second.told_at is None) == (True, False)
