from .attachment import Attachment, Picture
from .category import Category
from .check import ReminderChoice, SubjectCheck
from .clip import Clip, ClipShowing
from .clip_source import clippable
from .collection import Collection, CollectionEdition
from .course import Course
from .curriculum import Section
from .finding_answer import FindingAnswer
from .lesson import Lesson
from .listing import Listing
from .path import Path, PathClosure
from .path_edition import PathEdition, PathStep, Stage
from .path_review import PathDecision, PathSubmission
from .price_change import PriceChange
from .put_away import PutAway
from .restriction import Restriction
from .review import Decision, Finding, Submission
from .skill import Skill, SkillLevel, Taught, TaughtSkill, taught_by
from .takedown import Takedown
from .version import Version
from .watermark import WatermarkChoice

__all__ = [
    "Attachment",
    "Category",
    "Clip",
    "ClipShowing",
    "Collection",
    "CollectionEdition",
    "Course",
    "Decision",
    "Finding",
    "FindingAnswer",
    "Lesson",
    "Listing",
    "Path",
    "PathClosure",
    "PathDecision",
    "PathEdition",
    "PathStep",
    "PathSubmission",
    "Picture",
    "PriceChange",
    "PutAway",
    "ReminderChoice",
    "Restriction",
    "Section",
    "Skill",
    "SkillLevel",
    "Stage",
    "SubjectCheck",
    "Submission",
    "Takedown",
    "Taught",
    "TaughtSkill",
    "Version",
    "WatermarkChoice",
    "clippable",
    "taught_by",
]
