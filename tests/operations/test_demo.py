"""The supervisor of `reglo demo`, without starting what it supervises."""

import socket
from pathlib import Path

import pytest

from reglo.operations.demo import supervisor
from reglo.operations.demo.supervisor import CannotStart, Demo


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    return Demo(state=tmp_path / "demo", port=1, sandbox_port=2, smtp_port=3)


def test_a_busy_port_is_one_clear_line(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        code = supervisor.run(Demo(state=tmp_path / "demo", port=port, sandbox_port=2, smtp_port=3))

    assert code == 1
    assert capsys.readouterr().err == (
        f"Le port {port} est déjà pris. Arrêtez ce qui l’occupe, ou choisissez-en un autre : make demo PORT={port + 200}\n"
    )
    assert not (tmp_path / "demo").exists()


def test_a_half_made_demo_is_forgotten_but_for_its_keys(demo: Demo):
    demo.state.mkdir()
    keys = supervisor.settings_of(demo)
    for name in ("reglo.sqlite3", "reglo.sqlite3-wal", "web.log", "clock"):
        (demo.state / name).write_text("half")
    (demo.state / "files").mkdir()
    (demo.state / "files" / "logo").write_text("half")

    supervisor.forget_half_made(demo)

    assert [path.name for path in demo.state.iterdir()] == ["keys.json"]
    assert supervisor.settings_of(demo) == keys


def test_a_folder_that_holds_something_else_is_left_alone(demo: Demo):
    demo.state.mkdir()
    (demo.state / "files").write_text("mine")

    with pytest.raises(CannotStart, match="choisissez-en un vide"):
        supervisor.forget_half_made(demo)

    assert (demo.state / "files").read_text() == "mine"


def test_the_keys_are_drawn_once_and_private(demo: Demo):
    demo.state.mkdir()

    first, second = supervisor.settings_of(demo), supervisor.settings_of(demo)

    assert first == second
    assert (demo.state / "keys.json").stat().st_mode & 0o777 == 0o600


def test_what_migrate_installs_is_noticed_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    migration = tmp_path / "ledger" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("")
    monkeypatch.setattr(supervisor, "PACKAGE", tmp_path)
    before = supervisor.fingerprint()

    migration.write_text("# another table")

    assert supervisor.fingerprint() != before
