import csv
import io

import pytest

from reglo.dashboard.spreadsheets import csv_response, figure
from reglo.money import Money


def rows_of(*cells: str) -> list[list[str]]:
    text = csv_response("essai.csv", ["titre"], [cells]).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_a_formula(first: str):
    [[cell]] = rows_of(f"{first}cmd|' /C calc'!A1")

    assert cell.startswith("'")


def test_an_amount_stays_a_number_and_a_cell_one_cell():
    assert rows_of(figure(Money(-124050, "EUR")), "a;b\n=c") == [["-1240,50", "a;b\n=c"]]
