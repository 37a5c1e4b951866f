"""What the bank writes: statements, advices and status reports, in the version and manner of its dialect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from deploy.bank.dialects import Dialect


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
class Line:
    """What is booked on an account, in signed cents. kind: the ISO code of the family it belongs to."""

    account: str
    cents: int
    payments: tuple[Payment, ...]
    reason: str = ""
    fee_cents: int = 0
    kind: str = "ESCT"
    text: str = ""


@dataclass(frozen=True)
class Message:
    """A file that the bank sends. kind: camt.053, camt.054 or pain.002."""

    kind: str
    account: str
    content: bytes


def statement(
    dialect: Dialect, iban: str, number: int, id: str, opening: int, lines: Sequence[Line], on: date
) -> list[Message]:
    """One statement: one message, or one for each of its pages."""
    size = dialect.page or len(lines)
    pages = [lines[start : start + size] for start in range(0, len(lines), size)]
    entries = [
        "".join(
            _entry(dialect, line, on, f"{id}-{page * size + n:04}") for n, line in enumerate(part, start=1)
        )
        for page, part in enumerate(pages)
    ]
    closing = opening + sum(line.cents for line in lines)
    messages: list[Message] = []
    for page, written in enumerate(entries, start=1):
        first, last = page == 1, page == len(entries)
        paging = f"<PgNb>{page}</PgNb><LastPgInd>{str(last).lower()}</LastPgInd>" if dialect.page else ""
        in_header = f"<MsgPgntn>{paging}</MsgPgntn>" if paging and dialect.version == "02" else ""
        in_block = f"<StmtPgntn>{paging}</StmtPgntn>" if paging and dialect.version == "08" else ""
        before = opening + sum(line.cents for line in lines[: (page - 1) * size])
        after = before + sum(line.cents for line in lines[(page - 1) * size : page * size])
        balances = _balance("OPBD" if first else "ITBD", before, on) + _balance(
            "CLBD" if last else "ITBD", after, on
        )
        messages.append(
            Message("camt.053", iban, f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{dialect.version}"><BkToCstmrStmt>
<GrpHdr><MsgId>{id}-{page}</MsgId><CreDtTm>{on}T18:00:00</CreDtTm>{in_header}</GrpHdr>
<Stmt><Id>{id}</Id>{in_block}<ElctrncSeqNb>{number}</ElctrncSeqNb><CreDtTm>{on}T18:00:00</CreDtTm>
<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
{balances}{written}</Stmt>
</BkToCstmrStmt></Document>
""".encode())
        )  # fmt: skip
    assert opening + sum(line.cents for line in lines) == closing
    return messages


