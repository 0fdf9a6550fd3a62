import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.commands.makemigrations import Command as MakeMigrations

# Why these belong to no company.
SHARED = {
    "files.StoredFile": "the same bytes are one file; who may read it is decided by what refers to it",
    "events.EventContent": "part of its event",
    "events.Reaction": "part of its event",
    "events.Seal": "seals the events of all",
    "events.ScheduledTask": "of the installation",
    "events.WorkerHeartbeat": "of the installation",
    "companies.Company": "is the company",
    "companies.User": "a person may belong to several",
    "companies.SignInLink": "of a person",
    "delivery.PortalSession": "of a browser; each of its grants is of a company",
    "portal.TryCount": "of a visitor",
    "payments.Endpoint": "a platform's endpoint hears of the accounts of all its companies",
}


def test_every_table_of_a_company_says_which():
    models = [model for model in apps.get_models() if model.__module__.startswith("reglo.")]
    without = {
        model._meta.label
        for model in models
        if "company_id" not in {field.attname for field in model._meta.concrete_fields}
    }

    assert without == set(SHARED)


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command(MakeMigrations(), check=True, dry_run=True, verbosity=1)
