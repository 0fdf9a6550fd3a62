"""Its tables, and the webhook endpoint read on stdin, as the API answered when it was made, secret included."""

import json
import sys

import django
import stripe
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)
told = stripe.WebhookEndpoint.construct_from(json.load(sys.stdin), settings.STRIPE_TEST_SECRET_KEY)
endpoint = apps.get_model("djstripe", "WebhookEndpoint").sync_from_stripe_data(
    told, api_key=settings.STRIPE_TEST_SECRET_KEY
)
assert endpoint.secret == told["secret"], "the secret is kept"
