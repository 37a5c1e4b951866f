"""Every play of the book, whatever happens to its steps: the same moves, the same end, and no hot loop."""

import logging
from typing import get_args

import pytest

from contracts.asks import Application as Ask
from contracts.steps import Standing, Subject
from tests.workflows.owners import Application, Reservation
from tests.workflows.plays import PLAYS
from tests.workflows.stage import Mode, Theatre


@pytest.mark.parametrize("mode", get_args(Mode))
@pytest.mark.parametrize("title", PLAYS)
async def test_play(house: Theatre, title: str, mode: Mode, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="temporalio.workflow"):
        async with house.play(title, mode) as stage:
            await PLAYS[title](stage)
    assert not [record.message for record in caplog.records if "moved nothing" in record.message]


class StuckApplication(Application):
    """An owner with a defect: it answers an award with where the case stands, and moves nothing."""

    mended = False

    def award(self, subject: Subject) -> Standing:
        return super().award(subject) if self.mended else self.standing(subject)


async def test_owner_that_moves_nothing_is_asked_ever_more_slowly(
    house: Theatre, caplog: pytest.LogCaptureFixture
) -> None:
    """A hot loop is slowed down and told aloud, and the case goes on by itself once the owner is mended."""
    async with house.play("stuck", "plain") as stage:
        application = StuckApplication(stage.world, stage.id(), "selected")
        Reservation(application, "made")
        story = f"grant-approval/{stage.id()}"
        await stage.act(story)
        with caplog.at_level(logging.ERROR, logger="temporalio.workflow"):
            await stage.pass_time(days=1 / 24)
            assert stage.world.asked.count(Ask.award.name) < 75
            assert any("application.award moved nothing" in record.message for record in caplog.records)
        application.mended = True
        await stage.pass_time(days=1 / 24)
        assert application.state == "awarded"
        await stage.act(story, lambda: application.to("granted"))
        assert await stage.ended(story) == "granted"
