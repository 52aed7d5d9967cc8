"""Claims of copyright in tests, brought to each state by the verbs that people use."""

from typing import Any

from accounts.models import User
from moderation import rights
from moderation.models import RightsClaim, RightsStep
from moderation.rights.verdicts import Verdict
from tests.moderation.decisions import target

PROOF = {
    "holder": "Lin Press", "work": "Glaze chemistry, 2019", "proof": "Lesson 2 is my chapter 4",
    "proof_url": "https://example.org/glaze", "is_good_faith": True,
}  # fmt: skip


def filed(by: User, key: Any = "glazes", kind: str = "course", **more: Any) -> RightsClaim:
    return rights.file(target(kind, key), by, **{**PROOF, **more})


def admitted(by: User, sam: User, key: Any = "glazes", **more: Any) -> RightsClaim:
    claim = filed(by, key, **more)
    rights.admit(claim, sam)
    return fresh(claim)


def countered(by: User, sam: User, key: Any = "glazes", **more: Any) -> RightsClaim:
    claim = admitted(by, sam, key, **more)
    rights.counter(claim, claim.owner, "I filmed it myself")
    return fresh(claim)


def disputed(by: User, sam: User, key: Any = "glazes", **more: Any) -> RightsClaim:
    """It waits for a verdict: both sides were heard."""
    claim = countered(by, sam, key, **more)
    rights.go_on(claim, by, "Case 7 at the court of Jingdezhen")
    return fresh(claim)


def decide(claim: RightsClaim, by: User, verdict: str, reason: str = "Looked at both", **more: Any) -> RightsStep:
    wanted = Verdict(verdict, reason, **more)
    return rights.decide(claim, by, wanted, seen=rights.preview(claim, by, wanted).version)


def fresh(claim: RightsClaim) -> RightsClaim:
    return RightsClaim.objects.get(pk=claim.pk)
