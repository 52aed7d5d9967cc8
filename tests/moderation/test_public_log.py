"""The public log: without names, whole, and enough to tell what is in force."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import AccountCurb, User
from community.models import PostHiding, RatingHiding
from courses.models import Course, Restriction
from creators.models import Creator, Institution, Verification
from learners.models import WorkHiding
from moderation import appeals, measures, paths, public_log, reviews, rights
from moderation.measures import agreeing
from moderation.models import RefundWave, RightsClaim
from moderation.public_log import Entry, pseudonyms, replay
from moderation.public_log.replay import LASTING, LogBroken
from moderation.rights import clocks
from payments.models import PayoutHold
from tests import cast
from tests.community.factories import ask, rate
from tests.courses.assignments import assignment_of, make_assignment_course
from tests.courses.clips import make_clip
from tests.courses.factories import make_course
from tests.courses.path_factories import make_path
from tests.creators.factories import make_creator
from tests.creators.institutions import TOLD, make_institution, verify
from tests.learners import works
from tests.learners.certified import make_certificate
from tests.moderation import claims
from tests.moderation.decisions import answer_appeal, decide, decide_case, report
from tests.moderation.factories import kim, make_submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(ada: User, lin: User, sam: User) -> None:
    """A month of moderation: everything that can be decided, some of it taken back, overturned or over."""
    bea = make_creator(cast.person("Bea"), "Bea Glazes")
    for title in ("Clay", "Kilns", "Salt", "Ash"):
        make_course(bea if title == "Ash" else None, title=title)
    finding = {"rule_code": "sound_quality", "text": "It hums", "lesson_key": None, "at_second": 3}
    reviews.send_back(make_submission("Glazes"), sam, "Ada Lin Studio: call 010-1234567", [finding])
    decide_case(report("course", "clay", lin), "limit", sam, reason="“Clay” of Ada Lin Studio, ada@example.com")
    first = decide("unpublish", "course", "kilns", sam)
    decide("unpublish", "course", "salt", sam)
    decide("suspend", "creator", "bea-glazes", sam)
    decide("hide", "lesson", Course.objects.get(slug="clay").live_lessons()[1].key, sam)
    held = decide("hold", "creator", ada.creator.slug, sam)
    decide_case(report("course", "salt", lin), "dismiss", sam, reason="In order")
    measures.reverse(first, kim(), reason="A license was shown")
    answer_appeal(appeals.make(held, ada, "Please"), kim(), verdict="overturned", reason="Not needed")


def exported() -> list[dict[str, Any]]:
    answer = Client().get(reverse("rules:log_file", args=["json"]))
    return json.loads(b"".join(answer.streaming_content))


def decisions_named_by(entries: list[dict[str, Any]], days: set[str]) -> set[str]:
    """Actions about things whose approval falls on a day on which a course is known to have been published."""
    known = {entry["subject"] for entry in entries if entry["action"] == "approve" and entry["at"] in days}
    return {entry["action"] for entry in entries if known & {entry["target"], entry["subject"]}}


def present_state() -> set[tuple[str, str]]:
    """What the database says is in force, by the log's names."""
    held: dict[tuple[str, str], Any] = {
        ("unpublish", "course"): Course.objects.filter(is_taken_down=True).values_list("pk", flat=True),
        ("limit", "course"): Course.objects.filter(is_limited=True).values_list("pk", flat=True),
        ("suspend", "creator"): Creator.objects.suspended().values_list("pk", flat=True),
        ("hold", "creator"): PayoutHold.objects.open().values_list("creator", flat=True),
        ("hide", "lesson"): Restriction.objects.hiding().values_list("lesson_key", flat=True),
        ("hide_clip", "clip"): Restriction.objects.hiding_clips().values_list("clip_key", flat=True),
        ("hide_rating", "rating"): RatingHiding.objects.filter(lifted_at=None).values_list("rating", flat=True),
        ("hide_work", "work"): WorkHiding.objects.open().values_list("hand_in", flat=True),
        ("uphold", "course"): [claim.course_id for claim in RightsClaim.objects.all() if _is_upheld(claim)],
    }
    for kind in ("question", "answer", "comment"):
        hidden = PostHiding.objects.filter(lifted_at=None, post__kind=kind)
        held["hide_post", kind] = hidden.values_list("post", flat=True)
    for kind in AccountCurb.Kind.values:
        held[kind, "person"] = AccountCurb.objects.open().filter(kind=kind).values_list("person", flat=True)
    return {(action, pseudonyms.of(kind, key, action)) for (action, kind), keys in held.items() for key in keys}


