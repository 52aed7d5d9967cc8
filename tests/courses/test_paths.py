"""Paths: written by their makers, public by the decision of somebody else, closed while they are decided on."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Path, PathClosure, PathDecision, PathEdition, PathStep, Stage
from courses.models.review import AlreadyDecided, AlreadyWithdrawn
from courses.models.version import EditedElsewhere, NothingToSubmit, NotReady, VersionClosed
from creators.models import Suspension
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.courses.factories import make_course
from tests.courses.path_factories import make_path, write
from tests.creators.factories import make_creator

pytestmark = pytest.mark.django_db


@pytest.fixture
def clay(ada: User) -> Any:
    return make_course(title="Clay")


@pytest.fixture
def kiln(ada: User) -> Any:
    return make_course(title="Kiln")


class TestWriting:
    def test_stages_keep_their_order_and_a_new_edition_copies_them(self, clay: Any, kiln: Any, ada: User) -> None:
        path = make_path([kiln], [clay])
        draft = path.open_draft(by=ada)
        assert [[course.title for course in stage.courses] for stage in draft.ordered()] == [["Kiln"], ["Clay"]]
        assert (draft.number, path.shown_edition) == (2, draft)
        assert Path.objects.get(pk=path.pk).live_edition_id == path.live_edition_id

    def test_another_window_is_not_overwritten(self, clay: Any, kiln: Any, ada: User) -> None:
        edition = make_path([clay], live=False).shown_edition
        stages = [Stage("One", "", (clay, kiln))]
        edition.write({"title": "A"}, stages, by=ada, revision=1)
        with pytest.raises(EditedElsewhere):
            edition.write({"title": "B"}, stages, by=ada, revision=1)
        assert PathEdition.objects.get(pk=edition.pk).title == "A"

    @pytest.mark.parametrize("wrong", ["twice", "many", "stages", "name"])
    def test_what_is_no_path_is_refused_and_nothing_is_lost(self, clay: Any, kiln: Any, ada: User, wrong: str) -> None:
        edition = make_path([clay, kiln], live=False).shown_edition
        stages = {
            "twice": [Stage("One", "", (clay, clay))],
            "many": [Stage("One", "", (clay,) * 31)],
            "stages": [Stage("One", "", ())] * 9,
            "name": [Stage("x" * 81, "", (clay,))],
        }[wrong]
        with pytest.raises(ValidationError):
            edition.write({}, stages, by=ada, revision=edition.revision)
        assert edition.steps.count() == 2

    def test_nobody_writes_another_s(self, clay: Any, cole: User, sam: User) -> None:
        edition = make_path([clay], live=False).shown_edition
        for stranger in (cole, sam):
            with pytest.raises(NotAllowed):
                edition.write({}, [], by=stranger, revision=edition.revision)
        with pytest.raises(NotAllowed):
            Path.objects.start(title="Ours", language="en", by=cole)


class TestReview:
    def test_only_what_is_whole_is_submitted(self, clay: Any, kiln: Any, ada: User, sam: User) -> None:
        edition = make_path([clay], live=False).shown_edition
        with pytest.raises(NotReady) as refusal:
            edition.submit(by=ada)
        assert [item["code"] for item in refusal.value.facts["missing"]] == ["courses"]
        kiln.take_down(by=sam, rule_code="privacy", reason="Looked at")
        write(edition, [clay, kiln])
        assert [item["code"] for item in edition.missing()] == ["on_sale"]

    def test_staff_publish_it_and_the_maker_is_told_in_a_mail(self, clay: Any, kiln: Any, client: Client) -> None:
        path = make_path([clay, kiln], live=False)
        submission = path.shown_edition.submit(by=cast.ada())
        client.force_login(cast.sam())
        client.post(reverse("moderation:approve_path", args=[submission.pk]), {"reason": "A good order."})
        assert Path.objects.public().get() == path
        assert Mail.objects.get(key__startswith="path-decided").subject == "Your path “From clay to kiln” is public"

    def test_sent_back_it_says_why_and_can_be_mended(self, clay: Any, kiln: Any, ada: User, client: Client) -> None:
        path = make_path([clay, kiln], live=False)
        submission = path.shown_edition.submit(by=ada)
        client.force_login(cast.sam())
        url = reverse("moderation:send_back_path", args=[submission.pk])
        assert client.post(url, {"reason": " "}).status_code == 422
        client.post(url, {"reason": "Begin with clay."})
        edition = path.shown_edition
        assert (edition.state, edition.last_decision.reason) == ("returned", "Begin with clay.")
        write(edition, [clay], [kiln])
        assert edition.submit(by=ada).pk != submission.pk

    def test_nobody_decides_on_her_own(self, clay: Any, kiln: Any, sam: User) -> None:
        make_creator(sam, "Sam Teaches")
        submission = make_path([clay, kiln], by=cast.sam(), live=False).shown_edition.submit(by=cast.sam())
        with pytest.raises(NotAllowed):
            submission.approve(by=sam)
        with pytest.raises(DatabaseError), transaction.atomic():
            PathDecision.objects.create(submission=submission, verdict="approve", decided_by=sam)

    def test_the_house_s_own_is_decided_on_by_another_moderator(self, clay: Any, kiln: Any, sam: User) -> None:
        path = Path.objects.start(title="Of the house", language="en", by=sam)
        write(path.shown_edition, [clay, kiln])
        submission = path.shown_edition.submit(by=sam)
        with pytest.raises(NotAllowed):
            submission.approve(by=sam)
        submission.approve(by=cast.person("Mo", role="moderator"))
        assert Path.objects.public().get().creator is None

    def test_decided_once_and_not_after_it_was_withdrawn(self, clay: Any, kiln: Any, ada: User, sam: User) -> None:
        path = make_path([clay, kiln], live=False)
        first = path.shown_edition.submit(by=ada)
        with pytest.raises(NothingToSubmit):
            path.shown_edition.submit(by=ada)
        first.withdraw(by=ada)
        with pytest.raises(AlreadyWithdrawn):
            first.approve(by=sam)
        second = path.shown_edition.submit(by=ada)
        second.approve(by=sam)
        with pytest.raises(AlreadyDecided):
            second.send_back(by=sam, reason="Late")

    def test_the_database_holds_it(self, clay: Any, kiln: Any, ada: User) -> None:
        draft = make_path([clay, kiln], live=False).shown_edition
        live = make_path([clay, kiln], title="Another").live_edition
        for act in (
            lambda: PathEdition.objects.filter(pk=draft.pk).update(state="live"),
            lambda: PathEdition.objects.filter(pk=live.pk).update(title="Other"),
            lambda: PathStep.objects.filter(edition=live).delete(),
            lambda: PathDecision.objects.update(reason="Other"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()
        with pytest.raises(VersionClosed):
            live.write({}, [], by=ada, revision=live.revision)

    def test_a_course_that_left_the_sale_meanwhile_stops_it(self, clay: Any, kiln: Any, ada: User, sam: User) -> None:
        submission = make_path([clay, kiln], live=False).shown_edition.submit(by=ada)
        kiln.take_down(by=sam, rule_code="privacy", reason="Looked at")
        with pytest.raises(NotReady):
            submission.approve(by=sam)


class TestClosing:
    def test_it_leaves_the_lists_and_comes_back_each_on_record(self, clay: Any, kiln: Any, ada: User) -> None:
        path = make_path([clay, kiln])
        with pytest.raises(ValidationError):
            path.close(True, by=ada, reason=" ")
        path.close(True, by=ada, reason="Old")
        assert not Path.objects.public().exists()
        path.close(False, by=ada, reason="Renewed")
        assert Path.objects.public().exists()
        assert list(PathClosure.objects.values_list("is_closed", "reason")) == [(False, "Renewed"), (True, "Old")]

    def test_a_suspended_creator_s_is_not_public(self, clay: Any, kiln: Any, ada: User, sam: User) -> None:
        make_path([clay, kiln])
        Suspension.objects.suspend(creator=ada.creator, by=sam, rule_code="privacy", reason="Looked at")
        assert not Path.objects.public().exists()


class TestStudio:
    def test_pages_lead_from_the_title_to_the_review(self, client: Client, clay: Any, kiln: Any, ada: User) -> None:
        client.force_login(ada)
        client.post(reverse("studio:create_path"), {"title": "Clay and fire", "language": "en"})
        path = Path.objects.get()
        told = {
            "revision": 0, "title": "Clay and fire", "promise": "You fire a pot", "about": "", "language": "en",
            "stage_0_title": "First", "stage_0_words": "", "stage_0_courses": [clay.get_absolute_url(), kiln.slug],
            "stage_1_title": "", "stage_1_words": "", "stage_1_courses": [""],
        }  # fmt: skip
        url = reverse("studio:path", args=[path.slug])
        assert client.post(url, told).status_code == 302
        assert [course.title for course in path.shown_edition.ordered()[0].courses] == ["Clay", "Kiln"]
        assert client.post(url, told).status_code == 409
        client.post(reverse("studio:submit_path", args=[path.slug]), {"note": "Have a look"})
        assert path.shown_edition.waiting.note == "Have a look"
        client.post(reverse("studio:withdraw_path", args=[path.slug]))
        assert path.shown_edition.is_editable

    def test_an_unknown_course_is_named(self, client: Client, clay: Any, ada: User) -> None:
        path = make_path([clay], live=False)
        client.force_login(ada)
        told = {
            "revision": 1, "title": "A", "promise": "", "about": "", "language": "en",
            "stage_0_title": "First", "stage_0_words": "", "stage_0_courses": ["/courses/nowhere/"],
        }  # fmt: skip
        answer = client.post(reverse("studio:path", args=[path.slug]), told)
        assert answer.status_code == 422
        assert "No course on sale is named nowhere." in answer.content.decode()

    def test_the_api_does_the_same(self, client: Client, clay: Any, kiln: Any, ada: User) -> None:
        client.force_login(ada)
        made = client.post(reverse("api-studio-paths"), {"title": "By program", "language": "en"}, "application/json")
        slug = made.json()["slug"]
        url = reverse("api-studio-path", args=[slug])
        told = {
            "revision": 0, "title": "By program", "promise": "Done", "about": "", "language": "en",
            "stages": [{"title": "One", "courses": [clay.slug, kiln.slug]}],
        }  # fmt: skip
        read = client.put(url, told, "application/json").json()
        assert (read["stages"][0]["courses"], read["missing"]) == ([clay.slug, kiln.slug], [])
        assert client.put(url, told, "application/json").status_code == 409
        assert client.put(url, {**told, "stages": [{"title": "x"}]}, "application/json").status_code == 400
        submitted = client.post(reverse("api-studio-path-submit", args=[slug]), {}, "application/json")
        assert submitted.json()["state"] == "submitted"
        assert client.get(reverse("api-studio-paths")).json()[0]["slug"] == slug
