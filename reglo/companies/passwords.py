"""A long password may still be the first one that is tried: « motdepassemotdepasse », « 123456789012345 »."""

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_PIECES = 3  # of four common words at random nobody guesses the four
FEWEST_CHARACTERS = 6


class GuessablePasswordValidator:
    """Refuses a password that is made of common ones end to end, or of a few characters repeated.

    The 20,000 common passwords are Django's; hardly any is as long as what we ask, so their concatenations count.
    """

    def __init__(self) -> None:
        self.common: set[str] = CommonPasswordValidator().passwords
        self.longest = max(map(len, self.common))

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        text = password.lower().strip()
        if len(set(text)) < FEWEST_CHARACTERS or self._is_made_of_common(text, MOST_PIECES):
            raise ValidationError(
                _("Ce mot de passe se devine : il est fait de mots de passe courants."), code="guessable"
            )

    def get_help_text(self) -> str:
        return _("Il ne doit pas être fait de mots de passe courants.")

    def _is_made_of_common(self, text: str, pieces: int) -> bool:
        if text in self.common:
            return True
        return pieces > 1 and any(
            text[:length] in self.common and self._is_made_of_common(text[length:], pieces - 1)
            for length in range(1, min(len(text), self.longest + 1))
        )
