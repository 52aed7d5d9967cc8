"""Community reviewers: earned, tested, blind, by chance, never about what concerns them; a moderator decides."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import AccountDeletion, User
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from moderation import flags, privacy, public_log, targets
from moderation.community import joining, records, trust, voting
from moderation.flags import Finding
from moderation.models import Case, CommunityAdvice, CommunityReviewer, CommunityTurn, CommunityVote
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.faults.taken_away import lingering, taken_away
from tests.learners.factories import enroll
from tests.moderation import things
from tests.moderation.decisions import decide, decide_case, report
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
GOOD = trust.Record(days=100, finished=2, upheld=4, dismissed=1, measures=0)
WORDS = "The title says what the lessons hold."


@pytest.fixture(autouse=True)
def three_votes(settings: Any) -> None:
    settings.KEZHAN_COMMUNITY_VOTES = 3


def reviewer(name: str) -> User:
    """As if she had earned it and passed the test."""
    person = cast.person(name)
    CommunityReviewer.objects.create(person=person, edition="2026", right_answers=6, questions=6)
    return person


def slight(title: str = "Glazes", by: str = "203.0.113.9") -> Case:
    course = make_course(title=title)
    return report("course", course.slug, by, rule="outcomes_taught")


def vote(person: User, verdict: str = "fine") -> CommunityVote:
    return voting.vote(person, voting.take(person).pk, verdict, WORDS)


class TestTrust:
    def test_is_earned_by_all_points_together(self) -> None:
        assert trust.may_join(GOOD)
        for worse in ({"days": 59}, {"finished": 0}, {"upheld": 2}, {"dismissed": 5}, {"measures": 1}):
            assert not trust.may_join(trust.Record(**{**vars_of(GOOD), **worse}))

    def test_agreement_counts_when_enough_is_decided(self) -> None:
        def go_on(agreed: int, differed: int) -> bool:
            return trust.may_go_on(trust.Record(100, 2, 4, 1, 0, agreed, differed))

        assert go_on(0, 9)
        assert not go_on(5, 5)
        assert go_on(6, 4)

    def test_follows_the_final_decisions(self, sam: User) -> None:
        mia, case = reviewer("Mia"), slight()
        vote(mia, "fine")
        assert records.of(mia).agreement is None
        decide_case(case, "dismiss", sam)
        assert records.of(mia).agreement == 100
        noa, other = reviewer("Noa"), slight("Kilns")
        vote(noa, "fine")
        decide_case(other, "warn", sam, rule="outcomes_taught")
        assert records.of(noa).agreement == 0


def vars_of(record: trust.Record) -> dict[str, int]:
    return {name: getattr(record, name) for name in ("days", "finished", "upheld", "dismissed", "measures")}


def earn(person: User, sam: User) -> None:
    """By the rows themselves: three right reports, a finished course, sixty days."""
    for at in range(3):
        course = make_course(title=f"Course {at}")
        decide_case(report("course", course.slug, person, rule="outcomes_taught"), "warn", sam, rule="outcomes_taught")
    Enrollment.objects.filter(pk=enroll(person, course).pk).update(completed_at=timezone.now())
    User.objects.filter(pk=person.pk).update(joined_at=timezone.now() - timedelta(days=61))
    person.refresh_from_db()


def right_answers(person: User) -> dict[str, str]:
    return {str(each.number): "breaks" if each.breaks else "fine" for each in joining.questions(person)}


class TestJoining:
    def test_takes_a_record_a_test_and_consent(self, lin: User, sam: User) -> None:
        with pytest.raises(joining.NotEarned):
            joining.join(lin, right_answers(lin), agrees=True)
        earn(lin, sam)
        right = right_answers(lin)
        wrong = {number: "fine" if said == "breaks" else "breaks" for number, said in right.items()}
        with pytest.raises(joining.TestFailed):
            joining.join(lin, wrong, agrees=True)
        for answers, agrees in ((right, False), ({}, True), ({**right, "1": "perhaps"}, True)):
            with pytest.raises(ValidationError):
                joining.join(lin, answers, agrees=agrees)
        assert joining.join(lin, right, agrees=True).right_answers == 6
        with pytest.raises(joining.ReviewsAlready):
            joining.join(lin, right, agrees=True)

    def test_the_invitation_comes_once(self, lin: User, sam: User) -> None:
        earn(lin, sam)
        joining.invite()
        joining.invite()
        assert Mail.objects.filter(key=f"community-invitation:{lin.pk}").count() == 1

    def test_leaving_frees_the_case(self) -> None:
        mia, case = reviewer("Mia"), slight()
        turn = voting.take(mia)
        voting.leave(mia)
        assert voting.present(mia) is None
        assert not CommunityTurn.objects.open_now().filter(case=case).exists()
        with pytest.raises(NotAllowed):
            voting.vote(mia, turn.pk, "fine", WORDS)
        with pytest.raises(voting.NoReviewer):
            voting.take(mia)


class TestTaking:
    def test_gives_nothing_that_concerns_her(self, ada: User, lin: User) -> None:
        case = slight()
        for person in (ada, lin):
            CommunityReviewer.objects.create(person=person, edition="2026", right_answers=6, questions=6)
        report("course", case.key, lin, rule="outcomes_taught")
        bea = reviewer("Bea")
        make_course(title="Another on this shelf", creator=make_creator(bea, "Bea Glazes"))
        for person in (ada, lin, bea):  # made it, reported it, competes with it
            with pytest.raises(voting.NothingToVoteOn):
                voting.take(person)
        assert voting.take(reviewer("Mia")).case == case

    def test_leaves_grave_cases_to_moderators(self) -> None:
        course = make_course(title="Glazes")
        report("course", course.slug, "203.0.113.9", rule="grave_harm")
        with pytest.raises(voting.NothingToVoteOn):
            voting.take(reviewer("Mia"))

    @pytest.mark.parametrize("kind", things.PUBLIC)
    def test_gives_what_everybody_may_see(self, kind: str) -> None:
        case = things.slightly_reported(kind)
        assert voting.take(reviewer("Rae")).case == case

    @pytest.mark.parametrize("kind", things.PRIVATE)
    def test_never_gives_what_only_some_may_see(self, kind: str) -> None:
        """Each is reported, as slight as the rest, and free to be drawn but for what it is."""
        case = things.slightly_reported(kind)
        Case.objects.filter(pk=case.pk).update(severity=joining.GRAVEST)  # accounts have a graver rule only
        assert case.evidence.get().shown
        with pytest.raises(voting.NothingToVoteOn):
            voting.take(reviewer("Rae"))

    def test_every_kind_is_in_one_of_the_two_above(self) -> None:
        assert {*things.PUBLIC, *(each.partition("-")[0] for each in things.PRIVATE)} == set(targets.KINDS)

    def test_does_not_show_what_was_given_before_its_kind_was_kept_back(self) -> None:
        rae, case = reviewer("Rae"), things.slightly_reported("work")
        turn = CommunityReviewer.objects.of(rae).turns.create(case=case, ends_at=timezone.now() + timedelta(days=1))
        assert CommunityTurn.objects.open_now().get() == turn
        assert voting.present(rae) is None

    def test_leaves_flags_that_nobody_reported_to_moderators(self) -> None:
        course = make_course(title="Glazes")
        flags.keep("stale", [Finding("stale", 1, "course", course.slug, {"days": 30, "limit": 30})], timezone.now())
        assert Case.objects.get().severity <= joining.GRAVEST
        with pytest.raises(voting.NothingToVoteOn):
            voting.take(reviewer("Mia"))
        case = report("course", course.slug, "203.0.113.9", rule="outcomes_taught")
        assert voting.take(cast.person("Mia")).case == case

    def test_gives_nothing_that_was_taken_off_the_site_since(self, ada: User, sam: User) -> None:
        case = slight()
        course = Course.objects.get(slug=case.key)
        decide("unpublish", "course", course.slug, sam)
        with pytest.raises(voting.NothingToVoteOn):
            voting.take(reviewer("Mia"))

    def test_gives_one_at_a_time_and_none_twice(self) -> None:
        mia = reviewer("Mia")
        slight()
        first = voting.take(mia)
        assert voting.take(mia) == first
        voting.vote(mia, first.pk, "fine", WORDS)
        with pytest.raises(voting.NothingToVoteOn):
            voting.take(mia)

    def test_has_as_many_places_as_votes_and_late_ones_are_given_again(self) -> None:
        slight()
        for name in ("Mia", "Noa", "Oto"):
            voting.take(reviewer(name))
        with pytest.raises(voting.NothingToVoteOn):
            voting.take(reviewer("Pia"))
        CommunityTurn.objects.filter(reviewer__person__name="Mia").update(ends_at=timezone.now())
        assert voting.take(cast.person("Pia"))


class TestVoting:
    def test_the_last_vote_makes_the_advice(self, sam: User, client: Client) -> None:
        case = slight()
        for name, verdict in (("Mia", "fine"), ("Noa", "breaks"), ("Oto", "fine")):
            assert not CommunityAdvice.objects.exists()
            vote(reviewer(name), verdict)
        advice = CommunityAdvice.objects.get(case=case)
        assert (advice.verdict, advice.agreeing, advice.votes) == ("fine", 2, 3)
        client.force_login(sam)
        page = client.get(reverse("moderation:reported_case", args=[case.pk])).content.decode()
        assert "2 of 3 reviewers" in page
        assert "Mia" not in page
        decide_case(case, "dismiss", sam)
        entry = next(entry for entry in public_log.entries() if entry.event == "measure")
        assert entry.community == "fine 2/3"
        log = strip_tags(Client(headers={"accept-language": "zh-hans"}).get(reverse("rules:log")).content.decode())
        assert "社区评审" in log
        assert "3 人中 2 人" in log
        assert "fine" not in log

    def test_is_blind(self, client: Client) -> None:
        slight()
        vote(reviewer("Mia"))
        noa = reviewer("Noa")
        client.force_login(noa)
        client.post(reverse("community_review:take_next"))
        page = client.get(reverse("community_review:home")).content.decode()
        assert WORDS not in page
        assert "Mia" not in page

    def test_is_closed_when_decided_or_late_or_another_s(self, sam: User) -> None:
        case, mia, noa = slight(), reviewer("Mia"), reviewer("Noa")
        turn, late = voting.take(mia), voting.take(noa)
        CommunityTurn.objects.filter(pk=late.pk).update(ends_at=timezone.now())
        with pytest.raises(voting.VotingClosed):
            voting.vote(noa, late.pk, "fine", WORDS)
        with pytest.raises(NotAllowed):
            voting.vote(noa, turn.pk, "fine", WORDS)
        decide_case(case, "dismiss", sam)
        with pytest.raises(voting.VotingClosed):
            voting.vote(mia, turn.pk, "fine", WORDS)

    def test_is_closed_when_it_was_reported_as_something_grave_meanwhile(self) -> None:
        """Grave cases are moderators' alone, also those that somebody has before her."""
        mia, case = reviewer("Mia"), slight()
        turn = voting.take(mia)
        report("course", "glazes", cast.cole(), rule="grave_harm")
        assert Case.objects.get(pk=case.pk).severity == 4
        assert voting.present(mia) is None
        with pytest.raises(voting.VotingClosed):
            voting.vote(mia, turn.pk, "fine", WORDS)
        assert not CommunityVote.objects.exists()

    def test_the_database_keeps_votes_and_refuses_the_owner_s(self, ada: User) -> None:
        case = slight()
        given = vote(reviewer("Mia"))
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            CommunityVote.objects.update(verdict="breaks")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            given.delete()
        own = CommunityReviewer.objects.create(person=ada, edition="2026", right_answers=6, questions=6)
        turn = CommunityTurn.objects.create(case=case, reviewer=own, ends_at=timezone.now() + timedelta(days=1))
        with pytest.raises(IntegrityError, match="another person's"), transaction.atomic():
            CommunityVote.objects.create(turn=turn, case=case, by=ada, verdict="fine", text=WORDS)
        assert CommunityVote.objects.get().verdict == "fine"


