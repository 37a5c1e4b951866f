"""`python -m contracts export` writes what is promised; `python -m contracts check` says where it differs."""

import sys

from contracts import export


def main(arguments: list[str]) -> None:
    """Ends with the sentences of what is wrong, one a line, and exit status 1."""
    if arguments not in (["export"], ["check"]):
        sys.exit("usage: python -m contracts export|check")
    if broken := list(export.breaches()):
        sys.exit("\n".join(broken))
    if arguments == ["check"]:
        sys.exit("\n".join(export.differences()) or None)
    for path in export.write():
        print(f"wrote contracts/{path}")


main(sys.argv[1:])
