import io
import re
import zipfile
from datetime import UTC, datetime

from django.test import Client

from reglo.archives.models import Archive, SigningKey
from reglo.archives.services import close_periods
from reglo.archives.tasks import build_archives
from reglo.companies.models import Company
from reglo.ports import clock as clock_port
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def text_of(answer: object) -> str:
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_closings_are_read_by_day_month_and_year(browser: Client, company: Company):
    assert "Rien n’est encore clos" in text_of(browser.get("/comptabilite/clotures/"))
    make_issued(company, now=NOW)
    close_periods(company_id=company.id, now=datetime(2027, 1, 2, tzinfo=UTC))

    months = browser.get("/comptabilite/clotures/")
    assert [closing.first_day.month for closing, _figures in months.context["rows"]][:2] == [12, 11]
    assert "120,00" in text_of(months)
    for word, count in (("jours", 25), ("annees", 2)):
        rows = browser.get(f"/comptabilite/clotures/?periode={word}").context["rows"]
        assert len(rows) >= min(count, 2)


def test_an_archive_is_asked_for_prepared_and_downloaded(browser: Client, company: Company, clock: FrozenClock):
    make_issued(company, now=NOW)

    browser.post("/comptabilite/archives/", {"first_day": "2026-01-01", "last_day": "2026-11-22"})
    page = text_of(browser.get("/comptabilite/archives/"))
    assert "Demandée" in page
    assert 'hx-get="/comptabilite/archives/etat/"' in page
    build_archives(now=clock_port.now())
    ready = text_of(browser.get("/comptabilite/archives/etat/"))

    assert "Prête" in ready
    assert "hx-get" not in ready
    assert SigningKey.objects.get(company=company).public_hex in ready
    address = re.search(r'href="(/comptabilite/archives/[^"]+\.zip)"', ready)
    assert address
    download = browser.get(address[1])
    assert download["Content-Disposition"] == 'attachment; filename="archive-2026-01-01-2026-11-22.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(download.streaming_content))) as archive:
        assert "manifest.sig" in archive.namelist()

    clock.advance(days=7)
    assert browser.get(address[1]).status_code == 404


def test_a_period_that_is_none_is_said_at_its_field(browser: Client, company: Company):
    answer = browser.post("/comptabilite/archives/", {"first_day": "2026-11-22", "last_day": "2026-11-01"})

    assert answer.status_code == 422
    assert "dans l’ordre" in text_of(answer)
    assert not Archive.objects.exists()
