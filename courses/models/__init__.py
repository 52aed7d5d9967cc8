from .category import Category
from .course import Course, PriceChange
from .curriculum import Lesson, Section
from .review import Decision, Finding, Submission
from .takedown import Takedown
from .version import Version

__all__ = [
    "Category",
    "Course",
    "Decision",
    "Finding",
    "Lesson",
    "PriceChange",
    "Section",
    "Submission",
    "Takedown",
    "Version",
]
