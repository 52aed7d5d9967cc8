"""The shape of the sample catalogue: who teaches what, for how much."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SampleCreator:
    """`hue` (degrees) colors the portrait and the slides; `country` is an ISO code."""

    key: str
    email: str
    name: str
    headline: str
    bio: str
    language: str
    country: str
    hue: int


@dataclass(frozen=True)
class SampleCourse:
    """`price` in major units as a person types it; `sections` maps a section's title to its lessons' titles.

    A lesson title that begins with "# " is an article, all others are films.
    """

    creator: str
    category: str
    title: str
    subtitle: str
    level: str
    currency: str
    price: str
    outcomes: tuple[str, ...]
    requirements: tuple[str, ...]
    audience: tuple[str, ...]
    sections: dict[str, tuple[str, ...]]
    language: str = "en"
    state: str = "live"
