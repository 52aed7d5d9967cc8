"""The row of doors: `bin/faults doors`."""

from tests.faults.row import Row

DOORS, STATES = "tests/flows/test_doors.py", "tests/flows/test_doors_in_states.py"
TOKENS, DATA = "tests/flows/test_doors_by_token.py", "tests/flows/test_doors_of_admin.py"
ACCOUNTS = "tests/flows/test_doors_of_accounts.py"

DOORWAYS = (
    Row(
        "F3",
        "every address x every role x own and others' things",
        (
            f"{DOORS}::test_every_address_has_its_row",
            f"{DOORS}::test_exactly_the_people_of_the_table_come_in",
            f"{STATES}::test_what_it_closes_is_exactly_this",
            f"{TOKENS}::test_a_token_opens_what_its_person_may_and_no_dangerous_act",
            f"{TOKENS}::test_with_the_present_code_it_opens_those_as_well",
            f"{TOKENS}::test_a_token_opens_no_page",
            f"{TOKENS}::test_a_token_that_is_over_opens_nothing",
            f"{DATA}::test_exactly_these_people_open_a_data_page",
            f"{DATA}::test_exactly_these_people_open_the_other_pages",
            f"{ACCOUNTS}::test_exactly_these_pages_open",
        ),
        (
            f"{DOORS}::test_a_view_that_forgets_whom_it_is_for_is_found",
            f"{DATA}::test_a_data_page_that_lets_rows_be_changed_is_found",
        ),
    ),
)
