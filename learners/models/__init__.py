from .enrollment import Enrollment
from .evidence import WatchMeter, WatchReport, WatchSession
from .progress import LessonProgress

__all__ = ["Enrollment", "LessonProgress", "WatchMeter", "WatchReport", "WatchSession"]
