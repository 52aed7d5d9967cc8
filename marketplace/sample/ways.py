"""Paths of the sample: one of a creator, one of the house in Chinese, both approved by somebody else."""

from accounts.models import User
from courses.models import Course, Path, Stage
from creators.models import Creator

STUDIO = (
    "From an empty file to a site that sells",
    "You build a small shop on the web, know what is in its tables, and can undo every mistake",
    "Four courses in the order in which questions come up: first the language, then the data, then the site. Git stands where you first have something to lose.",
    (
        (
            "The language",
            "So that a program is something you read, not something you fear",
            ("Python from an empty file", "Git in one quiet afternoon"),
        ),
        ("The data", "What every site stands on", ("SQL that you can read aloud",)),
        ("The site", "From a sketch to the first order", ("Django for people with an idea",)),
    ),
)
HOUSE = (
    "从一部手机到一门小生意",
    "你能拍、能播、能发货，也算得清每一单赚了多少",
    "给想把手里的东西卖出去的人：先学会开口，再学会发货，最后把账算清。",
    (
        ("开播", "先有人听你说话", ("乡村直播第一课：一部手机开播",)),
        ("发货", "东西要完好地到人手里", ("农产品从地头到快递",)),
        ("算账", "卖得多不等于赚得多", ("账要算清：小生意记账课",)),
    ),
)


def make(maker: Creator, moderator: User, other: User) -> None:
    """`moderator` makes the path of the house, which `other` approves; both are left as they are where they exist."""
    _make(STUDIO, "en", maker.user, maker, moderator)
    _make(HOUSE, "zh-hans", moderator, None, other)


def _make(plan: tuple, language: str, by: User, creator: Creator | None, decider: User) -> None:
    title, promise, about, told = plan
    if Path.objects.filter(editions__title=title).exists():
        return
    titles = [name for _title, _words, names in told for name in names]
    courses = {course.title: course for course in Course.objects.on_sale().filter(title__in=titles)}
    path = Path.objects.start(title=title, language=language, by=by, creator=creator)
    edition = path.shown_edition
    stages = [Stage(name, words, tuple(courses[one] for one in names)) for name, words, names in told]
    edition.write({"promise": promise, "about": about}, stages, by=by, revision=edition.revision)
    edition.submit(by=by).approve(by=decider, reason="")
