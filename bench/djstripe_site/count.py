"""The notifications read on stdin, handled in this process; answers what they cost."""

import json
import sys

import django

django.setup()

from django.apps import apps  # noqa: E402 - once set up

from bench.counting import counted, handle  # noqa: E402

deliveries = json.load(sys.stdin)
spent = counted(lambda: handle(deliveries))
assert apps.get_model("djstripe", "Event").objects.count() == len(deliveries), "each is kept once"
print(json.dumps(spent))
