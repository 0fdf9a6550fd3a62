import pytest
from django.core.exceptions import ValidationError

from reglo.companies.passwords import GuessablePasswordValidator


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password123456789",
        "azertyazertyazerty",
        "aaaaaaaaaaaaaaa",
        "121212121212121",
        "qwertyuiop123456",
    ],
)
def test_common_passwords_end_to_end_are_refused(password: str):
    with pytest.raises(ValidationError, match="se devine"):
        GuessablePasswordValidator().validate(password)


@pytest.mark.parametrize(
    "password", ["une longue phrase de passe", "trois chevaux bleus dans Paris", "kX9-bnQ2-vvLw-7dTz"]
)
def test_a_sentence_is_accepted(password: str):
    GuessablePasswordValidator().validate(password)


def test_a_password_of_any_length_is_judged_at_once():
    GuessablePasswordValidator().validate("une phrase " * 2000)
