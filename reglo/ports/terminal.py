"""The words of a terminal: French, or the English of the same catalogue where the machine asks for it.

Not Django's language: the worker writes to a French customer whatever the terminal speaks, and `reglo` alone answers
before any setting is read.
"""

import gettext as catalogues
import os
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[1] / "locale"
# As every Unix program reads them, the most precise first.
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def language() -> str:
    """« en » where the first word of the environment is an English one, else « fr »."""
    asked = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), "")
    return "en" if asked.split(":")[0][:2] == "en" else "fr"


def gettext(sentence: str) -> str:
    """The sentence in the language of the terminal."""
    return _english().gettext(sentence) if language() == "en" else sentence


def gettext_noop(sentence: str) -> str:
    """The French sentence as it is, to be said later: it has its English."""
    return sentence


@cache
def _english() -> catalogues.NullTranslations:
    return catalogues.translation("django", LOCALE, languages=["en"])
