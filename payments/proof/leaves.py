"""An entry of the ledger as what is sealed of it: its head, and the hash of each of its lines."""

from typing import Any

from ..models import LedgerEntry, LedgerPosting
from . import canonical


def hash_of(entry: LedgerEntry, secret: bytes) -> str:
    """The entry's leaf. Its postings with their accounts, and the entry that it reverses, are loaded."""
    return canonical.entry_hash(head_of(entry, secret))


def head_of(entry: LedgerEntry, secret: bytes) -> dict[str, Any]:
    """All that is sealed of an entry, without anybody's amounts: those are in the hashes of the lines."""
    postings = sorted(entry.postings.all(), key=lambda posting: posting.pk)
    salt = canonical.salt(secret, "facts", entry.pk)
    return {
        "id": entry.pk,
        "book": entry.book,
        "key": entry.idem_key,
        "kind": entry.kind,
        "order": str(entry.meta.get("order", "")),
        "occurred_at": canonical.moment(entry.occurred_at),
        "created_at": canonical.moment(entry.created_at),
        "reverses": entry.reverses.idem_key if entry.reverses else None,
        "facts": canonical.facts_hash(entry.meta, entry.payload_hash, salt),
        "lines": [line_of(posting, secret) for posting in postings],
    }


def line_of(posting: LedgerPosting, secret: bytes) -> str:
    account = posting.account
    salt = canonical.salt(secret, "line", posting.pk)
    return canonical.line_hash(account.kind, account.owner_id, posting.currency, posting.amount_minor, salt)
