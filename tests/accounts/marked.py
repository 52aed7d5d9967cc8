"""A person who has done everything that a learner can do, each thing with a word that is hers alone."""

from typing import Any

from django.db import connection
from django.test import Client

from accounts.models import ApiToken, User
from community import asking
from courses.models import Course
from learners import attempts, freshness, notes
from learners.assignments import appeals, assessing, handing_in
from learners.models import ChangeMailStop, WeeklyGoal
from marketplace.lib import work
from marketplace.lib.money import Money
from payments import checkout, refunds
from payments.models import Billing, CartItem, Order
from tests import cast
from tests.cast import PASSWORD
from tests.courses.assignments import assignment_of, make_assignment_course, marks
from tests.courses.factories import make_course
from tests.courses.quizzes import make_quiz_course, quiz_of
from tests.learners.certified import make_certificate
from tests.learners.factories import enroll, watch
from tests.learners.works import hand_in, pdf, review
from tests.payments import shop

# In any case; they stand in names, addresses, notes, billing, certificates, devices.
WORDS = ["zaphodia", "龘靐齉", "noteword", "billword", "certword", "labelword", "agentword", "staleword"]
WORDS += ["answerword", "workword", "fileword", "markword", "objectword", "draftword", "askword"]
EMAIL = "Zaphodia@Example.com"


def make_person() -> User:
    person = User.objects.sign_up(email=EMAIL, password=PASSWORD, name="Zaphodia 龘靐齉")
    User.objects.filter(pk=person.pk).update(time_zone="Asia/Shanghai")
    return User.objects.get(pk=person.pk)


def live(person: User, fay: User) -> Course:
    """Bought, partly given back, watched, noted, certified; another one bought and refunded whole; one in the cart."""
    course, other, third = (make_course(title=title) for title in ("Pottery", "Glazes", "Kilns"))
    billing = Billing(name="Zaphodia Billword", company="Billword GmbH", address="Billword 1\nZaphodia", country="DE")
    order = buy(person, [course], billing)
    refunds.refund(buy(person, [other]), by=fay, reason="She asked")
    refunds.refund(order.items.get(), by=fay, reason="Goodwill", amount=Money(200, "USD"), ends_access=False)
    shop.send_refunds()
    CartItem.objects.put(person, [third.pk])
    watch(person, course.live_lessons().select_related("version")[1], 20)
    notes.add(person, course.live_lessons()[1].key, text="A noteword 龘靐齉", at_s=3)
    freshness.report(person, course, text="A staleword 龘靐齉")
    ChangeMailStop.objects.choose(person, wants=False)
    asked = asking.ask(person, course, course.live_lessons()[1].key, {"title": "Askword 龘靐齉", "text": "Askword"})
    asking.edit(asked, {"title": "Why does it crack?", "text": ""}, by=person)
    make_certificate(person, course, "Certword 龘靐齉")
    WeeklyGoal.objects.put(person, 60)
    practise(person)
    ApiToken.objects.issue(person, "labelword")
    log_in(person)
    return course


def practise(person: User) -> None:
    """A quiz answered in her own words; works handed in, marked, objected to; another one's reviewed; one begun."""
    quiz = quiz_of(make_quiz_course())
    enroll(person, quiz.version.course, "staff")
    texts = {each.id: "Answerword" for each in quiz.questions.questions if each.kind == "text"}
    attempts.submit(person, attempts.start(person, quiz).pk, texts)
    first, second = (make_assignment_course(title) for title in ("Bowls", "Cups"))
    work = with_file(person, first)
    creator = first.creator.user
    told = marks(assignment_of(first), "Flat", "None")
    assessing.assess_as_creator(creator, work.pk, told, "Thin it")
    appeals.appeal(person, assignment_of(first), 1, "Objectword: it is thin already.")
    enroll(person, second, "staff")
    handing_in.keep_text(person, assignment_of(second), "Draftword")
    handing_in.add_file(person, assignment_of(second), pdf("fileword2.pdf"))
    third = assignment_of(make_assignment_course("Plates", reviewing="peers"))
    hand_in(cast.person("Mia"), third)
    hand_in(person, third, "Workword again")
    review(person, third, text="Markword: the rim is even, well done.")


def with_file(person: User, course: Course) -> Any:
    lesson = assignment_of(course)
    enroll(person, course, "staff")
    handing_in.add_file(person, lesson, pdf("fileword.pdf"))
    return hand_in(person, lesson, "Workword")


def buy(person: User, courses: list[Course], billing: Billing | None = None) -> Order:
    order = checkout.start(buyer=person, courses=courses, billing=billing)
    shop.pay(order)
    shop.deliver_all()
    order.refresh_from_db()
    return order


def log_in(person: User) -> Client:
    client = Client(headers={"User-Agent": "agentword/1.0"})
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.get("/library/")
    return client


def found_in_database() -> dict[str, int]:
    """In how many rows of which table one of the words stands, over every column of every table."""
    found = {}
    likes = [f"%{word}%" for word in WORDS]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE ANY(%s)', [likes])
            count: Any = cursor.fetchone()[0]
            if count:
                found[table] = count
    return found


def work_off_all() -> None:
    """The workers catch up with mails and records."""
    from accounts.models import RecordExport
    from accounts.privacy import exporting
    from marketplace.lib.emails import Mail

    for pk in RecordExport.open_work().values_list("pk", flat=True):
        work.run(RecordExport, pk, exporting.make)
    for pk in Mail.open_work().values_list("pk", flat=True):
        work.run(Mail, pk, Mail.send)
