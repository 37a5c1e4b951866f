"""What others may build on, written down: a JSON Schema of every fact's body and one AsyncAPI document.

The files are derived from the state tables and nothing else; a change that readers of older facts could not
bear is never written over what was promised before.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from contracts.asyncapi import document
from contracts.catalogue import FACTS, FactType
from contracts.compatible import broken

ROOM = Path(__file__).parent
SCHEMAS = "schemas"
ASYNCAPI = "asyncapi.json"
AGAIN = "run `python -m contracts export` and commit what it writes"


class _Plain(GenerateJsonSchema):
    """Without a title per field, which would only repeat its name."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def schema_of(fact: FactType) -> dict[str, Any]:
    """JSON Schema of a fact's body, open at the top: readers leave alone what newer senders add."""
    schema = fact.body.model_json_schema(schema_generator=_Plain)
    del schema["additionalProperties"], schema["title"]
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:relais:fact:{fact.type}",
        "title": fact.type,
    }
    return {**head, **schema}


def contents() -> Mapping[str, str]:
    """Every file that is exported, by its path in this folder."""
    files: dict[str, Any] = {f"{SCHEMAS}/{type}.json": schema_of(fact) for type, fact in FACTS.items()}
    files[ASYNCAPI] = document()
    return {path: json.dumps(content, indent=2, ensure_ascii=False) + "\n" for path, content in files.items()}


def breaches(folder: Path = ROOM) -> Iterator[str]:
    """A sentence for each promise of the files in this folder that the tables no longer keep."""
    for file in sorted((folder / SCHEMAS).glob("*.json")):
        known = FACTS.get(file.stem)
        if known is None:
            yield (
                f"{file.stem} is in no state table any more, but the topics keep such facts for ever: "
                "keep it in its table, or, if none was ever published, delete its schema"
            )
        else:
            yield from broken(file.stem, json.loads(file.read_text()), schema_of(known))


def differences(folder: Path = ROOM) -> Iterator[str]:
    """A sentence for each file that is missing or says something else than the tables do."""
    for path, content in contents().items():
        file = folder / path
        if not file.exists():
            yield f"{path} is missing: {AGAIN}"
        elif file.read_text() != content:
            yield f"{path} is not what the tables say: {AGAIN}"


def write(folder: Path = ROOM) -> list[str]:
    """Writes what differs and answers the paths written. The caller has looked at `breaches` before."""
    (folder / SCHEMAS).mkdir(exist_ok=True)
    changed: list[str] = []
    for path, content in contents().items():
        file = folder / path
        if not file.exists() or file.read_text() != content:
            file.write_text(content)
            changed.append(path)
    return changed
