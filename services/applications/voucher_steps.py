"""The steps of a voucher: it is reminded of, and closes once it is used up or over and its reports are accepted."""

from contracts import asks
from contracts.errors import DomainError
from contracts.steps import Standing, Subject
from contracts.voucher import VOUCHER
from contracts.voucher import Reminded as VoucherReminded
from contracts.workdays import Moment
from services.applications.agreements.papers import fall_with
from services.applications.kinds import vouchers
from services.applications.models import Application, Voucher
from services.applications.reporting import unfinished_reports
from services.applications.standing import BY_STEP, standing_of
from services.applications.voucher import close as close_voucher
from services.applications.voucher import due_of, voucher_of
from services.chassis.clock import Clock
from services.chassis.database import Tx
from services.chassis.steps import Offering


def offer_voucher(service: Offering, clock: Clock) -> None:
    offers = service.offers

    async def of(tx: Tx, subject: Subject, *, lock: bool = True) -> tuple[Application, Voucher]:
        """A voucher's steps come with the case's id; the case is locked first."""
        case = await (tx.locked if lock else tx.found)(Application, subject.uuid)
        found = await voucher_of(tx, case.id, lock=lock)
        if found is None:
            raise DomainError("not-found", status=404)
        return case, found

    async def where(tx: Tx, voucher: Voucher) -> Standing:
        looked_at = any(one.state == "submitted" for one in await unfinished_reports(tx, voucher.application))
        mover = "VOP" if looked_at else VOUCHER.movers.get(voucher.state, "")
        return standing_of(
            clock, voucher.state, VOUCHER.must_be_open(voucher.state, False), mover,
            await due_of(tx, voucher), voucher.reminders,
        )  # fmt: skip

    @offers.standing(asks.Voucher.standing)
    async def standing(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return await where(tx, (await of(tx, subject, lock=False))[1])

    @offers.step(asks.Voucher.close)
    async def close(tx: Tx, subject: Subject, at: Moment) -> Standing:
        case, voucher = await of(tx, subject)
        if voucher.state == "issued":
            await close_voucher(tx, case, voucher, at, BY_STEP)
            if voucher.state != "issued":
                await fall_with(tx, case.id, at, BY_STEP)
        return await where(tx, voucher)

    @offers.step(asks.Voucher.remind)
    async def remind(tx: Tx, subject: Subject, at: Moment) -> Standing:
        _, voucher = await of(tx, subject)
        if voucher.state == "issued" and voucher.reminders == subject.number:
            voucher.reminders += 1
            body = VoucherReminded(stage=voucher.state, number=voucher.reminders)
            await vouchers.record(tx, voucher, "remind", body, at, BY_STEP)
        return await where(tx, voucher)
