"""Words of the tables in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from contracts import words
from contracts.amounts import LINE_TEXTS
from contracts.words.coming import COMING
from contracts.words.kinds import ActWords
from services.chassis.web.look.parts import SumLine
from services.chassis.web.look.values import country, day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as translate

FACTORS = {"1": "× 1", "1/2": "× ½", "0": "× 0"}


def refusal(slug: str, params: Mapping[str, object]) -> str:
    """What is wrong and how to mend it. A slug "…-not-now" without words of its own has a common sentence."""
    text = words.REFUSALS.get(slug) or words.REFUSALS["not-now" if slug.endswith("-not-now") else "invalid"]
    return translate(text) % _worded(params)


def act_words(table: str, act: str) -> ActWords:
    """Title, button and explanation of an act's page."""
    known = words.ACTS.get(f"{table}.{act}") or ActWords(f"{table} {act}", act)
    return ActWords(*(translate(text) if text else "" for text in known))


def fact_line(type: str) -> str:
    """`relais.application.returned.v1` → the line of the road."""
    key = type.removeprefix("relais.").rsplit(".", 1)[0]
    return translate(words.FACTS.get(key, key))


def coming_line(key: str) -> str:
    """`stage.refused` → the line of what comes when nobody acts."""
    return translate(COMING[key])


def state_word(table: str, state: str) -> str:
    return translate(words.STATES.get(f"{table}.{state}", state))


def code(value: str) -> str:
    return translate(words.CODES.get(value, value))


def party(value: str) -> str:
    return translate(words.PARTIES.get(value, value))


def calculation_line(code: str, params: Mapping[str, object]) -> str:
    """One line of an amount's calculation (contracts/amounts), the country by name."""
    return translate(LINE_TEXTS[code]) % _worded(params)


def calculation(lines: Iterable[Mapping[str, Any]], rate_cents: int) -> list[SumLine]:
    """A calculation as it was frozen, for a sum box: what a line adds, the rate, or what it multiplies by."""
    return [
        SumLine(calculation_line(line["code"], line["params"]), _effect(line, rate_cents)) for line in lines
    ]


def _effect(line: Mapping[str, Any], rate_cents: int) -> int | str:
    if line.get("cents") is not None:
        return int(line["cents"])
    if line["code"].startswith("rate-"):
        return rate_cents
    if line["code"] == "intensity":
        return f"× {line['params']['percent']} %"
    return FACTORS[line["factor"]]


def _worded(params: Mapping[str, object]) -> dict[str, object]:
    """The values of a sentence as its reader writes them: no codes, no ISO dates."""
    return {name: _value(name, value) for name, value in params.items()}


def _value(name: str, value: object) -> object:
    match name, value:
        case "country", str():
            return country(value)
        case "table", str():
            return coded("rate_table", value)
        case _, date():
            return day(value)
        case _, list():
            return "; ".join(code(str(one)) for one in cast("list[object]", value))
        case _:
            return value
