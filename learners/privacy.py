"""What learners tell of a person and forget. What was really watched stays, without a name: creators are paid by it.

What finished attempts at quizzes were worth stays in the same way, for figures of questions are made of it; what she
answered goes.
"""

from django.core.files.base import File
from django.db.models import F

from accounts.models import User
from accounts.privacy import parts
from courses.models import Course

from . import notes
from .assignments import leaving
from .certificates import credential, keys
from .models import (
    AttemptAnswers,
    Certificate,
    CertificateHolder,
    ChangeMail,
    ChangeMailStop,
    Enrollment,
    FileOpening,
    ItemAnswer,
    LessonProgress,
    Note,
    OutdatedReport,
    PastGoal,
    PathFollow,
    QuizAttempt,
    QuizResult,
    ReviewCard,
    SeenChange,
    SkillCard,
    WatchMeter,
    WatchReport,
    WatchSession,
    WeeklyGoal,
)

# What goes with her account, each kind of row by its learner.
_LEARNING = (Note, LessonProgress, ReviewCard, WatchMeter, WeeklyGoal, PathFollow, SkillCard)
_TOLD = (SeenChange, OutdatedReport, ChangeMail, ChangeMailStop)


def tell(person: User) -> parts.Told:
    course = {"course_slug": F("course__slug")}
    progress, watched = LessonProgress.objects.of(person), WatchSession.objects.filter(learner=person)
    return parts.Told(
        {
            "enrollments": list(Enrollment.objects.of(person).values(
                "source", "reference", "granted_at", "paused_at", "open_by", "ended_at", "end_reason", "completed_at",
                **course)),
            "progress": list(progress.values(
                "lesson_key", "asset", "covered", "covered_s", "length_s", "position_s", "touched_at", "done_at",
                **course)),
            "watching": list(watched.values(
                "id", "lesson_key", "asset", "length_s", "started_at", "reported_at", "played", "replayed",
                "spent_s", **course)),
            "watch_reports": list(WatchReport.objects.filter(session__learner=person).values(
                "session_id", "received_at", "claimed_s", "accepted_s", "accepted", "spent_s", "speed",
                "position_s")),
            "watch_meter": list(WatchMeter.objects.filter(learner=person).values("spent_until", "gaps")),
            "notes": list(Note.objects.of(person).values(
                "lesson_key", "at_s", "text", "written_at", "edited_at", **course)),
            "certificates": list(Certificate.objects.of(person).values(
                "code", "issued_at", "version__number", "version__title", "evidence", "holder__name",
                "holder__hidden_at", "revocation__at", "revocation__reason", **course)),
            "files_opened": list(FileOpening.objects.filter(learner=person).values(
                "lesson_key", "file_key", "opened_at", **course)),
            "quiz_attempts": list(QuizAttempt.objects.of(person).values(
                "lesson_key", "number", "started_at", "due_at", "drawn", "result__ending", "result__closed_at",
                "result__answers", "result__percent", "result__passed", "answers__given", **course)),
            "answers": list(ItemAnswer.objects.of(person).told().values(
                "lesson_key", "question", "attempt_id", "given", "told_share", "answered_at", **course)),
            "review": list(ReviewCard.objects.of(person).values(
                "lesson_key", "question", "stability", "difficulty", "answers", "lapses", "answered_at",
                "due_at", **course)),
            "paths": list(PathFollow.objects.of(person).values("followed_at", path_slug=F("path__slug"))),
            "skill_card": list(SkillCard.objects.of(person).values("code", "shown_at")),
            "changes_seen": list(SeenChange.objects.of(person).values(
                "lesson_key", "version__number", "seen_at", **course)),
            "said_out_of_date": list(OutdatedReport.objects.of(person).values(
                "lesson_key", "version__number", "text", "said_at", **course)),
            **_mails(person),
            **leaving.tell(person),
            **_goals(person),
        },
        _files(person),
    )  # fmt: skip


def _mails(person: User) -> dict[str, parts.Rows]:
    course = {"course_slug": F("version__course__slug")}
    stops = ChangeMailStop.objects.filter(learner=person)
    return {
        "change_mails": list(
            ChangeMail.objects.filter(learner=person).values("mailed_at", "version__number", **course)
        ),
        "change_mails_stopped": list(stops.values("stopped_at", "ended_at")),
    }


def _goals(person: User) -> dict[str, parts.Rows]:
    return {
        "goal": list(WeeklyGoal.objects.filter(learner=person).values("minutes", "set_at")),
        "goals_before": list(PastGoal.objects.filter(goal__learner=person).values("minutes", "ended_at")),
    }


def _files(person: User) -> dict[str, str | File]:
    """Her notes of each course as Markdown, her credentials, freshly signed, and what she handed in."""
    noted = Course.objects.filter(pk__in=Note.objects.of(person).values("course_id"))
    files: dict[str, str | File] = {f"notes/{course.slug}.md": notes.as_markdown(person, course) for course in noted}
    files |= leaving.files(person)
    if keys.has_key():
        held = [one for one in Certificate.objects.of(person).shown() if not one.is_revoked]
        files |= {f"credentials/{one.code}.jwt": credential.signed(one) for one in held}
    return files


def forget(person: User) -> None:
    Enrollment.objects.withdraw(person)
    leaving.forget(person)
    QuizResult.objects.forget(person)
    ItemAnswer.objects.forget(person)
    AttemptAnswers.objects.filter(attempt__learner=person).delete()
    for rows in (*_LEARNING, *_TOLD):
        rows.objects.filter(learner=person).delete()
    CertificateHolder.objects.filter(certificate__learner=person).delete()


parts.register(parts.Part("learners", tell, forget))
