"""What staff looked over and answered: courses, the same a second time, paths, institutions, certificates."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from courses.models import Decision, PathDecision
from creators.models import Membership, Verification
from learners.models import CertificateRevocation
from moderation.models import SecondJudgment

from . import pseudonyms
from .entry import Entry, by_moderator, hours_between


def reviews() -> QuerySet[Decision]:
    rows = Decision.objects.select_related("submission__version__course")
    return rows.prefetch_related("findings")


def of_review(row: Decision) -> Entry:
    """A reason was written for the creator alone, so the rules speak for it."""
    submission = row.submission
    course = pseudonyms.of("course", submission.version.course_id, row.verdict)
    rules = sorted({f"{finding.rule_code}/{finding.rule_version}" for finding in row.findings.all()})
    return Entry(
        id=f"review-{row.pk}", moment=row.decided_at, event="review", action=row.verdict, kind="course", target=course,
        subject=course, by=pseudonyms.of("moderator", row.decided_by_id), rules=tuple(rules), reason="",
        hours=hours_between(submission.submitted_at, row.decided_at), until=None, about="", result="",
    )  # fmt: skip


def seconds() -> QuerySet[SecondJudgment]:
    rows = SecondJudgment.objects.annotate(decided_at=F("judged_at"))
    return rows.select_related("look__decision__submission__version")


def of_second(row: SecondJudgment) -> Entry:
    """It names no first answer: which course was let through, and when, everybody can see."""
    decision = row.look.decision
    course = pseudonyms.of("course", decision.submission.version.course_id, f"second:{row.pk}")
    return Entry(
        id=f"second-{row.pk}", moment=row.judged_at, event="second", action=row.verdict, kind="course", target=course,
        subject=course, by=pseudonyms.of("moderator", row.by_id), rules=tuple(row.rules), reason="",
        hours=hours_between(row.look.drawn_at, row.judged_at), until=None, about="",
        result="agrees" if row.verdict == decision.verdict else "differs",
    )  # fmt: skip


def paths() -> QuerySet[PathDecision]:
    return PathDecision.objects.select_related("submission__edition")


def of_path(row: PathDecision) -> Entry:
    """As of a course, its reason was written for who made it."""
    path = pseudonyms.of("path", row.submission.edition.path_id, row.verdict)
    return Entry(
        id=f"path-{row.pk}", moment=row.decided_at, event="path", action=row.verdict, kind="path", target=path,
        subject=path, by=by_moderator(row.decided_by_id), rules=(), reason="",
        hours=hours_between(row.submission.submitted_at, row.decided_at), until=None, about="", result="",
    )  # fmt: skip


def institutions() -> QuerySet[Verification]:
    """`by_member`: what was verified was changed from within, which takes the badge away; nobody decided it."""
    then = Q(ended_at=None) | Q(ended_at__gte=OuterRef("at"))
    members = Membership.objects.filter(
        then, institution=OuterRef("institution"), user=OuterRef("by"), since__lte=OuterRef("at")
    )
    return Verification.objects.annotate(decided_at=F("at"), by_member=Exists(members))


def of_institution(row: Any) -> Entry:
    """One name under both verdicts, since the second ends what the first gave. What was checked names it, perhaps by
    a name of before; it stands beside the badge, while there is one. Why one was withdrawn is told to its members.
    """
    named = pseudonyms.of("institution", row.institution_id, Verification.Verdict.VERIFIED)
    by = pseudonyms.of("member", row.by_id) if row.by_member else by_moderator(row.by_id)
    return Entry(
        id=f"institution-{row.pk}", moment=row.at, event="institution", action=row.verdict, kind="institution",
        target=named, subject=named, by=by, rules=(), reason="",
        hours=None, until=None, about="", result="",
    )  # fmt: skip


def certificates() -> QuerySet[CertificateRevocation]:
    return CertificateRevocation.objects.annotate(decided_at=F("at"))


def of_certificate(row: CertificateRevocation) -> Entry:
    """Its reason is for the holder; the cause is public."""
    named = pseudonyms.of("certificate", row.certificate_id, "revoke")
    return Entry(
        id=f"certificate-{row.pk}", moment=row.at, event="certificate", action="revoke", kind="certificate",
        target=named, subject=named, by=by_moderator(row.by_id), rules=(), reason="", hours=None, until=None, about="",
        result=row.cause,
    )  # fmt: skip
