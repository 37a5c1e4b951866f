"""Whether a body's new JSON Schema still takes every fact that the old one allowed; if not, what to do.

Facts are kept for ever, so readers of today must understand those of years ago. A field may be added with a
default and a type may become wider; anything else is another version of the fact, beside the old one.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_AT_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_AT_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_EXACTLY = ("format", "pattern", "multipleOf", "uniqueItems", "prefixItems")
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def broken(type: str, old: Schema, new: Schema) -> Iterator[str]:
    """A sentence for each promise of the old schema that the new one breaks."""
    before, now = old.get("properties", {}), new.get("properties", {})
    for name in sorted(before.keys() - now.keys()):
        yield _refusal(type, f"no longer has the field `{name}`, which readers rely on")
    for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield _refusal(
            type, f"now requires the field `{name}`, which earlier facts lack", "give it a default, or "
        )
    for name in sorted(before.keys() & now.keys()):
        if not _takes(now[name], before[name], new, old):
            yield _refusal(type, f"takes less in the field `{name}` than before")


def _refusal(type: str, what: str, instead: str = "") -> str:
    stem, _, number = type.rpartition(".v")
    participle = re.sub(r"(?:^|_)(\w)", lambda found: found[1].upper(), stem.rpartition(".")[2])
    return (
        f"{type} {what}: {instead}leave this version as it is and make it V{int(number) + 1} "
        f"(a class {participle}V{int(number) + 1} in the same table, with words of its own)"
    )


def _takes(new: Schema, old: Schema, new_root: Schema, old_root: Schema) -> bool:
    """Whether every value that `old` allows is allowed by `new`."""
    alternatives = list(_alternatives(new, new_root))
    return all(
        any(_takes_one(wider, narrower, new_root, old_root) for wider in alternatives)
        for narrower in _alternatives(old, old_root)
    )


def _alternatives(schema: Schema, root: Schema) -> Iterator[Schema]:
    """The schema without references and unions; an enumeration is split into its values."""
    if reference := schema.get("$ref"):
        yield from _alternatives(root["$defs"][str(reference).rpartition("/")[2]], root)
    elif options := schema.get("anyOf") or schema.get("oneOf"):
        for option in options:
            yield from _alternatives(option, root)
    elif "enum" in schema:
        for value in schema["enum"]:
            yield {"const": value}
    else:
        yield schema


def _takes_one(new: Schema, old: Schema, new_root: Schema, old_root: Schema) -> bool:
    if "const" in new:
        return "const" in old and new["const"] == old["const"]
    if "type" not in new:
        return True
    if "const" in old:
        bounds = [word for word in (*_AT_LEAST, *_AT_MOST, *_EXACTLY) if word in new]
        return not bounds and isinstance(old["const"], _KINDS.get(new["type"], ()))
    return (
        new["type"] in (old.get("type"), "number" if old.get("type") == "integer" else None)
        and _bounds_kept(new, old)
        and _parts_kept(new, old, new_root, old_root)
    )


def _bounds_kept(new: Schema, old: Schema) -> bool:
    return (
        all(word not in new or (word in old and new[word] <= old[word]) for word in _AT_LEAST)
        and all(word not in new or (word in old and new[word] >= old[word]) for word in _AT_MOST)
        and all(word not in new or new[word] == old.get(word) for word in _EXACTLY)
    )


def _parts_kept(new: Schema, old: Schema, new_root: Schema, old_root: Schema) -> bool:
    """The elements of lists and the fields of objects; what only the old schema names may be anything."""
    inner = [(_part(new, word), _part(old, word)) for word in ("items", "additionalProperties")]
    before, now = old.get("properties", {}), new.get("properties", {})
    return (
        all(_takes(wider, narrower, new_root, old_root) for wider, narrower in inner)
        and set(new.get("required", ())) <= set(old.get("required", ()))
        and before.keys() <= now.keys()
        and all(_takes(now[name], before[name], new_root, old_root) for name in before)
    )


def _part(schema: Schema, word: str) -> Schema:
    """`true` and `false` are no schemas of their own: the first is anything, the second was never said."""
    part = schema.get(word)
    return {} if isinstance(part, bool | None) else part
