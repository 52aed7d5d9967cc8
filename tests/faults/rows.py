"""Which tests hold which row of the design's table of faults, and which of them is the row's negative control.

`bin/faults payments` runs these tests and prints the table. A row's control is the same load with the lock, the key or
the constraint taken away: there money must go wrong, or the row proves nothing. Names are checked by test_rows.
"""

from __future__ import annotations

import os
import random
import sys

from tests.faults.crash_rows import CALLS_AND_KILLS
from tests.faults.door_rows import DOORWAYS
from tests.faults.row import Row
from tests.faults.video_rows import VIDEOS
from tests.faults.watch_rows import WATCHING

# How often a crowd or a seeded test is repeated, and from which seed on; bin/faults raises the first.
ROUNDS = int(os.environ.get("KEZHAN_FAULT_ROUNDS", "1"))
SEED = int(os.environ.get("KEZHAN_FAULT_SEED", "20261123"))


def seeds(least: int = 1) -> list[int]:
    """The seeds of one test: as many as there are rounds, at least `least`."""
    return [SEED + n for n in range(max(ROUNDS, least))]


def chance(seed: int) -> random.Random:
    return random.Random(seed)


BATCHES = "tests/faults/test_purchase_batches.py"
RACES, EVENTS = (f"tests/faults/test_purchase_{name}.py" for name in ("races", "events"))
LEDGER, RUNS = (f"tests/payments/test_{name}.py" for name in ("ledger_races", "payout_races"))
PAYOUT_CONTROLS = "tests/faults/test_payout_controls.py"
DISPUTES, PARTS_BACK = "tests/faults/test_dispute_races.py", "tests/faults/test_partial_refund_races.py"
SWEEPS, SEATS = "tests/payments/test_sweeps.py", "tests/payments/test_coupon_races.py"
WEBHOOK, PAYOUTS, INGEST = (
    f"tests/{name}.py" for name in ("payments/test_webhook", "payments/test_payouts", "faults/test_webhook_ingest")
)
RECONCILED, AT_REST = "tests/payments/test_reconciliation.py", "tests/payments/test_held.py"
LIVES, CONFORMANCE = "tests/payments/test_money_machine", "tests/payments/test_conformance"
LOADED_LEDGER, LOADED_SERVER = (
    f"tests/faults/test_load.py::test_{name}"
    for name in (
        "the_ledger_under_eight_writers_books_everything_and_nobody_waits_in_a_circle",
        "webhooks_at_a_real_server_are_acknowledged_while_no_worker_runs_and_worked_off_when_one_does",
    )
)
INVARIANTS = (
    "01_every_entry_is_balanced_in_each_currency",
    "02_what_is_written_stays_as_it_was_written",
    "03_days_are_chained_by_hashes_and_a_change_breaks_the_chain",
    "04_a_duplicate_does_nothing_and_answers_with_the_first",
    "05_duplicates_at_once_become_one_entry",
    "06_no_update_is_lost_on_a_hot_account",
    "07_value_is_neither_made_nor_lost",
    "08_each_balance_is_the_sum_of_its_journal",
    "09_nobody_is_paid_more_than_she_has_however_many_drain_at_once",
    "10_nothing_is_rounded_away_over_many_small_amounts",
    "11_currencies_do_not_mix",
    "12_what_was_wrong_is_reversed_once_and_not_deleted",
    "13_every_balance_can_be_rebuilt_from_the_log",
    "14_an_account_s_lines_stand_in_the_order_in_which_they_were_booked",
    "15_what_was_refused_is_not_reported_as_booked_when_it_comes_again",
)

