"""What banks answer: read strictly in both versions, told apart exactly, refused when not sound."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from contracts.errors import DomainError
from deploy.bank.books import Account, Bank, refuse
from deploy.bank.dialects import DIALECTS
from services.reimbursements.banking.advices import read_advices
from services.reimbursements.banking.reports import Status, read_status_report
from services.reimbursements.banking.sepa import Address, Order, Party, Transfer, write
from services.reimbursements.banking.statements import Statement, read_statements

MEMBER = Party("BioRN", Address("Heidelberg", "DE"), "DE89370400440532013000")
PAYEE = Party("Inovação & Saúde", Address("Porto", "PT"), "PT50000201231234567890154")
DAY = date(2026, 9, 16)


def payment_file() -> bytes:
    transfers = (
        Transfer("C-2026-000017-1", 78_000, PAYEE, "Lump sum"),
        Transfer("C-2026-000018-1", 39_000, PAYEE, "Lump sum"),
    )
    created = datetime(2026, 9, 14, tzinfo=UTC)
    return write("B-1", created, "CELIS", [Order("B-1-1", MEMBER, DAY, transfers)]).content


def one(content: bytes) -> Statement:
    (statement,) = read_statements(content)
    return statement


def given_back(bank: Bank, id: str, on: date, fee_cents: int = 0) -> bytes:
    bank.give_back(id, "AC04", fee_cents)
    (message,) = bank.close_day(on)
    return message.content


def slug(content: bytes | str) -> str:
    with pytest.raises(DomainError) as refused:
        read_statements(content.encode() if isinstance(content, str) else content)
    return refused.value.slug


def test_the_bank_books_a_payment_file() -> None:
    bank = Bank([Account(MEMBER.number, 500_000)])
    statement = one(bank.book(payment_file(), DAY)[0])
    assert (statement.account, statement.opening_cents, statement.closing_cents) == (
        MEMBER.number,
        500_000,
        383_000,
    )
    assert statement.closed_on == DAY
    entry = statement.entries[0]
    assert (entry.cents, entry.credit, entry.booked, entry.reversal) == (78_000, False, True, False)
    assert (entry.booked_on, entry.value_date) == (DAY, DAY)
    assert [(item.end_to_end_id, item.order_id, item.cents) for item in entry.items] == [
        ("C-2026-000017-1", "B-1-1", 78_000)
    ]
    assert len({entry.reference for entry in statement.entries}) == 2


def test_the_bank_gives_a_payment_back_less_a_fee() -> None:
    bank = Bank()
    booked = one(bank.book(payment_file(), DAY)[0])
    returned = one(given_back(bank, "C-2026-000017-1", date(2026, 9, 18), fee_cents=500))
    returned.must_continue(booked.closing_cents)
    (entry,) = returned.entries
    assert (entry.cents, entry.credit, entry.charges_cents) == (77_500, True, 500)
    (item,) = entry.items
    assert (item.end_to_end_id, item.cents, item.return_reason) == ("C-2026-000017-1", 78_000, "AC04")
    assert entry.cents + entry.charges_cents == item.cents


def test_a_gap_between_two_statements_is_refused() -> None:
    bank = Bank()
    first = one(bank.book(payment_file(), DAY)[0])
    given_back(bank, "C-2026-000017-1", DAY)
    third = one(given_back(bank, "C-2026-000018-1", DAY))
    with pytest.raises(DomainError, match="statement-gap"):
        third.must_continue(first.closing_cents)


def test_a_whole_file_refused() -> None:
    report = read_status_report(refuse(payment_file(), DAY, "AM04"))
    assert report.original_message_id == "B-1"
    status = report.status_of("B-1-1", "C-2026-000017-1")
    assert status == Status("RJCT", "AM04")
    assert status and status.refused and not status.payees_cause


def test_one_payment_of_a_file_refused() -> None:
    report = read_status_report(refuse(payment_file(), DAY, "AC01", "C-2026-000017-1"))
    refused = report.status_of("B-1-1", "C-2026-000017-1")
    assert refused == Status("RJCT", "AC01")
    assert refused and refused.payees_cause
    assert report.status_of("B-1-1", "C-2026-000018-1") == Status("PART", None)


def test_an_accepted_file_in_the_older_version() -> None:
    report = read_status_report(
        b"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>
        <GrpHdr><MsgId>S-1</MsgId><CreDtTm>2026-09-14T12:00:00</CreDtTm></GrpHdr>
        <OrgnlGrpInfAndSts><OrgnlMsgId>B-1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>
        <GrpSts>ACCP</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"""
    )
    assert report.status_of("B-1-1", "C-2026-000017-1") == Status("ACCP", None)


