"""Money goes by the clock of money, which the sandbox may move. Where payments asks the clock on the wall, it is said
here what for: nothing of it is compared with a moment of money.
"""

import ast

from tests.test_house import ROOT, modules, name_of, tree

RECORD = "when a person of staff did it, for the record: compared with nothing of money"
WORK = "work, leases and what is late of it: of machines, whose time nobody moves"
BOOKS = "days and months of the books, by when it was written down: they are sealed as they pass"
WATCHED = "beside what is watched and opened, which is noted by the clock on the wall"
ON_THE_WALL = {
    "payments/closing/act.py": BOOKS,
    "payments/closing/months.py": BOOKS,
    "payments/closing/reminding.py": BOOKS,
    "payments/gateway.py": "a key that is never used again",
    "payments/instalments/looking_after.py": WORK,
    "payments/kept_means.py": "a key that is never used again",
    "payments/management/commands/ledger.py": BOOKS,
    "payments/models/cart.py": "the order of a cart",
    "payments/models/income_month.py": WORK,
    "payments/models/instalment.py": WATCHED,
    "payments/models/membership_month.py": WATCHED,
    "payments/models/payout.py": WORK,
    "payments/models/payout_hold.py": RECORD,
    "payments/models/payout_stop.py": RECORD,
    "payments/models/provider_event.py": WORK,
    "payments/models/reconciliation.py": WORK,
    "payments/models/refund.py": WORK,
    "payments/models/refund_rule.py": RECORD,
    "payments/models/reserve.py": RECORD,
    "payments/models/revenue_rule.py": RECORD,
    "payments/models/tax_identity.py": RECORD,
    "payments/models/watch.py": WORK,
    "payments/models/year_report.py": RECORD,
    "payments/proof/seals.py": BOOKS,
    "payments/proof/statement.py": BOOKS,
    "payments/reconciliation/desk.py": WORK,
    "payments/reconciliation/running.py": WORK,
    "payments/referrals/clicks.py": "a name of a day, which no visitor waits for",
    "payments/sandbox/models/event.py": WORK,
    "payments/sandbox/models/weather.py": WORK,
    "payments/unfinished.py": WORK,
    "payments/watch.py": BOOKS,
    "payments/years/identity.py": RECORD,
}
ASKING = {"timezone.now", "timezone.localdate", "timezone.localtime", "datetime.now", "datetime.today", "date.today"}


def asks_the_wall(source: ast.AST) -> bool:
    """`timezone.localtime(moment)` and `timezone.localdate(moment)` ask nothing; without a moment they do."""
    calls = {id(node.func): node for node in ast.walk(source) if isinstance(node, ast.Call)}
    for node in ast.walk(source):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ASKING:
            call = calls.get(id(node))
            if not (node.attr in ("localdate", "localtime") and call and call.args):
                return True
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Now":
            return True
    return False


def test_nothing_of_payments_asks_the_clock_on_the_wall_but_what_says_why() -> None:
    paths = [path for path in modules() if path.is_relative_to(ROOT / "payments")]
    asking = {name_of(path) for path in paths if asks_the_wall(tree(path))}
    assert asking == set(ON_THE_WALL)


def test_the_rule_sees_what_it_forbids() -> None:
    for asks in ("timezone.now()", "Field(default=timezone.now)", "datetime.now(UTC)", "timezone.localdate()", "Now()"):
        assert asks_the_wall(ast.parse(asks)), asks
    for asks_not in ("clock.now()", "timezone.localtime(moment)", "timezone.localdate(clock.now())"):
        assert not asks_the_wall(ast.parse(asks_not)), asks_not
