"""A bank to play with: it reads payment files, keeps accounts of its own, and answers as banks do.

It shares no code with the services, so that it cannot repeat their mistakes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from lxml import etree
from lxml.etree import _Element as Element  # pyright: ignore[reportPrivateUsage]

_PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


@dataclass
class Account:
    """An account: its balance in cents, and how many statements it has had."""

    iban: str
    cents: int = 100_000_000
    statements: int = 0


@dataclass(frozen=True)
class Payment:
    """A payment as the bank found it in a file."""

    account: str
    order_id: str
    end_to_end_id: str
    cents: int
    payee: str
    payee_account: str


@dataclass(frozen=True)
class _Line:
    payment: Payment
    cents: int
    credit: bool
    reason: str | None = None
    fee_cents: int = 0


class Bank:
    """Accounts are opened by the first payment from them, unless they were opened before."""

    def __init__(self, accounts: Iterable[Account] = ()) -> None:
        self.accounts = {account.iban: account for account in accounts}
        self._paid: dict[str, Payment] = {}

    def book(self, payment_file: bytes, on: date) -> list[bytes]:
        """Pays everything in the file: one camt.053.001.08 statement per account."""
        payments = payments_in(payment_file)
        self._paid |= {payment.end_to_end_id: payment for payment in payments}
        return [
            self._statement(
                iban,
                on,
                [
                    _Line(payment, payment.cents, credit=False)
                    for payment in payments
                    if payment.account == iban
                ],
            )
            for iban in dict.fromkeys(payment.account for payment in payments)
        ]

    def give_back(self, end_to_end_id: str, on: date, reason: str = "AC04", fee_cents: int = 0) -> bytes:
        """A statement on which a booked payment comes back, less the fee that the payee's bank keeps."""
        payment = self._paid[end_to_end_id]
        line = _Line(payment, payment.cents - fee_cents, credit=True, reason=reason, fee_cents=fee_cents)
        return self._statement(payment.account, on, [line])

    def _statement(self, iban: str, on: date, lines: list[_Line]) -> bytes:
        account = self.accounts.setdefault(iban, Account(iban))
        opening = account.cents
        account.statements += 1
        account.cents += sum(line.cents if line.credit else -line.cents for line in lines)
        id = f"{on:%Y%m%d}-{iban[-4:]}-{account.statements:05}"
        entries = "".join(_entry(line, on, f"{id}-{n:04}") for n, line in enumerate(lines, start=1))
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>{id}</MsgId><CreDtTm>{on}T18:00:00</CreDtTm></GrpHdr>
<Stmt><Id>{id}</Id><ElctrncSeqNb>{account.statements}</ElctrncSeqNb><CreDtTm>{on}T18:00:00</CreDtTm>
<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
{_balance("OPBD", opening, on)}{_balance("CLBD", account.cents, on)}{entries}</Stmt>
</BkToCstmrStmt></Document>
""".encode()


def payments_in(payment_file: bytes) -> list[Payment]:
    """The payments of a pain.001.001.09 file."""
    document = etree.fromstring(payment_file)
    return [
        Payment(
            account=_text(order, "DbtrAcct/Id/IBAN"),
            order_id=_text(order, "PmtInfId"),
            end_to_end_id=_text(transfer, "PmtId/EndToEndId"),
            cents=int(Decimal(_text(transfer, "Amt/InstdAmt")) * 100),
            payee=_text(transfer, "Cdtr/Nm"),
            payee_account=_text(transfer, "CdtrAcct/Id/IBAN"),
        )
        for order in document.iter(f"{_PAIN}PmtInf")
        for transfer in order.findall(f"{_PAIN}CdtTrfTxInf")
    ]


def refuse(payment_file: bytes, on: date, reason: str = "AM04", end_to_end_id: str | None = None) -> bytes:
    """A pain.002.001.10 status report: the whole file refused, or only one payment in it."""
    header = next(etree.fromstring(payment_file).iter(f"{_PAIN}GrpHdr"))
    message_id = escape(_text(header, "MsgId"))
    because = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>"
    refused = "".join(
        f"""<OrgnlPmtInfAndSts><OrgnlPmtInfId>{escape(payment.order_id)}</OrgnlPmtInfId>
<PmtInfSts>PART</PmtInfSts>
<TxInfAndSts><OrgnlEndToEndId>{escape(payment.end_to_end_id)}</OrgnlEndToEndId><TxSts>RJCT</TxSts>{because}
</TxInfAndSts></OrgnlPmtInfAndSts>
"""
        for payment in payments_in(payment_file)
        if payment.end_to_end_id == end_to_end_id
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>{message_id}-R</MsgId><CreDtTm>{on}T12:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{message_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>
{"" if end_to_end_id else f"<GrpSts>RJCT</GrpSts>{because}"}</OrgnlGrpInfAndSts>
{refused}</CstmrPmtStsRpt></Document>
""".encode()


def _entry(line: _Line, on: date, reference: str) -> str:
    payment = line.payment
    direction = "CRDT" if line.credit else "DBIT"
    fee = f"<Chrgs><Rcrd>{_euro(line.fee_cents)}</Rcrd></Chrgs>" if line.fee_cents else ""
    back = f"<RtrInf><Rsn><Cd>{line.reason}</Cd></Rsn></RtrInf>" if line.reason else ""
    return f"""<Ntry>{_euro(line.cents)}<CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>{reference}</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd>
<Fmly><Cd>ICDT</Cd><SubFmlyCd>{"RRTN" if back else "ESCT"}</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><PmtInfId>{escape(payment.order_id)}</PmtInfId>
<EndToEndId>{escape(payment.end_to_end_id)}</EndToEndId></Refs>
{_euro(line.cents)}<CdtDbtInd>{direction}</CdtDbtInd>
<AmtDtls><InstdAmt>{_euro(payment.cents)}</InstdAmt></AmtDtls>{fee}
<RltdPties><Cdtr><Pty><Nm>{escape(payment.payee)}</Nm></Pty></Cdtr>
<CdtrAcct><Id><IBAN>{payment.payee_account}</IBAN></Id></CdtrAcct></RltdPties>{back}
</TxDtls></NtryDtls></Ntry>
"""


def _balance(kind: str, cents: int, on: date) -> str:
    return f"""<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_euro(abs(cents))}
<CdtDbtInd>{"CRDT" if cents >= 0 else "DBIT"}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>
"""


def _text(element: Element, path: str) -> str:
    return element.findtext("/".join(f"{_PAIN}{step}" for step in path.split("/"))) or ""


def _euro(cents: int) -> str:
    return f'<Amt Ccy="EUR">{Decimal(cents) / 100:.2f}</Amt>'
