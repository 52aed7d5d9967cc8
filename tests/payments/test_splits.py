"""Co-authors: nobody's part is changed without her word, earlier sales keep theirs, and every cent has an owner."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEvent, User
from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import checkout, ledger, refunds, splits
from payments.models import AccountKind, CourseSplit, ItemShare, Referral, SplitLine
from payments.models.course_split import SplitClosed, SplitIsOpen, SplitUnchanged
from payments.quotes import Line, quote
from payments.referrals import Followed
from payments.splits import overview
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.payments.test_checkout_pages import client_of
from tests.payments.test_coupon_pages import api_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(lessons=1)


@pytest.fixture
def bea(db: None) -> Creator:
    return make_creator(cast.person("Bea"), "Bea Glazes")


@pytest.fixture
def cleo(db: None) -> Creator:
    return make_creator(cast.person("Cleo"), "Cleo Kilns")


def agreed(course: Course, *parts: tuple[Creator, int]) -> CourseSplit:
    split = splits.propose(course, list(parts), by=course.creator.user)
    for line in split.lines.select_related("creator__user"):
        splits.accept(split, by=line.creator.user)
    split.refresh_from_db()
    return split


class TestAgreeing:
    def test_it_holds_when_the_last_one_has_accepted(self, course, bea, cleo) -> None:
        split = splits.propose(course, [(bea, 2000), (cleo, 1000)], by=course.creator.user)
        assert not splits.accept(split, by=bea.user)
        assert splits.of(course, clock.now()) == ()
        assert splits.accept(split, by=cleo.user)
        assert splits.of(course, clock.now()) == ((bea.pk, 2000), (cleo.pk, 1000))
        assert AuditEvent.objects.filter(verb="split.accept").count() == 2

    def test_a_later_start_is_waited_for(self, course, bea) -> None:
        starts_at = clock.now() + timedelta(days=3)
        split = splits.propose(course, [(bea, 2000)], by=course.creator.user, starts_at=starts_at)
        splits.accept(split, by=bea.user)
        assert splits.of(course, clock.now()) == ()
        assert splits.of(course, starts_at) == ((bea.pk, 2000),)

    def test_one_who_declines_leaves_everything_as_it_is(self, course, bea, cleo) -> None:
        agreed(course, (bea, 2000))
        split = splits.propose(course, [(bea, 1000), (cleo, 1000)], by=course.creator.user)
        splits.accept(split, by=cleo.user)
        splits.decline(split, by=bea.user)
        assert splits.of(course, clock.now()) == ((bea.pk, 2000),)
        with pytest.raises(SplitClosed):
            splits.accept(split, by=cleo.user)

    def test_who_would_lose_her_part_is_asked_too(self, course, bea, cleo) -> None:
        agreed(course, (bea, 2000))
        split = splits.propose(course, [(cleo, 1000)], by=course.creator.user)
        assert {line.creator: line.bps for line in split.lines.all()} == {bea: 0, cleo: 1000}
        splits.accept(split, by=cleo.user)
        assert splits.of(course, clock.now()) == ((bea.pk, 2000),)
        splits.accept(split, by=bea.user)
        assert splits.of(course, clock.now()) == ((cleo.pk, 1000),)

    def test_only_its_creator_proposes_and_withdraws_and_only_the_named_answer(self, course, bea, cleo, cole) -> None:
        with pytest.raises(NotAllowed):
            splits.propose(course, [(cleo, 2000)], by=bea.user)
        split = splits.propose(course, [(bea, 2000)], by=course.creator.user)
        for refused in (splits.accept, splits.decline):
            with pytest.raises(NotAllowed):
                refused(split, by=cleo.user)
        with pytest.raises(NotAllowed):
            splits.withdraw(split, by=bea.user)
        splits.withdraw(split, by=course.creator.user)
        with pytest.raises(SplitClosed):
            splits.decline(split, by=bea.user)

    def test_one_proposal_a_course_waits_at_a_time(self, course, bea) -> None:
        splits.propose(course, [(bea, 2000)], by=course.creator.user)
        with pytest.raises(SplitIsOpen):
            splits.propose(course, [(bea, 3000)], by=course.creator.user)

    def test_what_holds_already_is_not_proposed(self, course, bea) -> None:
        agreed(course, (bea, 2000))
        with pytest.raises(SplitUnchanged):
            splits.propose(course, [(bea, 2000)], by=course.creator.user)

    @pytest.mark.parametrize("parts", [[("Bea", 10_001)], [("Bea", 0)], [("Bea", 1), ("Bea", 2)], [("Ada", 1000)]])
    def test_parts_that_do_not_fit_are_refused(self, course, bea, parts) -> None:
        named = [(cast.person(name).creator, bps) for name, bps in parts]
        with pytest.raises(ValidationError):
            splits.propose(course, named, by=course.creator.user)

    def test_everybody_is_told(self, course, bea) -> None:
        split = splits.propose(course, [(bea, 2000)], by=course.creator.user)
        assert "20%" in Mail.objects.get(key=f"split-proposed:{split.pk}:{bea.pk}").text
        splits.accept(split, by=bea.user)
        told = set(Mail.objects.filter(key__startswith="split-agreed").values_list("to", flat=True))
        assert told == {bea.user.email, course.creator.user.email}
        second = splits.propose(course, [(bea, 1000)], by=course.creator.user)
        splits.decline(second, by=bea.user)
        assert "Bea Glazes" in Mail.objects.get(key=f"split-declined:{second.pk}").text


class TestDatabase:
    def test_a_part_that_was_written_stays(self, course, bea) -> None:
        line = agreed(course, (bea, 2000)).lines.get()
        with pytest.raises(DatabaseError), transaction.atomic():
            SplitLine.objects.filter(pk=line.pk).update(bps=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            SplitLine.objects.filter(pk=line.pk).delete()

    def test_the_parts_are_never_more_than_the_whole(self, course, bea, cleo) -> None:
        split = splits.propose(course, [(bea, 9000)], by=course.creator.user)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS split_fits IMMEDIATE")
            with pytest.raises(IntegrityError), transaction.atomic():
                SplitLine.objects.create(split=split, creator=cleo, bps=1001)


class TestSales:
    def test_each_author_gets_her_part_at_once_and_earlier_sales_keep_theirs(self, lin, cole, course, bea) -> None:
        before = shop.buy(lin, [course])
        agreed(course, (bea, 3333))
        after = shop.buy(cole, [course])
        assert shares(before) == {course.creator_id: 1499}
        assert shares(after) == {course.creator_id: 1000, bea.pk: 499}
        assert ledger.balance(AccountKind.CREATOR_PENDING, bea.pk, "USD", "sandbox").minor == 499

    def test_everybody_who_has_a_share_is_told_hers(self, lin, course, bea, cleo) -> None:
        agreed(course, (bea, 3333))
        link = Referral.objects.make(owner=cleo, by=cleo.user, kind="affiliate")
        order = checkout.start(buyer=lin, courses=[course], referral=Followed(link.code))
        shop.pay(order)
        shop.deliver_all()
        told = {mail.to: mail.text for mail in Mail.objects.filter(key__startswith=f"sale:{order.pk}:")}
        assert "your share $8.67" in told[course.creator.user.email]
        assert "Your part as co-author $4.33" in told[bea.user.email]
        assert "You brought the buyer; your part $1.99" in told[cleo.user.email]

    def test_a_refund_takes_back_every_part(self, lin, fay, course, bea) -> None:
        agreed(course, (bea, 3333))
        order = shop.buy(lin, [course])
        refunds.refund(order, by=fay, reason="asked")
        shop.send_refunds()
        for owner in (bea.pk, course.creator_id):
            assert ledger.balance(AccountKind.CREATOR_PENDING, owner, "USD", "sandbox").minor == 0

    def test_an_order_that_is_open_keeps_the_parts_of_when_it_was_placed(self, lin, course, bea) -> None:
        order = shop.start(lin, [course])
        agreed(course, (bea, 5000))
        shop.pay(order)
        shop.deliver_all()
        assert shares(order) == {course.creator_id: 1499}


def shares(order) -> dict[int, int]:
    of_creators = ItemShare.objects.filter(item__order=order, kind="creator")
    return dict(of_creators.values_list("owner", "amount_minor"))


@given(
    price=st.integers(1, 2_000_000),
    platform=st.integers(0, 10_000),
    parts=st.lists(st.integers(1, 2_000), max_size=5),
    promoter=st.booleans(),
)
def test_every_cent_has_an_owner_whatever_the_parts(price, platform, parts, promoter) -> None:
    line = Line(
        course_id=1, creator_id=1, list=Money(price, "USD"), discount=Money(0, "USD"), platform_bps=platform,
        affiliate_bps=1000 if promoter else 0, affiliate_id=99 if promoter else None,
        coauthors=tuple((n + 2, bps) for n, bps in enumerate(parts)),
    )  # fmt: skip
    given_out = quote(line).shares
    assert sum(share.amount.minor for share in given_out) == price
    assert all(share.amount.minor >= 0 for share in given_out)


class TestPages:
    def test_the_story_from_the_proposal_to_the_answer(self, course, bea) -> None:
        creator, other = client_of(course.creator.user), client_of(bea.user)
        assert course.title in creator.get("/studio/co-authors/").content.decode()
        address = f"/studio/co-authors/{course.slug}/"
        form = {
            "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-creator": bea.slug, "form-0-percent": "33.33",
            "form-1-creator": "", "form-1-percent": "",
        }  # fmt: skip
        assert "Waits for answers" in creator.post(address, form, follow=True).content.decode()
        page = other.get("/studio/co-authors/").content.decode()
        assert "33.33%" in page
        split = CourseSplit.objects.get()
        other.post(f"/studio/co-authors/proposals/{split.pk}/", {"answer": "accept"})
        assert "66.67%" in creator.get(address).content.decode()
        assert "Courses in which you have a part" in other.get("/studio/co-authors/").content.decode()

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            (("nobody-here", "10"), "There is no creator of this address."),
            (("bea-glazes", ""), "Say who, and how many percent."),
            (("bea-glazes", "x"), "Write a percentage"),
            (("bea-glazes", "100.01"), "at most 100 percent"),
        ],
    )
    def test_what_does_not_fit_is_said(self, course, bea, row, said) -> None:
        form = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-creator": row[0], "form-0-percent": row[1]}
        answer = client_of(course.creator.user).post(f"/studio/co-authors/{course.slug}/", form)
        assert answer.status_code == 422
        assert said in answer.content.decode()

    def test_strangers_see_and_answer_nothing(self, course, bea, cleo) -> None:
        split = splits.propose(course, [(bea, 2000)], by=course.creator.user)
        stranger = client_of(cleo.user)
        assert stranger.get(f"/studio/co-authors/{course.slug}/").status_code == 404
        assert stranger.post(f"/studio/co-authors/proposals/{split.pk}/", {"answer": "accept"}).status_code == 404

    def test_the_lists_ask_as_often_for_many_courses_as_for_one(
        self, ada, course, bea, django_assert_max_num_queries
    ) -> None:
        for n in range(4):
            agreed(make_course(title=f"More {n}", lessons=1), (bea, 1000))
        with django_assert_max_num_queries(5):
            rows = overview.own_courses(ada.creator, clock.now())
        assert sorted(row.own_bps for row in rows) == [9000, 9000, 9000, 9000, 10_000]

    def test_the_api_says_the_same(self, course, bea) -> None:
        api = api_of(course.creator.user)
        body = {"course": course.slug, "parts": [{"creator": bea.slug, "bps": 2500}]}
        made = api.post("/api/v1/splits/", body)
        assert (made.status_code, made.json()["creator_bps"]) == (201, 7500)
        answer = api_of(bea.user).post(f"/api/v1/splits/{made.json()['id']}/answer/", {"answer": "accept"})
        assert answer.json()["holds_from"]
        assert api_of(bea.user).get("/api/v1/splits/").json()["results"][0]["course"] == course.slug
        assert api_of(bea.user).post("/api/v1/splits/", body).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_answers_at_once_are_one_agreement(ada: User) -> None:
    course = make_course(lessons=1)
    others = [make_creator(cast.person(f"Other{n}")) for n in range(6)]
    split = splits.propose(course, [(other, 1000) for other in others], by=ada)
    answers = at_once(lambda n: splits.accept(split, by=others[n].user), 6)
    assert answers.count(True) == 1
    assert len(splits.of(course, clock.now())) == 6
    assert Mail.objects.filter(key__startswith="split-agreed").count() == 7