def advice(dialect: Dialect, iban: str, id: str, lines: Sequence[Line], on: date) -> list[Message]:
    """The single payments of what was booked as one sum."""
    sums = [(n, line) for n, line in enumerate(lines, start=1) if dialect.one_sum and len(line.payments) > 1]
    if not sums:
        return []
    entries = "".join(_entry(dialect, line, on, f"{id}-{n:04}", advised=True) for n, line in sums)
    return [
        Message("camt.054", iban, f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.{dialect.version}"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>{id}-A</MsgId><CreDtTm>{on}T18:00:00</CreDtTm></GrpHdr>
<Ntfctn><Id>{id}-A</Id><CreDtTm>{on}T18:00:00</CreDtTm>
<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
{entries}</Ntfctn>
</BkToCstmrDbtCdtNtfctn></Document>
""".encode())
    ]  # fmt: skip


def refusal(
    message_id: str, payments: Sequence[Payment], on: date, reason: str = "AM04", only: str | None = None
) -> bytes:
    """A pain.002.001.10 status report: the whole file refused, or only one payment in it."""
    because = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>"
    refused = "".join(
        f"""<OrgnlPmtInfAndSts><OrgnlPmtInfId>{escape(payment.order_id)}</OrgnlPmtInfId>
<PmtInfSts>PART</PmtInfSts>
<TxInfAndSts><OrgnlEndToEndId>{escape(payment.end_to_end_id)}</OrgnlEndToEndId><TxSts>RJCT</TxSts>{because}
</TxInfAndSts></OrgnlPmtInfAndSts>
"""
        for payment in payments
        if payment.end_to_end_id == only
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>{escape(message_id)}-R</MsgId><CreDtTm>{on}T12:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{escape(message_id)}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>
{"" if only else f"<GrpSts>RJCT</GrpSts>{because}"}</OrgnlGrpInfAndSts>
{refused}</CstmrPmtStsRpt></Document>
""".encode()


def _entry(dialect: Dialect, line: Line, on: date, reference: str, *, advised: bool = False) -> str:
    cents, direction = abs(line.cents), "CRDT" if line.cents >= 0 else "DBIT"
    status = "<Sts>BOOK</Sts>" if dialect.version == "02" else "<Sts><Cd>BOOK</Cd></Sts>"
    given = {"own": reference}.get(dialect.reference, dialect.reference)
    referred = f"<AcctSvcrRef>{given}</AcctSvcrRef>" if given else ""
    family = "RRTN" if line.reason else line.kind
    text = f"<AddtlNtryInf>{escape(line.text)}</AddtlNtryInf>" if line.text else ""
    return f"""<Ntry>{_euro(cents)}<CdtDbtInd>{direction}</CdtDbtInd>{status}
<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>{referred}
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>{family}</SubFmlyCd></Fmly></Domn></BkTxCd>
{_details(dialect, line, direction, advised=advised)}{text}</Ntry>
"""


def _details(dialect: Dialect, line: Line, direction: str, *, advised: bool) -> str:
    """The payments of an entry; of one that is booked as one sum only how many, unless it is being advised."""
    if not line.payments:
        return ""
    if dialect.one_sum and len(line.payments) > 1 and not advised:
        order = escape(line.payments[0].order_id)
        count = len(line.payments)
        return f"<NtryDtls><Btch><PmtInfId>{order}</PmtInfId><NbOfTxs>{count}</NbOfTxs></Btch></NtryDtls>"
    share = line.fee_cents // len(line.payments)
    fee = f"<Chrgs><Rcrd>{_euro(share)}</Rcrd></Chrgs>" if share else ""
    back = f"<RtrInf><Rsn><Cd>{line.reason}</Cd></Rsn></RtrInf>" if line.reason else ""
    return (
        "<NtryDtls>"
        + "".join(_detail(dialect, line, one, direction, fee, back) for one in line.payments)
        + ("</NtryDtls>")
    )


def _detail(dialect: Dialect, line: Line, payment: Payment, direction: str, fee: str, back: str) -> str:
    order = "NOTPROVIDED" if dialect.reference == "NOTPROVIDED" else escape(payment.order_id)
    name = f"<Nm>{escape(payment.payee)}</Nm>"
    payee = name if dialect.version == "02" else f"<Pty>{name}</Pty>"
    amount = f'<InstdAmt><Amt Ccy="EUR">{_decimal(payment.cents)}</Amt></InstdAmt>'
    return f"""<TxDtls><Refs><PmtInfId>{order}</PmtInfId>
<EndToEndId>{escape(payment.end_to_end_id)}</EndToEndId></Refs>
<AmtDtls>{amount}</AmtDtls>{fee}
<RltdPties><Cdtr>{payee}</Cdtr>
<CdtrAcct><Id><IBAN>{payment.payee_account}</IBAN></Id></CdtrAcct></RltdPties>{back}
</TxDtls>"""


def _balance(kind: str, cents: int, on: date) -> str:
    return f"""<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_euro(abs(cents))}
<CdtDbtInd>{"CRDT" if cents >= 0 else "DBIT"}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>
"""


def _euro(cents: int) -> str:
    return f'<Amt Ccy="EUR">{_decimal(cents)}</Amt>'


def _decimal(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"
