#!/usr/bin/env python3
"""Checks a creator's statement from Kezhan against the public seals of its ledger, without Kezhan.

    python kezhan_verify.py seals.json statement-2026-10.json [statement-2026-11.json …]
    python kezhan_verify.py seals.json month-2026-10.json [month-2026-11.json …]
    python kezhan_verify.py seals.json [--kept seals-of-last-year.json] [statements or months …]

The second form is for auditors, with the proof of a closed month from Kezhan's finance: every entry of the month is
looked at, and the frozen balances and figures are reckoned anew from them. The third looks at the seals alone, or
compares them with an older copy that somebody kept: today's must begin as the copy does.

Nothing but Python (3.9 or later) is needed, nothing is fetched and nothing is sent. Every line is calculated anew:
the shares of a sale from the rule that the line names, what a refund takes of each share, each running balance, the
hash of each entry and its way to the day's seal, and the chain of the days. The first line that is wrong is named.
Exit status: 0 all is right, 1 something is wrong, 2 the files cannot be read at all.
"""

import hashlib
import json
import sys
from datetime import date, timedelta

SEALS, CHAIN, CHAIN_WITH_ACCOUNTS = "kezhan-seals-1", "kezhan-1", "kezhan-2"
STATEMENT_BEFORE, STATEMENT = "kezhan-statement-1", "kezhan-statement-2"  # the first does not count lines
MONTH, MONTH_PROOF = "kezhan-month-1", "kezhan-month-proof-1"
START = "0" * 64
EMPTY_ROOT = hashlib.sha256(b"empty").hexdigest()
WHOLE = 10000  # basis points
# In these currencies the provider charges in steps; tax on top of a price is rounded to them.
STEPS = {"TWD": 100, "KWD": 10}
# What these entries take from one of a creator's accounts they give to another.
WITHIN = {"release", "payout_hold", "payout_void", "reserve", "reserve_release", "escrow", "escrow_back"}
RELEASED_ACCOUNTS = {"creator_available", "creator_reserve"}
SALE_ACCOUNTS = {"creator": "creator_pending", "affiliate": "affiliate_pending"}

# A month's figures: on which accounts, by which kinds of entries (None: any), and the sign that makes them grow.
FIGURES = {
    "gross_sales": (("stripe_clearing", "bank"), ("sale",), 1),
    "tax_collected": (("tax_payable",), ("sale",), -1),
    "tax_returned": (("tax_payable",), ("refund", "dispute_lost"), 1),
    "refunds": (("stripe_clearing", "bank"), ("refund",), -1),
    "disputes": (("stripe_clearing",), ("dispute_out", "dispute_back"), -1),
    "provider_fees": (("stripe_fees",), None, 1),
    "dispute_fees": (("dispute_fees",), None, 1),
    "payouts": (("stripe_clearing", "bank"), ("payout_sent", "payout_returned"), -1),
    "revenue": (("platform_revenue",), None, -1),
}


class Wrong(Exception):
    """Something is not as it was written."""


def say(text):
    sys.stdout.write(text + "\n")


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(what, value):
    return hashlib.sha256(what.encode() + b"\n" + canonical(value)).hexdigest()


def must(truth, why):
    if not truth:
        raise Wrong(why)


def half_up(numerator, denominator):
    return (2 * numerator + denominator) // (2 * denominator)


# --- Files: a first line with the facts, then one line each; every line is exactly as Kezhan writes it ----------------


def read_lines(path, opening, ending):
    """(line number, object) of a file's lines: the head, one object a line, and what stands at the end."""
    with open(path, "rb") as file:
        lines = file.read().split(b"\n")
    must(len(lines) >= 3 and lines[-1] == b"", f"line {len(lines)}: the end of the file is missing")
    rows = lines[:-1]
    yield 1, parsed(1, rows[0], b"", opening, b"}")
    for number, row in enumerate(rows[1:-1], 2):
        is_last = not row.endswith(b",")
        yield number, parsed(number, row, b"", b"" if is_last else b",", b"")
        must(is_last == (number == len(rows) - 1), f"line {number + 1}: it is not written as it was")
    yield len(rows), parsed(len(rows), rows[-1], ending, b"}", b"")


def parsed(number, row, before, after, closing):
    """The object in one line, between what stands `before` and `after` it; `closing` makes an opened one whole."""
    must(
        row.startswith(before) and row.endswith(after) and len(row) >= len(before + after),
        f"line {number}: it is not written as it was",
    )
    text = row[len(before) : len(row) - len(after)] + closing
    try:
        value = json.loads(text.decode("utf-8"))
        same = canonical(value) == text
    except (ValueError, RecursionError) as error:
        raise Wrong(f"line {number}: it cannot be read ({hint(row)}): {error}") from None
    must(isinstance(value, dict) and same, f"line {number}: it is not written as it was ({hint(row)})")
    return value


