"""A shelf of its own for every test, and films that are made once a session."""

from pathlib import Path

import pytest

from tests.videos.films import make_film
from tests.videos.s3 import s3, s3_server

__all__ = ["s3", "s3_server"]


@pytest.fixture(autouse=True)
def _own_shelf(settings: object, tmp_path: Path) -> None:
    settings.VIDEO_ROOT = tmp_path / "video"  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds, 426×240, with sound."""
    return make_film(tmp_path_factory.mktemp("films") / "film.mp4")


@pytest.fixture(scope="session")
def silent_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("films") / "silent.mkv", seconds=2, sound=False)
