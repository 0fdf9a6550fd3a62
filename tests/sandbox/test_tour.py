"""`make tour` against a fresh installation, and what it says of a broken one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import tour
from sandbox.page import Unexpected
from sandbox.server import RunningSandbox
from sandbox.tour import Step, Tour
from tests.browser.installation import Installation
from tests.settings import TEST_ENGINE


class ShortTour(Tour):
    """Other steps than the story's."""

    def steps(self) -> Iterator[Step]:
        yield "Le premier pas", lambda: None
        yield "Le deuxième pas", self.stumble
        yield "Le troisième pas", lambda: pytest.fail("the tour went on after a failure")

    def stumble(self) -> None:
        raise Unexpected("« Payée »", "« À payer »")


def somewhere(address: str) -> dict[str, str]:
    return {"setup": f"{address}/invitation/x/", "site": address, "sandbox": address}


@pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="the demo runs on SQLite")
def test_the_whole_story_is_all_ticks_and_may_be_lived_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    installation = Installation(tmp_path / "reglo")
    try:
        installation.clock_file.write_text("0", encoding="ascii")
        setup = next(word for word in installation.run("setup").split() if word.startswith("http"))
        links = {"setup": setup, "site": installation.url, "sandbox": installation.sandbox_url}

        codes = [tour.play(Tour(dict(links), tag=tag)) for tag in ("un", "deux")]
    finally:
        installation.stop()

    said = capsys.readouterr().out
    assert codes == [0, 0], said
    assert said.count("✓") == 34
    assert "✗" not in said


def test_a_step_that_fails_ends_the_tour_with_what_was_expected_and_seen(capsys: pytest.CaptureFixture[str]):
    code = tour.play(ShortTour(somewhere("http://localhost:1"), tag="x"))

    said = capsys.readouterr().out
    assert code == 1
    assert "✓  1. Le premier pas" in said
    assert "✗  2. Le deuxième pas\n      attendu : « Payée »\n      vu :      « À payer »" in said


def test_a_site_that_answers_with_an_error_fails_the_first_step(
    world: RunningSandbox, capsys: pytest.CaptureFixture[str]
):
    code = tour.play(Tour(somewhere(world.url), tag="x"))

    said = capsys.readouterr().out
    assert code == 1
    assert f"attendu : une page à {world.url}/invitation/x/" in said
    assert "vu :      erreur 404" in said


def test_nobody_there_fails_the_first_step(capsys: pytest.CaptureFixture[str]):
    assert tour.play(Tour(somewhere("http://localhost:1"), tag="x")) == 1
    assert "attendu : une réponse de http://localhost:1/invitation/x/" in capsys.readouterr().out


def test_what_never_happens_is_waited_for_until_patience_ends():
    impatient = Tour(somewhere("http://localhost:1"), tag="x", patience=0)

    with pytest.raises(Unexpected) as surprise:
        impatient.until("le reçu", lambda: None)

    assert (surprise.value.expected, surprise.value.seen) == ("le reçu", "toujours rien après 0 s")


def test_without_a_running_demo_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code = tour.main(["--links", str(tmp_path / "links.json")])

    assert code == 1
    assert "lancez d’abord « make demo »" in capsys.readouterr().out


def test_a_demo_that_was_stopped_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Its links are still written there."""
    links = tmp_path / "links.json"
    links.write_text(json.dumps(somewhere("http://localhost:1")), encoding="utf-8")

    code = tour.main(["--links", str(links)])

    assert code == 1
    assert capsys.readouterr().out == (
        "Rien ne répond à http://localhost:1 : lancez d’abord « make demo » dans un autre terminal.\n"
    )


def test_the_links_of_the_demo_are_all_that_it_reads(
    world: RunningSandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    links = tmp_path / "links.json"
    links.write_text(json.dumps(somewhere(world.url)), encoding="utf-8")

    assert tour.main(["--links", str(links)]) == 1
    assert f"{world.url}/invitation/x/" in capsys.readouterr().out
