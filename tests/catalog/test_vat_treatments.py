"""Every reason for no VAT: a category, words, a dated text with its source."""

from datetime import date, timedelta

import pytest

from reglo.catalog.vat_treatments import CGI_STAYS, CIBS, OSS, OTHER, TREATMENTS, Treatment, VatCategory, in_force

DAYS = (date(2026, 8, 31), CIBS, date(2030, 1, 1))
PRINTED = [one for one in TREATMENTS if one.key not in {OSS, OTHER}]


def test_keys_fit_their_column_and_are_unique():
    keys = [one.key for one in TREATMENTS]

    assert len(set(keys)) == len(keys)
    assert max(map(len, keys)) <= 30


@pytest.mark.parametrize("treatment", PRINTED, ids=lambda one: one.key)
def test_it_says_why_on_any_day_with_a_source_and_a_code(treatment: Treatment):
    for day in DAYS:
        text = in_force(treatment.texts, day)
        assert text.text
        assert text.source
    assert treatment.vatex.startswith("VATEX-")


@pytest.mark.parametrize("treatment", PRINTED, ids=lambda one: one.key)
def test_an_article_of_the_former_code_says_that_it_stays(treatment: Treatment):
    after = in_force(treatment.texts, CIBS)

    assert "CIBS" in after.source
    assert ("du CGI" in after.text) <= after.source.endswith(CGI_STAYS)


@pytest.mark.parametrize("treatment", PRINTED, ids=lambda one: one.key)
def test_texts_follow_one_another_without_a_gap(treatment: Treatment):
    for before, after in zip(treatment.texts, treatment.texts[1:], strict=False):
        assert before.until == after.since
    assert treatment.texts[-1].until is None


def test_the_franchise_moves_to_the_new_code_on_its_day():
    [franchise] = [one for one in TREATMENTS if one.key == "franchise"]

    assert in_force(franchise.texts, CIBS - timedelta(days=1)).text == "TVA non applicable, art. 293 B du CGI"
    assert in_force(franchise.texts, CIBS).text == "TVA non applicable, art. L. 223-3 du CIBS"


def test_only_what_is_taxed_has_no_code():
    assert {one.key for one in TREATMENTS if not one.vatex} == {OSS, OTHER}
    assert [one.key for one in TREATMENTS if one.category == VatCategory.STANDARD] == [OSS]
