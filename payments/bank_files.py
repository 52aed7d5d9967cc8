"""A file of bank orders as text: CSV for any bank, and ISO 20022 pain.001.001.09 for those that read it.

Both are made of rows that never change, so a file downloaded twice is the same.
"""

import csv
import io
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.conf import settings

from marketplace.lib.money import Money

from .bank_numbers import is_bic
from .models import BankDetails, BankFile, Payout

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
COLUMNS = ["reference", "holder", "account", "bank_code", "bank", "country", "amount", "currency"]
Line = tuple[Payout, BankDetails]


def lines(file: BankFile) -> list[Line]:
    """Each payout of the file with the bank details that it was begun to. One that leads to none is no order."""
    payouts = [order.payout for order in file.orders.select_related("payout").order_by("id")]
    details = BankDetails.objects.gone_to(payouts)
    return [(payout, details[payout.pk]) for payout in payouts if payout.pk in details]


def as_csv(file: BankFile) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for payout, bank in lines(file):
        cells = [bank.holder, bank.number, bank.bank_code, bank.bank_name, bank.country]
        amount = [payout.amount.decimal_text(), payout.currency]
        writer.writerow([payout.token, *(_plain(cell) for cell in cells), *amount])
    return out.getvalue()


def as_pain001(file: BankFile) -> bytes:
    """One payment block; each order carries the payout's token, by which the bank's statement names it again."""
    orders = lines(file)
    root = Element("Document", xmlns=NAMESPACE)
    start = SubElement(root, "CstmrCdtTrfInitn")
    head = SubElement(start, "GrpHdr")
    _leaf(head, "MsgId", str(file))
    _leaf(head, "CreDtTm", _moment(file.made_at))
    _leaf(head, "NbOfTxs", str(len(orders)))
    total = Money.total((payout.amount for payout, _bank in orders), file.currency)
    _leaf(head, "CtrlSum", total.decimal_text())
    _leaf(SubElement(head, "InitgPty"), "Nm", settings.KEZHAN_SELLER_NAME)
    block = SubElement(start, "PmtInf")
    _leaf(block, "PmtInfId", str(file))
    _leaf(block, "PmtMtd", "TRF")
    _leaf(SubElement(block, "ReqdExctnDt"), "Dt", file.made_at.date().isoformat())
    _leaf(SubElement(block, "Dbtr"), "Nm", settings.KEZHAN_SELLER_NAME)
    # The bank knows from whose contract the file comes; the account is chosen there.
    _leaf(_path(block, "DbtrAcct", "Id", "Othr"), "Id", "NOTPROVIDED")
    _leaf(_path(block, "DbtrAgt", "FinInstnId", "Othr"), "Id", "NOTPROVIDED")
    for payout, bank in orders:
        _order(block, payout, bank)
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _order(block: Element, payout: Payout, bank: BankDetails) -> None:
    order = SubElement(block, "CdtTrfTxInf")
    _leaf(SubElement(order, "PmtId"), "EndToEndId", payout.token)
    amount = _leaf(SubElement(order, "Amt"), "InstdAmt", payout.amount.decimal_text())
    amount.set("Ccy", payout.currency)
    agent = _path(order, "CdtrAgt", "FinInstnId")
    if is_bic(bank.bank_code):
        _leaf(agent, "BICFI", bank.bank_code)
    else:
        _leaf(SubElement(agent, "ClrSysMmbId"), "MmbId", bank.bank_code)
        _leaf(agent, "Nm", bank.bank_name)
    _leaf(SubElement(order, "Cdtr"), "Nm", bank.holder)
    account = _path(order, "CdtrAcct", "Id")
    if bank.is_iban:
        _leaf(account, "IBAN", bank.number)
    else:
        _leaf(SubElement(account, "Othr"), "Id", bank.number)
    _leaf(SubElement(order, "RmtInf"), "Ustrd", f"Payout {payout.pk}")


def _path(parent: Element, *names: str) -> Element:
    for name in names:
        parent = SubElement(parent, name)
    return parent


def _leaf(parent: Element, name: str, text: str) -> Element:
    leaf = SubElement(parent, name)
    leaf.text = text
    return leaf


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell
