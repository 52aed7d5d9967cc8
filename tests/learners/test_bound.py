"""Bound: whatever is claimed, accepted seconds never exceed wall time at the fastest speed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from learners import bound
from learners.bound import Meter

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
claims = st.lists(
    st.tuples(
        st.floats(0, 30),  # seconds that pass before the claim
        st.integers(0, 3),  # seconds the claiming session was opened after the first
        st.integers(0, 100_000),  # seconds claimed
        st.floats(allow_nan=True, allow_infinity=True),  # the speed it says
    ),
    max_size=40,
)


@given(claims)
def test_no_series_of_claims_gets_more_than_wall_time_at_double_speed(series: list) -> None:
    now, meter, total = START, Meter(), 0
    for pause, opened_after, claimed, speed in series:
        now += timedelta(seconds=pause)
        started_at = min(now, START + timedelta(seconds=opened_after))
        spent = bound.spend(claimed, speed=speed, meter=meter, started_at=started_at, now=now)
        total, meter = total + spent.accepted_s, spent.meter
        limit = bound.FASTEST * ((now - START) + bound.GRACE).total_seconds()
        assert total <= limit


@given(st.lists(st.tuples(st.floats(1, 20), st.sampled_from([0.5, 1.0, 1.25, 1.5, 2.0])), max_size=40))
def test_an_honest_player_is_never_cut_short(stretches: list[tuple[float, float]]) -> None:
    now, meter, played, accepted = START, Meter(), 0.0, 0
    fastest = 0.5
    for wall, speed in stretches:
        now += timedelta(seconds=wall)
        played += wall * speed
        fastest = max(fastest, speed)
        claim = round(played) - accepted
        spent = bound.spend(claim, speed=fastest, meter=meter, started_at=START, now=now)
        assert spent.accepted_s == claim
        accepted, meter = accepted + spent.accepted_s, spent.meter


def test_twenty_tabs_share_one_wall_clock() -> None:
    now, meter, total = START + timedelta(seconds=10), Meter(), 0
    for _tab in range(20):
        spent = bound.spend(600, speed=2.0, meter=meter, started_at=START, now=now)
        total, meter = total + spent.accepted_s, spent.meter
    assert total == 22  # 2 × (10 s + the grace of 1 s)
