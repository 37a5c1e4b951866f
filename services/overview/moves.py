"""Whose move it is and what somebody may do now, read from the state tables. Pure: what a page offers is
still judged by the owning service's own policy.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from contracts.acting import DEPUTY, lets, stands_in
from contracts.call_rules import SCORED
from contracts.catalogue import FACTS, TABLES
from contracts.facts import Fact
from contracts.mandate import Kind
from contracts.tables import PARTIES, SYSTEM, Act, Table, side_of
from contracts.words.moves import MoveWords, move_words
from contracts.workdays import Moment
from services.chassis.identity.actor import PLATFORM, Actor
from services.overview.models import Subject

SETTING_BACK = frozenset(
    "return refuse reject decline withdraw cancel give_up refuse_appeal surrender reassign".split()
)
"""Acts that turn a thing back or end it: never the one green button."""


class Possible(NamedTuple):
    """An act that a reader may do now, and where its page is."""

    subject: Subject
    act: Act

    @property
    def href(self) -> str:
        table = TABLES[self.subject.aggregate]
        return f"/{table.path}/{self.subject.id}/{self.act.name.replace('_', '-')}"


def is_operator(actor: Actor) -> bool:
    return actor.may("operator", PLATFORM)


def entries(actor: Actor) -> list[str]:
    """All "PARTY:scope" entries of audiences that this person meets; a deputy who acts for an officer, as that one."""
    held = {*actor.roles, *(() if actor.behalf_of else (("self", actor.person),))}
    return sorted(
        f"{party}:{scope}"
        for role, scope in held
        for party, needed in PARTIES.items()
        if needed == role and not (party == DEPUTY and actor.behalf_of)
    )


def split(entries: Iterable[str]) -> list[tuple[str, UUID]]:
    """ "PARTY:scope" entries as pairs."""
    pairs = (entry.partition(":") for entry in entries)
    return [(party, UUID(scope)) for party, _colon, scope in pairs]


def parties_of(entries: Iterable[str]) -> tuple[str, ...]:
    """The parties that entries name, in their order."""
    return tuple(dict.fromkeys(party for party, _scope in split(entries)))


def parties_in(mine: Collection[str], audience: Iterable[str]) -> frozenset[str]:
    """As which parties of an audience somebody with these entries reads."""
    return frozenset(parties_of(entry for entry in audience if entry in mine))


def scope_of(party: str, audience: Iterable[str]) -> UUID | None:
    """Where a party's role is held."""
    return next((scope for name, scope in split(audience) if name == party), None)


OF_A_CASE = ("VO", "HO", "VOS", "HOS", "VOP", "HOP", "PAY", "COORD", "DEPUTY", "ORGANISER")
"""Parties whose people a case's page tells by name."""


def role_entries(audience: Iterable[str]) -> list[tuple[str, str, UUID]]:
    """(party, role, scope) of an audience's parties that are known by name."""
    return [(party, PARTIES[party], scope) for party, scope in split(audience) if party in OF_A_CASE]


def movers(subject: Subject, siblings: Sequence[Subject]) -> list[str]:
    """The entries of those whose move it is; siblings are the other subjects of the case."""
    table = TABLES.get(subject.aggregate)
    if table is None or _became_a_case(subject, siblings) or _runs_in_stages(subject):
        return []
    if subject.aggregate == "voucher" and any(_is_open_claim(one) for one in siblings):
        return []
    parties = set(table.movers_in(subject.state))
    if subject.appeal == "open":
        parties = {"COORD"}
    elif named := subject.said.get("parties"):
        parties = {party for party in parties if side_of(party) in named}
        if any(_missing(one) - {"PAY"} for one in (subject, *siblings)):
            parties.discard("PAY")
    settled = {*subject.done, *subject.said.get("papers", ())}
    parties = {party for party in parties if side_of(party) not in settled} | comparing(subject)
    if subject.aggregate == "application" and _one_partnership(subject):
        parties.discard("HOP")
    return sorted(f"{party}:{scope}" for party, scope in split(subject.audience) if party in parties)


def words_of(subject: Subject, party: str) -> MoveWords:
    """What somebody has to do who is this party: of a task that evaluators do, to see to it that they do it; of a
    document that they do not sign, or have signed, to compare another's signed paper with it."""
    key = f"{subject.aggregate}.{subject.state}"
    if party in comparing(subject) and (
        party in subject.done or party not in subject.said.get("parties", ())
    ):
        key = f"{key}.paper"
    return move_words(f"{key}.scored" if is_scored(subject) else key, party)


def comparing(subject: Subject) -> set[str]:
    """Whose officers have a signed paper to compare with its document."""
    handed_in = subject.said.get("papers", ()) if subject.state == "open" else ()
    return {COMPARED_BY[of] for of in handed_in}


def is_scored(subject: Subject) -> bool:
    """Whether evaluators do this task, whoever sees to it."""
    return subject.aggregate == "stage" and subject.said.get("kind") in SCORED


def _became_a_case(subject: Subject, siblings: Sequence[Subject]) -> bool:
    """Whether an accepted proposal has led to its application, which waits for whom it waits."""
    return subject.aggregate == "proposal" and any(one.aggregate == "application" for one in siblings)


def _is_open_claim(subject: Subject) -> bool:
    """Whether it is a claim that has not come to its end: what it claims is no longer its recipient's move."""
    return subject.aggregate == "claim" and TABLES["claim"].must_be_open(subject.state, final=subject.final)


