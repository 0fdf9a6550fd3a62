"""Images of SQLite's files after a power failure: shipped settings lose nothing, others would, and the judge sees it."""

import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.power_loss import NORMAL, judge, run, violations
from lab.power_loss.checks import Judge
from lab.power_loss.disk import Operation, Played, Sync, Truncate, Write, replay
from lab.power_loss.images import SECTOR, Image, images
from lab.power_loss.workload import Fact, Recording, record_here
from lab.results import Order, Result
from tests.architecture.source import ROOT
from tests.harness.databases import TestDatabases
from tests.settings import TEST_ENGINE

SEED = 7
OFF = 0

pytestmark = pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="these are SQLite's files")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("power-loss")


@pytest.fixture(scope="module")
def recorded(folder: Path, django_db_setup: TestDatabases, django_db_blocker: Any) -> Iterator[tuple[Recording, Path]]:
    """The workload, and the database that the product itself left."""
    with django_db_blocker.unblock(), django_db_setup.own_copy():
        recording = record_here(folder, random.Random(SEED))
        yield recording, Path(django_db_setup.settings["NAME"])


@pytest.fixture(scope="module")
def recording(recorded: tuple[Recording, Path]) -> Recording:
    return recorded[0]


@pytest.fixture(scope="module")
def played(recording: Recording, folder: Path) -> Played:
    return replay(recording, folder)


def rows(file: Path) -> list[str]:
    with sqlite3.connect(file) as database:
        return sorted(database.iterdump())


def lost_invoices(faults: list[str]) -> list[str]:
    return [fault for fault in faults if "acknowledged, and lost: invoicing_invoice" in fault]


def test_the_replay_leaves_what_the_product_left(recorded: tuple[Recording, Path], played: Played):
    _recording, products = recorded

    assert rows(played.file) == rows(products)


def test_the_workload_meets_checkpoints_and_every_kind_of_fact(played: Played):
    assert played.checkpoints >= 3
    assert {fact.table for fact, _position in played.facts} == {
        "invoicing_invoice",
        "ledger_entry",
        "payments_payment",
        "payments_allocation",
        "payments_paymentattempt",
        "events_seal",
    }


def test_shipped_settings_lose_nothing(recording: Recording, played: Played, folder: Path):
    judged = dict(judge(recording, played, range(150), SEED, folder))

    assert len(judged) == 150
    assert [fault for faults in judged.values() for fault in faults] == []


def test_normal_would_lose_acknowledged_invoices_and_break_nothing_else(recording: Recording, folder: Path):
    under_normal = replay(recording, folder, synchronous=NORMAL)

    judged = dict(judge(recording, under_normal, range(40), SEED, folder))

    assert sum(bool(lost_invoices(faults)) for faults in judged.values()) > 20
    assert [fault for faults in judged.values() for fault in faults if "acknowledged" not in fault] == []


def test_off_would_break_the_file(recording: Recording, folder: Path):
    without_syncs = replay(recording, folder, synchronous=OFF)

    judged = dict(judge(recording, without_syncs, range(40), SEED, folder))

    told = [fault for faults in judged.values() for fault in faults]
    assert any("integrity_check" in fault or "does not open" in fault for fault in told)


def test_the_same_seed_makes_the_same_images(recording: Recording, played: Played, folder: Path):
    base = recording.base.read_bytes()

    all_at_once = {image.number: image for image in images(played.log, base, range(20), SEED)}
    [alone] = images(played.log, base, [13], SEED)

    assert alone == all_at_once[13]
    assert [image.cut for image in images(played.log, base, range(20), SEED + 1)] != [
        image.cut for image in all_at_once.values()
    ]


def test_a_violation_names_the_command_that_shows_it_again(recording: Recording, folder: Path):
    under_normal = replay(recording, folder, synchronous=NORMAL)
    number, faults = next(
        (number, faults) for number, faults in judge(recording, under_normal, range(40), SEED, folder) if faults
    )

    [first, *_] = violations(faults, SEED, number)

    assert first.startswith(f"seed {SEED}, image {number}, power lost after ")
    assert first.endswith(f"python -m lab.one_image {SEED} {number}")


