from .attempt import AttemptAnswers, QuizAttempt, QuizResult
from .certificate import Certificate, CertificateHolder, CertificateRevocation
from .enrollment import Enrollment
from .evidence import WatchMeter, WatchReport, WatchSession
from .goal import WeeklyGoal
from .item import ItemAnswer, ReviewCard
from .note import Note
from .opening import FileOpening
from .progress import LessonProgress

__all__ = [
    "AttemptAnswers",
    "Certificate",
    "CertificateHolder",
    "CertificateRevocation",
    "Enrollment",
    "FileOpening",
    "ItemAnswer",
    "LessonProgress",
    "Note",
    "QuizAttempt",
    "QuizResult",
    "ReviewCard",
    "WatchMeter",
    "WatchReport",
    "WatchSession",
    "WeeklyGoal",
]
