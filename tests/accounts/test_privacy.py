"""A person's own data: all of it as a file, and none of it after she has gone."""

import csv
import hashlib
import io
import json
import random
import tempfile
import tracemalloc
import zipfile
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import tasks
from accounts.models import AccountDeletion, RecordExport, User
from accounts.models.record import RecordUnderWay, path_of_record, private_files
from accounts.privacy import deleting, exporting
from learners.assignments import leaving
from learners.certificates import keys
from learners.models import (
    Assessment,
    Certificate,
    Enrollment,
    HandIn,
    HandInFile,
    HandInResult,
    QuizAttempt,
    QuizResult,
    WatchReport,
)
from marketplace.lib.emails import Mail
from payments import invoices, meter
from payments.models import CreditNote, Invoice, Order
from tests import cast
from tests.accounts import marked
from tests.cast import PASSWORD
from tests.payments import shop
from tests.payments.held import books_hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(fay: User) -> User:
    made = marked.make_person()
    marked.live(made, fay)
    return made


def opened(person: User) -> zipfile.ZipFile:
    out = io.BytesIO()
    exporting.pack(person, out)
    return zipfile.ZipFile(out)


class TestRecord:
    def test_it_holds_everything_that_has_a_word_of_hers(self, person: User) -> None:
        packed = opened(person)
        told = json.loads(packed.read("record.json"))
        assert told["accounts"]["account"][0]["email"] == person.email
        assert told["learners"]["notes"][0]["text"] == "A noteword 龘靐齉"
        assert told["learners"]["certificates"][0]["holder__name"] == "Certword 龘靐齉"
        assert told["learners"]["watch_reports"][0]["accepted_s"] == 20
        assert told["learners"]["watch_reports"][0]["spent_s"] == 20
        assert told["learners"]["watching"][0]["asset"] in {row["asset"] for row in told["learners"]["progress"]}
        assert told["payments"]["billing"][0]["company"] == "Billword GmbH"
        assert {row["number"] for row in told["payments"]["invoices"]} == set(
            Invoice.objects.values_list("number", flat=True)
        )
        assert told["payments"]["credit_notes"]
        assert told["accounts"]["tokens"][0]["label"] == "labelword"
        assert "agentword" in told["accounts"]["devices"][0]["user_agent"]
        assert all(word in packed.read("record.json").decode().lower() for word in marked.WORDS)

    def test_every_table_is_there_as_csv_with_the_same_rows(self, person: User) -> None:
        packed = opened(person)
        told = json.loads(packed.read("record.json"))
        for part in ("accounts", "creators", "videos", "learners", "payments"):
            for table, rows in told[part].items():
                read = list(csv.DictReader(io.StringIO(packed.read(f"{part}/{table}.csv").decode())))
                assert len(read) == len(rows), table
        notes = list(csv.DictReader(io.StringIO(packed.read("learners/notes.csv").decode())))
        assert (notes[0]["text"], notes[0]["at_s"]) == ("A noteword 龘靐齉", "3")

    def test_credentials_and_notes_are_files_of_their_own(self, person: User) -> None:
        packed = opened(person)
        code = Certificate.objects.get().code
        token = packed.read(f"learners/credentials/{code}.jwt").decode()
        assert jwt.decode(token, keys.signing_key().public_key(), algorithms=["ES256"])["id"].endswith(f"{code}/")
        assert "noteword" in packed.read("learners/notes/pottery.md").decode()

    def test_the_files_that_she_handed_in_are_in_it_byte_by_byte(self, person: User) -> None:
        packed = opened(person)
        told = json.loads(packed.read("record.json"))["learners"]["hand_in_files"]
        assert {row["name"] for row in told} == {"fileword.pdf", "fileword2.pdf"}
        for row in told:
            assert hashlib.sha256(packed.read(f"learners/{row['in_record']}")).hexdigest() == row["sha256"]

    def test_large_files_pass_through_piece_by_piece(self, person: User) -> None:
        row, large = HandInFile.objects.filter(learner=person)[0], 24 * 1024 * 1024
        private_files().delete(row.file.name)
        private_files().save(row.file.name, ContentFile(random.Random(1).randbytes(large)))
        with tempfile.TemporaryFile() as out:
            tracemalloc.start()
            exporting.pack(person, out)
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert zipfile.ZipFile(out).getinfo(f"learners/{leaving.name_of(row)}").file_size == large
        assert most < large / 4

    def test_what_a_killed_worker_left_of_it_is_written_anew_and_goes_with_it(
        self, person: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        record = exporting.ask(person)
        path = private_files().save(path_of_record(record, ""), ContentFile(b"half a zi"))
        marked.work_off_all()
        assert zipfile.ZipFile(private_files().open(path)).testzip() is None
        with django_capture_on_commit_callbacks(execute=True):
            deleting.delete(person)
        assert not private_files().exists(path)

    def test_nobody_else_s_data_is_in_it(self, person: User, lin: User, fay: User) -> None:
        other = opened(lin).read("record.json").decode().lower()
        assert not [word for word in marked.WORDS if word in other]
        assert lin.email not in opened(person).read("record.json").decode()

    def test_no_cell_is_a_formula(self) -> None:
        told = exporting.as_csv([{"a": "=1+1", "b": -5, "c": "@x"}, {"a": "plain", "c": None, "d": {"x": "课"}}])
        assert list(csv.reader(io.StringIO(told))) == [
            ["a", "b", "c", "d"], ["'=1+1", "-5", "'@x", ""], ["plain", "", "", '{"x": "课"}']
        ]  # fmt: skip

    def test_a_worker_makes_it_a_mail_tells_it_and_only_she_gets_it(self, person: User) -> None:
        client = Client()
        client.force_login(person)
        client.post(reverse("accounts:ask_record"))
        record = RecordExport.objects.get()
        address = reverse("accounts:record_file", args=[record.name])
        assert client.get(address).status_code == 404
        marked.work_off_all()
        assert Mail.objects.get(key=f"record:{record.pk}").to == person.email
        answer = client.get(address)
        assert zipfile.ZipFile(io.BytesIO(answer.getvalue())).testzip() is None
        assert "ZIP" in client.get(reverse("accounts:privacy")).content.decode()
        client.force_login(cast.cole())
        assert client.get(address).status_code == 404
        assert Client().get(address).status_code == 302

    def test_it_is_made_once_an_hour(self, person: User) -> None:
        exporting.ask(person)
        with pytest.raises(RecordUnderWay):
            exporting.ask(person)
        RecordExport.objects.update(asked_at=timezone.now() - timedelta(hours=2))
        exporting.ask(person)

    def test_after_a_week_the_link_is_dead_and_the_file_gone(
        self, person: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        record = exporting.ask(person)
        marked.work_off_all()
        path = RecordExport.objects.get().file.name
        assert private_files().exists(path)
        RecordExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        client = Client()
        client.force_login(person)
        assert client.get(reverse("accounts:record_file", args=[record.name])).status_code == 404
        with django_capture_on_commit_callbacks(execute=True):
            tasks.expire_records()
        assert not RecordExport.objects.exists()
        assert not private_files().exists(path)

    def test_the_api_does_the_same(self, person: User) -> None:
        api = APIClient()
        api.force_authenticate(person)
        told = api.post(reverse("api-records")).json()
        assert api.get(told["url"]).status_code == 404
        marked.work_off_all()
        assert api.get(reverse("api-records")).json()["results"][0]["is_ready"]
        assert api.get(told["url"])["Content-Type"] == "application/zip"
        api.force_authenticate(cast.cole())
        assert api.get(told["url"]).status_code == 404


class TestDeletion:
    def test_no_column_of_no_table_holds_a_word_of_hers(self, person: User) -> None:
        exporting.ask(person)
        marked.work_off_all()
        before = marked.found_in_database()
        assert {"accounts_user", "floor_mail", "payments_invoice", "payments_creditnote", "payments_billingdetails",
                "learners_note", "learners_certificateholder", "usersessions_usersession",
                "payments_sandboxsession", "learners_handin", "learners_handinfile", "learners_handindraft",
                "learners_assessment", "learners_handinappeal", "learners_quizresult", "learners_itemanswer"
                } <= set(before)  # fmt: skip
        deleting.delete(person)
        assert marked.found_in_database() == {}
        assert RecordExport.objects.count() == 0

    def test_files_of_her_works_go_and_her_marks_for_others_stay(
        self, person: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        stored = [row.file for row in HandInFile.objects.filter(learner=person)]
        assert len(stored) == 2
        given = list(Assessment.objects.of(person).values_list("marks", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            deleting.delete(person)
        assert not HandInFile.objects.exists()
        assert not any(file.storage.exists(file.name) for file in stored)
        assert list(Assessment.objects.of(person).values_list("marks", flat=True)) == given
        assert HandInResult.objects.filter(hand_in__learner=person).exists()
        assert set(HandIn.objects.of(person).values_list("text", flat=True)) == {"…"}

    def test_rows_of_practice_change_in_nothing_but_words_and_for_nobody_who_is_here(
        self, person: User, lin: User
    ) -> None:
        quiz = QuizAttempt.objects.get(learner=person)
        deleting.delete(person)
        refused = [
            "UPDATE learners_handin SET text = '…', number = 9", "UPDATE learners_handin SET text = 'Hers'",
            "UPDATE learners_quizresult SET percent = 100", "UPDATE learners_itemanswer SET share = 1",
            "UPDATE learners_assessment SET marks = '{}'", "DELETE FROM learners_handin",
            "DELETE FROM learners_itemanswer",
        ]  # fmt: skip
        for act in refused:
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(act)
        assert quiz.result.percent == QuizResult.objects.get(attempt=quiz).percent
        assert QuizResult.objects.get(attempt=quiz).answers == {}
        others = HandIn.objects.get(learner__name="Mia")
        with pytest.raises(DatabaseError), transaction.atomic():
            HandIn.objects.filter(pk=others.pk).update(text="…")

    def test_the_books_are_as_they_were(self, person: User) -> None:
        def money() -> Any:
            rows = ("ledgerposting", "ledgerentry", "order", "orderitem", "itemshare", "refund")
            with connection.cursor() as cursor:
                return [
                    cursor.execute(f"SELECT t::text FROM payments_{row} t ORDER BY t::text") or cursor.fetchall()
                    for row in rows
                ]

        # Which card paid is hers and goes; that a card did stays.
        assert Order.objects.filter(paid_with="card visa 4242").exists()
        Order.objects.forget_cards(person)

        before = money()
        assert books_hold()
        deleting.delete(person)
        assert money() == before
        assert books_hold()

    def test_papers_stay_with_number_and_amounts_and_without_a_name(self, person: User) -> None:
        before = {paper.number: paper.snapshot for paper in [*Invoice.objects.all(), *CreditNote.objects.all()]}
        deleting.delete(person)
        after = {paper.number: paper.snapshot for paper in [*Invoice.objects.all(), *CreditNote.objects.all()]}
        assert after.keys() == before.keys()
        for number, snapshot in after.items():
            assert snapshot["buyer"]["name"] == f"Account {person.pk}"
            assert {**snapshot, "buyer": None} == {**before[number], "buyer": None}
        pdf = invoices.pdf(Invoice.objects.first(), "en")
        assert pdf.startswith(b"%PDF")

    def test_papers_of_people_who_are_here_stay_shut_and_so_does_everything_else_of_hers(
        self, person: User, lin: User
    ) -> None:
        shop.buy(lin, [Order.objects.first().items.first().course])
        nobody = "payments_nobody(o.buyer_id, p.snapshot)"
        where = f"FROM payments_order o WHERE o.id = p.order_id AND o.buyer_id = {lin.pk}"
        refused = [f"UPDATE payments_invoice p SET snapshot = jsonb_set(p.snapshot, '{{buyer}}', {nobody}) {where}"]
        deleting.delete(person)
        hers = f"FROM payments_order o WHERE o.id = p.order_id AND o.buyer_id = {person.pk}"
        refused += [
            f"UPDATE payments_invoice p SET snapshot = jsonb_set(p.snapshot, '{{buyer,name}}', '\"Cole\"') {hers}",
            f"UPDATE payments_invoice p SET snapshot = jsonb_set(p.snapshot, '{{total}}', '1') {hers}",
            f"UPDATE payments_invoice p SET snapshot = jsonb_set(p.snapshot, '{{buyer}}', {nobody}) {hers}",
            f"UPDATE payments_invoice p SET number = '1' {hers}",
            "DELETE FROM payments_invoice",
            "DELETE FROM payments_creditnote",
            "DELETE FROM accounts_accountdeletion",
        ]
        for act in refused:
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(act)

    def test_rights_end_evidence_stays_and_the_certificate_checks_without_a_name(self, person: User) -> None:
        course = Enrollment.objects.active().get(learner=person, course__title="Pottery").course
        counted = course.learners_count
        reports = WatchReport.objects.count()
        certificate = Certificate.objects.get()
        deleting.delete(person)
        assert not Enrollment.objects.active().of(person).exists()
        course.refresh_from_db()
        assert course.learners_count == counted - 1
        assert WatchReport.objects.count() == reports > 0
        page = Client().get(certificate.get_absolute_url()).content.decode()
        assert "It holds" in page
        assert "the holder of this certificate" in page

    def test_nobody_logs_in_by_it_and_the_address_is_free_again(self, person: User) -> None:
        client = marked.log_in(person)
        assert client.get("/library/").status_code == 200
        deleting.delete(person)
        assert client.get("/library/").status_code == 302
        cache.clear()
        assert "/accounts/login/" in marked.log_in(person).get("/library/").url
        again = User.objects.sign_up(email=marked.EMAIL, password=PASSWORD)
        assert again.pk != person.pk
        assert not again.orders.exists()

    def test_it_is_done_once(self, person: User) -> None:
        assert deleting.delete(person) == deleting.delete(person)
        assert AccountDeletion.objects.count() == 1

    def test_money_on_its_way_a_role_or_sales_hold_her(self, person: User, ada: User, sam: User, lin: User) -> None:
        course = Order.objects.first().items.first().course
        for held, sentence in ((ada, "You sell courses"), (sam, "You hold a role")):
            assert sentence in str(deleting.holds(held)[0])
            with pytest.raises(deleting.StillBound):
                deleting.delete(held)
        order = shop.buy(lin, [course])
        item = order.items.select_related("order__refund_rule", "course", "buyer").get()
        meter.take_back(item, by=lin, expected=meter.of(item).offer.amount)
        assert "Money is on its way" in str(deleting.holds(lin)[0])
        shop.send_refunds()
        assert deleting.holds(lin) == []
        shop.start(lin, [course])
        assert "not paid yet" in str(deleting.holds(lin)[0])

    def test_the_page_asks_for_address_and_password(self, person: User) -> None:
        client, page = Client(), reverse("accounts:delete_account")
        client.force_login(person)
        assert "at once" in client.get(page).content.decode()
        assert client.post(page, {"email": person.email, "password": "wrong"}).status_code == 422
        assert client.post(page, {"email": "other@example.com", "password": PASSWORD}).status_code == 422
        assert not AccountDeletion.objects.exists()
        assert client.post(page, {"email": person.email.upper(), "password": PASSWORD}).url == "/"
        assert AccountDeletion.objects.get().user_id == person.pk
        assert client.get("/library/").status_code == 302

    def test_the_api_asks_for_the_same(self, person: User, ada: User) -> None:
        api = APIClient()
        api.force_authenticate(person)
        address = reverse("api-deletion")
        assert api.post(address, {"email": person.email, "password": "wrong"}).status_code == 400
        assert api.post(address, {"email": person.email, "password": PASSWORD}).status_code == 204
        api.force_authenticate(ada)
        assert api.post(address, {"email": ada.email, "password": PASSWORD}).json()["code"] == "still_bound"
