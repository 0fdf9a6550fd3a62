#!/bin/sh
# Prepares .venv from a hash-pinned lock: `scripts/setup.sh runtime` or `development`. A second run does nothing.
set -eu
cd "$(dirname "$0")/.."
lock=requirements/$1.txt
missing=""
command -v python3 >/dev/null || missing="$missing python3"
python3 -c 'import venv, ensurepip' 2>/dev/null || missing="$missing python3-venv"
if [ -n "$missing" ]; then
    echo "Il manque :$missing. Installez-le avec :"
    sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo "
    echo "    ${sudo}apt-get install -y$missing"
    exit 1
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Réglo demande Python 3.11 ou plus récent ; celui-ci est $(python3 --version)."
    exit 1
fi
echo "Préparation de l'environnement Python ($1) : une minute ou deux, surtout du téléchargement…"
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes --requirement "$lock"
# The project itself, in place: a path file is enough, and needs no build.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd > "$site/reglo.pth"
printf '#!%s/.venv/bin/python\nimport sys\n\nfrom reglo.operations.command_line import main\n\nsys.exit(main())\n' "$(pwd)" > .venv/bin/reglo
chmod +x .venv/bin/reglo
touch ".venv/$1"
[ "$1" = runtime ] || touch .venv/runtime
