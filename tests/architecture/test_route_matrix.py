"""Who gets what at every address: nobody, a stranger's company, each role, somebody who left, two customers.

The rows come from the URL table: a route without its expected answer fails the first test. What a view declares
(`access.py`, `doors.py`) is compared with what is written here, so that neither changes alone.
"""

from typing import Any

import pytest

from reglo.companies.permissions import Right
from reglo.dashboard.access import Door, access_of
from reglo.delivery.models import PortalSession
from reglo.portal import form_proof
from tests.architecture.routes_answered import (
    ACCOUNT,
    CUSTOMER,
    EVERYBODY,
    OTHERWISE,
    PERSON,
    STAFF,
    STATIC_PARAMETERS,
)
from tests.doors.conftest import (  # noqa: F401 (fixtures)
    Visitor,
    _nobody_tried_before,
    account,
    guides,
    house,
    running,
    stripe,
    world,
)
from tests.harness.full_house import PEOPLE, FullHouse
from tests.harness.routes import Route, routes
from tests.harness.rows import taken_back

# The rights of each role, from the words that people read when they choose it.
RIGHTS = {
    "owner": set(Right),
    "member": {Right.READ, Right.WRITE, Right.SEND},
    "finaliser": {Right.READ, Right.WRITE, Right.SEND, Right.FINALISE},
    "accountant": {Right.READ, Right.READ_MONEY},
}
SIGNED_IN = {*RIGHTS, "outsider", "removed"}
SIGN_IN, FOUND = "/compte/connexion/?next=", "/entreprises/nouvelle/"
ROUTES = {route.name: route for route in routes()}
TABLES = (STAFF, PERSON, CUSTOMER, ACCOUNT, EVERYBODY)


def expected(route: Route, who: str, method: str) -> int:
    """The status that `who` gets."""
    name, index = route.name, ("GET", "POST").index(method)
    if (exception := OTHERWISE.get((name, who))) is not None:
        return exception[index]
    if name in STAFF:
        return _expected_of_staff(route, who, index)
    if name in PERSON:
        return PERSON[name][index] if who in SIGNED_IN else 302
    if name in CUSTOMER:
        answer = CUSTOMER[name][index]
        return answer if who == "customer" or answer == 405 else 404
    if name in ACCOUNT:
        return ACCOUNT[name][index + (0 if who not in SIGNED_IN else 2)]
    return EVERYBODY[name][index]


def _expected_of_staff(route: Route, who: str, index: int) -> int:
    right, *answers = STAFF[route.name]
    if who not in SIGNED_IN or who == "removed":
        return 302
    if who == "outsider":
        foreign = set(route.parameters) - STATIC_PARAMETERS
        return 404 if foreign and answers[index] != 405 else answers[index]
    return answers[index] if right in RIGHTS[who] else 403


def test_every_route_has_its_expected_answer():
    answered = [name for table in TABLES for name in table]

    assert sorted(answered) == sorted(ROUTES)


@pytest.mark.parametrize("name", sorted(STAFF))
def test_a_view_of_the_company_declares_its_right(name: str):
    access = access_of(ROUTES[name].view)

    assert access is not None
    assert (access.door, access.read, access.write) == (Door.STAFF, STAFF[name][0], STAFF[name][0])


def test_every_view_of_ours_declares_who_may_call_it():
    """allauth's guard themselves, the hook checks a signature; each of them is answered for below."""
    declared = {name for name, route in ROUTES.items() if access_of(route.view) or hasattr(route.view, "door")}

    assert set(ROUTES) - declared == {*ACCOUNT, "hook"}
    assert {name for name in declared if getattr(ROUTES[name].view, "door", "") == "customer"} == set(CUSTOMER)
    assert {name for name in PERSON if getattr(access_of(ROUTES[name].view), "door", "") != Door.PERSON} == set()


@pytest.mark.parametrize("who", PEOPLE)
def test_every_route_gives_everybody_their_answer(house: FullHouse, who: str):  # noqa: F811
    visitor = Visitor(house.browser(who))
    wrong = {}
    for route in ROUTES.values():
        for method in ("GET", "POST"):
            answer = _answer(house, visitor, who, route, method)
            if answer.status_code != expected(route, who, method):
                wrong[f"{method} {route.name}"] = (answer.status_code, expected(route, who, method))

    assert wrong == {}


@pytest.mark.parametrize(
    ("who", "leads_to"), [("nobody", SIGN_IN), ("customer", SIGN_IN), ("other_customer", SIGN_IN), ("removed", FOUND)]
)
def test_who_does_not_work_here_is_led_away_from_every_page(house: FullHouse, who: str, leads_to: str):  # noqa: F811
    visitor = Visitor(house.browser(who))
    led = {name: visitor.knock("GET", house.address(ROUTES[name])).headers["Location"] for name in STAFF}

    assert {name: page for name, page in led.items() if not page.startswith(leads_to)} == {}


@pytest.mark.parametrize("who", ["outsider", "removed", "nobody", "other_customer"])
def test_no_page_tells_a_stranger_anything_of_ours(house: FullHouse, who: str):  # noqa: F811
    ours = ("Atelier Lumen", "Claire Fontaine", "Pose de luminaires", "F2026-0001", "alice@")
    theirs = {"portal:come_back", "portal:gave_up"}  # the seller's name, for who holds its token
    asked = {"dashboard:invitation", "dashboard:sign_in_link"}  # who holds its token is asked by name
    visitor = Visitor(house.browser(who))
    told = {}
    for name in ROUTES.keys() - theirs - asked:
        text = visitor.knock("GET", house.address(ROUTES[name])).content.decode(errors="replace")
        told[name] = [word for word in ours if word in text]
    if who == "removed":
        told.pop("dashboard:account", None)

    assert {name: words for name, words in told.items() if words} == {}


def _answer(house: FullHouse, visitor: Visitor, who: str, route: Route, method: str) -> Any:  # noqa: F811
    address = house.address(route)
    with taken_back():
        if method == "GET":
            return visitor.knock("GET", address)
        fields = {"champ": "x"}  # a form that was sent, with nothing that it wants
        if who == "customer":
            session = PortalSession.objects.get(grants__link_id=house.objects["public_id"])
            fields[form_proof.FIELD] = form_proof.proof_for(session)
        return visitor.post(address, fields)
