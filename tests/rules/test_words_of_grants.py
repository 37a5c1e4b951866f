"""What is said of a grant stands beside what is said of an exchange, and speaks of nobody who visits."""

import re
from pathlib import Path

import pytest

from contracts.words.grants import OF_A_GRANT
from services.chassis.web.look.context import PageContext, reading, speaking_of
from services.chassis.web.look.words import gettext
from services.chassis.web.sentences import act_words, party

TEXTS = (Path(__file__).parents[2] / "services/chassis/locale/relais.pot").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", OF_A_GRANT)
def test_it_takes_the_place_of_a_text_that_there_is(text: str) -> None:
    gathered = "".join(re.findall(r'"(.*)"', TEXTS))
    assert text.replace('"', '\\"') in gathered
    assert not re.search(r"exchange|visit|host", OF_A_GRANT[text], re.IGNORECASE)


def test_a_page_about_a_grant_is_worded_for_it_and_the_next_one_is_not() -> None:
    with reading(PageContext()):
        with speaking_of(grant=True):
            assert act_words("application", "cancel").title == "Cancel this grant"
            assert (party("VO"), gettext("Open the exchange")) == ("the applicant", "Open the case")
        assert act_words("application", "cancel").title == "Cancel this exchange"
