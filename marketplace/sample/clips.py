"""The sample's clips: the first film of the first courses, cut as its creator would, upright but for one."""

from courses.models import Clip, Course, Lesson
from videos.tasks import cut_excerpt

from . import film_rows
from .plan import SampleCourse

FROM_MS, TO_MS = 0, 18_000


def cut(plans: list[SampleCourse]) -> None:
    """What is there already is found again."""
    for at, plan in enumerate(plans[: film_rows.CLIPPED]):
        course = Course.objects.select_related("creator__user", "live_version").filter(title=plan.title).first()
        if course is None:
            continue
        lessons = course.live_lessons().select_related("version__course__creator", "video")
        lesson = lessons.filter(video__name=film_rows.film_name(plan, 0), video__duration_ms__gte=TO_MS).first()
        if lesson is not None and lesson.video is not None:
            _cut(course, lesson, plan, shape="horizontal" if at == film_rows.CLIPPED - 1 else "vertical")


def _cut(course: Course, lesson: Lesson, plan: SampleCourse, shape: str) -> None:
    assert lesson.video is not None
    by = course.creator.user
    clip, is_new = Clip.objects.cut(
        lesson, film=lesson.video.asset, by=by, start_ms=FROM_MS, end_ms=TO_MS, shape=shape, fit="bars", center=500,
        title=plan.outcomes[0][:80], language=plan.language, line=plan.subtitle[:140],
    )  # fmt: skip
    if is_new:
        cut_excerpt(str(clip.excerpt_id))
        clip.publish(by)
