"""Milliseconds per PDF/A-3b of a five-line invoice, the compiler warm; against WeasyPrint, in its own environment.

python -m bench.pdf
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench import installation
from bench.figures import Figure
from bench.outsiders import WEASYPRINT, NotInstalled, python_with
from bench.processes import in_process

ROUNDS, FIRST = 30, 3  # the first rounds warm up
SCRIPT = Path(__file__).with_name("weasyprint_pages.py")


def main() -> None:
    try:
        python, reason = str(python_with(*WEASYPRINT)), ""
    except NotInstalled as error:
        python, reason = "", str(error)
    installation.create("sqlite", "pdf")
    ours, theirs = in_process(measure, "sqlite", "pdf", python)
    installation.drop("sqlite", "pdf")
    reason = reason or "it did not print the page"
    against = f"WeasyPrint {theirs:.0f}" if theirs else f"WeasyPrint not measured: {reason}"
    figure = Figure("PDF/A-3b, 5 lines", "", ours, "ms", against, theirs / ours if theirs else None)
    print(json.dumps([figure.as_json()]))


def measure(_engine: str, python: str) -> tuple[float, float | None]:
    """Median milliseconds of ours, and of WeasyPrint run by `python`, in turns."""
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
    ours: list[float] = []
    theirs: list[float] = []
    printer = weasyprint(python, invoice) if python else None
    for _ in range(ROUNDS + FIRST):
        began = time.perf_counter()
        render_pdf(document)
        ours.append((time.perf_counter() - began) * 1000)
        if printer:
            theirs += printed(printer)
    if printer:
        printer.communicate()
    whole = len(theirs) == len(ours)
    return statistics.median(ours[FIRST:]), statistics.median(theirs[FIRST:]) if whole else None


def weasyprint(python: str, invoice: Any) -> "subprocess.Popen[str]":
    """A process of theirs that waits to print the same facts as a plain table."""
    rows = "".join(
        f"<tr><td>{line.description}<td>{line.quantity}<td>{line.unit_price}<td>{line.vat_rate}<td>{line.amount_minor}"
        for line in invoice.lines.order_by("rank")
    )
    page = installation.SCRATCH / "weasyprint.html"
    page.write_text(
        f"<h1>Facture {invoice.number}</h1><p>{invoice.customer_name}<table>{rows}</table><p>{invoice.gross_minor}",
        encoding="utf-8",
    )
    return subprocess.Popen(
        [python, SCRIPT, page], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr, text=True
    )


def printed(printer: "subprocess.Popen[str]") -> list[float]:
    """The milliseconds of one more, none where the process has ended."""
    assert printer.stdin is not None, "asked for"
    assert printer.stdout is not None, "asked for"
    try:
        printer.stdin.write("\n")
        printer.stdin.flush()
    except BrokenPipeError:
        return []
    answer = printer.stdout.readline()
    return [float(answer)] if answer else []


if __name__ == "__main__":
    main()
