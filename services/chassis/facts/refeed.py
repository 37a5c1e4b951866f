"""Feeding a topic again from the outbox, after the broker lost records. It happens whole or not at all."""

from typing import Any

import psycopg


async def refeed(connection: "psycopg.AsyncConnection[Any]", topic: str) -> int:
    """Marks all facts of a topic as unpublished and returns the number of the new feed.

    Readers that meet the higher number read the topic from its beginning. Facts added meanwhile have higher
    positions, so they queue behind.
    """
    async with connection.transaction(), connection.cursor() as cursor:
        await cursor.execute(
            "INSERT INTO feeds (topic, feed) VALUES (%s, 1)"
            " ON CONFLICT (topic) DO UPDATE SET feed = feeds.feed + 1 RETURNING feed",
            [topic],
        )
        row = await cursor.fetchone()
        await cursor.execute("DELETE FROM relayed WHERE topic = %s", [topic])
        await cursor.execute(
            "INSERT INTO unpublished (position, topic, subject, version)"
            " SELECT position, topic, subject, version FROM outbox WHERE topic = %s ON CONFLICT DO NOTHING",
            [topic],
        )
    assert row is not None
    return int(row.feed)
