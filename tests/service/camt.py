"""Statements of a bank (camt.053.001.08) as a test wants them, and what became of their entries."""

from datetime import date

from tests.service.money import MEMBER_IBAN, Finance


def statement(
    id: str,
    opening: int,
    *entries: tuple[int, str, str, str],
    iban: str = MEMBER_IBAN,
    on: date = date(2026, 11, 24),
) -> bytes:
    """A camt.053 with entries of (signed cents, reference, end-to-end id, kind); of the kind `told:…`
    it tells these words."""

    def euro(cents: int) -> str:
        return f'<Amt Ccy="EUR">{abs(cents) / 100:.2f}</Amt><CdtDbtInd>{"CRDT" if cents >= 0 else "DBIT"}</CdtDbtInd>'

    def balance(kind: str, cents: int) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{euro(cents)}<Dt><Dt>{on}</Dt></Dt></Bal>"
        )

    def entry(cents: int, reference: str, named: str, kind: str) -> str:
        details = f"<NtryDtls><TxDtls><Refs><EndToEndId>{named}</EndToEndId></Refs></TxDtls></NtryDtls>"
        if kind.startswith("batch:"):
            details = f"<NtryDtls><Btch><PmtInfId>{kind[6:]}</PmtInfId></Btch></NtryDtls>"
        if kind.startswith("told:"):
            details = f"<NtryDtls><TxDtls><RmtInf><Ustrd>{kind[5:]}</Ustrd></RmtInf></TxDtls></NtryDtls>"
        code = f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>{kind[:4]}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        return f"""<Ntry>{euro(cents)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt></BookgDt>
            <AcctSvcrRef>{reference}</AcctSvcrRef>{code}{details}</Ntry>"""

    closing = opening + sum(cents for cents, *_ in entries)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
    <GrpHdr><MsgId>{id}</MsgId><CreDtTm>{on}T18:00:00</CreDtTm></GrpHdr>
    <Stmt><Id>{id}</Id><CreDtTm>{on}T18:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
    {balance("OPBD", opening)}{balance("CLBD", closing)}{"".join(entry(*one) for one in entries)}
    </Stmt></BkToCstmrStmt></Document>""".encode()


async def posted(money: Finance) -> list[tuple[int, str]]:
    """Each entry that was read and what it was posted as."""
    rows = await money.rows("select cents, posted_as from statement_entries order by statement, position")
    return [(row.cents, row.posted_as) for row in rows]


async def suspense(money: Finance) -> int:
    """What nobody has explained yet, in cents of debit."""
    rows = await money.rows("select balance_cents from ledger_account_balance where account = 'SUSPENSE'")
    return sum(row.balance_cents for row in rows)
