from .certificate import Certificate, CertificateHolder, CertificateRevocation
from .enrollment import Enrollment
from .evidence import WatchMeter, WatchReport, WatchSession
from .progress import LessonProgress

__all__ = [
    "Certificate",
    "CertificateHolder",
    "CertificateRevocation",
    "Enrollment",
    "LessonProgress",
    "WatchMeter",
    "WatchReport",
    "WatchSession",
]