def _is_upheld(claim: RightsClaim) -> bool:
    last = claim.steps.last()
    return last is not None and last.kind == "uphold"


@pytest.fixture
def all_that_lasts(story: None, ada: User, lin: User, sam: User) -> None:
    """Each lasting action twice, so that one of each can end; some of them stand in the story already."""
    works_of = assignment_of(make_assignment_course("Peers", reviewing="peers", own_reviews=1, fallback_days=7))
    course, asked_about = Course.objects.get(slug="clay"), make_course(title="Asked")
    done = []
    for name, center in (("Mia", 0), ("Noa", 1)):
        mia = cast.person(name)
        rating = rate(mia, course, 1, text=f"A fool, says {name}")
        done += [
            decide("hide_clip", "clip", make_clip(course, center=center).key, sam),
            decide("hide_rating", "rating", rating.pk, sam, rule="respect"),
            decide("hide_post", "question", ask(mia, asked_about, f"A fool, {name}?").pk, sam, rule="respect"),
            decide("hide_work", "work", works.hand_in(mia, works_of, "Fools").pk, sam, rule="respect"),
            decide("mute", "person", f"rating-{rating.pk}", sam, rule="respect", days=7),
            decide("bar", "person", f"rating-{rating.pk}", sam, rule="respect"),
        ]
        make_course(title=f"Copied {name}")
        claimed = claims.disputed(cast.cole(), sam, f"copied-{name.lower()}")
        done.append(claims.decide(claimed, sam, "uphold", income="creator").measure)
    for measure in done[:7]:
        measures.reverse(measure, kim(), reason="Looked at again")