OLDER = f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>M-1</MsgId><CreDtTm>2026-09-16T18:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S-7</Id><ElctrncSeqNb>7</ElctrncSeqNb><Acct><Id><IBAN>{MEMBER.number}</IBAN></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>
<Dt><Dt>2026-09-15</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Prtry>COLLECTED</Prtry></CdOrPrtry></Tp><Amt Ccy="EUR">7</Amt><CdtDbtInd>DBIT</CdtDbtInd>
<Dt><Dt>2026-09-16</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1273.5</Amt><CdtDbtInd>DBIT</CdtDbtInd>
<Dt><Dt>2026-09-16</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">1170</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><DtTm>2026-09-16T04:00:00+02:00</DtTm></BookgDt><AcctSvcrRef>NOTPROVIDED</AcctSvcrRef>
<NtryDtls><Btch><PmtInfId>B-1-1</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>
<TxDtls><Refs><EndToEndId>C-2026-000017-1</EndToEndId></Refs>
<AmtDtls><TxAmt><Amt Ccy="EUR">780.00</Amt></TxAmt></AmtDtls></TxDtls>
<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
<AmtDtls><InstdAmt><Amt Ccy="USD">500.00</Amt></InstdAmt><TxAmt><Amt Ccy="EUR">390.00</Amt></TxAmt></AmtDtls>
</TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">3.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-09-16</Dt></BookgDt><ValDt><Dt>2026-09-17</Dt></ValDt><AcctSvcrRef>F-1</AcctSvcrRef>
<BkTxCd><Domn><Cd>ACMT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd></Ntry>
<Ntry><Amt Ccy="EUR">5000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>true</RvslInd><Sts>PDNG</Sts>
<AcctSvcrRef>P-1</AcctSvcrRef></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def test_the_older_version_with_a_batch_a_fee_and_a_pending_line() -> None:
    statement = one(OLDER.encode())
    assert (statement.number, statement.opening_cents, statement.closing_cents) == (7, -10_000, -127_350)
    batch, fee, pending = statement.entries
    assert (batch.reference, batch.position) == (None, 1)
    assert (batch.order_id, batch.value_date) == ("B-1-1", DAY)
    assert [(item.end_to_end_id, item.cents) for item in batch.items] == [
        ("C-2026-000017-1", 78_000),
        (None, 39_000),
    ]
    assert fee.is_charge and fee.items == () and fee.reference == "F-1"
    assert (fee.booked_on, fee.value_date) == (DAY, date(2026, 9, 17))
    assert not pending.booked and pending.reversal and pending.booked_on is None


def test_the_same_entry_in_two_versions_has_one_identity() -> None:
    newer = OLDER.replace("camt.053.001.02", "camt.053.001.08").replace(
        "<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>"
    )
    newer = newer.replace("<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>")
    assert one(newer.encode()) == one(OLDER.encode())


def test_a_reference_that_the_bank_gives_twice_identifies_nothing() -> None:
    twice = OLDER.replace("NOTPROVIDED</AcctSvcrRef>", "F-1</AcctSvcrRef>")
    assert [entry.reference for entry in one(twice.encode()).entries] == [None, None, "P-1"]


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ("1273.5<", "1273.51<", "statement-does-not-add-up"),
        (">1170<", ">1170.001<", "message-incomplete"),
        (">1170<", ">-1170<", "message-incomplete"),
        (">1170<", ">1e3<", "message-incomplete"),
        (">1170<", f">{'9' * 40}<", "message-incomplete"),
        (">1170<", "><", "message-incomplete"),
        ('<Amt Ccy="EUR">1170', '<Amt Ccy="USD">1170', "message-currency"),
        ("</Id></Acct>", "</Id><Ccy>CHF</Ccy></Acct>", "message-currency"),
        (MEMBER.number, "DE88370400440532013000", "message-incomplete"),
        ("<Sts>BOOK</Sts>", "", "message-incomplete"),
        ("<CdtDbtInd>CRDT</CdtDbtInd>", "<CdtDbtInd>BOTH</CdtDbtInd>", "message-incomplete"),
        ("<BookgDt><Dt>2026-09-16</Dt>", "<BookgDt><Dt>2026-09-31</Dt>", "message-incomplete"),
        ("<Cd>CLBD</Cd>", "<Cd>ITBD</Cd>", "message-incomplete"),
        ("camt.053.001.02", "camt.052.001.02", "message-version"),
        ("<Stmt>", "<Stmt", "message-unreadable"),
        ("<Document", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><Document", "message-unreadable"),
        (
            "<Document",
            "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><Document",
            "message-unreadable",
        ),
    ],
)
def test_what_is_not_sound_is_refused(old: str, new: str, refusal: str) -> None:
    assert old in OLDER
    assert slug(OLDER.replace(old, new, 1)) == refusal


