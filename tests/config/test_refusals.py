"""A refusal raised by a view becomes its sentence, wherever the person is looking."""

import json

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from reglo.config.refusals import RefusalMiddleware, refusal
from reglo.dashboard.access import RightMissing


@pytest.fixture
def middleware() -> RefusalMiddleware:
    return RefusalMiddleware(lambda request: HttpResponse())


def test_a_person_gets_a_page_with_the_status(rf: RequestFactory, db: None):
    answer = refusal(rf.get("/factures/"), RightMissing())

    assert answer.status_code == 403
    assert "Demandez-la à un gérant" in answer.content.decode()
    assert "Rien n’a été modifié." in answer.content.decode()


def test_a_fragment_gets_a_toast_where_toasts_are(rf: RequestFactory, db: None):
    answer = refusal(rf.post("/factures/", headers={"HX-Request": "true"}), RightMissing())

    assert answer.status_code == 422, "the status that our htmx swaps in"
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#toasts", "beforeend")
    assert "Demandez-la à un gérant" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_machine_gets_json(rf: RequestFactory):
    answer = refusal(rf.post("/hooks/stripe/x"), RightMissing())

    assert answer.status_code == 403
    assert json.loads(answer.content)["code"] == "right_missing"


def test_a_silent_database_is_a_503_that_says_when_to_come_back(rf: RequestFactory, middleware: RefusalMiddleware):
    answer = middleware.process_exception(rf.get("/"), OperationalError("database is locked"))

    assert answer is not None
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "database is locked" not in answer.content.decode()


def test_anything_else_is_a_bug(rf: RequestFactory, middleware: RefusalMiddleware):
    assert middleware.process_exception(rf.get("/"), KeyError("x")) is None


def test_a_forged_form_is_told_in_french(db: None):
    answer = Client(enforce_csrf_checks=True).post("/compte/connexion/", {"login": "a@b.fr", "password": "x"})

    assert answer.status_code == 403
    assert "Cette page avait expiré" in answer.content.decode()


def test_a_page_that_does_not_exist(client: Client, db: None):
    answer = client.get("/rien/")

    assert answer.status_code == 404
    assert 'lang="fr"' in answer.content.decode()


def test_a_bug_shows_no_detail(rf: RequestFactory):
    from reglo.config.errors import server_error

    answer = server_error(rf.get("/"))

    assert answer.status_code == 500
    assert 'lang="fr"' in answer.content.decode()