class TestTheFile:
    def test_replayed_gives_the_present_state(self, story: None) -> None:
        state = replay(exported())
        assert state.in_force == present_state()
        assert {action for action, _whose in state.in_force} == {"limit", "unpublish", "suspend", "hide"}
        live = Course.objects.filter(live_version__isnull=False).values_list("pk", flat=True)
        assert state.published == {pseudonyms.of("course", pk, "approve") for pk in live}

    def test_replayed_tells_paths_badges_and_certificates(self, ada: User, lin: User, sam: User) -> None:
        courses = [make_course(title="Clay"), make_course(title="Kilns")]
        live, waiting = make_path(courses), make_path(courses, title="To salt", live=False)
        paths.send_back(waiting.shown_edition.submit(by=ada), sam, "Name the stages")
        schools = [make_institution(ada, name=name) for name in ("Jingdezhen School", "Yixing School", "Delft School")]
        verify(schools[1], "withdrawn")
        told = {"checked": "Register entry of Delft School", "link": "https://schools.example/1"}
        Verification.objects.decide(schools[2], "verified", by=sam, **told)
        schools[2].edit({**TOLD, "name": "Rotterdam Academy"}, by=ada)
        revoked = make_certificate(lin, courses[0])
        revoked.revoke(by=sam, cause="evidence", reason="A friend of Lin's watched it")
        entries = exported()
        state = replay(entries)
        assert pseudonyms.of("path", live.pk, "approve") in state.published
        assert pseudonyms.of("path", waiting.pk, "approve") not in state.published
        badges = Institution.objects.filter(is_verified=True).values_list("pk", flat=True)
        assert state.verified == {pseudonyms.of("institution", pk, "verified") for pk in badges}
        assert len(state.verified) == 1
        assert state.in_force == {("revoke", pseudonyms.of("certificate", revoked.pk, "revoke"))}
        ends = [entry for entry in entries if entry["action"] == "withdrawn"]
        assert [(entry["by"].partition("-")[0], entry["reason"]) for entry in ends] == [
            ("moderator", ""),
            ("member", ""),
        ]
        text = json.dumps(entries, ensure_ascii=False)
        assert [name for name in ("Lin", "Yixing", "Delft", "clay.example", "stages") if name in text] == []
        figures = public_log.figures(public_log.entries())
        assert figures.decisions == len(entries) - 1  # all but what the member did
        page = Client().get(reverse("rules:log")).content.decode()
        for words in ("Path approved", "Path sent back", "Institution no longer verified", "Certificate revoked"):
            assert words in page

    def test_has_what_a_second_person_said_of_everybody_s_money(self, ada: User, sam: User) -> None:
        courses = [make_course(title="Clay"), make_course(title="Kilns")]
        for course, answer in zip(courses, (agreeing.approve, agreeing.decline), strict=True):
            taken = decide("unpublish", "course", course.slug, sam)
            wave = RefundWave.objects.begin(taken, course, needs_second=True)
            answer(wave, by=kim(), reason="Kim has read it")
        entries = exported()
        said = [entry for entry in entries if entry["event"] == "refund"]
        assert [(one["result"], one["action"], one["reason"]) for one in said] == [
            ("agreed", "unpublish", ""), ("declined", "unpublish", ""),
        ]  # fmt: skip
        assert replay(entries).in_force == present_state()
        with pytest.raises(LogBroken):
            replay([entry for entry in entries if entry["id"] != said[0]["about"]])
        assert "not agreed by a second person" in Client().get(reverse("rules:log")).content.decode()

    def test_replayed_gives_the_present_state_of_every_lasting_action(self, all_that_lasts: None, sam: User) -> None:
        decide("hold", "creator", Creator.objects.get(slug="bea-glazes").slug, sam)
        state = replay(exported())
        assert state.in_force == present_state()
        assert {action for action, _whose in state.in_force} == LASTING
        entries = [entry for entry in exported() if entry["event"] != "reversal"]
        assert len(replay(entries).in_force - present_state()) == 9  # 7 here and 2 of the story

    def test_joined_with_what_everybody_sees_tells_no_other_decision(self, story: None, sam: User) -> None:
        """When a course was published stands in the API to the second, so its approval has a name; nothing else has."""
        decide("warn", "course", "clay", sam, reason="Once more and it goes")
        entries = exported()
        days = {told["published_at"][:10] for told in APIClient().get("/api/v1/courses/").json()["results"]}
        assert all(len(entry["at"]) == 10 for entry in entries)
        assert decisions_named_by(entries, days) == {"approve"}
        # Under one name for each thing in the whole log, as it was once, the same join finds them.
        whole = {
            pseudonyms.of("course", course.pk, action): f"course-{course.pk}"
            for course in Course.objects.all()
            for action in {entry["action"] for entry in entries}
        }
        before = [
            {**entry, **{name: whole.get(entry[name], entry[name]) for name in ("target", "subject")}}
            for entry in entries
        ]
        assert decisions_named_by(before, days) >= {"approve", "warn", "limit", "unpublish"}

    def test_replayed_without_one_reversal_does_not(self, story: None) -> None:
        entries = [entry for entry in exported() if entry["event"] != "reversal"]
        assert replay(entries).in_force != present_state()

    def test_that_lacks_what_it_speaks_of_is_broken(self, story: None) -> None:
        entries = exported()
        reversal = next(entry for entry in entries if entry["event"] == "reversal")
        with pytest.raises(LogBroken):
            replay([entry for entry in entries if entry["id"] != reversal["about"]])
        with pytest.raises(LogBroken):
            replay([*entries, {**reversal, "id": "measure-0"}])

    def test_names_nobody(self, story: None) -> None:
        text = json.dumps(exported(), ensure_ascii=False)
        names = ["Ada", "Sam", "Lin", "Bea", "Clay", "Kilns", "Salt", "example.com", "1234567", "studio"]
        assert [name for name in names if name.lower() in text.lower()] == []
        assert "“▮▮▮” of ▮▮▮, ▮▮▮" in text

    def test_has_every_decision_with_rule_reason_and_time_taken(self, story: None) -> None:
        entries = exported()
        assert len(entries) == len({entry["id"] for entry in entries}) == len(list(public_log.entries()))
        assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
        limited = next(entry for entry in entries if entry["action"] == "limit")
        assert limited["rules"] == ["rights/1"]
        assert limited["hours"] is not None
        sent_back = next(entry for entry in entries if entry["action"] == "return")
        assert (sent_back["rules"], sent_back["reason"]) == (["sound_quality/1"], "")
        appeal = next(entry for entry in entries if entry["event"] == "appeal")
        assert (appeal["result"], appeal["reason"]) == ("overturned", "Not needed")

    def test_is_a_table_too_and_harmless_in_a_spreadsheet(self, story: None, sam: User) -> None:
        decide("warn", "course", "salt", sam, reason='=HYPERLINK("x")')
        answer = Client().get(reverse("rules:log_file", args=["csv"]))
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert len(rows) == len(list(public_log.entries()))
        assert rows[-1]["reason"] == '\'=HYPERLINK("x")'
        assert Client().get(reverse("rules:log_file", args=["exe"])).status_code == 404


