"""The sum box of a case: the lines frozen with it in words, or, after the visit, those of the days actually
done."""

from dataclasses import asdict
from datetime import date

from contracts.amounts import sum_of_case, support_of
from services.chassis.web.look.parts import Sum
from services.chassis.web.look.values import day, money
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import calculation
from services.overview.moves import scope_of
from services.overview.road import Scene
from services.overview.standing import latest

DONE = ("validated", "closed", "not_completed")


def sum_box(scene: Scene) -> Sum | None:
    """None where no money is in question."""
    root, case = scene.root, scene.case
    if case.kind not in ("exchange", "grant") or not root.said.get("lines"):
        return None
    lines, rate = root.said["lines"], int(root.said["rate_cents"])
    visit = latest(scene.subjects, "visit")
    if visit and visit.state in DONE and visit.said["days"] != root.said["working_days"]:
        lines = [asdict(line) for line in sum_of_case(root.said, int(visit.said["days"])).lines]
    yours = "VO" in scene.parties
    if case.status == "application.rejected":
        return Sum(
            title=_("Sum asked for"),
            lines=calculation(lines, rate),
            total_label=_("Not granted: the application was rejected"),
            total=case.amount_cents,
            currency=case.currency,
        )
    if case.ended_at and case.status != "application.closed":
        return Sum(
            title=_("Sum asked for"),
            lines=calculation(lines, rate),
            total_label=_("Not paid: the exchange has ended"),
            total=case.amount_cents,
            currency=case.currency,
        )
    if support_of(root.said).kind != "lump_sum":
        return Sum(
            title=_("Your grant") if yours else _("The grant"),
            lines=calculation(lines, rate),
            total_label=_("You receive at most") if yours else _("The recipient receives at most"),
            total=case.amount_cents,
            currency=case.currency,
            note=_note_of_grant(scene),
        )
    return Sum(
        title=_("Your lump sum") if yours else _("Lump sum"),
        lines=calculation(lines, rate),
        total_label=_("You receive") if yours else _("The visitor receives"),
        total=case.amount_cents,
        currency=case.currency,
        note=_note(scene),
    )


def _note(scene: Scene) -> str:
    """Who pays: the member organisation in its own name, in the frame of its partnership."""
    if not scene.case.amount_cents:
        return _("Nothing is paid for this exchange.")
    names = {"payer": _named(scene, "PAY"), "partnership": _named(scene, "VOP")}
    if not all(names.values()):
        return _("Paid once, after the report.")
    return _("Paid once, after the report, by %(payer)s for %(partnership)s.") % names


def _note_of_grant(scene: Scene) -> str:
    """Who pays it against receipts, until when it is claimed, and what is left of it."""
    names = {"payer": _named(scene, "PAY"), "partnership": _named(scene, "VOP")}
    told = (
        [_("Paid against receipts, by %(payer)s for %(partnership)s.") % names] if all(names.values()) else []
    )
    voucher = latest(scene.subjects, "voucher")
    if voucher and voucher.state == "issued":
        until = date.fromisoformat(voucher.said["claim_until"])
        told.append(_("Costs can be claimed until %(day)s.") % {"day": day(until)})
        if "left_cents" in voucher.said:
            left = money(int(voucher.said["left_cents"]), scene.case.currency)
            told.append(_("%(left)s is left.") % {"left": left})
    return " ".join(told)


def _named(scene: Scene, party: str) -> str:
    scope = scope_of(party, scene.root.audience)
    return scene.name(scope) if scope else ""
