"""Run by WeasyPrint's own Python: the page given as a file is printed once for each line read; answers milliseconds."""

import sys
import time
from pathlib import Path

import weasyprint

page = Path(sys.argv[1]).read_text(encoding="utf-8")
for _line in sys.stdin:
    began = time.perf_counter()
    pdf = weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/a-3b")
    spent = (time.perf_counter() - began) * 1000
    assert pdf.startswith(b"%PDF"), "a PDF"
    print(spent, flush=True)