CROWDS = (
    Row(
        "L1",
        "the ledger under many writers",
        (
            f"{LEDGER}::test_fifty_identical_sales_at_once_are_one_sale",
            f"{LEDGER}::test_fifty_payouts_of_the_whole_balance_at_once_are_one_payout",
            f"{LEDGER}::test_no_update_of_a_hot_account_is_lost",
            f"{LEDGER}::test_two_creators_accounts_in_any_order_do_not_deadlock",
            LOADED_LEDGER,
        ),
        (
            f"{LEDGER}::test_without_the_unique_key_the_same_crowd_books_the_sale_more_than_once",
            f"{LEDGER}::test_without_the_floor_the_same_crowd_pays_out_what_is_not_there",
        ),
    ),
    Row(
        "L3",
        "a flood of events, and nobody works until later",
        (f"{INGEST}::test_a_flood_of_events_is_acknowledged_while_nobody_works_and_worked_off_later", LOADED_SERVER),
        (
            f"{INGEST}::test_without_an_events_own_key_the_same_flood_is_not_kept_once_each",
            f"{INGEST}::test_an_event_that_is_not_kept_is_not_acknowledged",
        ),
    ),
    Row(
        "C1",
        "fifty clicks on buy, one course",
        (
            f"{RACES}::test_fifty_clicks_on_buy_are_one_order_one_charge_and_one_right",
            f"{RACES}::test_fifty_clicks_on_the_page_of_the_checkout_are_one_order_one_charge_and_one_right",
        ),
        (
            f"{RACES}::test_without_the_index_the_same_crowd_makes_more_orders_than_one",
            f"{RACES}::test_without_the_orders_lock_the_same_crowd_takes_one_payment_for_two",
        ),
    ),
    Row(
        "C2",
        "two devices pay two pages for one course",
        (f"{RACES}::test_two_devices_that_pay_two_pages_for_one_course_pay_once",),
        (f"{RACES}::test_without_one_right_a_course_both_payments_are_kept",),
    ),
    Row(
        "C8",
        "batches of payments that overlap, beside refunds, banks, payouts",
        (
            f"{BATCHES}::test_two_workers_with_overlapping_batches_sell_each_order_once",
            f"{BATCHES}::test_batches_that_sell_the_same_courses_to_the_same_buyers_give_one_right_each",
            f"{BATCHES}::test_batches_beside_return_pages_refunds_banks_and_payouts_end_with_exact_books",
        ),
        (
            f"{BATCHES}::test_if_orders_were_locked_in_no_order_the_same_two_would_wait_in_a_circle",
            f"{BATCHES}::test_without_the_orders_lock_overlapping_batches_take_one_payment_for_two",
            f"{BATCHES}::test_without_one_right_a_course_the_same_batches_keep_both_prices",
        ),
    ),
    Row(
        "C3",
        "fifty buyers at once for a coupon's last seats",
        (
            f"{SEATS}::test_fifty_buyers_at_once_use_exactly_the_seats_that_there_are",
            f"{SEATS}::test_seats_given_back_and_taken_at_once_are_never_lost_or_doubled",
            f"{SEATS}::test_two_batches_that_use_the_same_coupons_do_not_wait_in_a_circle",
        ),
        (
            f"{SEATS}::test_without_the_lock_and_the_limit_the_same_crowd_takes_more_seats_than_there_are",
            f"{SEATS}::test_if_coupons_were_locked_in_no_order_the_same_two_batches_would",
        ),
    ),
    Row(
        "C4",
        "fifty refunds of one order at once, of all and of parts",
        (
            f"{RACES}::test_fifty_wishes_to_give_back_are_one_refund",
            f"{PARTS_BACK}::test_fifty_wishes_for_parts_give_back_no_more_than_was_paid",
            f"{PARTS_BACK}::test_parts_and_the_release_at_once_leave_exact_books",
        ),
        (
            f"{RACES}::test_without_the_lock_and_the_rules_the_same_wishes_are_more_refunds_than_one",
            f"{PARTS_BACK}::test_without_lock_and_rule_the_same_wishes_give_back_more",
        ),
    ),
    Row(
        "C5",
        "twenty payout runs at once, with sales and refunds",
        (
            f"{RUNS}::test_twenty_runs_at_once_pay_everybody_once",
            f"{RUNS}::test_twenty_workers_with_one_payout_make_one_transfer",
            f"{RUNS}::test_runs_refunds_and_sales_at_once_leave_exact_books",
        ),
        (f"{RUNS}::test_without_locks_and_floor_the_same_runs_pay_more_than_there_is",),
    ),
    Row(
        "C6",
        "a refund while a dispute opens, both orders",
        (
            f"{DISPUTES}::test_a_refund_and_a_lost_dispute_at_once_give_the_money_up_once",
            f"{DISPUTES}::test_a_crowd_of_refunds_banks_and_events_gives_the_money_back_once",
        ),
        (f"{DISPUTES}::test_without_locks_and_rule_the_same_two_give_it_up_twice",),
    ),
)
# C7 is the design's demand that each of the crowds above breaks something once its lock or rule is gone: it has no
# control of its own, since its tests are the controls.
EVERY_CONTROL = Row(
    "C7",
    "each of these crowds with its lock, key or rule taken away",
    tuple(control for row in CROWDS for control in row.controls),
)
# A flood takes long and is many rounds in itself.
REPEATED = frozenset(test for row in CROWDS if row.name != "L3" for test in row.tests) - {LOADED_LEDGER}
# What `bin/faults payments --long` takes a minute each for, alone on the machine.
LONG = (LOADED_LEDGER, LOADED_SERVER)
IS_LONG = os.environ.get("KEZHAN_HOLD_SPEED") == "1"