def test_an_entity_bomb_does_not_go_off() -> None:
    bombs = "".join(f"<!ENTITY b{n} '{f'&b{n - 1};' * 10}'>" for n in range(1, 12))
    bomb = f"<!DOCTYPE a [<!ENTITY b0 'boom'>{bombs}]><Document>&b11;</Document>"
    assert slug(bomb) == "message-unreadable"


@pytest.mark.parametrize("content", [b"", b"not xml", b"\xff\xfe\x00", b"<Document/>", b"<a/>"])
def test_what_is_no_message_is_refused(content: bytes) -> None:
    assert slug(content) in ("message-unreadable", "message-version")


def test_a_statement_of_ten_thousand_lines_is_read() -> None:
    pending = OLDER[OLDER.rindex("<Ntry>") : OLDER.index("</Stmt>")]
    lines = "".join(pending.replace("P-1", f"L-{n}") for n in range(10_000))
    statement = one(OLDER.replace("</Stmt>", f"{lines}</Stmt>").encode())
    assert len({entry.reference for entry in statement.entries}) == 10_003


def test_pages_are_put_together_in_any_order_and_refused_while_one_is_missing() -> None:
    for dialect in ("paged", "paged-text"):
        bank = Bank([Account(MEMBER.number, 500_000)], DIALECTS[dialect])
        bank.take(payment_file())
        bank.charge(MEMBER.number, 350)
        first, last = (message.content for message in bank.close_day(DAY))
        (statement,) = read_statements(last, first)
        assert [entry.cents for entry in statement.entries] == [78_000, 39_000, 350]
        assert statement.closing_cents == bank.accounts[MEMBER.number].cents
        for part in ((first,), (last,), (first, first, last)):
            with pytest.raises(DomainError, match="statement-pages"):
                read_statements(*part)


def test_an_advice_names_what_a_statement_gives_as_one_sum() -> None:
    bank = Bank([Account(MEMBER.number, 500_000)], DIALECTS["one-sum"])
    bank.take(payment_file())
    statement, advice = (message.content for message in bank.close_day(DAY))
    (entry,) = one(statement).entries
    assert (entry.cents, entry.items, entry.order_id) == (117_000, (), "B-1-1")
    (advised,) = read_advices(advice)
    (named,) = advised.entries
    assert (named.reference, named.cents) == (entry.reference, entry.cents)
    assert [(item.end_to_end_id, item.cents) for item in named.items] == [
        ("C-2026-000017-1", 78_000),
        ("C-2026-000018-1", 39_000),
    ]


def test_charges_that_the_bank_netted_are_told_apart_from_the_payment() -> None:
    bank = Bank([Account(MEMBER.number, 500_000)], DIALECTS["netted"])
    entry = one(bank.book(payment_file(), DAY)[0]).entries[0]
    assert (entry.cents, entry.charges_cents, entry.items[0].cents) == (78_035, 35, 78_000)


def test_what_the_bank_wrote_of_the_other_side_is_told() -> None:
    bank = Bank([Account(MEMBER.number, 500_000)])
    bank.move(MEMBER.number, 12_300, "Membership fee 2026")
    (message,) = bank.close_day(DAY)
    assert one(message.content).entries[0].told == "Membership fee 2026"


@pytest.mark.parametrize(
    ("number", "closed_on", "follows"),
    [(8, DAY, True), (9, DAY, False), (1, date(2027, 1, 4), True), (8, date(2026, 9, 15), False)],
)
def test_a_statement_left_out_is_noticed_though_the_balance_is_the_same(
    number: int, closed_on: date, follows: bool
) -> None:
    statement = replace(one(OLDER.encode()), number=number, closed_on=closed_on)
    if follows:
        statement.must_continue(statement.opening_cents, 7, DAY)
    else:
        with pytest.raises(DomainError, match="statement-gap"):
            statement.must_continue(statement.opening_cents, 7, DAY)
