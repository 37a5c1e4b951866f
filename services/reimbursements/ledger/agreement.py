"""What must hold between the ledger and the rows that speak of money: each rule with the query for what breaks it."""

_OF = """
    LEFT JOIN (SELECT owner,
        coalesce(sum(balance_cents) FILTER (WHERE account = 'RESERVED'), 0) AS reserved,
        coalesce(sum(balance_cents) FILTER (WHERE account = 'COMMITTED'), 0) AS committed,
        coalesce(sum(balance_cents) FILTER (WHERE account = 'DRAWN'), 0) AS drawn,
        coalesce(sum(balance_cents) FILTER (WHERE account IN ('PAID', 'PAID_OUTSIDE')), 0) AS paid
        FROM ledger_account_balance GROUP BY owner) AS held ON held.owner = reservations.id
"""
_DRAWN_BY = """
    LEFT JOIN (SELECT reservation,
        coalesce(sum(accepted_cents) FILTER (WHERE state IN ('approved', 'ordered')), 0) AS drawn,
        coalesce(sum(paid_cents) FILTER (WHERE state IN ('paid', 'closed', 'recovering', 'recovered')), 0) AS paid
        FROM claims GROUP BY reservation) AS claimed ON claimed.reservation = reservations.id
"""
_HELD = (
    "coalesce(held.reserved, 0), coalesce(held.committed, 0), coalesce(held.drawn, 0), coalesce(held.paid, 0)"
)

