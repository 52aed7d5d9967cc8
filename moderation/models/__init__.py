from .announcement import ChangeAnnouncement
from .appeal import Appeal, AppealAnswer
from .case import Case, CaseClosed, Evidence, Report
from .case_claim import CaseClaim
from .claim import Claim, ClaimedByAnother, ClaimLost, NotWaiting
from .flag import Flag, FlagAnswer, FlagAnswered
from .measure import Measure
from .rights_claim import RightsClaim, RightsStep
from .rule import RuleComment, RuleVersion, RuleWithdrawal
from .second_look import LookedAtTwice, SecondJudgment, SecondLook
from .wave import CaseAnswer, RefundVerdict, RefundWave

__all__ = [
    "Appeal", "AppealAnswer", "Case", "CaseAnswer", "CaseClaim", "CaseClosed", "ChangeAnnouncement", "Claim",
    "ClaimLost", "ClaimedByAnother", "Evidence", "Flag", "FlagAnswer", "FlagAnswered", "LookedAtTwice", "Measure",
    "NotWaiting", "RefundVerdict", "RefundWave", "Report", "RightsClaim", "RightsStep", "RuleComment", "RuleVersion",
    "RuleWithdrawal", "SecondJudgment", "SecondLook",
]  # fmt: skip
