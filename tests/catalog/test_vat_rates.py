"""The rates as the law dates them, territory by territory."""

from datetime import date
from decimal import Decimal

import pytest

from reglo.catalog.vat_rates import OSS_RATES, VAT_RATES, oss_rate_on, rates_on
from reglo.catalog.vat_territories import (
    EU_MEMBERS,
    is_export,
    territory_of,
    territory_of_company,
    vat_prefix,
)
from reglo.companies.models import Company
from reglo.companies.states import Territory

TODAY = date(2026, 11, 22)


def shown(day: date, territory: Territory = Territory.MAINLAND) -> list[str]:
    return [str(rate) for rate in rates_on(day, territory)]


@pytest.mark.parametrize(
    ("territory", "rates"),
    [
        (Territory.MAINLAND, ["20", "10", "5.5", "2.1"]),
        (Territory.CORSICA, ["20", "13", "10", "5.5", "2.1", "0.9"]),
        (Territory.OVERSEAS, ["8.5", "2.1", "1.75", "1.05"]),
        (Territory.WITHOUT_VAT, []),
    ],
)
def test_each_territory_has_its_rates(territory: Territory, rates: list[str]):
    assert shown(TODAY, territory) == rates


@pytest.mark.parametrize(
    ("day", "there", "gone"),
    [
        (date(2013, 12, 31), {"19.6", "7"}, {"20", "10"}),
        (date(2014, 1, 1), {"20", "10"}, {"19.6", "7"}),
        (date(2011, 12, 31), {"5.5", "19.6"}, {"7"}),
        (date(2000, 3, 31), {"20.6"}, {"19.6"}),
    ],
)
def test_a_rate_has_its_dates(day: date, there: set[str], gone: set[str]):
    assert there <= set(shown(day))
    assert not gone & set(shown(day))


def test_no_rate_is_twice_in_force_at_once():
    for one in VAT_RATES:
        same = [
            other
            for other in VAT_RATES
            if other is not one and other.rate == one.rate and other.territories & one.territories
        ]
        assert all(
            (other.until or date.max) <= one.since or (one.until or date.max) <= other.since for other in same
        ), one


@pytest.mark.parametrize(
    ("code", "territory"),
    [
        ("69001", Territory.MAINLAND),
        ("20200", Territory.CORSICA),
        ("97110", Territory.OVERSEAS),
        ("97200", Territory.OVERSEAS),
        ("97400", Territory.OVERSEAS),
        ("97300", Territory.WITHOUT_VAT),
        ("97600", Territory.WITHOUT_VAT),
        ("97133", Territory.WITHOUT_VAT),
        ("97150", Territory.WITHOUT_VAT),
        ("98000", Territory.MAINLAND),
        ("98800", Territory.WITHOUT_VAT),
        ("", Territory.MAINLAND),
    ],
)
def test_a_postal_code_tells_the_territory(code: str, territory: Territory):
    assert territory_of(country="FR", postal_code=code) == territory


@pytest.mark.parametrize(
    ("country", "territory"),
    [("MC", Territory.MAINLAND), ("RE", Territory.OVERSEAS), ("YT", Territory.WITHOUT_VAT), ("DE", None)],
)
def test_a_country_code_of_its_own_tells_too(country: str, territory: Territory | None):
    assert territory_of(country=country, postal_code="20200") == territory


def test_the_company_s_word_counts_before_its_postal_code():
    assert territory_of_company(Company(postal_code="97400")) == Territory.OVERSEAS
    assert territory_of_company(Company(postal_code="97400", vat_territory="mainland")) == Territory.MAINLAND


@pytest.mark.parametrize(
    ("country", "code", "seller", "exports"),
    [
        ("CH", "1200", Territory.MAINLAND, True),
        ("DE", "10115", Territory.MAINLAND, False),
        ("FR", "20200", Territory.MAINLAND, False),
        ("FR", "97400", Territory.MAINLAND, True),
        ("RE", "97400", Territory.MAINLAND, True),
        ("FR", "69001", Territory.OVERSEAS, True),
        ("FR", "97400", Territory.OVERSEAS, False),
        ("DE", "10115", Territory.OVERSEAS, True),
        ("MC", "98000", Territory.MAINLAND, False),
    ],
)
def test_goods_that_leave_the_territory_are_exported(country: str, code: str, seller: Territory, exports: bool):
    assert is_export(country=country, postal_code=code, seller=seller) is exports


def test_every_other_member_state_has_one_standard_rate_each_day():
    others = EU_MEMBERS - {"FR"}

    assert len(others) == 26
    assert {rate.country for rate in OSS_RATES} == others
    for day in (date(2021, 7, 1), date(2024, 1, 1), date(2025, 7, 1), TODAY):
        for country in others:
            in_force = [
                rate
                for rate in OSS_RATES
                if rate.country == country and rate.since <= day and (rate.until is None or day < rate.until)
            ]
            assert len(in_force) == 1, (country, day)


@pytest.mark.parametrize(
    ("country", "day", "rate"),
    [
        ("DE", TODAY, "19"),
        ("FI", date(2024, 8, 31), "24"),
        ("FI", TODAY, "25.5"),
        ("EE", date(2025, 6, 30), "22"),
        ("EE", TODAY, "24"),
        ("RO", TODAY, "21"),
        ("SK", TODAY, "23"),
        ("HU", TODAY, "27"),
    ],
)
def test_the_rate_of_a_member_state_is_that_of_the_day(country: str, day: date, rate: str):
    assert oss_rate_on(day, country) == Decimal(rate)


def test_there_is_none_elsewhere_nor_before_the_one_stop_shop():
    assert oss_rate_on(TODAY, "FR") is None
    assert oss_rate_on(TODAY, "CH") is None
    assert oss_rate_on(date(2021, 6, 30), "DE") is None


def test_greece_numbers_as_el():
    assert (vat_prefix("GR"), vat_prefix("DE")) == ("EL", "DE")
