from .assessment import Agreement, Assessment, HandInAppeal, HandInResult, HandInRuling, PeerTurn
from .attempt import AttemptAnswers, QuizAttempt, QuizResult
from .audience import Cohort, LessonAudience
from .certificate import Certificate, CertificateHolder, CertificateRevocation
from .change_mail import ChangeMail, ChangeMailStop
from .enrollment import Enrollment
from .evidence import WatchMeter, WatchReport, WatchSession
from .goal import PastGoal, WeeklyGoal
from .hand_in import AssignmentDesk, HandIn, HandInDraft, HandInFile, Handling
from .item import ItemAnswer, ReviewCard
from .note import Note
from .opening import FileOpening
from .outdated import OutdatedReport
from .path import PathFollow, SkillCard
from .progress import LessonProgress
from .seen_change import SeenChange
from .work_hiding import WorkHiding

__all__ = [
    "Agreement",
    "Assessment",
    "AssignmentDesk",
    "AttemptAnswers",
    "Certificate",
    "CertificateHolder",
    "CertificateRevocation",
    "ChangeMail",
    "ChangeMailStop",
    "Cohort",
    "Enrollment",
    "FileOpening",
    "HandIn",
    "HandInAppeal",
    "HandInDraft",
    "HandInFile",
    "HandInResult",
    "HandInRuling",
    "Handling",
    "ItemAnswer",
    "LessonAudience",
    "LessonProgress",
    "Note",
    "OutdatedReport",
    "PastGoal",
    "PathFollow",
    "PeerTurn",
    "QuizAttempt",
    "QuizResult",
    "ReviewCard",
    "SeenChange",
    "SkillCard",
    "WatchMeter",
    "WatchReport",
    "WatchSession",
    "WeeklyGoal",
    "WorkHiding",
]
