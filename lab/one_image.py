"""Show one image of the power-loss lab again, and leave its files: `python -m lab.one_image SEED IMAGE [FOLDER]`."""

import os
import sys
from pathlib import Path

LEFT_IN = "var/lab/power-loss"


def main(seed: str, number: str, folder: str = LEFT_IN) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lab.settings"
    os.environ["REGLO_TEST_ENGINE"] = "sqlite"
    import django

    django.setup()
    from lab.power_loss import show

    Path(folder).mkdir(parents=True, exist_ok=True)
    return 1 if show(int(seed), int(number), Path(folder), print) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
