"""Submissions that wait, through the creators' own verbs."""

from accounts.models import RoleGrant, User
from courses.models import Course, Submission
from tests import cast
from tests.courses.factories import make_course


def make_submission(title: str = "Pottery from the first bowl", course: Course | None = None) -> Submission:
    """Ada's first version, or the next version of `course`, asked to be reviewed."""
    course = course or make_course(title=title, live=False)
    version = course.open_draft(by=course.creator.user)
    return version.submit(by=course.creator.user, note="Please have a look.")


def kim() -> User:
    """A second moderator, senior too."""
    return cast.person("Kim", role=RoleGrant.Role.SENIOR)
