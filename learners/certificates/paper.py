"""The certificate on paper, in either language of the site."""

from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from learners.models import Certificate
from learners.models.certificate import PassedQuiz
from marketplace.lib import links, paper
from operating import look

from . import qr

# What one page has room for; the certificate's page names them all.
MOST_QUIZZES, LONGEST_TITLE = 4, 40
SHEET = Path(__file__).resolve().parent / "sheets" / "certificate.typ"


def pdf(certificate: Certificate, lang: str) -> bytes:
    """`certificate` is of `Certificate.objects.shown()`; the same certificate is the same file."""
    return paper.render(SHEET, sheet(certificate, lang), lang, at=certificate.issued_at)


def sheet(certificate: Certificate, lang: str) -> dict[str, Any]:
    """What `sheets/certificate.typ` takes."""
    version, told = certificate.version, certificate.evidence
    address = links.absolute(certificate.get_absolute_url())
    with translation.override(lang), timezone.override("UTC"):
        house = look.name_on_papers(certificate.issued_at)
        return {
            "title": _("Certificate"), "number": certificate.code_in_groups,
            "author": house, "house": house,
            "says": _("This certifies that"), "name": certificate.name or _("the holder of this certificate"),
            "has_done": _("has completed the course"), "course": version.title,
            "creator": _("by %(creator)s") % {"creator": certificate.course.creator.name},
            "facts": [
                [_("Issued on"), date_format(timezone.localtime(certificate.issued_at), "DATE_FORMAT")],
                [_("Version of the course"), str(version.number)],
                [_("Lessons done"), str(len(told["lessons"]))],
                [_("Watched and read"), _("%(minutes)d minutes") % {"minutes": round(told["watched_s"] / 60)}],
            ],
            "quizzes": _quizzes(certificate.quizzes_passed),
            "check": _("Check it at"), "address": address, "qr": qr.svg(address),
            "footer": _("Issued by %(site)s on the evidence of what was really watched. No state recognition is meant.")
            % {"site": house},
            "page_of": "",
        }  # fmt: skip


def _quizzes(passed: list[PassedQuiz]) -> str:
    """In one paragraph; empty without quizzes. In the language that is active."""
    if not passed:
        return ""
    told = [
        _("%(title)s (%(percent)d %%, %(on)s, attempt %(attempt)d)")
        % {
            "title": Truncator(quiz.title).chars(LONGEST_TITLE), "percent": quiz.percent, "attempt": quiz.attempt,
            "on": date_format(quiz.passed_on, "DATE_FORMAT"),
        }
        for quiz in passed[:MOST_QUIZZES]
    ]  # fmt: skip
    if (more := len(passed) - MOST_QUIZZES) > 0:
        told.append(_("and %(more)d more") % {"more": more})
    return _("Quizzes passed: %(quizzes)s") % {"quizzes": "; ".join(told)}
