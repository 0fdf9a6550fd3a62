"""VAT of issued documents: that of the regime of their day, and a reason wherever there is none."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books

UNTAXED = {"E", "AE", "K", "G", "O", "Z"}


def documents_follow_the_regime_of_their_day(books: Books) -> Iterator[str]:
    """An invoice charges VAT exactly where its company was not under franchise on its date, whatever changed since. A
    credit note charges back as its invoice did; what a former tool charged is its own."""
    periods: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    for company, since, regime in books.rows(
        "SELECT company_id, CAST(since AS TEXT), regime FROM companies_vatregimeperiod ORDER BY company_id, since"
    ):
        periods[company].append((since, regime))
    beginnings: dict[Any, str] = dict(books.rows("SELECT id, vat_regime FROM companies_company"))
    charged: dict[Any, bool] = {}
    for key, company, kind, corrects, number, day, frozen in books.rows(
        "SELECT id, company_id, kind, corrects_id, number, CAST(issue_date AS TEXT), frozen FROM invoicing_invoice"
        " WHERE status <> 'draft' AND kind <> 'opening' ORDER BY id"
    ):
        said = charged[key] = json.loads(frozen)["charges_vat"]
        begun = bisect_right([since for since, _regime in periods[company]], day)
        regime = periods[company][begun - 1][1] if begun else beginnings.get(company, "")
        expected = charged.get(corrects, said) if kind == "credit_note" else regime != "franchise"
        if said != expected:
            yield _("entreprise %(company)s, %(number)s : sa TVA n’est pas celle du régime du %(day)s") % {
                "company": company,
                "number": number,
                "day": day,
            }


def what_is_untaxed_says_why(books: Books) -> Iterator[str]:
    """Each line is of a category and rate that the document sums up; what is untaxed gives its reason."""
    for company, number, frozen in books.rows(
        "SELECT company_id, number, frozen FROM invoicing_invoice WHERE status <> 'draft' AND kind <> 'opening'"
    ):
        content = json.loads(frozen)
        where = _("entreprise %(company)s, %(number)s") % {"company": company, "number": number}
        categories = [line["vat_category"] for line in content["lines"] if "vat_category" in line]
        if len(categories) != len(content["lines"]):
            continue  # frozen before lines said their category
        nets: dict[tuple[str, str], int] = defaultdict(int)
        for line in content["lines"]:
            nets[line["vat_category"], line["vat_rate"]] += line["net_minor"]
        if nets != {(rate["vat_category"], rate["vat_rate"]): rate["net_minor"] for rate in content["rates"]}:
            yield _("%(where)s : les lignes n’ont pas la TVA de leurs taux") % {"where": where}
        for rate in content["rates"]:
            if rate["vat_category"] in UNTAXED and (rate["vat_minor"] or not rate.get("reason")):
                yield _("%(where)s : %(category)s est sans motif, ou taxé") % {
                    "where": where,
                    "category": rate["vat_category"],
                }
