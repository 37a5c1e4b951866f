"""`python -m tests.workflows.record`: plays what has no recorded history yet and records it.

A recorded history is what running cases look like: it is never recorded anew to make a test pass. To drop
one whose path is gone, delete its file.
"""

import asyncio
import json
from pathlib import Path

from tests.workflows.plays import PLAYS
from tests.workflows.stage import Theatre, theatre

HISTORIES = Path(__file__).with_name("histories")


async def record(house: Theatre, title: str) -> None:
    async with house.play(title, "plain") as stage:
        await PLAYS[title](stage)
        history = await stage.handles[0].fetch_history()
    compact = json.dumps(json.loads(history.to_json()), separators=(",", ":"))
    (HISTORIES / f"{title}.json").write_text(compact + "\n")


async def main() -> None:
    HISTORIES.mkdir(exist_ok=True)
    async with theatre() as house:
        for title in PLAYS:
            if not (HISTORIES / f"{title}.json").exists():
                await record(house, title)
                print(f"recorded {title}")


if __name__ == "__main__":
    asyncio.run(main())
