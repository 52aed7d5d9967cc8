"""Ratings: who may give one, what is kept of it, and what the course's number makes of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import curbing
from accounts.models import User
from accounts.privacy import deleting, parts
from accounts.resting import MayNotWrite
from community import formula, notices, rating, reckoning
from community.models import HelpfulVote, Rating, RatingNotice, RatingReply, RatingRevision
from community.models.rating import OwnRating, RatedElsewhere
from community.rating import NotEnrolledToRate, SharesInIt, TooLittleSeen
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from moderation.models import ListedWord
from payments import checkout, refunds, splits
from payments.models import Coupon
from tests import cast
from tests.community.factories import crowd, rate, see
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.learners.factories import enroll, settle_reports, watch
from tests.payments import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


def test_a_co_author_who_bought_it_has_no_stars_for_it_now_or_later(course: Course, ada: User, client: Client) -> None:
    bea = make_creator(cast.person("Bea"), "Bea Glazes")
    split = splits.propose(course, [(bea, 2000)], by=ada)
    see(bea.user, course, 100)
    assert rating.standing(bea.user, course) == rating.Standing(100, None, shares=False)  # not agreed yet
    splits.accept(split, by=bea.user)
    for _now_and_later in range(2):
        with pytest.raises(SharesInIt):
            rating.rate(bea.user, course, {"stars": 5})
        client.force_login(bea.user)
        page = client.get(reverse("community:rate", args=[course.slug])).content.decode()
        assert "praise your own work" in page
        assert 'name="stars"' not in page
        answer = client.put(reverse("api-own-rating", args=[course.slug]), {"stars": 5}, "application/json")
        assert (answer.status_code, answer.json()["code"]) == (409, "shares_in_it")
        if _now_and_later == 0:
            splits.accept(splits.propose(course, [], by=ada), by=bea.user)
    assert not Rating.objects.exists()


def shown(course: Course) -> tuple[int, int, list[int]]:
    course.refresh_from_db()
    return course.rating_score, course.rating_count, course.rating_spread


class TestMayRate:
    def test_who_has_seen_a_tenth(self, lin: User, course: Course) -> None:
        see(lin, course, 10)
        assert rating.rate(lin, course, {"stars": 4}).learned == 10

    def test_not_who_has_seen_less(self, lin: User, course: Course) -> None:
        see(lin, course, 9)
        with pytest.raises(TooLittleSeen) as refused:
            rating.rate(lin, course, {"stars": 1})
        assert refused.value.facts == {"learned": 6}
        assert not Rating.objects.exists()

    def test_what_she_has_just_watched_counts_already(self, lin: User, course: Course) -> None:
        enroll(lin, course)
        lesson = course.live_lessons().select_related("version", "video")[0]
        watch(lin, lesson, 12)
        assert rating.rate(lin, course, {"stars": 4}).learned == 13
        settle_reports()

    def test_nobody_who_never_had_it(self, cole: User, ada: User, course: Course) -> None:
        for person in (cole, ada):
            with pytest.raises(NotEnrolledToRate):
                rating.rate(person, course, {"stars": 5})

    def test_who_gave_it_back_may_still_say_why(self, lin: User, course: Course) -> None:
        see(lin, course, 40)
        Enrollment.objects.get(learner=lin).end(Enrollment.EndReason.REFUNDED)
        assert rating.rate(lin, course, {"stars": 1}).stars == 1

    def test_not_who_lost_it_by_a_dispute(self, lin: User, course: Course) -> None:
        see(lin, course, 40)
        Enrollment.objects.get(learner=lin).end(Enrollment.EndReason.DISPUTED)
        with pytest.raises(NotEnrolledToRate):
            rating.rate(lin, course, {"stars": 1})

    @pytest.mark.parametrize(
        "said",
        [{}, {"stars": None}, {"stars": 0}, {"stars": 6}, {"stars": "5"}, {"stars": 5, "content": 0},
         {"stars": 5, "practice": 9}, {"stars": 5, "text": "x" * 4001}],
    )  # fmt: skip
    def test_not_with_anything_else_than_one_to_five_stars_and_some_words(self, lin, course, said) -> None:
        see(lin, course)
        with pytest.raises(ValidationError):
            rating.rate(lin, course, said)

    def test_no_word_that_nobody_may_publish(self, lin: User, course: Course, sam: User) -> None:
        see(lin, course)
        word = ListedWord.objects.filter(severity="refuse").first()
        assert word is not None
        with pytest.raises(ValidationError) as refused:
            rating.rate(lin, course, {"stars": 5, "text": f"Good, {word.text} as well"})
        assert "text" in refused.value.message_dict

    def test_the_database_holds_it_too(self, lin: User, course: Course) -> None:
        row = rate(lin, course)
        for wrong in ({"stars": 6}, {"clarity": 0}, {"learned": 9}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Rating.objects.filter(pk=row.pk).update(**wrong)


class TestHistory:
    def test_every_state_is_kept_and_the_last_one_stands(self, lin: User, course: Course) -> None:
        rate(lin, course, 2, text="Too fast")
        row = rate(lin, course, 4, text="Better since version 2")
        told = list(RatingRevision.objects.values_list("number", "stars", "text"))
        assert told == [(1, 2, "Too fast"), (2, 4, "Better since version 2")]
        assert (row.revision, Rating.objects.get().stars) == (2, 4)

    def test_a_state_says_whether_it_had_a_name_and_stood_apart(self, lin: User, course: Course) -> None:
        rate(lin, course, 2, is_named=False)
        Enrollment.objects.filter(learner=lin).update(source=Enrollment.Source.STAFF)
        rate(lin, course, 2, is_named=True)
        assert list(RatingRevision.objects.values_list("is_named", "is_apart")) == [(False, False), (True, True)]

    def test_a_name_is_shown_or_not_as_it_stands_until_said_otherwise(self, lin: User, course: Course) -> None:
        assert rate(lin, course, 2).is_named
        rate(lin, course, 2, is_named=False)
        assert not rate(lin, course, 3).is_named
        assert rate(lin, course, 3, is_named=True).is_named

    def test_nobody_rewrites_it(self, lin: User, course: Course) -> None:
        row = rate(lin, course, 2, text="Too fast")
        rating.reply(row, "Thank you", by=course.creator.user)
        for model in (RatingRevision, RatingReply):
            for act in (lambda rows: rows.update(text=""), lambda rows: rows.delete()):
                with pytest.raises(DatabaseError), transaction.atomic():
                    act(model.objects.all())

    def test_the_second_window_is_told(self, lin: User, course: Course) -> None:
        see(lin, course)
        rating.rate(lin, course, {"stars": 5}, revision=0)
        with pytest.raises(RatedElsewhere) as refused:
            rating.rate(lin, course, {"stars": 1}, revision=0)
        assert refused.value.facts == {"revision": 1}
        assert Rating.objects.get().stars == 5


class TestNumber:
    def test_is_the_formulas_and_stands_on_the_course(self, course: Course) -> None:
        crowd(course, 5, 5, 4, 1)
        weight = formula.weight(100)
        counts = (1, 0, 0, 1, 2)
        tally = formula.Tally(counts, tuple(n * weight for n in counts), tuple(n * weight**2 for n in counts))
        expected = formula.score(tally, formula.prior((0,) * 5, (0,) * 5))
        assert shown(course) == (expected.mean, 4, [1, 0, 0, 1, 2])
        assert (course.rating_low, course.rating_high) == (expected.low, expected.high)

    def test_the_database_weighs_as_the_formula_does(self, course: Course) -> None:
        for at, seen in enumerate((10, 33, 57, 100)):
            rate(cast.person(f"Seer{at}"), course, 3, seen=seen)
        learned = list(Rating.objects.values_list("learned", flat=True))
        ((_pk, tally),) = reckoning._tallies(timezone.now())
        assert tally.weights[2] == sum(formula.weight(each) for each in learned)
        assert tally.squares[2] == sum(formula.weight(each) ** 2 for each in learned)

    def test_below_three_none_is_shown_and_lists_by_rating_have_it_last(self, course: Course) -> None:
        crowd(course, 5, 5)
        course.refresh_from_db()
        assert (course.rating_count, course.shown_score, course.rating_low) == (2, 0, 0)
        rate(cast.person("Third"), course, 5)
        course.refresh_from_db()
        assert course.shown_score > 4000
        assert course.rating_low > 0

    def test_giving_back_the_money_of_a_one_star_buyer_never_raises_it(self, lin, fay, course) -> None:
        crowd(course, 5, 5, 5, 4)
        order = shop.buy(lin, [course])
        rate(lin, course, 1)
        reckoning.reckon_all(timezone.now())
        before = shown(course)
        refunds.refund(order, by=fay, reason="She asked")
        shop.send_refunds()
        assert not Enrollment.objects.active().of(lin).exists()
        reckoning.reckon_all(timezone.now())
        assert shown(course) == before
        rate(cast.person("Later"), course, 5)
        assert shown(course)[1:] == (6, [1, 0, 0, 1, 4])

    def test_who_came_by_a_free_coupon_stands_apart(self, ada: User, lin: User, course: Course) -> None:
        crowd(course, 2, 2, 2)
        before = shown(course)
        coupon = Coupon.objects.make(by=ada, creator=ada.creator, kind="free", value=0, cap_total=1)
        checkout.start(buyer=lin, courses=[course], coupon_code=coupon.code)
        row = rate(lin, course, 5)
        assert row.is_apart
        assert shown(course) == before

    def test_who_paid_or_whose_course_is_free_does_not(self, lin: User, cole: User, ada: User) -> None:
        bought, free = make_course(), make_course(title="Free", price=Money(0, "USD"))
        shop.buy(lin, [bought])
        assert not rate(lin, bought, 5).is_apart
        Enrollment.objects.enroll_free(learner=cole, course=free)
        assert not rate(cole, free, 5).is_apart

    def test_whom_staff_gave_it_does(self, lin: User, course: Course) -> None:
        enroll(lin, course, source="staff")
        assert rate(lin, course, 5).is_apart

    def test_what_is_older_than_a_year_counts_no_more_and_is_still_read(self, course: Course) -> None:
        rows = crowd(course, 5, 5, 5, 1)
        old = timezone.now() - timedelta(days=366)
        Rating.objects.filter(pk=rows[-1].pk).update(said_at=old)
        assert reckoning.reckon_all(timezone.now()) == 1
        assert shown(course)[1:] == (3, [0, 0, 0, 0, 3])
        assert Rating.objects.shown().count() == 4
        assert reckoning.reckon_all(timezone.now()) == 0

    def test_a_night_in_which_all_grow_too_old_leaves_none(self, course: Course) -> None:
        crowd(course, 5, 5, 5)
        assert reckoning.reckon_all(timezone.now() + timedelta(days=366)) == 1
        assert shown(course) != (0, 0, [])  # by the clock of now they still count
        Rating.objects.update(said_at=timezone.now() - timedelta(days=366))
        reckoning.reckon_all(timezone.now())
        assert shown(course) == (0, 0, [0, 0, 0, 0, 0])

    def test_a_category_is_what_its_courses_are_until_the_next_night(self, course: Course) -> None:
        crowd(course, *[2] * 12)
        before = shown(course)[0]
        assert reckoning.reckon_all(timezone.now()) == 1
        assert shown(course)[0] < before  # its category is thought less of now


class TestVotes:
    def test_count_once_a_person_and_can_be_taken_back(self, lin: User, cole: User, course: Course) -> None:
        row = rate(lin, course, 5)
        for _twice in range(2):
            row.find_helpful(cole)
        assert Rating.objects.get().helpful_count == 1
        row.find_helpful(cole, helpful=False)
        assert Rating.objects.get().helpful_count == 0

    @pytest.mark.parametrize("kind", ["mute", "bar"])
    def test_are_not_of_who_may_not_write_or_is_suspended(self, kind, lin, cole, sam, course: Course) -> None:
        row = rate(lin, course, 5)
        rating.find_helpful(row, by=cole)
        curbing.impose(kind, cole, by=sam, rule_code="respect", rule_version=1, reason="Insults")
        for helpful in (True, False):
            with pytest.raises(MayNotWrite):
                rating.find_helpful(row, by=User.objects.get(pk=cole.pk), helpful=helpful)
        assert Rating.objects.get().helpful_count == 1
        hers = Client()
        hers.force_login(User.objects.get(pk=cole.pk))
        assert hers.post(reverse("community:find_helpful", args=[row.pk]), {"undo": "1"}).status_code == 403
        api = APIClient()
        api.force_authenticate(User.objects.get(pk=cole.pk))
        assert api.post(reverse("api-helpful-rating", args=[row.pk]), {"helpful": False}).status_code == 403
        assert Rating.objects.get().helpful_count == 1

    def test_are_not_its_writers_nor_the_creators(self, lin: User, ada: User, course: Course) -> None:
        row = rate(lin, course, 5)
        for person in (lin, ada):
            with pytest.raises(OwnRating):
                row.find_helpful(person)


class TestReply:
    def test_is_the_creators_and_mails_the_learner_once(self, lin: User, ada: User, course: Course) -> None:
        row = rate(lin, course, 2, text="Too fast")
        rating.reply(row, "I am slower in part 2", by=ada)
        rating.reply(row, "I am slower in parts 2 and 3", by=ada, number=1)
        mail = Mail.objects.get(key=f"rating-reply:{row.pk}")
        assert mail.to == lin.email
        assert "I am slower in part 2" in mail.text
        assert list(RatingReply.objects.values_list("number", flat=True)) == [1, 2]
        assert Rating.objects.all().with_replies().get().reply_text == "I am slower in parts 2 and 3"

    def test_is_nobody_elses(self, lin: User, cole: User, course: Course) -> None:
        row = rate(lin, course, 2)
        for person in (lin, cole):
            with pytest.raises(NotAllowed):
                rating.reply(row, "Thanks", by=person)

    @pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
    def test_says_something(self, lin: User, ada: User, course: Course, text: str) -> None:
        with pytest.raises(ValidationError):
            rating.reply(rate(lin, course, 2), text, by=ada)

    def test_of_a_second_window_is_refused(self, lin: User, ada: User, course: Course) -> None:
        row = rate(lin, course, 2)
        rating.reply(row, "One", by=ada, number=0)
        with pytest.raises(RatedElsewhere):
            rating.reply(row, "Two", by=ada, number=0)


class TestNotices:
    def test_one_mail_a_day_tells_all_that_is_new(self, ada: User, course: Course) -> None:
        crowd(course, 5, 1)
        now = timezone.now() + notices.SETTLED
        assert notices.send_due(now) == 1
        mail = Mail.objects.get(key__startswith="ratings:")
        assert mail.to == ada.email
        assert "2 new ratings" in mail.subject
        rate(cast.person("Late"), course, 3)
        assert notices.send_due(timezone.now() + notices.SETTLED) == 0
        assert notices.send_due(timezone.now() + timedelta(hours=25)) == 1
        assert notices.send_due(timezone.now() + timedelta(hours=50)) == 0
        assert RatingNotice.objects.count() == 2

    def test_a_change_is_no_news(self, lin: User, course: Course) -> None:
        rate(lin, course, 5)
        assert notices.send_due(timezone.now() + notices.SETTLED) == 1
        rate(lin, course, 4)
        assert notices.send_due(timezone.now() + timedelta(hours=25)) == 0

    def test_one_that_began_earlier_and_ended_later_is_told_too(self, lin: User, cole: User, course: Course) -> None:
        now = timezone.now()
        Rating.objects.filter(pk=rate(lin, course, 5).pk).update(first_at=now - timedelta(seconds=5))
        notices.send_due(now)
        # Hers was being written while the mails went out.
        Rating.objects.filter(pk=rate(cole, course, 4).pk).update(first_at=now - timedelta(seconds=10))
        notices.send_due(now + timedelta(hours=25))
        told = " ".join(Mail.objects.filter(key__startswith="ratings:").values_list("text", flat=True))
        assert "5 stars" in told
        assert "4 stars" in told

    def test_leads_to_the_course_or_to_the_list_of_several(self, lin: User, cole: User, course: Course) -> None:
        rate(lin, course, 5)
        notices.send_due(timezone.now() + notices.SETTLED)
        (first,) = Mail.objects.filter(key__startswith="ratings:")
        own = reverse("community:course_ratings", args=[course.slug])
        assert own in first.text
        rate(cole, course, 5)
        rate(cole, make_course(title="Another"), 5)
        notices.send_due(timezone.now() + timedelta(hours=25))
        second = Mail.objects.filter(key__startswith="ratings:").exclude(pk=first.pk).get()
        assert f"{reverse('studio:courses')}\n" in second.text
        assert own not in second.text


class TestPrivacy:
    def test_she_is_told_what_is_kept(self, lin: User, cole: User, course: Course) -> None:
        row = rate(lin, course, 2, text="A word of mine")
        row.find_helpful(cole)
        told = {part.name: part.tell(lin).tables for part in parts.every()}["community"]
        assert told["ratings"][0]["text"] == "A word of mine"
        assert told["rating_revisions"][0]["stars"] == 2
        assert {part.name: part.tell(cole).tables for part in parts.every()}["community"]["helpful_votes"]

    def test_when_she_goes_her_rating_stays_without_her_name(self, lin: User, cole: User, course: Course) -> None:
        other = rate(cole, course, 4)
        other.find_helpful(lin)
        rate(lin, course, 2, text="What I said first")
        row = rate(lin, course, 3, text="What I say")
        before = shown(course)
        deleting.delete(lin)
        row = Rating.objects.select_related("learner").get(pk=row.pk)
        assert (row.author, row.text, row.stars) == ("", "What I say", 3)
        assert shown(course) == before
        assert list(row.revisions.values_list("text", flat=True)) == ["", "What I say"]
        assert not HelpfulVote.objects.exists()
        assert Rating.objects.get(pk=other.pk).helpful_count == 0
