"""What counts as knowing a skill: the rule itself, by its properties, and the rows that it is read from."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from courses.models import TaughtSkill
from learners import attempts, privacy, skill_evidence, skills_shown
from learners.models import Enrollment, PathFollow, SkillCard
from learners.skill_profile import Evidence, Kind, masters, profile, shown_level
from tests.courses.factories import make_course, make_skill, publish
from tests.courses.path_factories import make_path
from tests.courses.quizzes import add_quiz, right_answers
from tests.learners.certified import do_all, make_certificate
from tests.learners.factories import enroll

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
EVIDENCE = st.builds(
    Evidence,
    skill=st.integers(1, 4),
    level=st.integers(0, 3),
    kind=st.sampled_from(Kind),
    course=st.integers(1, 5),
    at=st.integers(0, 9).map(lambda day: NOON + timedelta(days=day)),
)


class TestRule:
    @given(st.lists(EVIDENCE, max_size=20))
    def test_the_level_is_the_highest_shown_and_has_its_reason(self, rows: list[Evidence]) -> None:
        known = profile(rows)
        assert set(known) == {one.skill for one in rows if one.level}
        for skill, one in known.items():
            own = [row for row in rows if row.skill == skill and row.level]
            assert one.level == max(row.level for row in own) == one.by.level
            assert set(one.reasons) == set(own)
            assert [reason.level for reason in one.reasons] == sorted((r.level for r in one.reasons), reverse=True)

    @given(st.lists(EVIDENCE, max_size=12), st.randoms())
    def test_neither_order_nor_repetition_counts(self, rows: list[Evidence], chance: Any) -> None:
        mixed = [*rows, *rows[:3]]
        chance.shuffle(mixed)
        assert profile(mixed) == profile(rows)

    @given(st.lists(EVIDENCE, max_size=12), EVIDENCE)
    def test_more_evidence_never_lowers_anything(self, rows: list[Evidence], one: Evidence) -> None:
        before, after = profile(rows), profile([*rows, one])
        assert all(after[skill].level >= known.level for skill, known in before.items())

    @given(st.lists(EVIDENCE, max_size=12), st.dictionaries(st.integers(1, 5), st.integers(1, 3), max_size=4))
    def test_mastered_is_what_is_reached_in_every_part(self, rows: list[Evidence], taught: dict[int, int]) -> None:
        known = profile(rows)
        reached = bool(taught) and all(s in known and known[s].level >= level for s, level in taught.items())
        assert bool(masters(known, taught)) is reached

    def test_quizzes_alone_show_one_level_less(self) -> None:
        assert [shown_level(3, kind) for kind in Kind] == [3, 3, 2]
        assert shown_level(1, Kind.QUIZZES) == 0


def levels(learner: Any) -> dict[str, tuple[int, list[str]]]:
    return {one.skill.slug: (one.level, [reason.text for reason in one.reasons]) for one in skills_shown.of(learner)}


@pytest.mark.django_db
class TestEvidence:
    def test_a_finished_course_shows_what_it_taught_then(self, lin: User, ada: User) -> None:
        python = make_skill("python")
        course = make_course(title="Pots", skills={python: 2})
        enroll(lin, course).complete()
        draft = course.open_draft(by=ada)
        TaughtSkill.objects.put(draft, {python: 3}, by=ada)
        publish(draft)
        assert levels(lin) == {"python": (2, ["Finished “Pots”"])}

    def test_what_is_begun_shows_nothing_and_a_visitor_knows_nothing(self, lin: User, client: Client) -> None:
        enroll(lin, make_course(skills={make_skill("python"): 2}))
        assert levels(lin) == {}
        assert skill_evidence.known_by(AnonymousUser()) == {}

    def test_a_refund_takes_it_back(self, lin: User) -> None:
        enrollment = enroll(lin, make_course(skills={make_skill("python"): 2}))
        enrollment.complete()
        assert levels(lin)
        enrollment.end(Enrollment.EndReason.REFUNDED)
        assert levels(lin) == {}

    def test_a_certificate_stands_first_and_untrue_evidence_takes_all(self, lin: User, sam: User) -> None:
        course = make_course(title="Pots", skills={make_skill("python"): 2})
        enroll(lin, course).complete()
        certificate = make_certificate(lin, course)
        assert levels(lin) == {"python": (2, ["Certificate for “Pots”", "Finished “Pots”"])}
        certificate.revoke(by=sam, cause="evidence", reason="Played by a program")
        assert levels(lin) == {}

    def test_a_certificate_that_was_a_mistake_leaves_the_course_finished(self, lin: User, sam: User) -> None:
        course = make_course(title="Pots", skills={make_skill("python"): 2})
        enroll(lin, course).complete()
        make_certificate(lin, course).revoke(by=sam, cause="mistake", reason="Wrong name")
        assert levels(lin) == {"python": (2, ["Finished “Pots”"])}

    def test_all_quizzes_passed_show_one_level_less_until_the_course_is_finished(self, lin: User) -> None:
        course = make_course(
            title="Pots", live=False, lessons=1, skills={make_skill("python"): 3, make_skill("sql"): 1}
        )
        first, second = (add_quiz(course.draft.sections.first(), name) for name in ("One", "Two"))
        publish(course.draft)
        course.refresh_from_db()
        enrollment = enroll(lin, course)
        for lesson in (first, second):
            assert levels(lin) == {}
            live = course.live_lessons().select_related("version__course").get(key=lesson.key)
            attempts.submit(lin, attempts.start(lin, live).pk, right_answers(live))
        assert levels(lin) == {"python": (2, ["Passed every quiz of “Pots”"])}
        enrollment.complete()
        assert levels(lin) == {"python": (3, ["Finished “Pots”"]), "sql": (1, ["Finished “Pots”"])}

    def test_another_s_deeds_are_not_hers(self, lin: User, cole: User) -> None:
        course = make_course(skills={make_skill("python"): 2})
        enroll(cole, course).complete()
        do_all(cole, course)
        assert levels(lin) == {}

    def test_the_number_of_queries_does_not_grow(self, lin: User, django_assert_max_num_queries: Any) -> None:
        for number in range(4):
            enroll(lin, make_course(title=f"Pots {number}", skills={make_skill("python"): 2})).complete()
        with django_assert_max_num_queries(5):
            skill_evidence.known_by(lin)


@pytest.mark.django_db
class TestPages:
    def test_private_until_shown_and_private_again(self, lin: User, client: Client) -> None:
        enroll(lin, make_course(title="Pots", skills={make_skill("python"): 2})).complete()
        client.force_login(lin)
        assert "Finished “Pots”" in client.get(reverse("learners:my_skills")).content.decode()
        client.post(reverse("learners:show_skills"))
        card = SkillCard.objects.get(learner=lin)
        visitor = Client()
        page = visitor.get(card.get_absolute_url()).content.decode()
        assert "Skills of Lin" in page
        assert 'content="noindex"' in page
        client.post(reverse("learners:show_skills"), {"stop": "1"})
        assert visitor.get(card.get_absolute_url()).status_code == 404
        client.post(reverse("learners:show_skills"))
        assert SkillCard.objects.get(learner=lin).code != card.code

    def test_her_record_has_the_card_and_forgetting_takes_it(self, lin: User) -> None:
        path = make_path([make_course(title="Clay"), make_course(title="Kiln")])
        PathFollow.objects.follow(lin, path)
        card = SkillCard.objects.show(lin)
        told = privacy.tell(lin).tables
        assert told["paths"][0]["path_slug"] == path.slug
        assert told["skill_card"][0]["code"] == card.code
        privacy.forget(lin)
        assert not SkillCard.objects.exists()
        assert not PathFollow.objects.exists()

    def test_an_address_cannot_be_guessed(self, lin: User, client: Client) -> None:
        assert len(SkillCard.objects.show(lin).code) >= 20
        assert client.get(reverse("learners:skill_card", args=["1"])).status_code == 404

    def test_the_api_tells_only_one_s_own(self, lin: User, cole: User, client: Client) -> None:
        enroll(lin, make_course(title="Pots", skills={make_skill("python"): 2})).complete()
        client.force_login(lin)
        told = client.get(reverse("api-my-skills")).json()
        assert [(one["skill"], one["level"], one["reasons"][0]["text"]) for one in told] == [
            ("python", 2, "Finished “Pots”")
        ]
        client.force_login(cole)
        assert client.get(reverse("api-my-skills")).json() == []
