from .attempt import AttemptAnswers, QuizAttempt, QuizResult
from .audience import Cohort, LessonAudience
from .certificate import Certificate, CertificateHolder, CertificateRevocation
from .enrollment import Enrollment
from .evidence import WatchMeter, WatchReport, WatchSession
from .goal import WeeklyGoal
from .item import ItemAnswer, ReviewCard
from .note import Note
from .opening import FileOpening
from .path import PathFollow, SkillCard
from .progress import LessonProgress

__all__ = [
    "AttemptAnswers",
    "Certificate",
    "CertificateHolder",
    "CertificateRevocation",
    "Cohort",
    "Enrollment",
    "FileOpening",
    "ItemAnswer",
    "LessonAudience",
    "LessonProgress",
    "Note",
    "PathFollow",
    "QuizAttempt",
    "QuizResult",
    "ReviewCard",
    "SkillCard",
    "WatchMeter",
    "WatchReport",
    "WatchSession",
    "WeeklyGoal",
]