def hint(row):
    """What a broken line seems to be: the key of its entry or the day of its seal, as far as it can be read."""
    for word in (b'"key":"', b'"day":"'):
        if word in row:
            return row.split(word, 1)[1].split(b'"', 1)[0][:80].decode("utf-8", "replace")
    return "no name"


def with_end(rows):
    """(number, object, whether it is the last line) of the lines after the head."""
    number, row = next(rows)
    for following in rows:
        yield number, row, False
        number, row = following
    yield number, row, True


def but_check(facts):
    return {key: value for key, value in facts.items() if key != "check"}


def reason(error):
    """What was wrong, in words, also where a fact is missing or of another kind."""
    return str(error) if isinstance(error, Wrong) else f"its facts are not of the right kind ({error})"


# --- The chain of days -----------------------------------------------------------------------------------------------


def read_seals(path):
    """The head with the published rules, and the seals by day. Raises Wrong with the first line that does not hold."""
    rows = read_lines(path, b',"seals":[', b'],"end":')
    _number, head = next(rows)
    must(head.get("format") == SEALS and set(head) == {"format", "book", "rules", "check"}, "line 1: no file of seals")
    must(head["check"] == digest("head", but_check(head)), "line 1: a rule was changed")
    seals, previous, last_id, day = {}, START, 0, None
    for number, seal, is_end in with_end(rows):
        if is_end:
            must(seal == {"count": len(seals), "newest": previous}, f"line {number}: seals are missing before it")
            break
        try:
            check_seal(seal, head["book"], previous, last_id, day)
            previous, last_id, day = seal["hash"], seal["last_id"], date.fromisoformat(seal["day"])
        except (Wrong, KeyError, TypeError, ValueError) as wrong:
            raise Wrong("line {}, the seal of {}: {}".format(number, seal.get("day"), reason(wrong))) from None
        seals[seal["day"]] = seal
    return head, seals


def check_kept(kept, kept_seals, head, seals):
    """Today's file begins as an older copy of it: the same days and rules, and no rule since for the time before."""
    must(kept["book"] == head["book"], "the copy that was kept is of another book")
    for day, seal in kept_seals.items():
        must(day in seals, f"the copy that was kept has a seal of {day}, it has none")
        must(seals[day] == seal, f"the seal of {day} is not the one that was kept")
    newest, codes = max(kept_seals, default=""), {rule["code"] for rule in kept["rules"]}
    for rule in kept["rules"]:
        must(rule in head["rules"], f"{called(rule)} is not the rule that was kept")
    for rule in head["rules"]:
        # What is sold in a way that was not there then has a rule of its own.
        was_there = rule in kept["rules"] or rule["starts_at"][:10] > newest or rule["code"] not in codes
        must(was_there, f"{called(rule)} is for days of the copy that was kept, and is not in it")


def called(rule):
    return "the rule {} from {}".format(rule["code"], rule["starts_at"])


def check_seal(seal, book, previous, last_id, day):
    names = ["day", "entries", "first_id", "last_id", "root"] + ["accounts"] * ("accounts" in seal) + ["previous"]
    facts = [CHAIN_WITH_ACCOUNTS if "accounts" in seal else CHAIN, book] + [seal[name] for name in names]
    must(seal["hash"] == digest("seal", facts), "its facts do not make its hash")
    must(set(seal) == {"hash", *names}, "it has other facts")
    must(seal["previous"] == previous, "it does not follow the seal before it")
    must(seal["first_id"] == last_id + 1, "entries are missing between it and the seal before it")
    must(day is None or date.fromisoformat(seal["day"]) == day + timedelta(days=1), "a day is missing before it")
    must(seal["entries"] > 0 or seal["root"] == EMPTY_ROOT, "a day without entries has a root")


# --- One entry -------------------------------------------------------------------------------------------------------


def check_entry(entry, statement, seals, rules, so_far):
    """All that one line of a statement says. `so_far` is carried on: balances, counts, what shares have left."""
    head, balances = entry["entry"], so_far["balances"]
    facts = {"n", "entry", "mine", "parts", "proof", "check"} | ({"stands"} if counts_lines(statement) else set())
    must(set(entry) == facts, "it has other facts")
    must(head["book"] == statement["book"], "it is of another book")
    must(head["created_at"][:7] == statement["month"], "it was not booked in this month")
    check_lines(head, entry["mine"], statement["creator"])
    check_proof(head, entry["proof"], seals)
    if not counts_lines(statement) and entry["proof"] is not None:
        must("accounts" not in seals[entry["proof"]["day"]], "its day's seal counts lines, and the statement does not")
    check_parts(head, entry["mine"], entry["parts"], rules)
    check_left(head["kind"], entry["parts"], so_far["left"])
    for line in entry["mine"]:
        account = name(line)
        must(account in balances, f"the account {account} is not in the head")
        # As she reads it: what is hers is positive, though the ledger writes it as a credit.
        balances[account] -= int(line["amount"])
        must(line["balance"] == str(balances[account]), f"the balance of {account} is {balances[account]}")
        so_far["counts"][account] += 1


