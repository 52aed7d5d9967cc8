from .announcement import ChangeAnnouncement, ChangeRecall
from .appeal import Appeal, AppealAnswer, AppealReminder
from .case import Case, CaseClosed, Evidence, Report
from .case_claim import CaseClaim
from .claim import Claim, ClaimLost, NotWaiting
from .community import CommunityAdvice, CommunityReviewer, CommunityTurn, CommunityVote
from .flag import Flag, FlagAnswer, FlagAnswered
from .measure import Measure
from .outcome import Outcome, OutcomeChange
from .report_card import ReportCard, ReportCardFigure
from .rights_claim import RightsClaim, RightsStep
from .rule import RuleComment, RuleVersion, RuleWithdrawal
from .second_look import LookedAtTwice, SecondJudgment, SecondLook
from .timed_claim import ClaimedByAnother
from .wave import CaseAnswer, RefundVerdict, RefundWave
from .word import ListedWord, WordListed, WordWithdrawal, WordWithdrawn

__all__ = [
    "Appeal", "AppealAnswer", "AppealReminder", "Case", "CaseAnswer", "CaseClaim", "CaseClosed", "ChangeAnnouncement",
    "ChangeRecall", "Claim", "ClaimLost", "ClaimedByAnother", "CommunityAdvice", "CommunityReviewer", "CommunityTurn",
    "CommunityVote", "Evidence", "Flag", "FlagAnswer", "FlagAnswered", "ListedWord", "LookedAtTwice", "Measure",
    "NotWaiting", "Outcome", "OutcomeChange", "RefundVerdict", "RefundWave", "Report", "ReportCard", "ReportCardFigure",
    "RightsClaim", "RightsStep", "RuleComment", "RuleVersion", "RuleWithdrawal", "SecondJudgment", "SecondLook",
    "WordListed", "WordWithdrawal", "WordWithdrawn",
]  # fmt: skip
