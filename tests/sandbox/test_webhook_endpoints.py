"""Where events are sent."""

import pytest
import stripe

URL = "http://127.0.0.1:1/hook"


def test_the_secret_is_told_at_creation_only(shop: stripe.StripeClient) -> None:
    made = shop.v1.webhook_endpoints.create(
        {
            "url": URL,
            "enabled_events": ["charge.succeeded"],
            "api_version": "2026-10-28.endive",
            "metadata": {"install": "1"},
        }
    )
    assert made.secret is not None
    assert made.secret.startswith("whsec_")
    read = shop.v1.webhook_endpoints.retrieve(made.id)
    assert "secret" not in read.to_dict()
    assert (read.url, read.enabled_events, read.api_version, read.status) == (
        URL,
        ["charge.succeeded"],
        "2026-10-28.endive",
        "enabled",
    )


def test_update_disables_and_repoints(shop: stripe.StripeClient) -> None:
    made = shop.v1.webhook_endpoints.create({"url": URL, "enabled_events": ["*"]})
    changed = shop.v1.webhook_endpoints.update(made.id, {"disabled": True, "url": "http://localhost:2/hook"})
    assert (changed.status, changed.url) == ("disabled", "http://localhost:2/hook")


def test_a_deleted_endpoint_is_gone(shop: stripe.StripeClient) -> None:
    made = shop.v1.webhook_endpoints.create({"url": URL, "enabled_events": ["*"]})
    assert shop.v1.webhook_endpoints.delete(made.id).deleted is True
    assert shop.v1.webhook_endpoints.list().data == []


@pytest.mark.parametrize(
    "url", ["https://shop.example/hook", "http://10.0.0.1/hook", "http://127.0.0.1.evil.example/hook"]
)
def test_only_this_machine_is_ever_called(shop: stripe.StripeClient, url: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
    assert caught.value.code == "url_invalid"


def test_sixteen_are_enough(shop: stripe.StripeClient) -> None:
    for _ in range(16):
        shop.v1.webhook_endpoints.create({"url": URL, "enabled_events": ["*"]})
    with pytest.raises(stripe.InvalidRequestError, match="maximum of 16"):
        shop.v1.webhook_endpoints.create({"url": URL, "enabled_events": ["*"]})
