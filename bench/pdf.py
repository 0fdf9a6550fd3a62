"""Milliseconds per PDF/A-3b of a five-line invoice, the compiler warm; against WeasyPrint where it is installed.

python -m bench.pdf
"""

import importlib
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench import installation
from bench.figures import Figure
from bench.processes import in_process

ROUNDS, FIRST = 30, 3  # the first rounds warm up


def main() -> None:
    installation.create("sqlite", "pdf")
    ours, theirs = in_process(measure, "sqlite", "pdf")
    installation.drop("sqlite", "pdf")
    against = f"WeasyPrint {theirs:.0f}" if theirs else "WeasyPrint not measured"
    figure = Figure("PDF/A-3b, 5 lines", "", ours, "ms", against, theirs / ours if theirs else None)
    print(json.dumps([figure.as_json()]))


def measure(_engine: str) -> tuple[float, float | None]:
    """Median milliseconds of ours, and of WeasyPrint, in turns."""
    from reglo.database.migrate import migrate
    from reglo.invoicing.content import DocumentContent
    from reglo.rendering.invoice_document import invoice_document
    from reglo.rendering.render import render_pdf
    from tests.factories import line, make_company, make_issued

    migrate(verbosity=0)
    invoice = make_issued(make_company(), lines=[line(f"{10 + rank}.90", quantity="3") for rank in range(5)])
    assert invoice.issued_at is not None, "issued"
    document = invoice_document(
        DocumentContent.from_json(invoice.frozen), made_at=invoice.issued_at, payable_online=False
    )
    assert render_pdf(document).startswith(b"%PDF"), "a PDF"
    theirs = weasyprint_of(invoice)
    spent: dict[Callable[[], Any], list[float]] = {work: [] for work in (lambda: render_pdf(document), theirs) if work}
    for _ in range(ROUNDS + FIRST):
        for work, times in spent.items():
            began = time.perf_counter()
            work()
            times.append((time.perf_counter() - began) * 1000)
    medians = [statistics.median(times[FIRST:]) for times in spent.values()]
    return medians[0], medians[1] if theirs else None


def weasyprint_of(invoice: Any) -> Callable[[], Any] | None:
    """The same facts as a plain table, printed by WeasyPrint; None where it is not installed."""
    try:
        weasyprint = importlib.import_module("weasyprint")
    except (ImportError, OSError):  # a library of the system may be missing
        return None
    rows = "".join(
        f"<tr><td>{line.description}<td>{line.quantity}<td>{line.unit_price}<td>{line.vat_rate}<td>{line.amount_minor}"
        for line in invoice.lines.order_by("rank")
    )
    page = f"<h1>Facture {invoice.number}</h1><p>{invoice.customer_name}<table>{rows}</table><p>{invoice.gross_minor}"
    return lambda: weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/a-3b")


if __name__ == "__main__":
    main()
