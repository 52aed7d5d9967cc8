from .category import Category
from .course import Course
from .curriculum import Lesson, Section
from .price_change import PriceChange
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
