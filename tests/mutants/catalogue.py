"""The mutants: rules of the ledger and of payouts, taken away one at a time."""

from .mutant import Mutant

LEDGER, PAYOUTS = "tests/payments/test_ledger.py", "tests/payments/test_payouts.py"
OF_POSTGRES, SUBMIT = f"{LEDGER}::TestPostgresItself", f"{PAYOUTS}::TestSubmit"
CONFORMANCE, LIMITS = "tests/payments/test_conformance.py", "tests/payments/test_payout_limits.py"

OF_THE_LEDGER = (
    Mutant(
        "key not unique",
        f"{LEDGER}::test_a_replay_answers_with_the_first_entry_and_books_nothing",
        sql="ALTER TABLE payments_ledgerentry DROP CONSTRAINT payments_ledgerentry_idem_key_key",
    ),
    Mutant(
        "a key with other contents swallowed",
        f"{LEDGER}::test_a_key_with_another_payload_is_refused",
        path="payments/ledger.py",
        old='if row is None or row.payload_hash != plain["payload_hash"]:',
        new="if row is None:",
    ),
    Mutant(
        "rows may be changed",
        f"{OF_POSTGRES}::test_refuses_to_change_a_row",
        sql="ALTER TABLE payments_ledgerposting DISABLE TRIGGER USER",
    ),
    Mutant(
        "an entry need not balance",
        f"{OF_POSTGRES}::test_refuses_a_lone_line_added_to_an_entry_after_an_early_check",
        sql="ALTER TABLE payments_ledgerposting DISABLE TRIGGER ledger_posting_sums",
    ),
    Mutant(
        "an entry stays open",
        f"{LEDGER}::test_an_entry_is_closed_when_its_transaction_is_over",
        sql="ALTER TABLE payments_ledgerposting DISABLE TRIGGER ledger_posting_belongs",
    ),
    Mutant(
        "kept balances not kept",
        f"{CONFORMANCE}::test_08_each_balance_is_the_sum_of_its_journal",
        sql="ALTER TABLE payments_ledgerposting DISABLE TRIGGER ledger_balance_kept",
    ),
    Mutant(
        "an entry reversed twice",
        f"{CONFORMANCE}::test_12_what_was_wrong_is_reversed_once_and_not_deleted",
        sql="ALTER TABLE payments_ledgerentry DROP CONSTRAINT payments_ledgerentry_reverses_id_key",
    ),
    Mutant(
        "currencies mixed",
        f"{OF_POSTGRES}::test_refuses_a_posting_in_another_currency_than_its_accounts",
        sql="ALTER TABLE payments_ledgerposting DROP CONSTRAINT ledger_posting_currency_of_account",
    ),
    Mutant(
        "no floor under a payout",
        f"{LEDGER}::test_a_refund_may_take_what_is_available_below_zero_but_a_payout_may_not",
        sql="UPDATE pg_proc SET prosrc = replace(prosrc, 'moved.is_payout AND', 'false AND')"
        " WHERE proname = 'ledger_balance_kept'",
    ),
)
OF_SALES_AND_REFUNDS = (
    Mutant(
        "shares by float",
        "tests/payments/test_no_floats.py::test_a_module_of_money_has_no_float",
        path="payments/fees.py",
        old="(net.minor * rule.platform_bps + 5_000) // 10_000",
        new="round(net.minor * rule.platform_bps / 10_000)",
    ),
    Mutant(
        "rounded down",
        "tests/payments/test_fees.py::test_split_rounds_half_up_and_never_beyond_the_price",
        path="payments/fees.py",
        old=" + 5_000) // 10_000",
        new=") // 10_000",
    ),
    Mutant(
        "another amount taken",
        "tests/payments/test_checkout.py::test_another_amount_or_currency_grants_nothing_and_flags_the_order",
        path="payments/taking.py",
        old="if session.amount != owed or charge.amount != owed:",
        new="if session.amount != owed and charge.amount != owed and not charge.is_paid:",
    ),
    Mutant(
        "a refund of more than is left",
        "tests/payments/test_give_back.py::test_more_than_is_left_is_refused",
        path="payments/give_back.py",
        old="    if not 0 <= amount <= left.price or",
        new="    amount = min(amount, left.price)\n    if not 0 <= amount or",
    ),
    Mutant(
        "items not locked",
        "tests/payments/test_payout_races.py::test_releases_at_once_release_once",
        path="payments/models/order_item.py",
        old='select_related("order").select_for_update(no_key=True, of=("self",))',
        new='select_related("order")',
    ),
)
OF_PAYOUTS = (
    Mutant(
        "void on an unknown outcome",
        f"{SUBMIT}::test_an_unknown_outcome_with_effect_is_found_and_not_sent_again",
        path="payments/transfers.py",
        old="    except GatewayUnknown as error:\n        payout.retry_later",
        new="    except GatewayUnknown as error:\n        _void(payout, GatewayRefused())\n        return\n"
        "    except LookupError as error:\n        payout.retry_later",
    ),
    Mutant(
        "sent again without looking",
        f"{SUBMIT}::test_after_the_provider_forgot_the_key_the_transfer_is_found_and_not_sent_again",
        path="payments/transfers.py",
        old="rail.find(payout) if may_have_been_asked else None",
        new="None",
    ),
    Mutant(
        "refused and not taken back",
        f"{SUBMIT}::test_refused_for_good_gives_the_money_back_and_the_next_run_is_another_payout",
        path="payments/transfers.py",
        old='    ledger.reverse(held, row.ledger_key("void"), EntryKind.PAYOUT_VOID, occurred_at=now)\n',
        new="    _ = held\n",
    ),
    Mutant(
        "kill switch not asked again",
        f"{LIMITS}::TestStop::test_after_a_run_began_keeps_what_was_not_asked_for",
        path="payments/transfers.py",
        old="    return held or PayoutStop.objects.stops(payout.currency)",
        new="    return held",
    ),
    Mutant(
        "paid without the second person",
        f"{LIMITS}::TestApproval::test_is_needed_from_the_limit_on_and_nothing_is_sent_before_it",
        path="payments/payout_batches.py",
        old="Due(candidate.owner_id, amount, account, needs_approval(amount))",
        new="Due(candidate.owner_id, amount, account, False)",
    ),
    Mutant(
        "a payout leads elsewhere afterwards",
        "tests/payments/test_payout_stands.py::test_is_not_changed",
        sql="DROP TRIGGER payout_stands ON payments_payout",
    ),
    Mutant(
        "decided without a lock",
        "tests/payments/test_payout_races.py::test_an_approval_and_a_refusal_at_once_are_one_or_the_other",
        path="payments/models/payout.py",
        old='return self.filter(pk=pk).select_for_update(no_key=True, of=("self",)).first()',
        new="return self.filter(pk=pk).first()",
    ),
)
OF_TAX_AND_FOUR_EYES = (
    Mutant(
        "more tax paid than owed without a word",
        "tests/payments/test_tax_owed.py::TestAPayment::test_cannot_be_changed_nor_written_without_its_reason",
        sql="ALTER TABLE payments_taxpayment DROP CONSTRAINT tax_payment_says_why",
    ),
    Mutant(
        "tax paid by two at once",
        "tests/faults/test_tax_races.py::test_one_is_told_that_it_is_more_than_is_owed",
        path="payments/models/tax_payment.py",
        old='list(account.select_for_update(no_key=True, of=("self",)).values_list("pk"))',
        new='list(account.values_list("pk"))',
    ),
    Mutant(
        "approved by who confirmed the bank details",
        "tests/payments/test_currency_rails.py::TestWhoConfirmedTheDetails::test_lets_no_payout_to_them_go",
        path="payments/payouts.py",
        old=".get(locked.pk) == by.pk:",
        new=".get(locked.pk) == 0:",
    ),
)
OF_PAPERS = (
    Mutant(
        "numbered by counting",
        "tests/payments/test_paper_checks.py::TestSoundPapers::test_are_found_to_be_sound_however_money_came_and_went",
        path="payments/models/invoice.py",
        old="last = payments_invoiceseries.last + 1 RETURNING last",
        new="last = payments_invoiceseries.last RETURNING (SELECT count(*) + 1 FROM payments_invoice)",
    ),
)
MUTANTS = (*OF_THE_LEDGER, *OF_SALES_AND_REFUNDS, *OF_PAYOUTS, *OF_TAX_AND_FOUR_EYES, *OF_PAPERS)
