import ast

import pytest
from django.apps import apps

from reglo.database.fields import MinorField
from tests.architecture.source import name_of, python_files, tree_of

NEAR_MONEY = ("reglo/money", "reglo/ledger", "reglo/invoicing", "reglo/payments", "reglo/catalog")


def is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return isinstance(node, ast.Name) and node.id == "float"


def test_there_is_no_float_near_money():
    floats = [
        f"{name_of(path)}:{getattr(node, 'lineno', 0)}"
        for path in python_files(*NEAR_MONEY)
        for node in ast.walk(tree_of(path))
        if is_float(node)
    ]

    assert floats == []


@pytest.mark.parametrize("source", ["a = 1.5", "a = float('2')", "a: float"])
def test_a_float_is_found(source: str):
    assert any(is_float(node) for node in ast.walk(ast.parse(source)))


def test_every_amount_is_a_whole_number_to_the_database():
    loose = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("reglo.")
        for field in model._meta.concrete_fields
        if field.name.endswith("_minor") and not isinstance(field, MinorField)
    ]

    assert loose == []