def check_lines(head, mine, creator):
    """Her lines are lines of this entry, each once."""
    must(mine, "no line of it is hers")
    seen = set()
    for line in mine:
        made = digest("line", [line["account"], creator, line["currency"], line["amount"], line["salt"]])
        must(line["at"] not in seen and head["lines"][line["at"]] == made, "line {} is not of it".format(line["at"]))
        must(set(line) == {"at", "account", "currency", "amount", "salt", "balance"}, "a line has other facts")
        seen.add(line["at"])


def check_proof(head, proof, seals):
    """The way from the entry to the root of its day. An entry of a day that is not over has none yet."""
    if proof is None:
        newest = max(seals.values(), key=lambda seal: seal["day"], default=None)
        must(newest is None or head["id"] > newest["last_id"], "its day is sealed, and it has no proof")
        return
    must(set(proof) == {"day", "path"}, "its proof has other facts")
    must(proof["day"] in seals, "there is no seal of {}".format(proof["day"]))
    seal = seals[proof["day"]]
    must(seal["first_id"] <= head["id"] <= seal["last_id"], "it is not of the sealed day")
    root = top_of(digest("entry", head), proof["path"])
    must(root == seal["root"], "it is not what was sealed on {}".format(proof["day"]))


def top_of(leaf, path):
    """The root to which the way leads from a leaf's hash."""
    node = hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest()
    for step in path:
        beside = bytes.fromhex(step[1:])
        must(step[0] in "LR" and step[1:] == beside.hex(), "its proof is not written as it was")
        node = hashlib.sha256(b"\x01" + (beside + node if step[0] == "L" else node + beside)).digest()
    return node.hex()


# --- The arithmetic --------------------------------------------------------------------------------------------------


def check_parts(head, mine, parts, rules):
    kind = head["kind"]
    if kind == "sale":
        check_sale(mine, parts, rules, head["occurred_at"])
    elif kind in ("refund", "dispute_lost"):
        given = sum(given_back(part) for part in parts)
        must(sum(int(line["amount"]) for line in mine) == given, f"she gave {given} back")
    elif kind == "release":
        for part in parts:
            must(int(part["amount"]) == int(part["share"]) - int(part["taken"]), "released is what is left")
        freed = sum(int(part["amount"]) for part in parts)
        waited = sum(int(line["amount"]) for line in mine if line["account"] in SALE_ACCOUNTS.values())
        now_hers = sum(-int(line["amount"]) for line in mine if line["account"] in RELEASED_ACCOUNTS)
        must(waited == now_hers == freed, f"released are {freed}")
    elif kind == "made_good":
        back = sum(int(part["amount"]) for part in parts)
        must(parts and sum(-int(line["amount"]) for line in mine) == back, f"made good are {back}")
        must(all(line["account"] == "creator_available" for line in mine), "what is made good is available at once")
    elif kind == "pool":
        check_pool(mine, parts)
    else:
        must(parts == [], "it has parts")
    if kind in WITHIN:
        must(sum(int(line["amount"]) for line in mine) == 0, "money moved between her accounts sums to zero")


def check_left(kind, parts, left):
    """Of shares whose sale is in the files: what each line takes of them, and that a release frees all that is left."""
    for part in parts:
        share, amount = (part.get("item"), part["kind"]), int(part["amount"])
        if kind == "sale":
            must(share not in left, "it was sold before")
            left[share] = int(part["parts"]["amount"]) if "parts" in part else amount
        elif kind in ("refund", "dispute_lost") and share in left:
            must(amount <= left[share], f"of this share {left[share]} was left")
            left[share] -= amount
        elif kind == "release" and share in left:
            must(amount == left[share], f"of this share {left[share]} was left")


def check_sale(mine, parts, rules, at):
    """What each part is worth by its rule stands on the account of its kind."""
    for kind, account in SALE_ACCOUNTS.items():
        booked = sum(-int(line["amount"]) for line in mine if line["account"] == account)
        made = sum(sold(part, only_currency(mine), rules, at) for part in parts if part["kind"] == kind)
        must(booked == made, f"{account} is {booked}, by the rule it is {made}")
    must(all(line["account"] in SALE_ACCOUNTS.values() for line in mine), "a sale is pending at first")


