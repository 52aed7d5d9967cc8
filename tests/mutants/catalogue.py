"""The mutants: rules of the ledger and of payouts, taken away one at a time."""

from .mutant import Mutant

MUTANTS = (
    Mutant(
        "key not unique",
        "tests/payments/test_ledger.py::test_a_replay_answers_with_the_first_entry_and_books_nothing",
        sql="ALTER TABLE payments_ledgerentry DROP CONSTRAINT payments_ledgerentry_idem_key_key",
    ),
    Mutant(
        "rows may be changed",
        "tests/payments/test_ledger.py::TestPostgresItself::test_refuses_to_change_a_row",
        sql="ALTER TABLE payments_ledgerposting DISABLE TRIGGER USER",
    ),
    Mutant(
        "void on an unknown outcome",
        "tests/payments/test_payouts.py",
        path="payments/transfers.py",
        old="    except GatewayUnknown as error:\n        payout.retry_later",
        new="    except GatewayUnknown as error:\n        _void(payout, GatewayRefused())\n        return\n"
        "    except LookupError as error:\n        payout.retry_later",
    ),
)