RULES: dict[str, str] = {
    "a reservation holds what its state says": f"""
        SELECT reservations.id, state, amount_cents, {_HELD} FROM reservations {_OF} WHERE NOT CASE state
            WHEN 'queued' THEN coalesce(reserved + committed + drawn + paid, 0) = 0
            WHEN 'made' THEN reserved = amount_cents AND committed + drawn + paid = 0
            WHEN 'committed' THEN CASE purpose
                WHEN 'amendment' THEN coalesce(reserved + committed + drawn + paid, 0) = 0
                ELSE reserved = 0 AND committed + drawn + paid = amount_cents - (
                SELECT coalesce(sum(paid_cents), 0) FROM claims
                WHERE claims.reservation = reservations.id AND claims.state = 'replaced') END
            ELSE coalesce(reserved + committed + drawn, 0) = 0 END""",  # noqa: S608, the names are ours
    "what is drawn and paid is what claims say": f"""
        SELECT reservations.id, {_HELD}, claimed.drawn, claimed.paid FROM reservations {_OF} {_DRAWN_BY}
        WHERE coalesce(held.drawn, 0) <> coalesce(claimed.drawn, 0)
            OR coalesce(held.paid, 0) <> coalesce(claimed.paid, 0)""",  # noqa: S608
    "a claim that may still be paid has a live reservation": """
        SELECT claims.id, claims.state, reservations.state FROM claims
        JOIN reservations ON reservations.id = claims.reservation
        WHERE reservations.state <> 'committed' AND claims.state IN
            ('opened', 'filed', 'returned', 'verified', 'approved', 'ordered', 'paid')""",
    "what is payable is what is approved": """
        SELECT claims.id, state, accepted_cents, balance_cents FROM claims
        LEFT JOIN ledger_account_balance AS kept ON kept.owner = claims.id AND kept.account = 'PAYABLE'
        WHERE coalesce(balance_cents, 0) <> CASE state WHEN 'approved' THEN accepted_cents ELSE 0 END""",
    "what is in transit is what the bank was told": """
        SELECT batches.id, balance_cents FROM batches
        LEFT JOIN (SELECT owner, sum(balance_cents) AS balance_cents FROM ledger_account_balance
            WHERE account = 'TRANSIT' GROUP BY owner) AS kept ON kept.owner = batches.id
        WHERE coalesce(balance_cents, 0) <> (SELECT coalesce(sum(amount_cents), 0) FROM payments
            WHERE payments.batch = batches.id AND payments.state IN ('sent', 'accepted'))""",
    "support is what was accepted and not given back": """
        SELECT budgets.id, balance_cents FROM budgets
        LEFT JOIN ledger_account_balance AS kept ON kept.owner = budgets.id AND kept.account = 'SUPPORT'
        WHERE coalesce(balance_cents, 0) <> (SELECT coalesce(sum(accepted_cents), 0) FROM claims
            WHERE claims.budget = budgets.id
                AND claims.state IN ('approved', 'ordered', 'paid', 'closed', 'recovering', 'recovered'))
            - (SELECT coalesce(sum(demands.amount_cents - funder_cents), 0) FROM demands
            JOIN claims ON claims.id = demands.claim
            WHERE claims.budget = budgets.id AND ordered_by IS NOT NULL AND NOT withdrawn)
            - (SELECT coalesce(sum(cents), 0) FROM funder_support_cuts WHERE budget = budgets.id)
            + (SELECT coalesce(sum(cents), 0) FROM funder_cuts_regained WHERE budget = budgets.id)""",
    "the support that the funder cut is what its reports say": """
        SELECT id, cuts, cents FROM funder_reports
        LEFT JOIN (SELECT report, sum(cents) AS cents FROM funder_support_cuts GROUP BY report) AS borne
            ON borne.report = id
        WHERE coalesce(cents, 0) <> CASE state WHEN 'accepted' THEN coalesce((cuts ->> 'support')::bigint, 0)
            ELSE 0 END""",
    "of a claim that the funder cut no more comes back to the member than it bears": """
        SELECT claim, sum(cents) FROM (SELECT claim, cents FROM funder_support_cuts
            UNION ALL SELECT claim, -cents FROM funder_cuts_regained) AS borne
        GROUP BY claim HAVING sum(cents) < 0""",
    "what is written off is what the funder cut and what was waived": """
        SELECT coalesce(book, told.member), balance_cents, cents
        FROM (SELECT book, balance_cents FROM ledger_account_balance WHERE account = 'WRITTEN_OFF') AS kept
        FULL JOIN (SELECT member, sum(cents) AS cents FROM (
                SELECT member, waived_cents AS cents FROM demands
                UNION ALL SELECT member, cents FROM funder_support_cuts JOIN budgets ON budgets.id = budget
                UNION ALL SELECT member, -cents FROM funder_cuts_regained JOIN budgets ON budgets.id = budget) AS one
            GROUP BY member) AS told ON told.member = kept.book
        WHERE coalesce(balance_cents, 0) <> coalesce(cents, 0)""",
    "what is receivable is what was demanded and has neither come nor been waived": """
        SELECT claims.id, claims.state, balance_cents FROM claims
        LEFT JOIN ledger_account_balance AS kept ON kept.owner = claims.id AND kept.account = 'RECEIVABLE'
        WHERE coalesce(balance_cents, 0) <> (
            SELECT coalesce(sum(demands.amount_cents - received_cents - waived_cents), 0) FROM demands
            WHERE demands.claim = claims.id AND ordered_by IS NOT NULL AND NOT withdrawn)""",
    "a claim is recovering while a demand is open, and recovered once it is settled": """
        SELECT claims.id, claims.state FROM claims
        LEFT JOIN (SELECT claim, bool_or(settled_on IS NULL) AS open FROM demands
            WHERE ordered_by IS NOT NULL AND NOT withdrawn GROUP BY claim) AS demanded ON demanded.claim = claims.id
        WHERE CASE claims.state WHEN 'recovering' THEN open IS NOT TRUE WHEN 'recovered' THEN open IS NOT FALSE
            ELSE open IS NOT NULL END""",
    "the four amounts of a claim are those of its lines": """
        SELECT claims.id, claims.state FROM claims
        LEFT JOIN (SELECT claim, sum(claimed_cents) AS claimed, sum(accepted_cents) AS accepted,
            sum(paid_cents) AS paid FROM claim_lines WHERE NOT removed GROUP BY claim) AS lines
            ON lines.claim = claims.id
        WHERE coalesce(paid, 0) <> paid_cents
            OR (claims.state NOT IN ('opened', 'returned', 'expired') AND coalesce(claimed, 0) <> amount_cents)
            OR (claims.accepted_cents <> 0 AND coalesce(accepted, 0) <> claims.accepted_cents)""",
    "a claim and the payment of its attempt say the same": """
        SELECT claims.id, claims.state, payments.state FROM claims
        LEFT JOIN payments ON payments.claim = claims.id AND payments.attempt = claims.attempt
        WHERE NOT CASE claims.state
            WHEN 'approved' THEN payments.state IN ('proposed', 'batched')
            WHEN 'ordered' THEN payments.state IN ('sent', 'accepted')
            WHEN 'paid' THEN payments.state = 'booked'
            WHEN 'closed' THEN payments.state = 'booked'
            WHEN 'recovering' THEN payments.state = 'booked'
            WHEN 'recovered' THEN payments.state = 'booked'
            WHEN 'replaced' THEN payments.state = 'returned'
            ELSE payments.state IS NULL END""",
    "only the present attempt may still be paid": """
        SELECT payments.id, payments.state FROM payments JOIN claims ON claims.id = payments.claim
        WHERE payments.attempt <> claims.attempt
            AND payments.state NOT IN ('withdrawn', 'refused', 'returned')""",
    "the bank account holds what every statement says": """
        SELECT statements.id, statement_id, closing_cents, entry.balance_cents FROM statements
        LEFT JOIN ledger_entry AS entry ON entry.account = 'BANK' AND entry.owner = statements.account
            AND entry.number = statements.bank_number
        WHERE closing_cents IS DISTINCT FROM CASE bank_number WHEN 0 THEN 0 ELSE entry.balance_cents END""",
    "each statement begins where the one before ended, and its entries lead to its end": """
        SELECT id, statement_id, opening_cents, before, booked FROM (SELECT statements.*,
            lag(closing_cents, 1, opened) OVER (PARTITION BY account ORDER BY id) AS before,
            (SELECT coalesce(sum(cents), 0) FROM statement_entries WHERE statement = statements.id) AS booked
            FROM statements, LATERAL (SELECT coalesce(sum(entry.balance_cents), 0)::bigint AS opened
                FROM ledger_entry AS entry JOIN ledger_transaction AS posting ON posting.id = entry.transaction
                WHERE entry.account = 'BANK' AND entry.owner = statements.account AND entry.number = 1
                    AND posting.kind IN ('opening_balance', 'opening_overdraft')) AS first) AS read
        WHERE opening_cents <> before OR opening_cents + booked <> closing_cents""",
    "each entry of the bank stands in a statement": """
        SELECT id, statement, cents FROM statement_entries AS one
        WHERE NOT EXISTS (SELECT FROM statements WHERE statements.id = one.statement)""",
    "nothing is booked on an account but by its statements": """
        SELECT kept.owner, last_number, newest FROM ledger_account_balance AS kept
        LEFT JOIN (SELECT account, max(bank_number) AS newest FROM statements GROUP BY account) AS read
            ON read.account = kept.owner
        WHERE kept.account = 'BANK' AND last_number IS DISTINCT FROM newest""",
    "what is in suspense is an entry of the bank that waits to be explained": """
        SELECT kept.owner, kept.balance_cents, posting.kind FROM ledger_account_balance AS kept
        LEFT JOIN ledger_transaction AS posting ON posting.id = kept.owner
        WHERE kept.account = 'SUSPENSE' AND NOT coalesce(CASE posting.kind
            WHEN 'unknown_debit' THEN kept.balance_cents >= 0
            WHEN 'unknown_credit' THEN kept.balance_cents <= 0 END, false)""",
    "an ended case holds nothing but what waits for its appeal or is still claimed": """
        SELECT cases.id, reservations.state FROM reimbursements_known_cases AS cases
        JOIN reservations ON reservations.case_id = cases.id AND purpose = 'grant'
        WHERE cases.ended AND reservations.state IN ('queued', 'committed') AND NOT EXISTS (SELECT FROM claims
            WHERE claims.reservation = reservations.id AND (claims.state IN
                ('opened', 'filed', 'returned', 'verified', 'approved', 'ordered', 'paid')
                OR claims.state IN ('rejected', 'expired') AND NOT claims.final))""",
    "a limit holds what cases of it have reserved": """
        SELECT kept.book, kept.owner, kept.balance_cents FROM ledger_account_balance AS kept
        WHERE kept.account = 'HELD' AND kept.balance_cents <> (SELECT coalesce(sum(amount_cents), 0)
            FROM reservations WHERE case_id = kept.owner AND purpose IN ('grant', 'amendment')
                AND state IN ('queued', 'made'))""",
    "a granted case is committed": """
        SELECT cases.id FROM reimbursements_known_cases AS cases
        WHERE granted AND NOT ended AND amount_cents > 0 AND NOT EXISTS (SELECT FROM reservations
            WHERE reservations.case_id = cases.id AND purpose = 'grant' AND state = 'committed')""",
    "nobody waits who could be served": """
        SELECT head.id FROM (SELECT DISTINCT ON (budget) id, budget, amount_cents FROM reservations
            WHERE state = 'queued' ORDER BY budget, queued_at, id) AS head
        JOIN ledger_account_balance AS kept ON kept.owner = head.budget AND kept.account = 'AVAILABLE'
        WHERE balance_cents >= head.amount_cents""",
    "the chain ends for the month closed last where it ended then": """
        SELECT id, first_day, chain_head FROM (SELECT * FROM periods WHERE state = 'closed'
            ORDER BY pg_snapshot_xmax(snapshot::pg_snapshot) DESC, id LIMIT 1) AS newest
        WHERE chain_head <> (SELECT encode(sha256(coalesce(
                string_agg(digest, ''::bytea ORDER BY book, account, owner), ''::bytea)), 'hex')
            FROM (SELECT DISTINCT ON (book, account, owner) book, account, owner, digest
                FROM ledger_entry AS entry JOIN ledger_transaction AS posting ON posting.id = entry.transaction
                WHERE pg_visible_in_snapshot(posted_in::text::xid8, snapshot::pg_snapshot)
                ORDER BY book, account, owner, number DESC) AS ends)""",
    "a closed month holds all that was recorded of it by then": """
        SELECT newest.id, posting.id FROM (SELECT DISTINCT ON (member) * FROM periods
            WHERE state = 'closed' ORDER BY member, first_day DESC) AS newest
        JOIN ledger_transaction AS posting ON posting.business_date <= last_day
            AND pg_visible_in_snapshot(posted_in::text::xid8, snapshot::pg_snapshot)
        WHERE EXISTS (SELECT FROM ledger_entry AS entry WHERE entry.transaction = posting.id
                AND (entry.book = newest.member OR entry.book IN
                    (SELECT id FROM budgets WHERE budgets.member = newest.member)))
            AND NOT EXISTS (SELECT FROM period_postings AS taken
                WHERE taken.member = newest.member AND taken.posting = posting.id)""",
    "what the funder paid and has not asked back is what instalments and reports say": """
        SELECT coalesce(book, told.member), balance_cents, cents, asked
        FROM (SELECT book, balance_cents FROM ledger_account_balance WHERE account = 'FUNDER_ADVANCE') AS kept
        FULL JOIN (SELECT member, sum(CASE kind WHEN 'passed_on' THEN -amount_cents ELSE amount_cents END) AS cents
            FROM instalments WHERE state = 'settled' AND kind <> 'repayment' GROUP BY member) AS told
            ON told.member = kept.book
        LEFT JOIN (SELECT member, sum(asked_back_cents) AS asked FROM funder_reports
            WHERE state = 'accepted' GROUP BY member) AS back
            ON back.member = coalesce(book, told.member)
        WHERE coalesce(balance_cents, 0) <> coalesce(cents, 0) - coalesce(asked, 0)""",
    "a report to the funder says what its entries of the ledger sum to": """
        SELECT sent.report, sent.number FROM funder_report_versions AS sent
        WHERE (SELECT coalesce(sum((line ->> 'cents')::bigint), 0)
                FROM jsonb_array_elements(content -> 'support' || (content -> 'adjustments')) AS line)
            <> (SELECT coalesce(sum(debit_cents - credit_cents + CASE WHEN credit_cents > 0
                    THEN coalesce(regained.cents, 0) ELSE 0 END), 0)
                FROM funder_reported_entries AS told
                JOIN ledger_entry AS entry ON entry.transaction = told.posting AND entry.position = told.position
                    AND entry.account IN ('PAID', 'RECOVERED')
                LEFT JOIN funder_cuts_regained AS regained ON regained.posting = told.posting
                WHERE told.report = sent.report AND told.version <= sent.number)""",
}
"""Rule → query for the rows that break it."""