def _runs_in_stages(subject: Subject) -> bool:
    """Whether its call has stages of its own, each of which waits for somebody."""
    in_review = subject.aggregate == "application" and subject.state == "in_review"
    return bool(in_review and subject.said.get("staged"))


def _one_partnership(application: Subject) -> bool:
    """Whether visitor and host have the same partnership, which is then asked for no opinion."""
    return scope_of("HOP", application.audience) == scope_of("VOP", application.audience)


def _missing(subject: Subject) -> set[str]:
    """Who has not signed yet; nobody on a thing that is not a signing set, or no longer open."""
    is_set = subject.aggregate == "agreement" and subject.state == "open"
    return set(subject.said.get("parties", ())) - set(subject.done) if is_set else set()


def done_by(fact: Fact) -> str | None:
    """The party that has done its part with a fact which leaves the state as it was, if it is such a fact.

    SYS has done its part when it has escalated. Who can still move the thing on has only prepared it: a claimant who
    added a line has a claim to file, whoever checked one has others to look at.
    """
    if party := fact.body.get("party"):
        return str(party)
    if fact.participle == "escalated":
        return SYSTEM
    known = FACTS.get(fact.type)
    if known is None:
        return None
    for act in known.table.acts:
        if any(end.fact is known.body for end in act.ends) and act.by_person and len(act.parties) == 1:
            (party,) = act.parties
            return None if _moves_on(known.table, party, fact.state) else party
    return None


def _moves_on(table: Table, party: str, state: str) -> bool:
    """Whether this party has an act that leads on from this state."""
    return any(
        act.by_person
        and party in act.parties
        and state in act.sources
        and act.name not in SETTING_BACK
        and any(end.to not in ("", state) for end in act.ends)
        for act in table.acts
    )


def possible(
    subject: Subject, parties: Collection[str], now: datetime, mandate: Kind | None = None
) -> list[Possible]:
    """The acts that a reader with these parties may do on a subject as it stands, for themselves or by a mandate."""
    table = TABLES.get(subject.aggregate)
    if table is None:
        return []
    return [
        Possible(subject, act)
        for act in table.acts
        if act.by_person
        and subject.state in act.sources
        and _able(subject, act, parties)
        and (mandate is None or _let(subject, act, mandate))
        and _timely(subject, act, now)
    ]


OF_MOVERS = frozenset(
    {("agreement", "sign"), ("application", "select"), ("application", "refuse"), ("application", "opine")}
)
"""Acts that only those may do whose move it is, whoever else the table names."""
OF_PAPERS = frozenset({"confirm_paper", "send_back_paper"})
"""Acts of whoever compares a signed paper, whether they sign the document themselves or not."""
COMPARED_BY = {"VO": "VOP", "HO": "HOP"}
"""Whose paper → whose officer compares it."""
DONE_ELSEWHERE = frozenset({"score", "consensus", "decision"})
"""Kinds of tasks of a review that are done on the task's own page."""


def _able(subject: Subject, act: Act, parties: Collection[str]) -> bool:
    if act.name in OF_PAPERS:
        return not comparing(subject).isdisjoint(parties)
    able = {party for party in act.parties if party in parties and side_of(party) not in subject.done}
    if named := subject.said.get("parties"):
        able = {party for party in able if side_of(party) in named}
    if (subject.aggregate, act.name) in OF_MOVERS:
        able.intersection_update(parties_of(subject.movers))
    if act.name == "judge" and subject.said.get("kind") in DONE_ELSEWHERE:
        return False
    return bool(able - {DEPUTY})


def _let(subject: Subject, act: Act, mandate: Kind) -> bool:
    """Whether a mandate lets its agent do this; a deputy decides what has escalated to them, and nothing else."""
    escalated = DEPUTY in parties_of(subject.movers)
    return lets(mandate, subject.aggregate, act.name) and (
        escalated or not stands_in(subject.aggregate, act.name)
    )


def _timely(subject: Subject, act: Act, now: datetime) -> bool:
    """What the rules for all say of appeals; nobody is given up before Relais has escalated, or arrives before the
    first day; nothing is done in somebody's place once the time for it is over.
    """
    match act.name:
        case "consent" | "refuse" if subject.aggregate == "break_glass":
            return subject.due_at is None or now <= subject.due_at
        case "check_in":
            return Moment(now).today() >= date.fromisoformat(subject.said["first_day"])
        case "appeal":
            in_time = subject.due_at is None or now <= subject.due_at
            return subject.appeal == "none" and not subject.final and in_time
        case "grant_appeal" | "refuse_appeal":
            return subject.appeal == "open"
        case "give_up":
            return SYSTEM in subject.done
        case _:
            return True


def foremost(acts: Sequence[Possible], parties: Collection[str]) -> Possible | None:
    """The act that moves a subject on, for somebody whose move it is: what a mover does as such comes first, then
    what takes another role beside it (a company is to submit, and its signatory may)."""
    onward = [one for one in acts if one.act.name not in SETTING_BACK]
    turn = [one for one in onward if set(parties).intersection(parties_of(one.subject.movers))]
    as_mover = (
        one for one in turn if set(parties).intersection(parties_of(one.subject.movers), one.act.parties)
    )
    return next(as_mover, turn[0] if turn else None)
