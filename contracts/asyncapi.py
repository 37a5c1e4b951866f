"""The AsyncAPI 3.0 document: topics as channels, facts as messages, and what each service sends.

Whoever reads Relais' topics from outside starts here: the headers of the envelope, who may make a fact and
what it leads to, and the schema of each body.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.catalogue import FACTS, TABLES, FactType
from contracts.tables import Table
from contracts.topics import TOPICS, Topic
from contracts.words import FACTS as SENTENCES

_ID = {"type": "string", "format": "uuid"}
_MOMENT = {"type": "string", "format": "date-time"}
_NUMBER = {"type": "string", "pattern": "^[0-9]+$"}
_WORDS = {"type": "string"}

ENVELOPE: Mapping[str, tuple[Mapping[str, str], str]] = {
    "ce_specversion": (_WORDS, "1.0"),
    "ce_id": (_ID, "the fact's id, unique"),
    "ce_type": (_WORDS, "`relais.<aggregate>.<participle>.v<number>`"),
    "ce_source": (_WORDS, "`relais/<service>`"),
    "ce_subject": (_ID, "the aggregate's id; also the record's key"),
    "ce_time": (_MOMENT, "business time"),
    "ce_recordedtime": (_MOMENT, "real time"),
    "ce_version": (_NUMBER, "counts the subject's facts from 1, without a gap"),
    "ce_state": (_WORDS, "the aggregate's state after the fact"),
    "ce_case": (_ID, "the application or registration that people follow"),
    "ce_wakes": (_WORDS, "ids of the workflows that must look again, separated by spaces"),
    "ce_audience": (_WORDS, "`PARTY:scope` pairs whose members may read the fact, separated by spaces"),
    "ce_actor": (_WORDS, "id of the person who acted, or `system`"),
    "ce_behalfof": (_ID, "whom the actor acted for"),
    "ce_via": (_WORDS, "self, link, mandate, support, break_glass or system"),
    "ce_correlation": (_ID, "the same for everything that one click led to"),
    "ce_causation": (_ID, "the fact that this one stands beside or follows"),
    "ce_feed": (
        _NUMBER,
        "number of the re-feed in which the record was published again",
    ),
    "content-type": (_WORDS, "application/json"),
}
"""Headers of every record, as text: their schema and what they say."""

_ALWAYS = (
    "ce_specversion",
    "ce_id",
    "ce_type",
    "ce_source",
    "ce_subject",
    "ce_time",
    "ce_recordedtime",
    "ce_version",
)


def document() -> Mapping[str, Any]:
    """The whole document; bodies are referred to in `schemas/` beside it."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:relais",
        "info": {
            "title": "Relais",
            "version": "1",
            "description": "What happened, as services record it: CloudEvents 1.0 in Kafka's binary mode. "
            "A reader assumes order within a subject and none across topics, and meets some records twice.",
        },
        "defaultContentType": "application/json",
        "channels": {topic.noun: _channel(topic) for topic in TOPICS},
        "operations": dict(_operations()),
        "components": {
            "messages": {type: _message(fact) for type, fact in FACTS.items()},
            "schemas": {"envelope": _envelope()},
        },
    }


def _channel(topic: Topic) -> Mapping[str, Any]:
    keeps = "only the newest record of a subject" if topic.compacted else "everything"
    settings = {"cleanup.policy": ["compact" if topic.compacted else "delete"], "retention.ms": -1}
    return {
        "address": topic.name,
        "description": f"Keeps {keeps}.",
        "messages": {type: {"$ref": f"#/components/messages/{type}"} for type in _types_on(topic)},
        "bindings": {
            "kafka": {"topic": topic.name, "partitions": topic.partitions, "topicConfiguration": settings}
        },
    }


def _types_on(topic: Topic, tables: Sequence[Table] = tuple(TABLES.values())) -> Iterator[str]:
    return (type for type, fact in FACTS.items() if fact.topic == topic.name and fact.table in tables)


def _operations() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What each service sends to each topic."""
    for service in dict.fromkeys(table.service for table in TABLES.values()):
        mine = tuple(table for table in TABLES.values() if table.service == service)
        for topic in TOPICS:
            if types := list(_types_on(topic, mine)):
                channel = f"#/channels/{topic.noun}"
                yield (
                    f"{service}.{topic.noun}",
                    {
                        "action": "send",
                        "title": f"{service} says on {topic.name}",
                        "channel": {"$ref": channel},
                        "messages": [{"$ref": f"{channel}/messages/{type}"} for type in types],
                        "tags": [{"name": service}],
                    },
                )


def _message(fact: FactType) -> Mapping[str, Any]:
    words = f"{fact.table.name}.{fact.type.split('.')[2]}"
    return {
        "name": fact.type,
        "title": SENTENCES.get(words, fact.type),
        "tags": [{"name": fact.table.name}],
        "headers": {"$ref": "#/components/schemas/envelope"},
        "payload": {"$ref": f"./schemas/{fact.type}.json"},
        "bindings": {"kafka": {"key": _ID}},
        "x-made-by": list(_makers(fact)),
    }


def _makers(fact: FactType) -> Iterator[Mapping[str, Any]]:
    """The acts that end in this fact, from the state table."""
    for act in fact.table.acts:
        for end in act.ends:
            if end.fact is fact.body:
                yield {
                    "act": act.name,
                    "who": list(act.parties),
                    "from": act.source.split(),
                    "to": end.to or "the same state",
                    "wakes": list(end.wakes),
                }


def _envelope() -> Mapping[str, Any]:
    return {
        "type": "object",
        "title": "Headers of every record",
        "properties": {name: {**schema, "description": says} for name, (schema, says) in ENVELOPE.items()},
        "required": [f"ce_{attribute}" for attribute in _ALWAYS],
    }
