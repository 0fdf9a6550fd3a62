# Two commands to know: `make demo` and `make test`. `make check` is what CI runs.
.PHONY: demo test check lab lab-long tour bench lint types contracts lock fix screens pictures messages clean

demo: .venv/runtime
	@.venv/bin/reglo demo $(if $(PORT),--port $(PORT))

tour: .venv/runtime
	@.venv/bin/python -m sandbox.tour

test: .venv/development
	@.venv/bin/python scripts/test.py

check: .venv/development lint types contracts
	@REGLO_REQUIRE=postgresql,chromium .venv/bin/python scripts/test.py
	@REGLO_REQUIRE=postgresql .venv/bin/python -m lab

lab: .venv/development
	@.venv/bin/python -m lab

lab-long: .venv/development
	@.venv/bin/python -m lab long

lint: .venv/development
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djlint --quiet --check --lint reglo
	.venv/bin/djlint --quiet --check --lint --profile jinja sandbox

types: .venv/development
	.venv/bin/mypy

contracts: .venv/development
	.venv/bin/lint-imports

bench: .venv/development
	@.venv/bin/python -m bench

messages: .venv/development
	.venv/bin/python scripts/typography.py
	.venv/bin/python scripts/messages.py update

screens: .venv/development
	@.venv/bin/python scripts/test.py browser

pictures: .venv/development
	@.venv/bin/python scripts/pictures.py

fix: .venv/development
	.venv/bin/python scripts/typography.py
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/djlint --quiet --reformat reglo
	.venv/bin/djlint --quiet --reformat --profile jinja sandbox

# Pins every dependency with its hashes, and no download address.
LOCK = .venv/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-options \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock: .venv/development
	$(LOCK) pyproject.toml --output-file requirements/runtime.txt
	$(LOCK) pyproject.toml --extra dev --constraint requirements/runtime.txt --output-file requirements/development.txt

.venv/runtime: requirements/runtime.txt
	@scripts/setup.sh runtime

.venv/development: requirements/development.txt
	@scripts/setup.sh development

clean:
	rm -rf .venv var/demo var/screens .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
