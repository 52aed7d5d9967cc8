from django.contrib import admin

from marketplace.lib.admin import ReadOnlyAdmin

from .models import (
    Assessment,
    Certificate,
    CertificateRevocation,
    Enrollment,
    FileOpening,
    HandIn,
    HandInResult,
    HandInRuling,
    LessonProgress,
    PeerTurn,
    QuizAttempt,
    QuizResult,
    WatchReport,
    WatchSession,
)


@admin.register(Enrollment)
class EnrollmentAdmin(ReadOnlyAdmin):
    list_display = ["learner", "course", "source", "reference", "granted_at", "ended_at", "end_reason", "completed_at"]
    list_filter = ["source", "end_reason"]
    list_select_related = ["learner", "course"]
    search_fields = ["learner__email", "course__slug", "reference"]


@admin.register(LessonProgress)
class LessonProgressAdmin(ReadOnlyAdmin):
    list_display = ["learner", "course", "lesson_key", "covered_s", "length_s", "position_s", "done_at"]
    list_select_related = ["learner", "course"]
    search_fields = ["learner__email", "course__slug", "lesson_key"]


@admin.register(WatchSession)
class WatchSessionAdmin(ReadOnlyAdmin):
    list_display = ["id", "learner", "lesson_key", "started_at", "reported_at", "spent_s"]
    list_select_related = ["learner"]
    search_fields = ["id", "learner__email", "lesson_key"]


@admin.register(WatchReport)
class WatchReportAdmin(ReadOnlyAdmin):
    list_display = ["session_id", "received_at", "claimed_s", "accepted_s", "spent_s", "speed"]
    search_fields = ["session__id", "session__learner__email"]


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ["code", "learner", "course", "issued_at"]
    list_select_related = ["learner", "course"]
    search_fields = ["code", "learner__email", "course__slug"]


@admin.register(CertificateRevocation)
class CertificateRevocationAdmin(ReadOnlyAdmin):
    list_display = ["certificate", "cause", "by", "at"]
    list_select_related = ["certificate", "by"]
    search_fields = ["certificate__code"]


@admin.register(QuizAttempt)
class QuizAttemptAdmin(ReadOnlyAdmin):
    list_display = ["learner", "course", "lesson_key", "number", "started_at", "due_at"]
    list_select_related = ["learner", "course"]
    search_fields = ["learner__email", "course__slug", "lesson_key"]


@admin.register(QuizResult)
class QuizResultAdmin(ReadOnlyAdmin):
    list_display = ["attempt", "ending", "closed_at", "percent", "passed"]
    list_filter = ["ending", "passed"]
    list_select_related = ["attempt"]
    search_fields = ["attempt__learner__email", "attempt__lesson_key"]


@admin.register(FileOpening)
class FileOpeningAdmin(ReadOnlyAdmin):
    list_display = ["learner", "course", "lesson_key", "file_key", "opened_at"]
    list_select_related = ["learner", "course"]
    search_fields = ["learner__email", "lesson_key"]


@admin.register(HandIn)
class HandInAdmin(ReadOnlyAdmin):
    list_display = ["learner", "course", "lesson_key", "number", "handed_in_at", "is_late"]
    list_select_related = ["learner", "course"]
    search_fields = ["learner__email", "course__slug", "lesson_key"]


@admin.register(PeerTurn)
class PeerTurnAdmin(ReadOnlyAdmin):
    list_display = ["reviewer", "hand_in", "place", "taken_at", "due_at", "expired_at"]
    list_select_related = ["reviewer", "hand_in"]
    search_fields = ["reviewer__email", "lesson_key"]


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    list_display = ["hand_in", "by", "given_at"]
    list_select_related = ["hand_in", "by"]
    search_fields = ["by__email", "hand_in__lesson_key"]


@admin.register(HandInResult)
class HandInResultAdmin(ReadOnlyAdmin):
    list_display = ["hand_in", "source", "percent", "passed", "settled_at"]
    list_filter = ["source", "passed"]
    list_select_related = ["hand_in"]
    search_fields = ["hand_in__learner__email", "hand_in__lesson_key"]


@admin.register(HandInRuling)
class HandInRulingAdmin(ReadOnlyAdmin):
    list_display = ["appeal", "by", "percent", "passed", "decided_at"]
    list_select_related = ["appeal", "by"]
    search_fields = ["by__email", "appeal__hand_in__lesson_key"]