PAYMENTS = (
    *CROWDS,
    EVERY_CONTROL,
    Row(
        "W1",
        "every event a hundred times over, shuffled",
        (
            f"{EVENTS}::test_a_hundred_shuffled_repeats_change_nothing",
            f"{EVENTS}::test_repeats_that_are_worked_on_again_change_nothing",
            f"{EVENTS}::test_shuffled_repeats_of_a_whole_life_change_nothing",
            f"{EVENTS}::test_a_whole_life_that_is_worked_on_again_changes_nothing",
            f"{BATCHES}::test_fifty_shuffled_replays_of_a_batch_change_nothing",
            f"{BATCHES}::test_events_of_a_batch_that_are_worked_on_again_change_nothing",
        ),
        (
            f"{EVENTS}::test_without_an_entrys_own_key_the_same_repeats_book_again",
            f"{EVENTS}::test_without_an_entrys_own_key_a_whole_life_that_is_worked_on_again_is_booked_again",
            f"{BATCHES}::test_without_an_entrys_own_key_a_batch_that_was_forgotten_is_booked_again",
        ),
    ),
    Row(
        "W2",
        "a third of the events lost",
        (
            f"{EVENTS}::test_events_in_any_order_with_a_third_lost_lead_to_the_same_end",
            f"{SWEEPS}::TestLostEvents::test_a_third_lost_and_swept_ends_as_if_none_was",
        ),
        (f"{SWEEPS}::TestLostEvents::test_without_the_sweep_a_lost_event_is_missed",),
    ),
    Row(
        "W3",
        "false, old, future, empty, huge and foreign events, wrong money",
        (
            f"{WEBHOOK}::test_what_the_provider_did_not_sign_now_is_refused",
            f"{WEBHOOK}::test_what_is_no_event_of_this_book_is_refused",
            f"{WEBHOOK}::test_a_body_that_is_too_long_is_refused_unread",
            f"{WEBHOOK}::test_an_event_of_an_unknown_type_or_object_changes_nothing",
            f"{WEBHOOK}::test_a_false_body_with_a_good_signature_is_not_believed",
            f"{RECONCILED}::TestWrongMoney::test_changes_no_state_and_alerts",
            f"{RECONCILED}::TestWrongMoney::test_of_a_refund_changes_no_state_and_alerts",
        ),
        (
            f"{WEBHOOK}::test_a_door_that_knows_another_secret_lets_its_events_in",
            f"{WEBHOOK}::test_a_door_that_does_not_look_at_the_time_lets_old_and_future_events_in",
            f"{RECONCILED}::TestWrongMoney::test_if_nobody_compared_the_order_would_be_sold_for_it",
        ),
    ),
    Row(
        "W4",
        "the same event thin and whole",
        (
            f"{WEBHOOK}::test_a_thin_event_means_the_same_as_one_that_carries_its_object",
            f"{EVENTS}::test_the_thin_and_the_whole_form_of_an_event_have_one_effect",
        ),
        (f"{EVENTS}::test_without_an_entrys_own_key_the_two_forms_of_an_event_book_twice",),
    ),
    Row(
        "I",
        "what every run is judged by: charges against sales, a cause's mails",
        (f"{AT_REST}::test_all_holds_after_a_life_of_money",),
        (
            f"{AT_REST}::test_a_charge_that_nobody_booked_is_found",
            f"{AT_REST}::test_a_sale_of_no_charge_is_found",
            f"{AT_REST}::test_a_charge_that_was_booked_twice_is_found",
            f"{AT_REST}::test_a_cause_that_mailed_twice_is_found",
            f"{AT_REST}::test_the_same_words_by_another_key_are_found",
        ),
    ),
    *CALLS_AND_KILLS,
    Row(
        "S2",
        "unknown outcome, keys pruned after a day, another try",
        (f"{PAYOUTS}::TestSubmit::test_after_the_provider_forgot_the_key_the_transfer_is_found_and_not_sent_again",),
        (f"{PAYOUT_CONTROLS}::test_without_looking_first_a_forgotten_key_lets_the_transfer_be_sent_twice",),
    ),
    Row(
        "S3",
        "refused for good, withdrawn, paid by another payout",
        (f"{PAYOUTS}::TestSubmit::test_refused_for_good_gives_the_money_back_and_the_next_run_is_another_payout",),
        (f"{PAYOUT_CONTROLS}::test_a_refused_payout_that_is_tried_again_itself_sends_money_that_was_given_back",),
    ),
    Row(
        "F2",
        "random lives of money against a model",
        (f"{LIVES}.py::test_every_life_of_money_ends_as_the_model_says",),
        (
            f"{LIVES}_controls.py::test_a_fault_planted_in_the_books_is_found",
            f"{LIVES}_controls.py::test_a_fault_planted_in_the_model_is_found",
        ),
    ),
    Row(
        "M1",
        "the fifteen invariants of a ledger (mutants: bin/mutants)",
        (
            *(f"{CONFORMANCE}.py::test_{name}" for name in INVARIANTS),
            "tests/mutants/test_catalogue.py::test_a_mutant_still_has_something_to_change",
            "tests/mutants/test_catalogue.py::test_a_mutant_s_killer_exists",
        ),
        (
            f"{CONFORMANCE}_controls.py::test_without_its_rule_an_invariant_does_not_hold",
            f"{CONFORMANCE}_controls.py::test_by_hashes_that_do_not_look_at_the_entry_a_change_goes_unseen",
        ),
    ),
)
PARTS = {"payments": PAYMENTS, "videos": VIDEOS, "watching": WATCHING, "doors": DOORWAYS}

if __name__ == "__main__":
    if sys.argv[1:] == ["payments", "--long"]:
        sys.exit(sys.stdout.write("\n".join(LONG) + "\n") and 0)
    if len(sys.argv) != 2 or sys.argv[1] not in PARTS:
        sys.exit(f"Say which part: {', '.join(PARTS)}")
    rows = PARTS[sys.argv[1]]
    sys.stdout.write("\n".join(sorted({test for row in rows for test in (*row.tests, *row.controls)})) + "\n")
