"""The bells of moderation. Each task makes one call; the rows themselves hold the work."""

from celery import shared_task
from django.utils import timezone

from marketplace.lib import sweeps, work

from . import appeals, fraud, gates, measures, outcomes, report_card, report_mails, rights, rulebook
from .community import joining
from .measures import waves
from .models import CaseAnswer, ChangeAnnouncement, ChangeRecall, OutcomeChange, RefundWave
from .rights import awards, income
from .words import watching


@shared_task(name="moderation.tasks.announce_change")
def announce_change(pk: str) -> None:
    work.run(ChangeAnnouncement, pk, rulebook.tell)


@shared_task(name="moderation.tasks.recall_change")
def recall_change(pk: str) -> None:
    work.run(ChangeRecall, pk, rulebook.recall)


@shared_task(name="moderation.tasks.refund_learners")
def refund_learners(pk: str) -> None:
    work.run(RefundWave, pk, waves.give_back)


@shared_task(name="moderation.tasks.answer_reporters")
def answer_reporters(pk: str) -> None:
    work.run(CaseAnswer, pk, waves.answer)


@shared_task(name="moderation.tasks.tell_of_outcome")
def tell_of_outcome(pk: str) -> None:
    work.run(OutcomeChange, pk, outcomes.tell)


@shared_task(name="moderation.tasks.end_measures")
def end_measures() -> None:
    measures.end_overdue()


@shared_task(name="moderation.tasks.remind_of_appeals")
def remind_of_appeals() -> None:
    appeals.remind()


@shared_task(name="moderation.tasks.tell_of_reports")
def tell_of_reports() -> None:
    report_mails.make_up(timezone.now())


@shared_task(name="moderation.tasks.judge_figures")
def judge_figures() -> None:
    gates.judge_all(timezone.now())


@shared_task(name="moderation.tasks.follow_claims")
def follow_claims() -> None:
    sweeps.each("follow_claims", (income.follow, awards.remind), lambda step: step())


@shared_task(name="moderation.tasks.run_out_claims")
def run_out_claims() -> None:
    rights.run_out()


@shared_task(name="moderation.tasks.look_for_fraud")
def look_for_fraud() -> None:
    fraud.judge_all(timezone.now())


@shared_task(name="moderation.tasks.read_public_pages")
def read_public_pages() -> None:
    watching.open_cases()


@shared_task(name="moderation.tasks.invite_reviewers")
def invite_reviewers() -> None:
    joining.invite()


@shared_task(name="moderation.tasks.reckon_report_card")
def reckon_report_card() -> None:
    report_card.reckon_due(timezone.now())
