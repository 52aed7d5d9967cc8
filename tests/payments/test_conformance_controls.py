"""The controls of the fifteen invariants: with the rule that holds it taken away, each invariant's own test must fail.

Whole mutants of the source, each in a copy of its own, are `bin/mutants`; what is tried here costs seconds.
"""

from collections.abc import Callable

import pytest

from payments.proof import leaves
from tests.faults.taken_away import ENTRY_KEY, Rule, constraint, function_line, planted, taken_away, triggers
from tests.payments import test_conformance as conformance

pytestmark = pytest.mark.django_db(transaction=True)

POSTING = "payments_ledgerposting"
SUMS, BELONGS, KEPT = (
    triggers(POSTING, name) for name in ("ledger_posting_sums", "ledger_posting_belongs", "ledger_balance_kept")
)
AT_COMMIT = triggers("payments_ledgerentry", "ledger_entry_balances")
NO_FLOOR = function_line("ledger_balance_kept", "moved.is_payout AND", "false AND")
# What stood there when the statement began, however many have added to it since; the pause lets them.
READ_BEFORE = function_line(
    "ledger_balance_kept",
    "SET amount_minor = kept.amount_minor +",
    "SET amount_minor = (SELECT b.amount_minor FROM payments_ledgerbalance b, pg_sleep(0.02)"
    " WHERE b.account_id = moved.id) +",
)
ONE_MORE = planted(
    POSTING, "IF NEW.amount_minor > 0 THEN NEW.amount_minor := NEW.amount_minor + 1; END IF; RETURN NEW;"
)
BY_FLOAT = planted(POSTING, "NEW.amount_minor := NEW.amount_minor::float8::bigint; RETURN NEW;")
BACKWARD = planted(POSTING, "NEW.id := 1000000000 - NEW.id; RETURN NEW;")


def deleted() -> None:
    conformance.test_02_what_is_written_stays_as_it_was_written("DELETE FROM payments_{}", "ledgerposting")


CONTROLS: list[tuple[str, Callable[[], None], tuple[Rule, ...]]] = [
    ("01 sums not looked at", conformance.test_01_every_entry_is_balanced_in_each_currency, (SUMS, BELONGS)),
    ("02 rows may go", deleted, (triggers(POSTING),)),
    ("04 key not unique", conformance.test_04_a_duplicate_does_nothing_and_answers_with_the_first, (ENTRY_KEY,)),
    ("05 key not unique", conformance.test_05_duplicates_at_once_become_one_entry, (ENTRY_KEY,)),
    ("06 read, then written", conformance.test_06_no_update_is_lost_on_a_hot_account, (READ_BEFORE,)),
    ("07 a unit more a line", conformance.test_07_value_is_neither_made_nor_lost, (SUMS, AT_COMMIT, ONE_MORE)),
    ("08 balances not kept", conformance.test_08_each_balance_is_the_sum_of_its_journal, (KEPT,)),
    (
        "09 no floor",
        conformance.test_09_nobody_is_paid_more_than_she_has_however_many_drain_at_once,
        (NO_FLOOR,),
    ),
    ("10 amounts by float", conformance.test_10_nothing_is_rounded_away_over_many_small_amounts, (BY_FLOAT,)),
    (
        "11 any currency on any account",
        conformance.test_11_currencies_do_not_mix,
        (triggers(POSTING), constraint(POSTING, "ledger_posting_currency_of_account")),
    ),
    (
        "12 reversed twice",
        conformance.test_12_what_was_wrong_is_reversed_once_and_not_deleted,
        (constraint("payments_ledgerentry", "payments_ledgerentry_reverses_id_key"),),
    ),
    ("13 balances not kept", conformance.test_13_every_balance_can_be_rebuilt_from_the_log, (KEPT,)),
    (
        "14 numbered backward",
        conformance.test_14_an_account_s_lines_stand_in_the_order_in_which_they_were_booked,
        (BACKWARD,),
    ),
    (
        "15 no floor",
        conformance.test_15_what_was_refused_is_not_reported_as_booked_when_it_comes_again,
        (NO_FLOOR,),
    ),
]


@pytest.mark.parametrize(("invariant", "rules"), [each[1:] for each in CONTROLS], ids=[each[0] for each in CONTROLS])
def test_without_its_rule_an_invariant_does_not_hold(invariant: Callable[[], None], rules: tuple[Rule, ...]) -> None:
    # Not any error will do: an assertion of the test, or a refusal that it waited for in vain.
    with taken_away(*rules), pytest.raises((AssertionError, pytest.fail.Exception)):
        invariant()


def test_by_hashes_that_do_not_look_at_the_entry_a_change_goes_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the third invariant."""
    monkeypatch.setattr(leaves, "hash_of", lambda _entry, _secret: "00" * 32)
    with pytest.raises(AssertionError):
        conformance.test_03_days_are_chained_by_hashes_and_a_change_breaks_the_chain()


def test_every_invariant_has_its_control() -> None:
    numbers = {name[5:7] for name in dir(conformance) if name.startswith("test_")}
    assert numbers == {each[0][:2] for each in CONTROLS} | {"03"}
