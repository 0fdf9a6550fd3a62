"""What the documentation names exists: files, links, commands of the Makefile, settings."""

import re
from pathlib import Path

import pytest

from reglo.config.environment import SETTINGS
from tests.architecture.source import ROOT

PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("reglo/**/README.md"), ROOT / "sandbox/README.md"]
)
NAMED_FILE = re.compile(r"`((?:reglo|sandbox|scripts|tests|docs)/[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")
TARGET = re.compile(r"`make ([a-z ]+?)(?: [A-Z]+=\d+)?`")
SETTING = re.compile(r"\bREGLO_[A-Z_]+\b")
# An example of a file that a how-to tells to write, and variables of the tests and of the container.
TO_BE_WRITTEN = re.compile(r"gocardless")
NOT_SETTINGS = {"REGLO_TEST_POSTGRESQL", "REGLO_TEST_ENGINE", "REGLO_OFFICIAL_DATA", "REGLO_REQUIRE", "REGLO_CHROMIUM"}
NOT_SETTINGS |= {"REGLO_PORT", "REGLO_DEMO_SMTP_PORT", "REGLO_LAB_SEED"}


def each(page: Path, pattern: re.Pattern[str]) -> list[str]:
    return pattern.findall(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_exists(page: Path):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    known = {setting.name for setting in SETTINGS} | NOT_SETTINGS

    files = [name for name in each(page, NAMED_FILE) if not TO_BE_WRITTEN.search(name)]
    assert [name for name in files if not (ROOT / name).exists()] == []
    assert [link for link in each(page, LINK) if not (page.parent / link).exists()] == []
    assert [name for said in each(page, TARGET) for name in said.split() if name not in targets] == []
    assert [name for name in each(page, SETTING) if name not in known] == []


def test_every_page_of_the_documentation_is_reached_from_another():
    linked = {(page.parent / link).resolve() for page in PAGES for link in each(page, LINK)}
    folders = {path for path in linked if path.is_dir()}

    lost = [page for page in (ROOT / "docs").rglob("*.md") if page not in linked and page.parent not in folders]

    assert [str(page.relative_to(ROOT)) for page in lost] == []
