from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as published_settings
from django.test import Client

from reglo.dashboard.views.settings.subjects import SUBJECTS, Subject

PUBLISHED = Path(published_settings.GUIDES_ROOT)

GUIDE = """# Se faire payer

Voir [la banque](banque.md#iban) et ![la page](images/page.png).

<script>alert(1)</script>
"""


@pytest.fixture(autouse=True)
def guides(tmp_path: Path, settings: Any) -> Path:
    settings.GUIDES_ROOT = tmp_path / "user"
    (tmp_path / "user" / "images").mkdir(parents=True)
    (tmp_path / "user" / "payer.md").write_text(GUIDE, encoding="utf-8")
    (tmp_path / "user" / "images" / "page.png").write_bytes(b"\x89PNG")
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    return tmp_path


def test_a_guide_is_a_page_whose_links_lead_to_ours(client: Client, db: None):
    page = client.get("/aide/payer/").content.decode()

    assert "<h1>Se faire payer</h1>" in page
    assert 'href="/aide/banque/#iban"' in page
    assert 'src="/aide/images/page.png"' in page


def test_raw_html_is_shown_as_text(client: Client, db: None):
    page = client.get("/aide/payer/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_picture_is_served(client: Client, db: None):
    answer = client.get("/aide/images/page.png")

    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, "image/png", b"\x89PNG")


@pytest.mark.parametrize("path", ["/aide/rien/", "/aide/..%2Fsecret/", "/aide/images/..%2F..%2Fsecret.png"])
def test_nothing_else_is_read(client: Client, db: None, path: str):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "subject", [subject for subject in SUBJECTS if subject.guide], ids=lambda subject: subject.guide
)
def test_every_page_of_the_configuration_has_its_guide(subject: Subject):
    assert (PUBLISHED / f"{subject.guide}.md").is_file()


def test_the_index_leads_to_every_guide():
    index = (PUBLISHED / "index.md").read_text(encoding="utf-8")

    for guide in PUBLISHED.glob("*.md"):
        assert guide.name == "index.md" or f"({guide.name})" in index, guide.name
