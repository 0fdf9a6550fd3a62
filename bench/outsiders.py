"""What others wrote, to compare with: each in its own virtual environment under `var/bench`, pinned, from the registry.

Made once, then kept. What cannot be made is *not measured*, with the reason.
"""

import hashlib
import subprocess
import venv
from importlib import metadata
from pathlib import Path

from bench import installation

PATIENCE = 300  # seconds that an installation may take
WEASYPRINT = ("weasyprint==70.0", "pydyf==0.13.0", "tinycss2==1.5.1", "tinyhtml5==2.1.0", "fonttools==4.68.0")
# stripe 15 is the newest that it allows; psycopg and granian are those that serve ours.
DJSTRIPE = (
    *("dj-stripe==2.11.0", "stripe==15.6.2", "Django==5.2.19", "requests==2.34.2"),
    *(f"{name}=={metadata.version(name)}" for name in ("granian", "psycopg", "psycopg-binary")),
)


class NotInstalled(Exception):
    """The reason, in one line."""


def python_with(*pinned: str) -> Path:
    """The Python of an environment that holds these. Raises NotInstalled."""
    folder = installation.SCRATCH / f"with-{pinned[0]}-{hashlib.sha256(' '.join(pinned).encode()).hexdigest()[:8]}"
    python = folder / "bin/python"
    done = folder / "done"
    if done.exists():
        return python
    try:
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pinned],
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    except subprocess.CalledProcessError as error:
        raise NotInstalled((str(error.stderr).strip() or str(error)).splitlines()[-1][:160]) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled(f"{type(error).__name__}: {error}"[:160]) from error
    done.touch()
    return python
