"""The story is told once at each width, in the order of the files; a step whose beginning failed is left out."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.browser.installation import Installation
from tests.browser.story import Story
from tests.browser.visitor import PATIENCE, Gallery

SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens"
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync", "--font-render-hinting=none", "--lang=fr-FR"]
FRENCH = {"LANGUAGE": "fr", "LANG": "fr_FR.UTF-8"}  # what the browser itself says: dates, *Choisir un fichier*


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = os.environ.get("REGLO_CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.skip("no Chromium here (REGLO_CHROMIUM says where)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET, env={**os.environ, **FRENCH})
        yield browser
        browser.close()


@pytest.fixture(
    scope="session",
    params=list(WIDTHS),
)
def told(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """One installation, one owner, one customer, at one width."""
    width, height = WIDTHS[request.param]
    installation = Installation(tmp_path_factory.mktemp(request.param) / "reglo")
    story = Story(installation, chromium, Gallery(SCREENS / str(width)), width, height)
    yield story
    story.close()
    installation.stop()


@pytest.fixture
def story(told: Story, request: pytest.FixtureRequest) -> Iterator[Story]:
    """The story so far. A step that fails ends it: what follows would only repeat the failure."""
    if told.broken_at:
        pytest.skip(f"the story broke at {told.broken_at}")
    told.broken_at = request.node.name
    yield told
    if request.node.stash.get(PASSED, False):
        told.broken_at = ""


PASSED = pytest.StashKey[bool]()


class OneStoryAProcess(LoadScopeScheduling):
    """Under `-n 2` each width is told by one process, from its beginning to its end."""

    def _split_scope(self, nodeid: str) -> str:
        return "desktop" if nodeid.endswith("[desktop]") else "phone and the rest"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneStoryAProcess:
    return OneStoryAProcess(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report
