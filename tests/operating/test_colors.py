"""Tints of an accent: a color is readable or answered with the nearest that is, and so is all that is made of it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operating import colors

TOKENS = (Path(__file__).parents[2] / "frontend/css/tokens.css").read_text()
ANY = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def token(name: str) -> list[tuple[float, ...]]:
    """The sides of a token, light and dark, as (lightness, chroma, hue)."""
    line = re.search(rf"^  --{name}: (.+);$", TOKENS, re.MULTILINE)
    assert line
    return [tuple(map(float, each.split())) for each in re.findall(r"oklch\(([\d. ]+)\)", line[1])]


def test_grounds_are_those_of_the_style_sheet() -> None:
    assert token("hover") == [colors.LIGHT_GROUND, colors.DARK_GROUND]
    assert token("paper")[1] == colors.DARK_PAPER
    assert token("on-seal") == [colors.ON_ACCENT]
    hardest = [colors.from_oklch(*token(name)[0]) for name in ("paper", "sheet", "well", "hover")]
    assert min(hardest, key=lambda ground: colors.contrast(ground, "#000000")) == hardest[-1]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#777777", "#777777", 1),
    ],
)
def test_contrast_is_wcag_s(one: str, other: str, ratio: float) -> None:
    assert colors.contrast(one, other) == colors.contrast(other, one) == pytest.approx(ratio, abs=0.005)


@given(ANY)
def test_a_color_survives_the_way_there_and_back(color: str) -> None:
    assert colors.from_oklch(*colors.to_oklch(color)) == color


@given(ANY)
def test_the_nearest_is_readable_of_the_same_hue_and_itself_where_it_can_be(color: str) -> None:
    found = colors.nearest(color)
    assert colors.is_readable(found)
    assert (found == color) == colors.is_readable(color)
    assert colors.nearest(found) == found


@given(ANY)
def test_every_tint_has_the_contrast_that_it_needs(color: str) -> None:
    made, white = colors.tints(colors.nearest(color)), colors.on_accent()
    for ground in (made.accent_light, made.accent_dark, made.press_light, made.press_dark):
        assert colors.contrast(ground, white) >= colors.TEXT
    assert colors.contrast(made.accent_dark, colors.from_oklch(*colors.DARK_PAPER)) >= colors.SHAPE
    for name in ("paper", "sheet", "well", "hover"):
        light, dark = (colors.from_oklch(*each) for each in token(name))
        assert colors.contrast(made.ink_light, light) >= colors.TEXT
        assert colors.contrast(made.ink_dark, dark) >= colors.TEXT
