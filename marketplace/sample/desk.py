"""What waits at the moderators' desk of the sample: reports of a lesson and of a course, and a claim of copyright."""

from typing import Any

from accounts.models import User
from courses.models import Course, Lesson
from moderation import reports, rights, targets
from moderation.models import Case, RightsClaim

LESSON_OF, COURSE = "Django for people with an idea", "Window light"
REPORTS_OF_LESSON = (
    ("sound_quality", "From the second slide on there is a hum under the voice. I cannot follow on my phone.", 4),
    ("sound_quality", "第二张之后一直有嗡嗡声，听不清老师说什么。", 5),
)
REPORT_OF_COURSE = ("outcomes_taught", "It promises portraits by night; no lesson shows one.")
CLAIM: dict[str, Any] = {
    "holder": "Lin Wei",
    "work": "Git for the impatient, 2024, on my own site",
    "proof": "The second lesson reads my slides word for word, from the first second on. The drafts carry their dates.",
    "proof_url": "https://git-for-the-impatient.example/slides",
    "is_good_faith": True,
}
CLAIMED = "Git in one quiet afternoon"


def fill(learners: list[User]) -> None:
    """Left as it is where anything was reported or claimed before."""
    if Case.objects.exists() or RightsClaim.objects.exists():
        return
    lesson = Lesson.objects.live().filter(version__course__title=LESSON_OF, kind="video").order_by("pk").first()
    if lesson:
        for sender, (rule, text, second) in zip(learners, REPORTS_OF_LESSON, strict=False):
            _report("lesson", str(lesson.key), sender, rule, text, second)
    rule, text = REPORT_OF_COURSE
    _report("course", _slug(COURSE), learners[2], rule, text)
    if claimed := targets.find("course", _slug(CLAIMED)):
        rights.file(claimed, learners[0], **CLAIM)


def _slug(title: str) -> str:
    return Course.objects.listed().get(title=title).slug


def _report(kind: str, key: str, sender: User, rule: str, text: str, second: int | None = None) -> None:
    if target := targets.find(kind, key):
        reports.file(target, reports.Sender(sender), rule_code=rule, text=text, at_second=second)
