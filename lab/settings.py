"""Settings of the lab: the suite's own, on databases that the lab throws away (REGLO_TEST_ENGINE names the engine)."""

from tests.settings import *  # noqa: F403 (all of them)

EMAIL_BACKEND = "lab.outside.mail_server.Backend"
