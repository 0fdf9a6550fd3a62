"""The notifications read on stdin, handled in this process; answers what they cost."""

import json
import sys

import django
from django.apps import apps

from bench.counting import counted, handle

django.setup()
deliveries = json.load(sys.stdin)
spent = counted(lambda: handle(deliveries))
assert apps.get_model("djstripe", "Event").objects.count() == len(deliveries), "each is kept once"
print(json.dumps(spent))
