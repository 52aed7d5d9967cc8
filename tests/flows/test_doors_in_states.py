"""What a measure or a refund shuts to somebody whom the table of doors names, and that it shuts nothing else.

Walked is what she may otherwise, on her own things: Ada's and Lin's. No state opens anything, for it takes no part in
the decision who may; a suspended account alone is described by what it leaves open, as its rule is.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts import curbing
from accounts.models import User
from payments import refunds
from payments.models import Order
from tests.flows.test_doors import NAMES, may
from tests.flows.walking import address, form, is_refused, knock, methods
from tests.flows.world import World
from tests.moderation import decisions
from tests.payments import shop

pytestmark = pytest.mark.usefixtures("db")

WORDS = {"rule_code": "respect", "rule_version": 1, "reason": "Insults"}
# She is seen by nobody, and does not see herself as others did: her courses, paths, clips and bundles.
SUSPENDED = {
    "DELETE api-path-follow", "DELETE api-save-course", "GET api-bundle", "GET api-clip", "GET api-compare-versions",
    "GET api-course", "GET api-course-instalments", "GET api-course-refund-rule", "GET api-course-versions",
    "GET api-creator", "GET api-path",
    "GET api-ratings", "GET community:ratings", "GET courses:compare", "GET courses:detail", "GET courses:shared",
    "GET courses:shared_clip", "GET courses:shared_creator",
    "GET courses:versions", "GET creators:detail", "GET discovery:clip", "GET discovery:clip_file", "GET feed-creator",
    "GET paths:path", "POST api-path-follow", "POST courses:compare", "POST courses:detail", "POST courses:versions",
    "POST creators:detail", "POST discovery:dismiss", "POST discovery:dismiss_clip", "POST discovery:follow",
    "POST discovery:save", "POST feed-creator", "PUT api-dismissed", "PUT api-follow",
    "POST learners:enroll", "POST paths:follow", "POST paths:path", "PUT api-save-course",
    "GET payments:start_instalments", "POST payments:start_instalments", "GET api-creator-membership",
    "GET payments:join_membership", "POST payments:join_membership", "POST payments:open_by_membership",
    "POST api-open-by-membership",
}  # fmt: skip
# Words and marks that reach others.
MUTED = {
    "GET community:ask", "POST community:ask", "POST community:answer", "POST community:comment",
    "POST community:vote", "POST community:accept",
    "POST api-questions", "POST api-answers", "POST api-comments", "PUT api-vote", "PUT api-accepted",
    "POST community:find_helpful", "POST api-helpful-rating",
}  # fmt: skip
MUTED_CREATOR = MUTED | {"POST community:reply", "PUT api-reply-to-rating"}
MUTED_LEARNER = MUTED | {
    "POST community:edit_post", "PATCH api-post", "POST community:rate", "PUT api-own-rating",
    "POST learners:report_outdated", "POST api-out-of-date", "POST learners:take_turn", "POST learners:peer_review",
    "POST api-peer-reviews", "POST api-peer-review", "POST community_review:vote", "POST api-community-vote",
    "POST community_review:take_next", "POST api-community-next",
}  # fmt: skip
# What was of the course that went back. Her notes, her rating and her papers stay hers.
REFUNDED = {
    "GET api-answers", "GET api-course-news", "GET api-course-transcripts", "GET api-lesson-playback",
    "GET api-question", "GET api-questions", "GET community:ask", "GET community:comment", "GET community:edit_post",
    "GET community:question", "GET community:questions", "GET learners:ask_certificate", "GET learners:course_changes",
    "GET learners:lesson", "GET learners:search_transcripts", "PATCH api-post", "POST api-answers",
    "POST api-comments", "POST api-course-news", "POST api-out-of-date", "POST api-questions",
    "POST community:accept", "POST community:answer", "POST community:ask", "POST community:comment",
    "POST community:edit_post", "POST community:follow_question", "POST community:vote", "POST learners:add_note",
    "POST learners:ask_certificate", "POST learners:lesson", "POST learners:report_outdated",
    "POST learners:see_changes", "PUT api-accepted", "PUT api-follow-question", "PUT api-vote",
}  # fmt: skip
# Of what changes something, all that a suspended account still may; of what it reads, only the form for a question is
# shut. Learning, her own data, mails, money back, appeals, and her side of a claim of copyright.
LEFT_TO_BOTH = {
    "DELETE api-goal", "PATCH api-me", "POST accounts:ask_record", "POST accounts:delete_account",
    "POST accounts:settings", "POST accounts:theme", "POST accounts:tokens", "POST api-course-certificate",
    "POST api-deletion", "POST api-notes", "POST api-notices-read", "POST api-records", "POST api-review",
    "POST api-tokens", "POST learners:add_note", "POST learners:answer_review", "POST learners:course",
    "POST learners:lesson", "POST learners:library", "POST learners:my_skills", "POST learners:review",
    "POST learners:skill_card",
    "POST learners:weekly_goal", "POST notices:read", "POST set_language", "PUT api-change-mails", "PUT api-goal",
    "PUT api-news", "PUT api-question-mails", "POST payments:open_by_membership", "POST api-open-by-membership",
}  # fmt: skip
LEFT_TO_CREATOR = LEFT_TO_BOTH | {
    "POST accounts:revoke_token", "POST api-answer-flag", "POST api-appeal", "POST reports:answer_flag",
    "POST reports:appeal", "POST rights:counter", "POST rights:go_on", "POST api-rights-counter",
    "POST api-rights-go-on",
}  # fmt: skip
LEFT_TO_LEARNER = LEFT_TO_BOTH | {
    "DELETE api-draft-file", "DELETE api-note", "PATCH api-attempt-answers", "PATCH api-certificate",
    "PATCH api-draft", "PATCH api-note", "POST api-attempt-submit", "POST api-attempts", "POST api-course-news",
    "POST api-draft", "POST api-draft-files", "POST api-hand-in-appeal", "POST api-hand-ins", "POST api-notice-read",
    "POST api-take-back", "POST learners:appeal_result", "POST learners:ask_certificate", "POST learners:attempt",
    "POST learners:edit_note", "POST learners:hand_in_work", "POST learners:reviewed", "POST learners:see_changes",
    "POST learners:show_name", "POST learners:start_attempt", "POST learners:start_draft",
    "POST learners:submit_attempt", "POST notices:open_notice", "POST payments:take_back",
    "POST payments:cancel_membership", "POST payments:take_month_back", "POST api-membership-cancel",
    "POST api-membership-take-back",
}  # fmt: skip


def suspended(world: World, person: User) -> None:
    decisions.decide("suspend", "creator", person.creator.slug, world.people["Sam"])


def muted(world: World, person: User) -> None:
    curbing.impose("mute", person, by=world.people["Sam"], **WORDS)


def barred(world: World, person: User) -> None:
    curbing.impose("bar", person, by=world.people["Sam"], **WORDS)


def refunded(world: World, person: User) -> None:
    refunds.refund(Order.objects.get(number=world.objects["number"]), by=world.people["Fay"], reason="asked")
    shop.send_refunds()


def shut_to(world: World, who: str, begin: Callable[[World, User], None]) -> tuple[set[str], set[str]]:
    """(what is shut in this state, all that was walked), of what `who` may otherwise."""
    begin(world, User.objects.get(pk=world.people[who].pk))
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=world.people[who].pk))
    shut, every = set(), set()
    for name in NAMES:
        for method in (one for one in methods(name) if may(who, name, one)):
            answer = knock(client, method, address(world, name), form(world, name))
            assert answer.status_code < 500, f"{method} {name}: {answer.status_code}"
            if answer.status_code == 405:
                continue
            every.add(f"{method} {name}")
            if is_refused(answer):
                shut.add(f"{method} {name}")
    return shut, every


@pytest.mark.parametrize(
    ("who", "begin", "expected"),
    [
        pytest.param("Ada", suspended, SUSPENDED, id="a suspended creator"),
        pytest.param("Ada", muted, MUTED_CREATOR, id="a creator who may not write"),
        pytest.param("Lin", muted, MUTED_LEARNER, id="a learner who may not write"),
        pytest.param("Lin", refunded, REFUNDED, id="a learner whose money went back"),
    ],
)
def test_what_it_closes_is_exactly_this(
    world: World, who: str, begin: Callable[[World, User], None], expected: set[str]
) -> None:
    assert shut_to(world, who, begin)[0] == expected


@pytest.mark.parametrize(("who", "left"), [("Ada", LEFT_TO_CREATOR), ("Lin", LEFT_TO_LEARNER)], ids=["Ada", "Lin"])
def test_a_suspended_account_reads_and_keeps_what_is_hers(world: World, who: str, left: set[str]) -> None:
    shut, every = shut_to(world, who, barred)
    assert {told for told in shut if told.startswith("GET ")} == {"GET community:ask"}
    assert {told for told in every - shut if not told.startswith("GET ")} == left
