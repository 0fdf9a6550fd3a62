from reglo.payments.providers.stripe.key_page import RIGHTS
from reglo.payments.providers.stripe.permissions import PROBES


def test_the_link_to_the_key_page_asks_for_exactly_what_is_probed():
    read_first = {"rak_accounts_kyc_basic_read"}  # proved by reading whose account it is

    assert {f"rak_{name}" for name, _label, _ask in PROBES} | read_first == set(RIGHTS)
