from pathlib import Path
from datetime import UTC, datetime
import typst
from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.rendering.invoice_document import invoice_document
from reglo.rendering import render
from tests.invoicing.documents import *

def test_look(company):
    Company.objects.update(trades="building", insurance="Mutuelle du Bâtiment, Lyon", insurance_cover="France métropolitaine", rge="Qualibat 8611")
    company.refresh_from_db()
    c = issued(drafted(company, untaxed("reverse_eu_services"), untaxed("intra_eu_goods", nature=Nature.GOODS), seller={}, buyer=GERMAN, delivery_address="2 Hauptstraße", delivery_postal_code="10115", delivery_city="Berlin", delivery_country="DE"))
    d = invoice_document(c, made_at=NOW, payable_online=False)
    print([n for n in dir(render) if not n.startswith("_")])
    pdf = render.render_pdf(d)
    Path("/tmp/look.pdf").write_bytes(pdf)
