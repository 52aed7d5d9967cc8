"""Data pages of rules, cases, decisions and claims. Who reported, and in which words, stays on the desk, which knows
who is a party; who voted how is read by nobody.
"""

from marketplace.lib.admin import show

from .models import (
    Appeal,
    AppealAnswer,
    Case,
    CaseClaim,
    Claim,
    CommunityAdvice,
    CommunityReviewer,
    Evidence,
    Flag,
    FlagAnswer,
    ListedWord,
    Measure,
    RefundVerdict,
    RefundWave,
    Report,
    ReportCard,
    ReportCardFigure,
    RightsClaim,
    RightsStep,
    RuleComment,
    RuleVersion,
    RuleWithdrawal,
    SecondJudgment,
    SecondLook,
    WordWithdrawal,
)

show(RuleVersion, "code number area severity announced_at in_force_at", search="code title_en title_zh", filters="area")
show(RuleWithdrawal, "rule withdrawn_by withdrawn_at")
show(RuleComment, "rule by at", search="rule__code by__email")
show(Case, "kind title owner priority opened_at closed_at", search="key title owner__email", filters="kind")
show(Report, "id case rule weight reported_at", search="case__key rule__code", without="reporter sender text")
show(Evidence, "id case taken_at digest", search="case__key digest")
show(CaseClaim, "case moderator claimed_at expires_at released_at", search="moderator__email case__key")
show(Claim, "submission moderator claimed_at expires_at released_at", search="moderator__email")
show(
    Measure, "action kind title owner decided_by decided_at ends_at", search="key title owner__email", filters="action"
)
show(Appeal, "measure by appealed_at due_at", search="by__email measure__key")
show(AppealAnswer, "appeal verdict decided_by decided_at", search="decided_by__email", filters="verdict")
show(CommunityReviewer, "person edition joined_at left_at", search="person__email")
show(CommunityAdvice, "case verdict votes agreeing given_at", search="case__key", filters="verdict")
show(RightsClaim, "title claimant owner state filed_at due_at", search="title claimant__email", filters="state")
show(RightsStep, "claim kind by at due_at", search="claim__title by__email", filters="kind")
show(RefundWave, "course needs_second asked_count left_count asked_at finished_at stopped_at", search="course__slug")
show(RefundVerdict, "wave by agrees at", search="by__email")
show(Flag, "code case raised_at cleared_at", search="case__key", filters="code")
show(FlagAnswer, "flag by said_at", search="by__email")
show(SecondLook, "decision drawn_at")
show(SecondJudgment, "look by verdict judged_at", search="by__email", filters="verdict")
show(ListedWord, "text language severity rule_code added_by added_at", search="text", filters="language severity")
show(WordWithdrawal, "word withdrawn_by withdrawn_at", search="word__text")
show(ReportCard, "quarter_on stage as_of reckoned_at reason", filters="stage")
show(ReportCardFigure, "card name currency cases value", filters="name")