@pytest.mark.django_db(transaction=True)
class TestTwoLastVotesAtOnce:
    def _both_vote(self, *, without_locks: bool) -> int:
        slight()
        vote(reviewer("Mia"))
        people = [reviewer("Noa"), reviewer("Oto")]
        turns = [voting.take(person).pk for person in people]
        with taken_away(lingering("moderation_communityvote")):
            at_once(lambda n: voting.vote(people[n], turns[n], "fine", WORDS), 2, without_locks=without_locks)
            assert CommunityVote.objects.count() == 3
            return CommunityAdvice.objects.count()

    def test_make_one_advice(self) -> None:
        assert self._both_vote(without_locks=False) == 1

    def test_without_the_lock_make_none(self) -> None:
        """The control: each counts the other's vote not at all."""
        assert self._both_vote(without_locks=True) == 0


class TestPages:
    def test_from_the_invitation_to_a_vote_and_out(self, lin: User, sam: User, client: Client) -> None:
        earn(lin, sam)
        client.force_login(lin)
        home = reverse("community_review:home")
        assert "You are invited" in client.get(home).content.decode()
        assert client.post(reverse("community_review:join"), {"1": "fine"}).status_code == 422
        assert client.post(reverse("community_review:join"), {**right_answers(lin), "agrees": "on"}).status_code == 302
        slight("Kilns")
        client.post(reverse("community_review:take_next"))
        turn = voting.present(lin)
        assert client.post(reverse("community_review:vote", args=[turn.pk]), {"verdict": "no"}).status_code == 422
        client.post(reverse("community_review:vote", args=[turn.pk]), {"verdict": "fine", "text": WORDS})
        assert CommunityVote.objects.get(by=lin).verdict == "fine"
        client.post(reverse("community_review:leave"))
        assert CommunityReviewer.objects.of(lin) is None

    def test_says_what_is_missing(self, cole: User, client: Client) -> None:
        client.force_login(cole)
        page = client.get(reverse("community_review:home")).content.decode()
        assert "Reports that were right" in page

    def test_the_api_does_the_same(self, cole: User, client: Client) -> None:
        client.force_login(cole)
        root = "/api/v1/community-review/"
        assert client.get(root).json()["is_reviewer"] is False
        assert client.post(f"{root}next/").json()["code"] == "no_community_reviewer"
        CommunityReviewer.objects.create(person=cole, edition="2026", right_answers=6, questions=6)
        assert client.post(f"{root}next/").json()["code"] == "nothing_to_vote_on"
        slight()
        case = client.post(f"{root}next/").json()
        assert case["rules"] == ["outcomes_taught"]
        told = {"verdict": "fine", "text": WORDS}
        bad = client.post(f"{root}{case['id']}/", {"verdict": "?"}, content_type="application/json")
        assert bad.status_code == 400
        assert client.post(f"{root}{case['id']}/", told, content_type="application/json").status_code == 201
        assert client.post(f"{root}{case['id']}/", told, content_type="application/json").status_code == 409
        assert client.delete(root).status_code == 204


def test_her_words_are_told_and_go_with_her_account() -> None:
    mia = reviewer("Mia")
    slight()
    vote(mia)
    assert privacy.tell(mia).tables["community_votes"][0]["text"] == WORDS
    AccountDeletion.objects.create(user=mia)
    privacy.forget(mia)
    assert CommunityVote.objects.get().text == "…"
    assert CommunityReviewer.objects.of(mia) is None
