"""The rows of watching: `bin/faults watching`."""

from tests.faults.row import Row

ATTACKS, STREAM = "tests/faults/test_watch_attacks.py", "tests/learners/test_stream.py"
EVIDENCE, DEVICES = "tests/learners/test_evidence.py", "tests/learners/test_devices.py"

WATCHING = (
    Row(
        "E1",
        "replay, jump to the end, 16 x, 20 tabs, false clocks, late",
        (
            f"{ATTACKS}::test_no_attack_goes_above_the_bound",
            f"{ATTACKS}::test_a_token_opens_nothing_for_another_account_and_not_when_it_is_altered",
            f"{EVIDENCE}::test_no_mix_of_sessions_intervals_and_speeds_goes_above_the_bound",
        ),
        (f"{ATTACKS}::test_without_the_bound_each_of_them_gets_all_that_it_claims",),
    ),
    Row(
        "E2",
        "a report that waits before it is settled",
        (
            f"{STREAM}::test_a_report_waits_without_costing_what_it_says",
            f"{STREAM}::test_nobody_can_say_when_a_report_came_in",
            f"{STREAM}::test_a_valkey_whose_clock_is_ahead_gives_no_time_that_has_not_passed",
        ),
        (f"{STREAM}::test_if_it_went_by_the_time_of_settling_waiting_would_give_seconds",),
    ),
    Row(
        "K1",
        "SIGKILL of the merger, anywhere in a batch",
        (
            f"{STREAM}::test_a_merger_killed_in_a_batch_loses_and_doubles_nothing",
            f"{ATTACKS}::test_an_honest_learner_loses_nothing_when_the_merger_is_killed_again_and_again",
        ),
        (f"{STREAM}::test_finished_before_it_is_committed_a_batch_would_be_lost",),
    ),
    Row(
        "R1",
        "Valkey emptied or gone while people watch",
        (
            f"{ATTACKS}::test_an_honest_learner_loses_one_report_at_most_when_valkey_is_emptied",
            f"{STREAM}::test_an_emptied_valkey_is_healed_by_the_next_report",
            f"{STREAM}::test_without_valkey_the_door_says_come_again_and_does_not_knock_each_time",
        ),
        (f"{ATTACKS}::test_if_reports_told_only_what_is_new_an_emptied_valkey_would_cost_more",),
    ),
    Row(
        "D1",
        "a device that was offline while another was settled",
        (
            f"{ATTACKS}::test_an_honest_learner_of_two_devices_loses_nothing_that_one_of_them_held_back",
            f"{DEVICES}::test_who_takes_turns_with_her_devices_loses_nothing",
            f"{DEVICES}::test_however_it_is_sent_the_credit_stays_under_wall_time_times_speed",
            f"{DEVICES}::test_the_database_gives_no_spent_time_back",
        ),
        (
            f"{ATTACKS}::test_a_meter_without_gaps_loses_what_the_phone_held_back",
            f"{DEVICES}::test_ten_minutes_on_a_phone_without_a_line_are_kept_and_a_mark_alone_would_lose_them",
        ),
    ),
    Row(
        "C1",
        "tabs that are settled at the same moment",
        (
            f"{EVIDENCE}::test_reports_at_once_are_settled_one_by_one",
            f"{DEVICES}::test_devices_that_come_at_once_share_one_gap",
        ),
        (
            f"{EVIDENCE}::test_reports_at_once_are_settled_one_by_one",
            f"{DEVICES}::test_devices_that_come_at_once_share_one_gap",
        ),
    ),
)
