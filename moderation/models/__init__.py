from .announcement import ChangeAnnouncement
from .appeal import Appeal, AppealAnswer
from .case import Case, CaseClosed, Evidence, Report
from .claim import Claim, ClaimedByAnother, ClaimLost, NotWaiting
from .measure import Measure
from .rule import RuleComment, RuleVersion, RuleWithdrawal
from .wave import CaseAnswer, RefundVerdict, RefundWave

__all__ = [
    "Appeal", "AppealAnswer", "Case", "CaseAnswer", "CaseClosed", "ChangeAnnouncement", "Claim", "ClaimLost",
    "ClaimedByAnother", "Evidence", "Measure", "NotWaiting", "RefundVerdict", "RefundWave", "Report", "RuleComment",
    "RuleVersion", "RuleWithdrawal",
]  # fmt: skip
