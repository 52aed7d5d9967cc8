"""How a clip is framed: what of the picture it keeps, how large it becomes, and which files are made."""

from fractions import Fraction

import pytest

from videos import framing
from videos.framing import Fit, Framing, Shape, Window

FPS = Fraction(25)


def upright(center: int = 500, fit: Fit = Fit.CROP) -> Framing:
    return Framing(Shape.VERTICAL, fit, center)


class TestCrop:
    @pytest.mark.parametrize(("center", "x"), [(0, 0), (500, 656), (250, 176), (1000, 1314)])
    def test_it_follows_the_chosen_middle_and_stays_in_the_picture(self, center: int, x: int) -> None:
        assert framing.window(1920, 1080, upright(center)) == Window(606, 1080, x, 0)

    def test_an_upright_film_is_cut_above_and_below_for_a_wide_clip(self) -> None:
        wide = Framing(Shape.HORIZONTAL, Fit.CROP, 1000)
        assert framing.window(720, 1280, wide) == Window(720, 404, 0, 876)

    def test_a_film_of_the_same_shape_is_kept_whole(self) -> None:
        assert framing.window(1280, 720, Framing(Shape.HORIZONTAL, Fit.CROP, 0)) == Window(1280, 720, 0, 0)

    @pytest.mark.parametrize("size", [(2, 2), (3, 1081), (4095, 17), (641, 359)])
    @pytest.mark.parametrize("shape", list(Shape))
    @pytest.mark.parametrize("center", [0, 1, 499, 1000])
    def test_it_never_leaves_the_picture_and_has_even_sides(
        self, size: tuple[int, int], shape: Shape, center: int
    ) -> None:
        kept = framing.window(*size, Framing(shape, Fit.CROP, center))
        assert kept.width % 2 == kept.height % 2 == kept.x % 2 == kept.y % 2 == 0
        assert (kept.width, kept.height) >= (2, 2)
        assert kept.x >= 0
        assert kept.y >= 0
        if min(size) > 34:
            assert kept.x + kept.width <= size[0]
            assert kept.y + kept.height <= size[1]


class TestSizes:
    def test_a_full_hd_film_gets_three_upright_sizes(self) -> None:
        made = framing.rungs(1920, 1080, FPS, upright())
        assert [(rung.width, rung.height) for rung in made] == [(360, 640), (540, 960)]
        made = framing.rungs(1920, 1080, FPS, upright(fit=Fit.BARS))
        assert [(rung.width, rung.height) for rung in made] == [(360, 640), (540, 960), (720, 1280)]

    def test_nothing_is_scaled_up(self) -> None:
        assert [(rung.width, rung.height) for rung in framing.rungs(640, 360, FPS, upright())] == [(202, 360)]
        wide = Framing(Shape.HORIZONTAL, Fit.CROP)
        assert [(rung.width, rung.height) for rung in framing.rungs(854, 480, FPS, wide)] == [(640, 360), (854, 480)]

    def test_the_whole_picture_stands_before_the_ground_without_being_made_larger(self) -> None:
        assert framing.canvas(640, 360, upright(fit=Fit.BARS)) == (640, 1136)


def test_the_sound_is_cut_where_the_picture_is_and_faded() -> None:
    made = framing.rungs(640, 360, FPS, upright())
    graph = framing.arguments((640, 360), made, upright(), (10.0, 25.5), sound=True)[1]
    assert "trim=start=10.000:end=25.500,setpts=PTS-10.000/TB" in graph
    assert "atrim=start=10.000:end=25.500,asetpts=PTS-10.000/TB" in graph
    assert "afade=t=out:st=15.450" in graph
    silent = framing.arguments((640, 360), made, upright(), (10.0, 25.5), sound=False)
    assert "atrim" not in silent[1]
    assert "-c:a" not in silent
