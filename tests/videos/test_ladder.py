"""Ladder: which rungs a film gets."""

from fractions import Fraction

import pytest

from videos.ladder import Source, output_fps, rungs


def pictures(width: int, height: int, fps: str = "25") -> list[tuple[int, int]]:
    source = Source(60_000, width, height, Fraction(fps), has_video=True)
    return [(rung.width, rung.height) for rung in rungs(source)]


@pytest.mark.parametrize(
    ("size", "lines"),
    [
        ((1920, 1080), [240, 360, 540, 720, 1080]),
        ((3840, 2160), [240, 360, 540, 720, 1080]),
        ((1280, 720), [240, 360, 540, 720]),
        ((854, 480), [240, 360, 480]),
        ((640, 360), [240, 360]),
        ((1024, 576), [240, 360, 540]),
        ((320, 180), [180]),
        ((64, 48), [48]),
    ],
)
def test_rungs_go_up_to_the_film_s_own_size_and_never_beyond(size: tuple[int, int], lines: list[int]) -> None:
    assert [height for _, height in pictures(*size)] == lines


def test_a_film_shot_upright_gets_the_same_rungs_turned() -> None:
    assert pictures(1080, 1920) == [(h, w) for w, h in pictures(1920, 1080)]


@pytest.mark.parametrize("size", [(853, 479), (1919, 1079), (241, 999), (3, 4096)])
def test_sides_are_even_and_not_larger_than_the_source(size: tuple[int, int]) -> None:
    for width, height in pictures(*size):
        assert width % 2 == height % 2 == 0
        assert 0 < width <= max(size[0], 2)
        assert 0 < height <= max(size[1], 2)


@pytest.mark.parametrize(
    ("fps", "out"), [("25", "25"), ("24000/1001", "24000/1001"), ("60", "60"), ("120", "60"), ("90", "45"), ("0", "30")]
)
def test_frames_are_kept_up_to_60_a_second_and_then_dropped_evenly(fps: str, out: str) -> None:
    assert output_fps(Fraction(fps)) == Fraction(out)


def test_sound_comes_at_two_rates_and_only_where_there_is_sound() -> None:
    heard = rungs(Source(1000, 640, 360, Fraction(25), has_video=True, has_audio=True))
    assert [rung.name for rung in heard] == ["v240", "v360", "a128", "a64"]
    assert [rung.name for rung in rungs(Source(1000, has_audio=True))] == ["a128", "a64"]


def test_bit_rates_rise_with_lines_and_frames() -> None:
    rates = [rung.bitrate for rung in rungs(Source(1000, 1920, 1080, Fraction(25), has_video=True))]
    assert rates == sorted(set(rates))
    fast = rungs(Source(1000, 1920, 1080, Fraction(60), has_video=True))[-1].bitrate
    assert fast > rates[-1]
