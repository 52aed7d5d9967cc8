"""What addresses of skills and paths name: a public path, one of Ada's in the studio, one that waits, Lin's card."""

from typing import Any

from accounts.models import User
from courses.models import Course
from learners.models import SkillCard
from tests.courses.factories import make_skill
from tests.courses.path_factories import make_path


def objects(ada: User, lin: User, courses: list[Course]) -> dict[str, Any]:
    public = make_path(courses, title="A public path")
    draft = make_path(courses, title="A draft of a path", live=False)
    waiting = make_path(courses, title="A path that waits", live=False).shown_edition.submit(by=ada)
    views = ("path", "approve_path", "send_back_path")
    studio = ("path", "submit_path", "withdraw_path", "open_path_draft", "close_path")
    api = ("", "-submit", "-withdraw", "-draft")
    return {
        "courses:skill:slug": make_skill("python").slug,
        "paths:slug": public.slug, "api-path:slug": public.slug, "api-path-follow:slug": public.slug,
        **{f"studio:{view}:slug": draft.slug for view in studio},
        **{f"api-studio-path{part}:slug": draft.slug for part in api},
        **{f"moderation:{view}:pk": waiting.pk for view in views},
        "learners:skill_card:code": SkillCard.objects.show(lin).code,
    }  # fmt: skip