def test_the_part_in_its_own_process_finds_nothing_and_can_show_an_image_again(tmp_path: Path):
    told = tmp_path / "result.json"

    part = run_python("lab.part", "power_loss", "sqlite", "30", "7", str(told))
    shown = run_python("lab.one_image", "7", "13", str(tmp_path / "left"))

    assert part.returncode == 0, part.stderr
    found = Result.from_json(json.loads(told.read_text(encoding="utf-8")))
    assert (found.violations, found.counts["images"]) == ([], 30)
    assert (found.counts["planted"], found.counts["caught"]) == (1, 1)
    assert shown.returncode == 0, shown.stderr
    assert "image 13: power lost after" in shown.stdout
    assert (tmp_path / "left" / "image.sqlite3").stat().st_size > 0


def run_python(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )


def test_there_is_nothing_to_lose_here_on_postgresql():
    assert run(Order("postgresql", 10, SEED), print).missing


BASE = bytes(2 * SECTOR)
A, B = b"a" * SECTOR, b"b" * SECTOR


def contents(log: list[Operation], count: int = 200) -> set[bytes]:
    """What the database file may hold after `log`, when the power fails at its very end."""
    return {image.files[""] for image in images(log, BASE, range(count), SEED) if image.cut == len(log)}


def test_what_was_synced_is_always_there():
    assert contents([Write("", 0, A + B), Sync("")]) == {A + B}


def test_what_was_not_synced_is_there_in_whole_in_part_or_not():
    assert contents([Write("", 0, A + B)]) == {BASE, A + B, A + bytes(SECTOR), bytes(SECTOR) + B}


def test_another_file_s_sync_saves_nothing():
    assert BASE in contents([Write("", 0, A + B), Write("-wal", 0, A), Sync("-wal")])


def test_a_truncation_may_be_lost_and_a_later_write_kept():
    assert contents([Truncate("", 0), Write("", SECTOR, A)]) >= {BASE, b"", bytes(SECTOR) + A}


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM payments_allocation WHERE id = 1", "acknowledged, and lost: payments_allocation"),
        ("UPDATE invoicing_invoice SET number = series || '0099' WHERE chain_position = 2", "series ESSAI-F2026-"),
        ("UPDATE invoicing_numbersequence SET last_number = 61", "series ESSAI-F2026-"),
        ("UPDATE ledger_entryline SET debit_minor = debit_minor + 1 WHERE rank = 1", "debit"),
        ("DELETE FROM ledger_entry WHERE position = 3", "half an entry"),
        ("DELETE FROM ledger_entry WHERE position = 3", "entry 4 does not follow entry 2"),
        ("UPDATE invoicing_settlement SET settled_minor = settled_minor + 1", "allocated"),
        ("UPDATE invoicing_invoice SET frozen = frozen || ' ' WHERE chain_position = 1", "is not what was issued"),
        ("UPDATE invoicing_documentchain SET head = ''", "the chain's head is not document"),
        ("DELETE FROM invoicing_invoiceline WHERE invoice_id = 1; DELETE FROM companies_company", "refers to nothing"),
        ("UPDATE events_event SET kind = 'invoice.settled' WHERE id = 3", "reglo verify: Les événements"),
    ],
)
def test_the_judge_sees(sql: str, said: str, played: Played, tmp_path: Path):
    spoiled = tmp_path / "spoiled.sqlite3"
    spoiled.write_bytes(played.file.read_bytes())
    with sqlite3.connect(spoiled) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute("PRAGMA ignore_check_constraints = 1")
        database.executescript(sql)
    database.close()

    faults = judge_end(spoiled, [fact for fact, _position in played.facts], tmp_path)

    assert [fault for fault in faults if said in fault] != []


def test_the_judge_says_of_a_torn_file_that_it_does_not_open(played: Played, tmp_path: Path):
    torn = tmp_path / "torn.sqlite3"
    torn.write_bytes(bytes(SECTOR) + played.file.read_bytes()[SECTOR:])

    assert "does not open" in judge_end(torn, [], tmp_path)[0]


def judge_end(file: Path, acknowledged: list[Fact], folder: Path) -> list[str]:
    return Judge(folder).faults(Image(0, 1, {"": file.read_bytes()}, ()), acknowledged)
