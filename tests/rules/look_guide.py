"""The style guide: every part of the look on pages of invented data, for eyes and for tests.

    python -m tests.rules.look_guide FOLDER

writes one HTML file per page with its static files beside it; nothing in it is needed to run Relais.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

from jinja2 import DictLoader, Environment
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from services.chassis.web.look import STATIC, environment, render
from services.chassis.web.look.context import NavItem, PageContext, reading
from services.chassis.web.look.forms import errors, fields, parse
from tests.rules.look_samples import HOSTS, NOW, OPEN_SUM, TYPED, Stay, case, mail, monitor, parts

NAV = [
    NavItem("My worklist", "/worklist", badge=14),
    NavItem("Exchanges", "/cases", current=True),
    NavItem("Events", "/events"),
    NavItem("Dead letters", "/parked", badge=2, alarm=True),
]
PAGE = PageContext(
    person_name="Ewa Nowak",
    nav=NAV,
    menu=[NavItem("Your account", "/account")],
    csrf="token",
    path="/cases/1",
    now=NOW,
    web_url="https://relais.example",
)
IMPORTS = """{% extends "base.html" %}
{% from "relais/case.html" import move_panel, road, sum_box, who_does_what, papers, evidence %}
{% from "relais/case.html" import heading, crumbs, tag %}
{% from "relais/table.html" import facts_table, checks, changes, empty, pager, pairs %}
{% from "relais/chart.html" import figures, bars, plot, capacity %}
"""
CASE = """
{% block before %}{{ crumbs([link], "CX-2027-0143") }}{% endblock %}
{% block content %}
{{ heading(title, lead) }}
<div class="rl-columns">
  <div>{{ move_panel(mine) }}{{ road(posts, "The road so far") }}</div>
  <div>{{ sum_box(sum) }}{{ who_does_what(people) }}{{ papers(documents) }}</div>
</div>
{% endblock %}"""
MONITOR = """
{% block content %}
{{ heading(title, lead) }}
{{ figures(numbers) }}
<div class="rl-columns">
  <div>
    <h2 class="govuk-heading-m">Cases by stage</h2>
    {{ bars(stages, "Open cases by stage", "Stage", "Cases") }}
    <h2 class="govuk-heading-m">Needs a hand</h2>
    {{ facts_table(hand_columns, hand_rows, "Workflows that need a hand") }}
    {{ pager("?before=1", "?after=2") }}
    <h2 class="govuk-heading-m">Exchanges, month by month</h2>
    {{ plot(exchanges, "Exchanges planned and done", "Month", "/impact.csv") }}
  </div>
  <div>
    <h2 class="govuk-heading-m">Services</h2>
    {{ facts_table(service_columns, service_rows, "Services", total=service_total) }}
    <h2 class="govuk-heading-m">Budget line 2</h2>
    {{ plot(budget, "What is left of budget line 2", "Month") }}
    <h2 class="govuk-heading-m">Meetings by day</h2>
    {{ plot(meetings, "Meetings by day", "Day") }}
  </div>
</div>
{% endblock %}"""
PARTS = """
{% block content %}
{{ heading(title, lead, wait) }}
<div class="rl-columns rl-columns--even">
  <div>
    {{ move_panel(theirs) }}
    {{ checks(rules, "Eligibility") }}
    {{ changes(changed, "What was changed") }}
    {{ empty("No exchange yet.", "Find a host, propose a visit, and its road will be shown here.", link) }}
  </div>
  <div>
    {% call evidence("Receipt 2", "photo of 9 February, 1.2 MB") %}<p>Hotel, 3 nights: 450.00</p>{% endcall %}
    {{ capacity(3, 3, 2) }}
    {{ capacity(1, 3) }}
    {{ sum_box(open_sum) }}
    {{ pairs([["Country", "EE" | country], ["Opened", moment | moment(named=true)]]) }}
    {{ pairs([["Period", days(first, last)]]) }}
    <p>{{ tag(wait) }} {{ tag(good) }} {{ tag(bad) }} {{ tag(plain) }}</p>
  </div>
</div>
{% endblock %}"""
STAY = """{% extends "act.html" %}
{% from "relais/case.html" import sum_box %}
{% block beside %}{{ sum_box(open_sum) }}{% endblock %}"""


def guide() -> dict[str, str]:
    """Name → HTML of every page of the guide."""
    env = guide_environment()
    return {
        "case": render(env, "case", PAGE, **case()),
        "monitor": render(env, "monitor", PAGE, **monitor()),
        "parts": render(env, "parts", PAGE, **parts()),
        "form": render(env, "stay", PAGE, **_act("When do you go?", Stay, TYPED)),
        "error": render(
            env,
            "error.html",
            PageContext(clock_rate=43200, now=NOW),
            code=404,
            sentence="This page does not exist.",
        ),
        "mail": render(env, "mail.html", replace(PAGE, web_url=""), **mail()),
    }


def guide_environment() -> Environment:
    env = environment("guide", [])
    pages = {"case": IMPORTS + CASE, "monitor": IMPORTS + MONITOR, "parts": IMPORTS + PARTS, "stay": STAY}
    loader = env.loader
    assert loader is not None
    env.loader = _Both(pages, loader)
    return env


class _Both(DictLoader):
    """Pages of the guide first, then the templates of the look."""

    def __init__(self, pages: Mapping[str, str], others: Any) -> None:
        super().__init__(pages)
        self._others = others

    def get_source(self, environment: Environment, template: str) -> Any:
        found = super() if template in self.mapping else self._others
        return found.get_source(environment, template)


def _act(title: str, model: type[BaseModel], typed: FormData) -> dict[str, Any]:
    reasons: dict[str, str] = {}
    with reading(PAGE):
        try:
            model.model_validate(parse(model, typed))
        except ValidationError as reason:
            reasons = errors(reason, model)
        shown = fields(model, typed, reasons, {"host": HOSTS})
    return {
        "title": title,
        "explanation": "The days at the host decide what you receive.",
        "fields": shown,
        "errors": reasons,
        "problem": "",
        "key": "1",
        "action": "/applications/1/revise",
        "back": "/cases/1",
        "button": "Save and continue",
        "open_sum": OPEN_SUM,
    }


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    copytree(STATIC, folder / "static", dirs_exist_ok=True)
    for name, html in guide().items():
        (folder / f"{name}.html").write_text(html)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
