"""Who gets what at every address: nobody, another company, each role, who left, a customer, another customer.

The rows come from the URL table: a route that `route_expectations.py` (who is let in) and `route_answers.py` (what
they get) do not answer for fails here, and so does a view that declares something else (`access.py`, `doors.py`).
"""

from typing import Any

import pytest

from reglo.companies.models import Membership
from reglo.companies.permissions import Right, may
from reglo.companies.states import Role
from reglo.dashboard.access import Door, access_of
from reglo.delivery.models import PortalSession
from reglo.portal import form_proof
from tests.architecture.route_answers import ANSWERS, OTHERWISE
from tests.architecture.route_expectations import ACCOUNT, ROUTES, Actor, Customer, Person, Staff
from tests.doors.conftest import (  # noqa: F401 (fixtures)
    Visitor,
    account,
    guides,
    house,
    nobody_tried_before,
    running,
    stripe,
    world,
)
from tests.harness.full_house import PEOPLE, FullHouse
from tests.harness.routes import Route, routes
from tests.harness.rows import taken_back

ROLES = {
    "accountant": Actor.ACCOUNTANT,
    "member": Actor.MEMBER,
    "finaliser": Actor.FINALISER,
    "owner": Actor.OWNER,
}
MEMBERSHIPS = {
    Actor.ACCOUNTANT: Membership(role=Role.ACCOUNTANT),
    Actor.MEMBER: Membership(role=Role.MEMBER),
    Actor.FINALISER: Membership(role=Role.MEMBER, may_finalise=True),
    Actor.OWNER: Membership(role=Role.OWNER),
}
SIGNED_IN = {*ROLES, "outsider", "removed"}
NOT_OBJECTS = {"slug"}
SIGN_IN, FOUND_A_COMPANY = "/compte/connexion/?next=", "/entreprises/nouvelle/"
VIEWS = {route.name: route.view for route in routes()}


def expected(route: Route, who: str, method: str) -> int:
    """The status that `who` gets."""
    answer = ANSWERS[route.name][("GET", "POST").index(method)]
    if (route.name, who) in OTHERWISE:
        return OTHERWISE[route.name, who][("GET", "POST").index(method)]
    match ROUTES[route.name]:
        case Staff() as staff:
            return _of_the_company(staff, route, who, method, answer)
        case Customer():
            return answer if who == "customer" or answer == 405 else 404
        case Person():
            return answer if who in SIGNED_IN else 302
    return answer


def _of_the_company(staff: Staff, route: Route, who: str, method: str, answer: int) -> int:
    if who not in SIGNED_IN or who == "removed":
        return 302
    if who == "outsider":
        return 404 if set(route.parameters) - NOT_OBJECTS and answer != 405 else answer
    return answer if ROLES[who] in staff.let_in(method.lower()) else 403


def test_every_route_has_its_expected_answer():
    assert sorted(ROUTES) == sorted(VIEWS)
    assert sorted(ANSWERS) == sorted(VIEWS)


@pytest.mark.parametrize("name", sorted(name for name, door in ROUTES.items() if isinstance(door, Staff)))
def test_a_view_of_the_company_declares_who_is_let_in(name: str):
    access, staff = access_of(VIEWS[name]), ROUTES[name]

    assert access is not None
    assert access.door == Door.STAFF
    assert (_let_in(access.read), _let_in(access.write)) == (staff.let_in("get"), staff.let_in("post"))


def test_every_other_view_declares_its_door():
    """allauth's views guard themselves, the hook checks a signature."""
    declared = {name for name, view in VIEWS.items() if access_of(view) or hasattr(view, "door")}
    customers = {name for name, view in VIEWS.items() if getattr(view, "door", "") == "customer"}
    persons = {name for name, view in VIEWS.items() if (access := access_of(view)) and access.door == Door.PERSON}

    assert set(VIEWS) - declared == {*ACCOUNT, "hook"}
    assert customers == {name for name, door in ROUTES.items() if isinstance(door, Customer)}
    assert persons == {name for name, door in ROUTES.items() if isinstance(door, Person)} - set(ACCOUNT)


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_their_answer(house: FullHouse, who: str):  # noqa: F811 (the fixture)
    visitor = Visitor(house.browser(who))
    wrong = {}
    for route in routes():
        for method in ("GET", "POST"):
            answer = knock(house, visitor, who, route, method)
            if answer.status_code != expected(route, who, method):
                wrong[f"{method} {route.name}"] = (answer.status_code, expected(route, who, method))

    assert wrong == {}


def test_who_does_not_work_here_is_led_away_from_every_page(house: FullHouse):  # noqa: F811 (the fixture)
    led = {}
    for who, leads_to in (("nobody", SIGN_IN), ("customer", SIGN_IN), ("removed", FOUND_A_COMPANY)):
        visitor = Visitor(house.browser(who))
        for route in routes():
            if isinstance(ROUTES[route.name], Staff):
                location = visitor.knock("GET", house.address(route)).headers["Location"]
                led |= {} if location.startswith(leads_to) else {(route.name, who): location}

    assert led == {}


OURS = ("Atelier Lumen", "Claire Fontaine", "Pose de luminaires", "ESSAI-2026", "alice@")
# Who holds these tokens may know who gave them.
TOLD_TO_THE_BEARER = {"portal:come_back", "portal:gave_up", "dashboard:invitation", "dashboard:sign_in_link"}


@pytest.mark.parametrize("who", ["nobody", "outsider", "removed"])
def test_no_page_tells_a_stranger_anything_of_ours(house: FullHouse, who: str):  # noqa: F811 (the fixture)
    visitor = Visitor(house.browser(who))
    told = {}
    for route in routes():
        if route.name not in TOLD_TO_THE_BEARER:
            text = knock(house, visitor, who, route, "GET").content.decode(errors="replace")
            told[route.name] = [word for word in OURS if word in text]

    assert {name: words for name, words in told.items() if words} == {}


def knock(house: FullHouse, visitor: Visitor, who: str, route: Route, method: str) -> Any:  # noqa: F811 (the fixture)
    """The answer; what it wrote is taken back."""
    address = house.address(route)
    with taken_back():
        if method == "GET":
            return visitor.knock("GET", address)
        fields = {"champ": "x"}  # a form that was sent, with nothing that it wants
        if who == "customer":
            session = PortalSession.objects.get(grants__link_id=house.objects["public_id"])
            fields[form_proof.FIELD] = form_proof.proof_for(session)
        return visitor.post(address, fields)


def _let_in(right: Right | None) -> set[Actor]:
    return {actor for actor, membership in MEMBERSHIPS.items() if right and may(membership, right)}
