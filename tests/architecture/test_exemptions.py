"""A line that a checker must overlook says why, on that line."""

import io
import re
import tokenize
from pathlib import Path

from tests.architecture.source import CODE, ROOT, name_of, python_files

EXEMPTION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover|mypy:\s*ignore|ruff:\s*noqa)\b")
TYPE = re.compile(r"#\s*type:")
# Its codes, then a reason in words, between brackets or after a dash or a `#`.
REASONED = re.compile(
    r"#\s*(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\])\s*(?:\(|- |#\s*)(?!noqa|type:)\w[\w`]*(?: [^#]+|\))"
)


def exemptions(path: Path) -> list[tuple[int, str]]:
    """Line and words of every comment that asks a checker to overlook something."""
    source = path.read_text(encoding="utf-8")
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [
        (token.start[0], token.string)
        for token in tokens
        if token.type == tokenize.COMMENT and EXEMPTION.search(token.string)
    ]


def test_every_exemption_has_its_reason():
    found = [(name_of(path), *one) for path in python_files(*CODE) for one in exemptions(path)]

    assert len(found) > 20
    assert [f"{name}:{line}: {words}" for name, line, words in found if not is_reasoned(words)] == []


def test_an_exemption_names_what_it_overlooks():
    assert is_reasoned("# noqa: S608 (our own table's name)")
    assert is_reasoned("# type: ignore[misc]  # allauth is untyped")
    assert not is_reasoned("# noqa: S608")
    assert not is_reasoned("# noqa")
    assert not is_reasoned("# type: ignore  # it is fine")
    assert not is_reasoned("# type: ignore[no-untyped-def]  # noqa: F811 (the fixture)")


def is_reasoned(words: str) -> bool:
    """Each exemption of the comment has its codes and its reason."""
    return len(REASONED.findall(words)) == len(EXEMPTION.findall(words))


def test_nothing_reads_a_type_exemption_outside_the_typed_packages():
    """mypy reads `reglo`, `sandbox` and `lab`: elsewhere the comment would be a lie."""
    elsewhere = [
        f"{name_of(path)}:{line}"
        for path in python_files("tests", "bench", "scripts")
        for line, words in exemptions(path)
        if TYPE.search(words)
    ]

    assert elsewhere == []
    assert 'packages = ["reglo", "sandbox", "lab"]' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
