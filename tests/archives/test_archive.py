"""An archive is whole, signed, and verified by a program that knows nothing of us."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reglo.archives import verify_archive
from reglo.archives.models import Archive, SigningKey
from reglo.archives.services import BadPeriod, close_periods, forget_archives, request_archive
from reglo.archives.states import ArchiveState
from reglo.archives.tasks import build_archives
from reglo.companies.models import Company
from reglo.files import store
from reglo.invoicing.services import attach_opening_paper
from reglo.payments.services import record_collection
from reglo.payments.states import Method
from tests.factories import make_credit, make_issued, make_opening
from tests.harness.rows import nothing_written

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
Tamper = Callable[[dict[str, bytes]], None]


def ask(company: Company, first: date = date(2026, 1, 1), last: date = date(2026, 11, 22)) -> Archive:
    return request_archive(company_id=company.id, first_day=first, last_day=last, now=NOW)


@pytest.fixture
def archive(company: Company) -> Archive:
    """Two invoices, a credit note, a payment, closed days, and an invoice taken over with its paper."""
    invoice = make_issued(company, now=NOW)
    make_issued(company, now=NOW)
    make_credit(invoice, amount_minor=20_00)
    record_collection(
        company_id=company.id,
        invoice_id=invoice.pk,
        amount_minor=50_00,
        method=Method.TRANSFER,
        collected_on=NOW.date(),
        now=NOW,
        note="=1+1",
    )
    opening = make_opening(company, "2026/117")
    attach_opening_paper(company_id=company.id, invoice_id=opening.pk, data=b"%PDF-1.4 old", now=NOW)
    close_periods(company_id=company.id, now=NOW)
    asked = ask(company)
    build_archives(now=NOW)
    asked.refresh_from_db()
    assert asked.state == ArchiveState.READY, asked.failure
    return asked


@pytest.fixture
def whole(archive: Archive, tmp_path: Path) -> Path:
    path = tmp_path / archive.filename
    path.write_bytes(store.read(archive.sha256))
    return path


def files_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as read:
        return {name: read.read(name) for name in read.namelist()}


def run(script: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """As anybody would, without anything of ours on the path."""
    return subprocess.run(
        [sys.executable, "-I", str(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_holds_the_documents_and_the_books(whole: Path):
    files = files_of(whole)

    names = [name.partition("/")[2].partition("-")[2] for name in files if name.startswith("documents/")]
    assert sorted(names) == sorted(
        f"ESSAI-{number}.{kind}" for number in ("F2026-0001", "F2026-0002", "A2026-0001") for kind in ("json", "pdf")
    )
    assert [data for name, data in files.items() if name.startswith("reprises/") and name.endswith(".pdf")] == [
        b"%PDF-1.4 old"
    ]
    assert "'=1+1" in files["encaissements.csv"].decode("utf-8-sig")
    assert files["ecritures.csv"].decode("utf-8-sig").count("\r\n") > 10
    assert files["clotures.csv"].decode("utf-8-sig").count("day;") == 325  # 1 January to 21 November
    assert "invoice.issued" in files["evenements.csv"].decode("utf-8-sig")
    manifest = json.loads(files["manifest.json"])
    assert set(manifest["files"]) == set(files) - {"manifest.json", "manifest.sig"}


def test_the_script_inside_verifies_it_without_us(archive: Archive, whole: Path, tmp_path: Path):
    script = tmp_path / "verify_archive.py"
    script.write_bytes(files_of(whole)["verify_archive.py"])
    fingerprint = SigningKey.objects.get(company_id=archive.company_id).public_hex

    verified = run(script, whole, fingerprint)

    assert (verified.returncode, verified.stderr) == (0, "")
    assert "3 documents qui se suivent" in verified.stdout
    other = run(script, whole, "00" * 32)
    assert other.returncode == 1
    assert "signée par une autre clé" in other.stdout


def change_a_byte(files: dict[str, bytes]) -> None:
    name = next(name for name in files if name.endswith(".pdf"))
    files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])


def lose_a_file(files: dict[str, bytes]) -> None:
    del files["ecritures.csv"]


def add_a_file(files: dict[str, bytes]) -> None:
    files["documents/autre.pdf"] = b"%PDF"


def rewrite_the_manifest(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    del manifest["files"]["ecritures.csv"], files["ecritures.csv"]
    files["manifest.json"] = json.dumps(manifest).encode()


def lose_the_signature(files: dict[str, bytes]) -> None:
    del files["manifest.sig"]


def sign_by_another(files: dict[str, bytes]) -> None:
    """A document left out, and all the rest made to agree, under a key of the forger's."""
    manifest, forger = json.loads(files["manifest.json"]), Ed25519PrivateKey.generate()
    manifest["documents"].pop(1)
    manifest["public_key"] = forger.public_key().public_bytes_raw().hex()
    files["manifest.json"] = json.dumps(manifest).encode()
    files["manifest.sig"] = forger.sign(files["manifest.json"])


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (change_a_byte, "a changé"),
        (lose_a_file, "il manque ecritures.csv"),
        (add_a_file, "documents/autre.pdf a été ajouté"),
        (rewrite_the_manifest, "la signature n’est pas celle de manifest.json"),
        (lose_the_signature, "il manque manifest.json ou manifest.sig"),
        (sign_by_another, "ne suit pas"),
    ],
)
def test_it_refuses_whatever_was_touched(whole: Path, tmp_path: Path, tamper: Tamper, said: str):
    files = files_of(whole)
    tamper(files)
    spoilt = tmp_path / "spoilt.zip"
    with zipfile.ZipFile(spoilt, "w") as written:
        for name, data in files.items():
            written.writestr(name, data)

    verified = run(Path(verify_archive.__file__), spoilt)

    assert verified.returncode == 1
    assert said in verified.stdout


