"""The rows of the table of faults about processes that are killed and calls of the provider that fail: K1 and S1."""

from tests.faults.row import Row

BATCHES, CRASHES = (f"tests/faults/test_purchase_{name}.py" for name in ("batches", "crashes"))
KILLED, QUIET_CRASHES = "tests/payments/test_payout_crashes.py", "tests/faults/test_money_crashes.py"
PARTS, PARTS_CLOCK, MONTHS, POOL, BY_HAND, BANK_RETURNS = (
    f"tests/payments/test_{name}.py"
    for name in (
        "instalment_races",
        "instalment_clock",
        "membership_races",
        "pool_races",
        "by_hand_races",
        "bank_returns",
    )
)
PROCESSES = "tests/faults/test_payments_killed.py"
FAILURES = "tests/faults/test_provider_failures.py"
EACH_CALL, EACH_ACT = (f"tests/faults/test_every_{name}_failing.py" for name in ("call", "act"))

CALLS_AND_KILLS = (
    Row(
        "K1",
        "SIGKILL at every named place",
        (
            f"{CRASHES}::test_a_start_that_dies_is_gone_on_with_by_the_next_click",
            f"{CRASHES}::test_a_payment_that_dies_half_booked_is_booked_once",
            f"{BATCHES}::test_a_batch_whose_worker_is_killed_is_settled_once",
            f"{QUIET_CRASHES}::test_a_refund_whose_worker_dies_is_given_and_booked_once",
            f"{QUIET_CRASHES}::test_an_answer_to_a_bank_whose_worker_dies_is_given_once",
            f"{QUIET_CRASHES}::test_an_account_whose_opening_dies_is_the_same_account_at_the_next_click",
            f"{QUIET_CRASHES}::test_a_bank_file_whose_maker_dies_was_never_made",
            f"{QUIET_CRASHES}::test_what_the_bank_did_is_booked_once_whoever_dies",
            f"{QUIET_CRASHES}::test_income_that_is_taken_into_escrow_when_somebody_dies_is_taken_once",
            f"{QUIET_CRASHES}::test_an_award_whose_payment_dies_is_paid_once",
            f"{QUIET_CRASHES}::test_a_reserve_whose_return_dies_comes_back_once",
            f"{QUIET_CRASHES}::test_a_comparison_that_dies_is_made_anew_and_books_nothing_twice",
            "tests/faults/test_failpoints.py::test_every_place_is_one_at_which_a_test_kills",
            f"{KILLED}::test_a_run_that_dies_is_completed_by_the_next_one",
            f"{KILLED}::test_a_worker_that_dies_sends_nothing_twice_and_loses_nothing",
            f"{KILLED}::test_a_release_that_dies_is_done_by_the_next_one",
            f"{PARTS}::TestKilled::test_before_the_try_is_written",
            f"{PARTS}::TestKilled::test_while_it_is_taken",
            f"{PARTS}::TestKilled::test_while_a_no_is_written_down",
            f"{PARTS}::TestKilled::test_with_the_look_up_it_is_taken_once_even_so",
            f"{PARTS_CLOCK}::TestAtOnce::test_a_process_that_dies_has_told_and_done_nothing",
            f"{MONTHS}::TestKilled::test_before_the_try_is_written",
            f"{MONTHS}::TestKilled::test_while_it_is_taken",
            f"{MONTHS}::TestKilled::test_while_a_no_is_written_down",
            f"{MONTHS}::TestKilled::test_with_the_look_up_it_is_taken_once_even_so",
            f"{POOL}::TestAProcess::test_that_dies_before_its_commit_has_divided_nothing",
            f"{POOL}::TestAProcess::test_that_dies_while_booking_is_followed_by_another",
            f"{BY_HAND}::test_whoever_dies_while_noting_it_is_booked_once",
            f"{BY_HAND}::test_whoever_dies_before_she_is_told_how_to_pay_asks_again",
            f"{BY_HAND}::test_a_sweeper_that_dies_ends_it_the_next_time",
            f"{BY_HAND}::TestRefund::test_is_sent_once_by_whoever_comes_first_and_whoever_dies",
            f"{BANK_RETURNS}::TestAtOnce::test_whoever_dies_it_is_booked_once",
            "tests/moderation/test_made_good.py::test_a_sweep_that_is_killed_is_done_again_and_once",
            f"{PROCESSES}::test_celerys_workers_that_are_killed_after_the_provider_did_it_send_and_take_nothing_twice",
            f"{PROCESSES}::test_a_web_process_that_is_killed_while_it_sells_has_sold_nothing_and_the_next_one_sells_it",
            "tests/faults/test_rows.py::test_every_place_of_payments_is_one_at_which_k1_kills",
        ),
        (
            f"{KILLED}::test_a_worker_with_a_new_key_each_time_would_send_twice",
            f"{QUIET_CRASHES}::test_without_looking_first_an_answer_that_the_bank_has_is_taken_for_refused",
            f"{PARTS}::TestKilled::test_without_looking_up_first_a_lost_answer_would_take_the_part_twice",
            f"{MONTHS}::TestKilled::test_without_looking_up_first_a_lost_answer_would_take_the_month_twice",
            "tests/faults/test_failpoints.py::test_a_place_that_no_test_kills_at_is_found",
            "tests/faults/test_rows.py::test_a_place_that_k1_leaves_out_is_found",
        ),
    ),
    Row(
        "S1",
        "every call of the provider failing in every way",
        (
            f"{FAILURES}::test_a_write_that_fails_has_its_effect_once",
            f"{FAILURES}::test_a_question_that_fails_changes_nothing",
            f"{EACH_CALL}::test_every_call_of_the_gateway_is_among_them",
            f"{EACH_CALL}::test_a_call_says_truly_what_is_known_and_has_its_effect_once",
            f"{EACH_ACT}::test_every_operation_that_we_use_fails_in_some_story",
            f"{EACH_ACT}::test_an_act_whose_call_fails_is_done_once_when_it_is_tried_again",
        ),
        (
            f"{FAILURES}::test_without_our_keys_and_questions_a_lost_answer_has_its_effect_twice",
            f"{EACH_CALL}::test_with_another_key_each_time_a_lost_answer_has_its_effect_twice_or_is_refused",
            f"{EACH_ACT}::test_before_an_act_nothing_of_it_is_there",
        ),
    ),
)
