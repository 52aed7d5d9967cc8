"""What moderation tells of a person, and forgets with her account."""

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from accounts.models import AccountDeletion, User
from moderation import appeals, privacy
from moderation.models import Appeal, Case, Report, RuleComment
from tests.courses.factories import make_course
from tests.moderation.decisions import answer_appeal, decide, report
from tests.moderation.factories import kim
from tests.moderation.rules import announce

pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, InternalError)


@pytest.fixture
def case(ada: User, lin: User) -> Case:
    make_course(title="Glazes")
    announce("rights").comment(by=lin, text="Reportword too")
    return report("course", "glazes", lin, text="Reportword")


def test_her_words_are_told(case: Case, lin: User) -> None:
    told = privacy.tell(lin).tables
    assert [row["text"] for row in told["reports"]] == ["Reportword"]
    assert [row["text"] for row in told["rule_comments"]] == ["Reportword too"]


def test_her_words_go_with_her_account_and_the_report_stays(case: Case, lin: User) -> None:
    AccountDeletion.objects.create(user=lin)
    for _twice in range(2):
        privacy.forget(lin)
    assert Report.objects.get().text == RuleComment.objects.get().text == "…"
    assert Case.objects.get().reports_count == 1


def test_what_she_wrote_in_an_appeal_goes_and_the_answer_stays(ada: User, sam: User) -> None:
    make_course(title="Glazes")
    appeal = appeals.make(decide("warn", "course", "glazes", sam), ada, "Appealword")
    answer_appeal(appeal, kim(), verdict="upheld", reason="It stands")
    with pytest.raises(REFUSED), transaction.atomic():
        privacy.forget(ada)
    AccountDeletion.objects.create(user=ada)
    for _twice in range(2):
        privacy.forget(ada)
    appeal.refresh_from_db()
    assert (appeal.text, appeal.answer.reason) == ("…", "It stands")
    with pytest.raises(REFUSED), transaction.atomic():
        Appeal.objects.update(text="Something else")


def test_nobody_s_words_go_while_the_account_stands(case: Case, lin: User) -> None:
    with pytest.raises(REFUSED), transaction.atomic():
        privacy.forget(lin)
    AccountDeletion.objects.create(user=lin)
    with pytest.raises(REFUSED), transaction.atomic():
        Report.objects.update(text="Something else")
