"""Claim: one moderator at a time, for a while."""

from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import AuditEvent, User
from marketplace.lib.errors import NotAllowed
from moderation.models import Claim, ClaimedByAnother, NotWaiting
from tests import cast
from tests.courses.factories import RUBRIC
from tests.moderation.factories import kim, make_submission
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db


class TestClaim:
    def test_is_refused_to_the_second_moderator_with_the_first_ones_name(self, sam: User) -> None:
        submission = make_submission()
        Claim.objects.take(submission, sam)
        with pytest.raises(ClaimedByAnother, match="Sam is looking"):
            Claim.objects.take(submission, kim())

    def test_is_renewed_when_its_holder_asks_again(self, sam: User) -> None:
        submission = make_submission()
        first = Claim.objects.take(submission, sam)
        Claim.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
        again = Claim.objects.take(submission, sam)
        assert again.pk == first.pk
        assert again.expires_at > timezone.now() + timedelta(minutes=40)

    def test_runs_out_and_another_takes_over(self, sam: User) -> None:
        submission = make_submission()
        first = Claim.objects.take(submission, sam)
        Claim.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert Claim.objects.take(submission, kim()).moderator == kim()
        first.refresh_from_db()
        assert first.released_at is not None

    def test_can_be_given_back(self, sam: User) -> None:
        submission = make_submission()
        Claim.objects.take(submission, sam).release(by=sam)
        assert Claim.objects.take(submission, kim()).is_open

    def test_is_never_the_creators_own(self, ada: User) -> None:
        cast.give_role(ada, "moderator")
        with pytest.raises(NotAllowed, match="your own"):
            Claim.objects.take(make_submission(), ada)

    def test_is_for_moderators_only(self, cole: User) -> None:
        with pytest.raises(NotAllowed):
            Claim.objects.take(make_submission(), cole)

    def test_is_refused_once_decided_or_withdrawn(self, ada: User, sam: User) -> None:
        decided, withdrawn = make_submission("One"), make_submission("Two")
        decided.approve(by=sam, rubric_version=RUBRIC)
        withdrawn.withdraw(by=ada)
        for submission in (decided, withdrawn):
            with pytest.raises(NotWaiting):
                Claim.objects.take(submission, sam)

    def test_is_in_the_audit_log(self, sam: User) -> None:
        submission = make_submission()
        Claim.objects.take(submission, sam)
        assert AuditEvent.objects.filter(actor=sam, verb="submission.claim").exists()


@pytest.mark.django_db(transaction=True)
class TestTwoModeratorsAtOnce:
    def test_get_one_claim_and_clear_refusals(self) -> None:
        submission = make_submission()
        crowd = [cast.person(f"Mod{n}", role="moderator") for n in range(6)]
        answers = at_once(lambda n: Claim.objects.take(submission, crowd[n]), 6)
        assert sum(isinstance(answer, Claim) for answer in answers) == 1
        assert sum(isinstance(answer, ClaimedByAnother) for answer in answers) == 5

    def test_meet_an_error_of_the_database_without_the_lock(self) -> None:
        submission = make_submission()
        crowd = [cast.person(f"Mod{n}", role="moderator") for n in range(2)]
        gate = Barrier(2)

        def both_at_the_insert(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith('INSERT INTO "moderation_claim"'):
                gate.wait(timeout=20)
            return execute(sql, params, many, context)

        def take(n: int) -> Claim:
            with connection.execute_wrapper(both_at_the_insert):
                return Claim.objects.take(submission, crowd[n])

        with pytest.raises(IntegrityError, match="one_claim_a_submission"):
            at_once(take, 2, without_locks=True)
