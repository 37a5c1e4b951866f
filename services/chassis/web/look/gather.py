"""Gathers texts for the catalogues: what is marked with `_`, and what models say about their fields (the
title and description of `Field`, the sentence of `Asks`), so that authors of forms have nothing to mark."""

import ast
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import IO, Any, cast

from babel.messages.extract import extract_python

Found = tuple[int, str, Any, Any]


def marked(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any
) -> Iterator[Found]:
    """An extractor of Babel: line, function, text and comments of every text in a Python file."""
    source = file.read()
    yield from cast("Iterator[Found]", extract_python(BytesIO(source), keywords, comment_tags, options))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for text in _texts(node.func.id, node):
                yield text.lineno, "_", text.value, []


def _texts(function: str, call: ast.Call) -> list[ast.Constant]:
    match function:
        case "Field":
            said = [keyword.value for keyword in call.keywords if keyword.arg in ("title", "description")]
        case "Asks":
            said = call.args
        case _:
            said = []
    return [text for text in said if isinstance(text, ast.Constant) and isinstance(text.value, str)]