class TestThePage:
    def test_is_everybody_s_and_pages_backward(self, story: None) -> None:
        page = Client().get(reverse("rules:log")).content.decode()
        assert "Overturned on appeal" in page
        assert "Ada Lin" not in page
        last = public_log.newest(3)[-1].id
        assert [entry.id for entry in public_log.newest(3, last)] == [
            entry.id for entry in list(public_log.entries())[::-1][3:6]
        ]
        for nonsense in ("soon", "measure-", "measure-x", f"measure-{'9' * 40}", "review-0", "measure-²", "2026-13-01"):
            assert Client().get(reverse("rules:log"), {"before": nonsense}).status_code == 200

    @time_machine.travel(datetime(2026, 5, 4, 12, tzinfo=UTC), tick=False)
    def test_loses_none_of_one_moment(self, ada: User, sam: User) -> None:
        """Eleven and more, so that the ids have not all the same length."""
        make_course(title="Clay")
        for number in range(12):
            warned = decide("warn", "course", "clay", sam, reason=f"{number}")
        answer_appeal(appeals.make(warned, ada, "No"), kim(), verdict="overturned", reason="Right")
        whole = [entry.id for entry in public_log.entries()][::-1]
        found: list[str] = []
        while page := public_log.newest(4, found[-1] if found else ""):
            found += [entry.id for entry in page]
        assert found == whole
        assert len(found) == 15

    def test_stands_in_the_api(self, story: None) -> None:
        told = APIClient().get("/api/v1/moderation-log/").json()
        assert told["figures"]["overturned"] == 100
        assert [told["figures"][name] for name in ("second_looks", "agreed", "kappa")] == [0, None, None]
        assert told["entries"][0]["at"] >= told["entries"][-1]["at"]
        assert told["before"] == ""


def entry(event: str, hours: int | None = None, result: str = "", action: str = "approve") -> Entry:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours or 0)
    return Entry("x", at, event, action, "course", "c", "c", "m", (), "", hours, None, "", result)


