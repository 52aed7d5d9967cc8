"""What we say to the bank: evidence, or that the buyer may keep the money. A person decides, a worker sends it once."""

import logging
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from marketplace.lib import failpoints
from marketplace.lib.errors import DomainError, NotAllowed

from .. import refunds
from ..gateway import GatewayRefused, gateway
from ..models import Dispute, DisputeEvidence, Order
from ..provider_shapes import ProviderDispute
from . import taking

log = logging.getLogger(__name__)


class NotAnswerable(DomainError):
    code = "dispute_not_answerable"
    message = _("The bank takes no answer to this dispute any more.")


def submit(dispute: Dispute, *, by: Any, fields: dict[str, str]) -> DisputeEvidence:
    """Answer with evidence: the provider's field names and texts; empty ones are left out. Finance only.

    The bank reads one answer. Raises NotAllowed, NotAnswerable, AlreadyAnswered, and OwnMoney where it would be hers: a
    poor answer gives the money to the buyer as surely as none.
    """
    given = {name: text.strip() for name, text in fields.items() if text.strip()}
    return _answer(dispute, by, DisputeEvidence.Kind.EVIDENCE, given, "")


def accept(dispute: Dispute, *, by: Any, reason: str) -> DisputeEvidence:
    """Let the buyer keep the money: the dispute is lost at once. An inquiry is rather settled by a refund.

    As with a refund, somebody else does it where the money would be her own: then OwnMoney is raised.
    """
    if dispute.is_inquiry:
        raise NotAnswerable(_("An inquiry cannot be accepted. Give the money back instead, and it ends."))
    return _answer(dispute, by, DisputeEvidence.Kind.ACCEPTED, {}, reason)


@transaction.atomic
def _answer(dispute: Dispute, by: Any, kind: str, fields: dict[str, str], reason: str) -> DisputeEvidence:
    if not by.has_role("finance"):
        raise NotAllowed
    refunds.must_not_be_hers([dispute.order], by)
    Order.objects.hold(pk=dispute.order_id)
    held = Dispute.objects.get(pk=dispute.pk)
    if not held.is_answerable or (kind == DisputeEvidence.Kind.EVIDENCE and not fields):
        raise NotAnswerable
    audit.record(by, f"dispute.{kind}", held, reason=reason, fields=sorted(fields))
    return DisputeEvidence.objects.answer(held, by=by, kind=kind, fields=fields, reason=reason)


def send(row: DisputeEvidence) -> None:
    """The worker's part: send it once and follow what the provider says. Unknown outcomes rise and are looked up."""
    dispute = row.dispute
    said = None if row.is_first_try else _already_there(row)
    if said is None:
        failpoints.reach("dispute_evidence.before_call")
        try:
            said = _send(row, dispute.provider_dispute_id)
        except GatewayRefused as refused:
            row.mark_refused(refused.provider_code or str(refused))
            log.error("dispute_answer_refused", extra={"dispute": dispute.provider_dispute_id, "why": str(refused)})
            return
    failpoints.reach("dispute_evidence.after_call")
    row.mark_sent()
    failpoints.reach("dispute_evidence.after_sent_commit")
    taking.follow(said)


def _send(row: DisputeEvidence, dispute_id: str) -> ProviderDispute:
    # A later try comes after a look that found nothing. Under the first key the provider may keep a failure, which it
    # would only say again for a day.
    key = f"{row.kind}:{row.name}" if row.is_first_try else f"{row.kind}:{row.name}:{row.rounds}.{row.attempts}"
    if row.kind == DisputeEvidence.Kind.ACCEPTED:
        return gateway().accept_dispute(dispute_id, idempotency_key=key)
    return gateway().submit_evidence(dispute_id, row.fields, idempotency_key=key, metadata={"evidence": row.name})


def _already_there(row: DisputeEvidence) -> ProviderDispute | None:
    """What an earlier try may have done: the bank has this answer, or the dispute is lost as we let it be."""
    said = gateway().retrieve_dispute(row.dispute.provider_dispute_id)
    if row.kind == DisputeEvidence.Kind.ACCEPTED:
        return said if said.status == Dispute.State.LOST else None
    return said if said.metadata.get("evidence") == row.name and said.submissions else None
