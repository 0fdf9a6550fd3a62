from collections.abc import Iterator

import pytest

from reglo import secrets
from reglo.secrets import sealing

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    before = (dict(sealing._keys), sealing._current)
    secrets.configure([OLD])
    yield
    sealing._keys.clear()
    sealing._keys.update(before[0])
    sealing._current = before[1]


def test_a_secret_opens_in_its_place():
    sealed = secrets.seal("rk_test_sandbox_1", context="account:1")

    assert secrets.open_sealed(sealed, context="account:1") == "rk_test_sandbox_1"
    assert "rk_test" not in sealed


def test_the_same_secret_is_sealed_differently_each_time():
    assert secrets.seal("a", context="x") != secrets.seal("a", context="x")


def test_a_secret_moved_to_another_place_does_not_open():
    sealed = secrets.seal("rk_test_sandbox_1", context="account:1")

    with pytest.raises(secrets.SealBroken):
        secrets.open_sealed(sealed, context="account:2")


def test_an_altered_secret_does_not_open():
    sealed = secrets.seal("rk_test_sandbox_1", context="account:1")

    with pytest.raises(secrets.SealBroken):
        secrets.open_sealed(sealed[:-4] + ("AAAA" if sealed[-4:] != "AAAA" else "BBBB"), context="account:1")


@pytest.mark.parametrize("text", ["", "rk_test_sandbox_1", "v1.zz.AAAA", "v2.a.b", "v1..", "v1.abc.é"])
def test_what_was_never_sealed_is_refused(text: str):
    with pytest.raises(secrets.SealBroken):
        secrets.open_sealed(text, context="account:1")


def test_rotation_keeps_old_secrets_readable_and_reseals_them():
    sealed = secrets.seal("a", context="x")
    secrets.configure([NEW, OLD])

    resealed = secrets.reseal(sealed, context="x")
    secrets.configure([NEW])

    assert secrets.open_sealed(resealed, context="x") == "a"
    with pytest.raises(secrets.SealBroken):
        secrets.open_sealed(sealed, context="x")


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        secrets.configure([b"short"])