def test_its_own_arithmetic_agrees_with_the_library():
    for message in (b"", b"x" * 1000):
        key = Ed25519PrivateKey.generate()
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)

        assert verify_archive.signed_by(public, message, signature)
        assert not verify_archive.signed_by(public, message + b"y", signature)
        assert not verify_archive.signed_by(public, message, bytes([signature[0] ^ 1]) + signature[1:])
        assert not verify_archive.signed_by(bytes(32), message, signature)


def test_one_key_signs_all_the_archives_of_a_company(archive: Archive, company: Company):
    ask(company, first=date(2026, 11, 1))
    build_archives(now=NOW)

    assert SigningKey.objects.filter(company=company).count() == 1


def test_asked_for_twice_it_is_prepared_once(company: Company):
    first = ask(company)

    with nothing_written():
        assert ask(company) == first


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 2), date(2026, 11, 1)),
        (date(2026, 11, 1), date(2026, 11, 23)),
        (date(1999, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_period_that_is_none_is_refused(company: Company, first: date, last: date):
    with nothing_written(), pytest.raises(BadPeriod):
        ask(company, first, last)


def test_what_a_dead_worker_left_is_begun_again(company: Company):
    asked = ask(company)
    Archive.objects.filter(pk=asked.pk).update(state=ArchiveState.BUILDING, began_at=NOW)

    build_archives(now=NOW + timedelta(minutes=29))
    asked.refresh_from_db()
    assert asked.state == ArchiveState.BUILDING
    build_archives(now=NOW + timedelta(minutes=31))
    asked.refresh_from_db()
    assert asked.state == ArchiveState.READY


def test_a_paper_that_is_lost_interrupts_it_with_a_sentence(company: Company, files_root: Path):
    opening = make_opening(company)
    paper = attach_opening_paper(company_id=company.id, invoice_id=opening.pk, data=b"%PDF-1.4", now=NOW)
    store.path_of(paper.file_id).unlink()

    asked = ask(company)
    build_archives(now=NOW)

    asked.refresh_from_db()
    assert asked.state == ArchiveState.FAILED
    assert asked.failure.startswith("Ce fichier n’est plus dans le dossier")


def test_the_download_expires(archive: Archive):
    assert forget_archives(now=NOW + timedelta(days=6)) == 0
    assert forget_archives(now=NOW + timedelta(days=7)) == 1

    archive.refresh_from_db()
    assert (archive.state, archive.file_id, len(archive.sha256)) == (ArchiveState.EXPIRED, None, 64)
