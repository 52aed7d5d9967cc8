"""A person who has done everything that a learner can do, each thing with a word that is hers alone."""

from typing import Any

from django.db import connection
from django.test import Client

from accounts.models import ApiToken, User
from courses.models import Course
from learners import freshness, notes
from learners.models import ChangeMailStop, WeeklyGoal
from marketplace.lib import work
from marketplace.lib.money import Money
from payments import checkout, refunds
from payments.models import Billing, CartItem, Order
from tests.cast import PASSWORD
from tests.courses.factories import make_course
from tests.learners.certified import make_certificate
from tests.learners.factories import watch
from tests.payments import shop

# In any case; they stand in names, addresses, notes, billing, certificates, devices.
WORDS = ["zaphodia", "龘靐齉", "noteword", "billword", "certword", "labelword", "agentword", "staleword"]
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
    make_certificate(person, course, "Certword 龘靐齉")
    WeeklyGoal.objects.put(person, 60)
    ApiToken.objects.issue(person, "labelword")
    log_in(person)
    return course


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