def check_pool(mine, parts):
    """Her part of each course's part of the pool, as the course is shared. Of courses that few watched there is only a
    sum, which nobody can reckon who may not know how much they watched.
    """
    must(parts, "of the pool she has no part")
    must(sum(part["course"] is None for part in parts) <= 1, "what few watched is one sum")
    booked, made = -sum(int(line["amount"]) for line in mine), sum(pooled(part) for part in parts)
    must(booked == made, f"it is {booked}, of the pool she has {made}")
    must(all(line["account"] == "creator_available" for line in mine), "what is divided is available at once")


def pooled(part):
    if part["course"] is None:
        must(int(part["amount"]) > 0, "what few watched is nothing")
        return int(part["amount"])
    whole, others = int(part["whole"]), part["others_bps"]
    must(part["bps"] + sum(others) == WHOLE, "the co-authors' parts do not make a whole")
    rest = whole - sum(whole * bps // WHOLE for bps in others)
    amount = rest if part["takes_rest"] else whole * part["bps"] // WHOLE
    must(int(part["amount"]) == amount, f"of this course her part is {amount}")
    return amount


def only_currency(mine):
    currencies = {line["currency"] for line in mine}
    must(len(currencies) == 1, "one sale is in one currency")
    return currencies.pop()


def sold(part, currency, rules, at):
    """What one share of one course sold is, from the price on its tag and the rule of the day."""
    must(part["priced_at"] <= at, "it was paid before it was priced")
    check_rule(part["rule"], rules, part["priced_at"])
    net, tax, price, promotion = (int(part[k]) for k in ("net", "tax", "price", "promotion"))
    shown, off = int(part["list"]), int(part["discount"])
    must(0 <= off <= shown and (off > 0) == bool(part["bearer"]), "the discount does not fit")
    check_tax(part, shown - off, net, tax, price, currency)
    if part["bearer"] == "platform":
        whole = shown - tax_of(shown, part["tax_bps"], True, currency) if part["inclusive"] else shown
        must(part["tax_from"] == "stripe" or promotion == max(0, whole - net), "what the platform bears is not that")
    else:
        must(promotion == 0, "the platform bears nothing of this discount")
    amount = share_of(part, net + promotion)
    must(int(part["amount"]) == amount, "by the rule {} this share is {}".format(part["rule"]["code"], amount))
    return in_parts(part, amount) if "parts" in part else amount


def in_parts(part, whole):
    """Of a price that is paid in parts, what her share has of the parts that this sale is: each part takes in
    proportion of what those before it have left of the tax and of every share.
    """
    told = part["parts"]
    amounts, left = [int(each) for each in told["amounts"]], [int(each) for each in told["shares"]]
    first, last, mine = told["from"], told["to"], told["mine"]
    must(0 < first <= last <= len(amounts) and min(amounts) > 0, "there are no such parts")
    must(left[mine] == whole, "her share of the whole sale is another one")
    must(sum(amounts) == int(part["price"]) and sum(left) == int(part["net"]), "the parts do not make the whole sale")
    tax, hers = int(part["tax"]), 0
    for number, amount in enumerate(amounts, 1):
        taken = allocate(amount, tax, 0, left)
        tax, left = tax - (amount - sum(taken)), [each - taken[n] for n, each in enumerate(left)]
        hers += taken[mine] if first <= number <= last else 0
    must(int(told["amount"]) == hers, f"of these parts her share is {hers}")
    return hers


def check_tax(part, after, net, tax, price, currency):
    must(net + tax == price and min(net, tax) >= 0, "net and tax do not make the price")
    must((price if part["inclusive"] else net) == after, "the price is not what is on the tag less the discount")
    if part["tax_from"] != "stripe":
        made = tax_of(after, part["tax_bps"], part["inclusive"], currency)
        must(tax == made, f"the tax on it is {made}")


def tax_of(shown, bps, inclusive, currency):
    if inclusive:
        return half_up(shown * bps, WHOLE + bps)
    step = STEPS.get(currency, 1)
    return half_up(shown * bps, WHOLE * step) * step


def check_rule(rule, rules, at):
    """The rule is a published one, and the one of its code that was in force."""
    must(rule in rules, "no published rule is as this line says: {}".format(rule.get("code")))
    later = [r for r in rules if r["code"] == rule["code"] and rule["starts_at"] < r["starts_at"] <= at]
    must(rule["starts_at"] <= at and not later, "the rule {} was not in force then".format(rule["code"]))


def share_of(part, basis):
    rule = part["rule"]
    platform = min(basis, half_up(basis * rule["platform_bps"], WHOLE) + int(rule["fixed_minor"]))
    promoter_bps = promoter_part(part, rule)
    promoted = part["promoted"] and min(basis - platform, basis * promoter_bps // WHOLE)
    if part["kind"] == "affiliate":
        must(part["promoted"] is True and part["bps"] == promoter_bps, "nobody promoted it by this rule")
        return promoted
    side = basis - platform - (promoted or 0)
    others = part["others_bps"]
    must(part["bps"] + sum(others) == WHOLE, "the co-authors' parts do not make a whole")
    if part["takes_rest"]:
        return side - sum(side * bps // WHOLE for bps in others)
    return side * part["bps"] // WHOLE


def promoter_part(part, rule):
    """A promoter's part in basis points: of the highest tier that the sales reach which were counted for her."""
    tiers, counted = rule.get("tiers", []), part.get("promoter_sales")
    must((counted is not None) == (bool(tiers) and part["promoted"] is True), "its tier was not counted by this rule")
    must(counted is None or 0 <= counted <= tiers[-1][0], "more sales were counted than the last tier asks")
    reached = [bps for sales, bps in tiers if counted is not None and sales <= counted]
    return reached[-1] if reached else rule["affiliate_bps"]


def given_back(part):
    """What one share gives of a refund: in proportion to what was left of every share."""
    left = part["left"]
    shares = [int(each) for each in left["shares"]]
    given = allocate(int(part["refunded"]), int(left["tax"]), int(left["promotion"]), shares)[part["mine"]]
    must(int(part["amount"]) == given, f"of this refund her share is {given}")
    return given


def allocate(amount, tax, promotion, shares):
    """`amount` over what is left of each share, by largest remainder; the last refund takes all that is left."""
    price = tax + sum(shares) - promotion
    must(0 <= amount <= price and min([tax, promotion] + shares) >= 0, "more was refunded than was left")
    if amount == price:
        return shares
    total = amount + promotion * amount // price
    weights = [tax] + shares
    whole = sum(weights)
    parts = [weight * total // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: -(weights[n] * total % whole))
    for n in by_remainder[: total - sum(parts)]:
        parts[n] += 1
    return parts[1:]


# --- A whole statement -----------------------------------------------------------------------------------------------


def check_statement(path, head_of_seals, seals, before):
    """One statement after another. `before`: what the one before closed with, None for the first.

    Returns its head, what it closes with (balances, counts of lines, what is left of shares, what was believed), and
    how many lines it has, in all and sealed.
    """
    rows = read_lines(path, b',"lines":[', b'],"end":')
    _number, head = next(rows)
    so_far = check_head(head, head_of_seals["book"], seals, before)
    check, lines, sealed, last_id = head["check"], 0, 0, 0
    for number, entry, is_end in with_end(rows):
        try:
            if is_end:
                must(so_far["day"] is None, f"it does not say where accounts stood on {so_far['day']}")
                check_end(entry, check, lines, so_far)
                break
            must(entry["check"] == digest("check", [check, but_check(entry)]), "it was changed")
            must(entry["n"] == lines + 1, "lines before it are missing")
            must(entry["entry"]["id"] > last_id, "it does not come after the line before it")
            if counts_lines(head):
                must_close_day(entry, so_far)
            check_entry(entry, head, seals, head_of_seals["rules"], so_far)
            if counts_lines(head):
                check_stands(entry, head, seals, so_far)
        except (Wrong, KeyError, TypeError, ValueError, IndexError, AttributeError) as wrong:
            what = "the end" if is_end else name_of(entry)
            raise Wrong(f"line {number}, {what}: {reason(wrong)}") from None
        check, lines, sealed = entry["check"], lines + 1, sealed + (entry["proof"] is not None)
        last_id = entry["entry"]["id"]
    return head, so_far, lines, sealed


def counts_lines(head):
    """Whether a statement says how many lines accounts had; those that were made before that was sealed do not."""
    return head["format"] == STATEMENT


def check_head(head, book, seals, before):
    """What it opens with. A first statement opens with what it says, held against the last seal where her accounts
    moved; a later one where the last closed.
    """
    facts = {"format", "book", "site", "creator", "month", "made_at", "accounts", "check"}
    must(head.get("format") in (STATEMENT_BEFORE, STATEMENT) and set(head) == facts, "line 1: it is no statement")
    must(head["check"] == digest("check", [START, but_check(head)]), "line 1: the head was changed")
    must(head["book"] == book, "line 1: the seals are of another book")
    opening = {name(account): int(account["opening"]) for account in head["accounts"]}
    counts = {name(account): account.get("lines", 0) for account in head["accounts"]}
    believed = sorted(opening)
    if counts_lines(head):
        believed = [name(one) for one in head["accounts"] if not is_sealed(one, head, seals)]
    left = {}
    if before is not None:
        (creator, month), closed = before
        must(head["creator"] == creator, "line 1: it is another creator's")
        must(head["month"] == month_after(month), "line 1: it does not follow the month before")
        for each in sorted(set(closed["balances"]) | set(opening)):
            same = opening.get(each, 0) == closed["balances"].get(each, 0)
            if counts_lines(head) and closed["counts_lines"]:
                same = same and counts.get(each, 0) == closed["counts"].get(each, 0)
            must(same, f"line 1: {each} does not open with what the month before closed with")
        left = dict(closed["left"])
        believed = closed["believed"] if closed["counts_lines"] else sorted({*closed["believed"], *believed})
    return {
        "balances": opening, "counts": counts, "left": left, "believed": believed, "day": None, "moved": set(),
        "counts_lines": counts_lines(head), "through": {},
    }  # fmt: skip


def is_sealed(account, statement, seals):
    """Whether what an account opens with is what was sealed when it last moved; one that never had a line needs none.

    Lines of the last moment before a month may stand in the month's first seal: then it is not, and must be believed.
    """
    must(set(account) == {"account", "currency", "opening", "lines", "sealed"}, "line 1: an account has other facts")
    sealed = account["sealed"]
    if sealed is None:
        return account["lines"] == 0 and account["opening"] == "0"
    must(sealed["day"][:7] < statement["month"], "line 1: an account's seal is not of the time before")
    must(name(sealed) == name(account), "line 1: it is the seal of another account")
    try:
        check_stand({key: sealed[key] for key in sealed if key != "day"}, statement["creator"], sealed["day"], seals)
    except Wrong as wrong:
        raise Wrong(f"line 1, {name(account)}: {wrong}") from None
    if account["lines"] != sealed["lines"]:
        must(account["lines"] > sealed["lines"], f"line 1: {name(account)} had {sealed['lines']} lines before")
        return False
    must(int(account["opening"]) == -int(sealed["amount"]), f"line 1: {name(account)} was sealed with another balance")
    return True


def must_close_day(entry, so_far):
    """Before a line of another day: the last one of the day before has said where accounts stood."""
    day = entry["proof"] and entry["proof"]["day"]
    must(so_far["day"] in (None, day), f"the line before it does not say where accounts stood on {so_far['day']}")


def check_stands(entry, statement, seals, so_far):
    """Where her accounts stood behind the last line of a sealed day: so many lines, and so much, as its seal says.
    Whatever was left out before is missed here.
    """
    day = entry["proof"] and entry["proof"]["day"]
    if day is None or day[:7] != statement["month"] or "accounts" not in seals[day]:
        must(entry["stands"] == [], "nothing of that is sealed")
        return
    so_far["day"] = day
    so_far["moved"].update(name(line) for line in entry["mine"])
    if not entry["stands"]:
        return
    told = [name(stand) for stand in entry["stands"]]
    must(len(set(told)) == len(told) and so_far["moved"] <= set(told), f"an account moved on {day} and is not told of")
    for stand in entry["stands"]:
        account = name(stand)
        check_stand(stand, statement["creator"], day, seals)
        there = so_far["counts"].get(account, 0)
        must(stand["lines"] == there, f"{account} had {stand['lines']} lines on {day}, {there} are told of")
        must(so_far["balances"][account] == -int(stand["amount"]), f"{account} stood otherwise on {day}")
        so_far["through"][account] = (stand["lines"], day)
    so_far["day"], so_far["moved"] = None, set()


def check_stand(stand, creator, day, seals):
    """One account is as the seal of a day has it."""
    must(set(stand) == {"account", "currency", "lines", "amount", "salt", "path"}, "where it stood has other facts")
    must(day in seals and "accounts" in seals[day], f"no seal of {day} says where accounts stood")
    facts = [stand["account"], creator, stand["currency"], stand["lines"], stand["amount"], stand["salt"]]
    must(top_of(digest("account", facts), stand["path"]) == seals[day]["accounts"], f"it did not stand so on {day}")


def check_end(end, check, lines, so_far):
    balances, counts = so_far["balances"], so_far["counts"]
    must(set(end) == {"count", "check", "accounts"}, "the end has other facts")
    must(end["count"] == lines and end["check"] == check, "lines are missing before it")
    must({name(account) for account in end["accounts"]} == set(balances), "an account is missing")
    for account in end["accounts"]:
        each = name(account)
        must(account["closing"] == str(balances[each]), f"{each} closes at {balances[each]}")
        if so_far["counts_lines"]:
            must(account["lines"] == counts[each], f"{each} closes with {counts[each]} lines")


# --- A closed month --------------------------------------------------------------------------------------------------


def check_month(path, head_of_seals, seals, before):
    """One closed month after another. `before`: the close of the month before, None for the first that is looked at.

    Returns its close and how many entries it has.
    """
    rows = read_lines(path, b',"entries":[', b'],"end":')
    _number, head = next(rows)
    try:
        close = check_month_head(head, head_of_seals["book"], seals, before)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise Wrong(f"line 1: {reason(wrong)}") from None
    check, count, sums, days = head["check"], 0, {}, {}
    for number, row, is_end in with_end(rows):
        try:
            if is_end:
                must(row == {"count": count, "check": check}, "entries are missing before it")
                break
            must(row["check"] == digest("check", [check, but_check(row)]), "it was changed")
            must(row["n"] == count + 1, "entries before it are missing")
            check_month_entry(row, close, seals, sums, days)
        except (Wrong, KeyError, TypeError, ValueError, IndexError, AttributeError) as wrong:
            what = "the end" if is_end else name_of(row)
            raise Wrong(f"line {number}, {what}: {reason(wrong)}") from None
        check, count = row["check"], count + 1
    check_days(close, seals, days)
    must(close["entries"] == count, f"line 1: {close['entries']} entries were closed, the file has {count}")
    check_sums(close, sums)
    return close, count


def check_month_head(head, book, seals, before):
    must(head.get("format") == MONTH_PROOF and set(head) == {"format", "close", "hash", "check"}, "line 1: no month")
    must(head["check"] == digest("check", [START, but_check(head)]), "line 1: the head was changed")
    close = head["close"]
    must(head["hash"] == digest("month", close), "line 1: the month's facts do not make its hash")
    must(close["format"] == MONTH and close["book"] == book, "line 1: it is of another book")
    sealed = close["sealed"]
    must(month_after(sealed["day"][:7]) == month_after(close["month"]), "line 1: the seal is of another month")
    must(sealed["day"] in seals, "line 1: there is no seal of {}".format(sealed["day"]))
    seal = seals[sealed["day"]]
    must(sealed["hash"] == seal["hash"], "line 1: the seal of {} is another".format(sealed["day"]))
    must(sealed["last_id"] == seal["last_id"], "line 1: the seal of {} is another".format(sealed["day"]))
    if before is not None:
        must(close["month"] == month_after(before["month"]), "line 1: it does not follow the month before")
        must(close["previous"] == digest("month", before), "line 1: it does not contain the hash of the month before")
        closed, opened = balances_of(before, "closing"), balances_of(close, "opening")
        for each in sorted(set(closed) | set(opened)):
            same = closed.get(each, 0) == opened.get(each, 0)
            must(same, f"line 1: {each} does not open with what the month before closed with")
    return close


def balances_of(close, which):
    return {
        "{} {}".format(one["currency"], row["account"]): int(row[which])
        for one in close["currencies"]
        for row in one["accounts"]
    }


def check_month_entry(row, close, seals, sums, days):
    """One entry with all its lines. `sums` and `days` are carried on."""
    must(set(row) == {"n", "entry", "lines", "proof", "check"}, "it has other facts")
    head = row["entry"]
    must(head["book"] == close["book"], "it is of another book")
    must(head["created_at"][:7] == close["month"], "it was not booked in this month")
    must(row["proof"] is not None, "a closed month has no entry that is not sealed")
    check_proof(head, row["proof"], seals)
    must(len(row["lines"]) == len(head["lines"]), "lines of it are missing")
    left = {}
    for at, line in enumerate(row["lines"]):
        must(set(line) == {"account", "owner", "currency", "amount", "salt"}, "a line has other facts")
        made = digest("line", [line["account"], line["owner"], line["currency"], line["amount"], line["salt"]])
        must(head["lines"][at] == made, f"line {at} is not of it")
        amount, key = int(line["amount"]), (line["currency"], line["account"], head["kind"])
        debit, credit = sums.get(key, (0, 0))
        sums[key] = (debit + max(amount, 0), credit + max(-amount, 0))
        left[line["currency"]] = left.get(line["currency"], 0) + amount
    must(not any(left.values()), "its lines do not sum to zero")
    days[row["proof"]["day"]] = days.get(row["proof"]["day"], 0) + 1


def check_days(close, seals, days):
    """Every entry of the month's sealed days is there; the first day may hold some of the last moment before it."""
    for day, seal in seals.items():
        if day[:7] == close["month"] and not day.endswith("-01"):
            found = days.get(day, 0)
            must(
                found == seal["entries"], "the end: {} has {} entries, the file {}".format(day, seal["entries"], found)
            )


def check_sums(close, sums):
    """The frozen lines are what the entries make, one after the other."""
    in_file = {currency for currency, _account, _kind in sums}
    missing = sorted(in_file - {one["currency"] for one in close["currencies"]})
    must(not missing, f"line 1: {missing} is not in the close")
    for one in close["currencies"]:
        of_it = {key[1:]: amounts for key, amounts in sums.items() if key[0] == one["currency"]}
        accounts = {row["account"] for row in one["accounts"]}
        lost = sorted({account for account, _kind in of_it} - accounts)
        must(not lost, "line 1: {} {} is not in the close".format(one["currency"], lost))
        for row in one["accounts"]:
            moved = [amounts for (account, _kind), amounts in of_it.items() if account == row["account"]]
            debits, credits = sum(debit for debit, _ in moved), sum(credit for _, credit in moved)
            closing = int(row["opening"]) + debits - credits
            for what, made in (("debits", debits), ("credits", credits), ("closing", closing)):
                where = "{} {} {}".format(one["currency"], row["account"], what)
                must(row[what] == str(made), f"line 1: {where} was closed at {row[what]}, the entries make {made}")
        for figure, (on, kinds, sign) in FIGURES.items():
            made = sign * sum(
                debit - credit
                for (account, kind), (debit, credit) in of_it.items()
                if account in on and (kinds is None or kind in kinds)
            )
            where = "{} {}".format(one["currency"], figure)
            said = one["figures"].get(figure)
            must(said == str(made), f"line 1: {where} was closed at {said}, the entries make {made}")
        must(set(one["figures"]) == set(FIGURES), "line 1: there are other figures")


def is_month(path):
    with open(path, "rb") as file:
        return canonical(MONTH_PROOF) in file.readline()


def name(account):
    return "{} {}".format(account["account"], account["currency"])


def month_after(month):
    year, number = (int(part) for part in month.split("-"))
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def name_of(entry):
    """What a person can look for: the entry's number and key."""
    head = entry.get("entry")
    head = head if isinstance(head, dict) else {}
    return "entry {} ({})".format(head.get("id", "?"), head.get("key", "?"))


def check_copies(paths, head_of_seals, seals):
    """Each older copy of the seals. A Wrong that rises names the file that is wrong by `path`."""
    for path in paths:
        try:
            kept, kept_seals = read_seals(path)
        except Wrong as wrong:
            wrong.path = path
            raise
        check_kept(kept, kept_seals, head_of_seals, seals)
        say(f"{path}: its {len(kept_seals)} days and its rules stand there as they were kept.")


def check_all(paths, head_of_seals, seals):
    """Each file after the one before it. A Wrong that rises names its file by `path`."""
    statement = month = None
    for path in paths:
        try:
            if is_month(path):
                is_first, (month, count) = month is None, check_month(path, head_of_seals, seals, month)
                say(f"{path}: {count} entries are right; the frozen figures of {month['month']} are made of them.")
                if is_first and month["previous"] != START:
                    say("  What it opens with is believed: the month before was not given.")
                continue
            head, so_far, lines, sealed = check_statement(path, head_of_seals, seals, statement)
        except Wrong as wrong:
            wrong.path = path
            raise
        statement = (head["creator"], head["month"]), so_far
        say(f"{path}: {lines} lines are right; {sealed} of them are sealed.")
        for each, closing in sorted(so_far["balances"].items()):
            say(f"  {each}: {closing} minor units at the end of {head['month']}")
        tell_what_is_not_seen(so_far, lines - sealed)


def tell_silent_days(seals):
    """Whoever stops counting lines leaves this trace, and no other."""
    counted = False
    for day, seal in seals.items():
        if counted and "accounts" not in seal:
            say(f"  The seal of {day} counts no lines, though the one before it does.")
        counted = "accounts" in seal


def tell_what_is_not_seen(so_far, unsealed):
    """What somebody must know who relies on a statement that is right."""
    believed = so_far["believed"]
    for each, (count, day) in sorted(so_far["through"].items()):
        if each not in believed:
            say(f"  {each}: its {count} lines until {day} are counted in that day's seal; none of them was left out.")
    if believed:
        say(f"  What it opens with is believed, of {', '.join(believed)}: no seal before says it.")
        say("  A line that was left out may be hidden in it: give the months before, too.")
    if not so_far["counts_lines"]:
        say("  No seal counts its lines: that none was left out cannot be seen.")
    if unsealed:
        say("  The others were booked on days that are not sealed yet: check again tomorrow.")


def main(arguments):
    paths, copies = list(arguments), []
    while "--kept" in paths[:-1]:
        at = paths.index("--kept")
        copies.append(paths.pop(at + 1))
        del paths[at]
    if not paths or any(each.startswith("-") for each in paths):
        say(__doc__.strip())
        return 2
    path = paths[0]
    try:
        head_of_seals, seals = read_seals(path)
        say(f"{path}: {len(seals)} days are sealed, one after the other.")
        tell_silent_days(seals)
        check_copies(copies, head_of_seals, seals)
        check_all(paths[1:], head_of_seals, seals)
    except Wrong as wrong:
        say(f"WRONG: {getattr(wrong, 'path', path)}, {wrong}")
        return 1
    except OSError as error:
        say(f"{error.filename or path} cannot be read: {error.strerror}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
