"""`make explain return`: one act from the table to the screen, for whoever wonders where it is done.

Everything is read from the tables and from the services as they are built, so it cannot be out of date.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from contracts.asks import STEPS
from contracts.catalogue import TABLES
from contracts.tables import Act, End, Table
from contracts.words import ACTS, FACTS
from deploy.built import built
from deploy.local.layout import SERVICES
from services.chassis.acts.rules import Rule, rule_of
from workflows.wake import STORIES

ROOT = Path(__file__).parents[1]
WHO = {
    "SYS": "a step that a workflow asks for",
    "HEARS": "the service itself, on hearing a fact",
    "BESIDE": "beside another act, in the same transaction",
    "LINK": "whoever holds the mailed link",
    "PERSON": "any signed-in person",
}


def explained(table: Table, act: Act) -> Iterator[tuple[str, str]]:
    """What there is to say about an act, each with its name."""
    service = built(table.service)
    rule = rule_of(table, act)
    yield "row", f"{_row(table, act)}  {WHO.get(act.who, act.who)}, in {act.source or 'nothing yet'}"
    if rule:
        yield "rule", f"{_place(rule.run)}  {_signature(rule)}"
    if rule and act.by_person:
        yield "route", f"POST /api/v1{table.address_of(act)}, page {table.page_of(act)}"
    for step in STEPS:
        if step.owner == table.service and step.name == f"{table.name}.{act.name}":
            offered = "offered by" if step not in service.offers.missing() else "not offered by"
            yield "step", f"{step.name}, {offered} {step.owner}"
    for end in act.ends:
        yield from _outcome(table, end)
    if words := ACTS.get(f"{table.name}.{act.name}"):
        yield "page", " · ".join(part for part in words if part)


def _outcome(table: Table, end: End) -> Iterator[tuple[str, str]]:
    type = table.type_of(end.fact)
    condition = f" when {end.when[0]} is {end.when[1]}" if end.when else ""
    yield "", ""
    yield "leads to", f"{end.to or 'the same state'}{condition}"
    yield "fact", f"{type} on {table.topic}  {_place(end.fact)}"
    yield "sentence", FACTS.get(f"{table.name}.{type.split('.')[2]}", "none yet")
    readers = [name for name in SERVICES if built(name).reader.cares_for(type)]
    yield "heard by", ", ".join(readers) or "nobody"
    for wake in end.wakes:
        yield "wakes", f"{wake}  {_place(STORIES[wake.partition('/')[0]])}"


def _row(table: Table, act: Act) -> str:
    """Where the table's module lists the act."""
    file = _file(import_module(f"contracts.{table.name}"))
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "act":
            name = node.args[0]
            if isinstance(name, ast.Constant) and name.value == act.name:
                return f"{file.relative_to(ROOT)}:{node.lineno}"
    raise LookupError(f"{file} does not list {act.name}")


def _place(what: object) -> str:
    return f"{_file(what).relative_to(ROOT)}:{inspect.getsourcelines(what)[1]}"  # pyright: ignore[reportArgumentType]


def _file(what: object) -> Path:
    return Path(inspect.getfile(what))  # pyright: ignore[reportArgumentType]


def _signature(rule: Rule) -> str:
    kind = "command, several rows" if rule.is_command else "rule"
    fields = ", ".join(rule.given.model_fields) or "nothing"
    return f"{rule.run.__name__} ({kind}), given {fields}"


def main(arguments: list[str]) -> None:
    """One act by its name, in every aggregate that has it, or in one as `application.return`."""
    if len(arguments) != 1:
        sys.exit("say which act: make explain return, or make explain application.return")
    aggregate, _, name = arguments[0].rpartition(".")
    found = [
        (table, act)
        for table in TABLES.values()
        for act in table.acts
        if act.name == name.replace("-", "_") and aggregate in ("", table.name)
    ]
    if not found:
        known = sorted({act.name for table in TABLES.values() for act in table.acts})
        sys.exit(f"no table lists the act {arguments[0]}; there are: {', '.join(known)}")
    for table, act in found:
        print(f"\n{table.name}.{act.name}")
        for label, words in explained(table, act):
            print(f"  {label:<10}{words}".rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