class TestTheFigures:
    def test_are_reckoned_from_the_entries(self) -> None:
        figures = public_log.figures(
            [
                *(entry("review", hours) for hours in (10, 20, 60)),
                entry("measure", 4, action="warn"),
                entry("reversal", result="reversed", action="warn"),
                entry("appeal", 30, "upheld"),
                entry("appeal", 121, "overturned"),
            ]
        )
        assert (figures.review_median_hours, figures.reviews_in_time) == (20, 67)
        assert figures.appeals_in_time == 50
        assert (figures.case_median_hours, figures.appeal_median_hours) == (4, 75.5)
        assert (figures.appeals, figures.overturned, figures.taken_back) == (2, 50, 1)
        assert figures.by_action == {"approve": 3, "warn": 1}

    def test_say_of_reports_nothing_that_claims_of_copyright_are(self) -> None:
        """Whose sides have weeks to answer by their clocks; the appeal against one is an appeal as others are."""
        found = public_log.figures(
            [entry("measure", 4, action="warn"), *(entry("measure", 400, action=each) for each in ("uphold", "reject")),
             entry("appeal", 30, "upheld", action="uphold")]
        )  # fmt: skip
        assert (found.case_median_hours, found.appeal_median_hours, found.decisions) == (4, 30, 4)

    def test_are_of_what_somebody_decided(self) -> None:
        """That a time was up is in the log, and is nobody's decision."""
        over = replace(entry("reversal", result="expired", action="limit"), by="clock")
        assert public_log.figures([entry("measure", 4, action="limit"), over]).decisions == 1

    def test_of_nothing_are_none(self) -> None:
        assert public_log.figures([]).overturned is None


class TestPseudonyms:
    def test_are_the_same_for_one_thing_and_tell_nothing(self) -> None:
        assert pseudonyms.of("course", 1) == pseudonyms.of("course", 1) != pseudonyms.of("course", 2)
        assert pseudonyms.of("course", 1) != pseudonyms.of("creator", 1)

    def test_black_out_names_addresses_and_numbers(self) -> None:
        text = "Ask Ada, ada@example.com or +86 138 0013 8000, see https://a.example/x. Adamant?"
        assert pseudonyms.masked(text, ["Ada Lin", "Ada"]) == "Ask ▮▮▮, ▮▮▮ or ▮▮▮, see ▮▮▮ ▮▮▮mant?"


class TestClaimsThatNobodyDecided:
    def test_withdrawn_and_lapsed_ones_stand_there_without_names(self, ada: User, sam: User) -> None:
        make_course(title="Glazes")
        make_course(title="Ash")
        rights.withdraw(claims.admitted(cast.cole(), sam), cast.cole())
        lapsed = claims.countered(cast.cole(), sam, "ash")
        with time_machine.travel(lapsed.due_at + timedelta(minutes=1), tick=False):
            clocks.run_out()
        entries = [entry for entry in exported() if entry["event"] == "claim"]
        assert [(entry["action"], entry["by"] == "clock") for entry in entries] == [
            ("withdraw", False), ("lapse", True),
        ]  # fmt: skip
        assert entries[0]["by"].startswith("claimant-")
        assert "Cole" not in json.dumps(entries)
        page = Client().get(reverse("rules:log")).content.decode()
        assert "Claim of copyright: Withdrawn by the claimant" in page
        assert replay(exported()).in_force == present_state() == set()
        assert public_log.figures(public_log.entries()).decisions == len(exported()) - 2

    def test_one_that_was_never_admitted_is_nobody_s_news(self, ada: User) -> None:
        make_course(title="Glazes")
        rights.withdraw(claims.filed(cast.cole()), cast.cole())
        assert not [entry for entry in exported() if entry["event"] == "claim"]


def test_upheld_and_overturned_shares_are_all_answered_appeals(story: None, ada: User, sam: User) -> None:
    stays = decide("warn", "course", "clay", sam)
    answer_appeal(appeals.make(stays, ada, "No"), kim(), verdict="upheld", reason="It stands")
    found = public_log.figures(public_log.entries())
    assert (found.appeals, found.upheld, found.overturned) == (2, 50, 50)
    assert "Upheld" in Client().get(reverse("rules:log")).content.decode()
