from .certificate import Certificate, CertificateHolder, CertificateRevocation
from .enrollment import Enrollment
from .evidence import WatchMeter, WatchReport, WatchSession
from .goal import WeeklyGoal
from .note import Note
from .progress import LessonProgress

__all__ = [
    "Certificate",
    "CertificateHolder",
    "CertificateRevocation",
    "Enrollment",
    "LessonProgress",
    "Note",
    "WatchMeter",
    "WatchReport",
    "WatchSession",
    "WeeklyGoal",
]
