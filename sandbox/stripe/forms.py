"""Form bodies and query strings with nested names, read as the API reads them.

`a[b]=1` is a map, `a[]=1` and `a[0]=1` are lists. Leaves stay text; `parameters` gives them their types.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from sandbox.stripe.errors import invalid

NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
STEP = re.compile(r"\[([^\[\]]*)\]")
MOST_PARAMETERS = 2000


def decode(text: str) -> dict[str, Any]:
    """`a[0][b]=c` → {"a": [{"b": "c"}]}. Raises the API's own error for a name it could not have understood."""
    tree: dict[str, Any] = {}
    pairs = parse_qsl(text, keep_blank_values=True)
    if len(pairs) > MOST_PARAMETERS:
        raise invalid("Too many parameters.")
    for name, value in pairs:
        match = NAME.match(name)
        if match is None:
            raise invalid(f"Received unknown parameter: {name}", param=name, code="parameter_unknown")
        place(tree, [match[1], *STEP.findall(match[2])], value, name)
    return {key: lists(value) for key, value in tree.items()}


def place(tree: dict[str, Any], steps: list[str], value: str, name: str) -> None:
    for number, step in enumerate(steps):
        if step == "":
            step = str(len(tree))
        if number == len(steps) - 1:
            tree[step] = value
            return
        inner = tree.setdefault(step, {})
        if not isinstance(inner, dict):
            raise invalid(f"Invalid parameter: {name}", param=name)
        tree = inner


def lists(value: Any) -> Any:
    """Maps whose keys are 0, 1, 2… are lists."""
    if not isinstance(value, dict):
        return value
    read = {key: lists(inner) for key, inner in value.items()}
    if read and all(key.isdecimal() for key in read):
        return [read[key] for key in sorted(read, key=int)]
    return read
