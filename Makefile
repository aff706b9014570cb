# `make` shows what there is. `make run` and `make test` need nothing but Python 3.11 or newer and make.
.DEFAULT_GOAL := help
.PHONY: help run test test-long check bench lock styles messages drawn screenshots
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
BIN := .venv/bin
# uv installs the same locked files several times faster; pip is the way that always works.
UV := $(shell command -v uv || { test -x .venv/bin/uv && echo .venv/bin/uv; })
PIP_FLAGS := --quiet --disable-pip-version-check --root-user-action=ignore
INSTALL = $(if $(UV),$(UV) pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install $(PIP_FLAGS))
LOCK = $(UV) pip compile --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet
# The checks read the settings; they connect to nothing.
CHECKED := DJANGO_SETTINGS_MODULE=ruangaman.config.settings RUANGAMAN_PROCESS=owner RUANGAMAN_DEMO=1 \
	RUANGAMAN_KEYS=.venv/check-keys RUANGAMAN_VAR=.venv/check-var \
	RUANGAMAN_OWNER_URL=postgresql://nobody:none@127.0.0.1:1/none \
	RUANGAMAN_DATABASE_URL=postgresql://nobody:none@127.0.0.1:1/none

help: ## show this
	@echo "Ruang Aman"; echo
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1|\2/p' Makefile | column -t -s '|'
	@echo; echo "  RUANGAMAN_PORT=8001 make run       another port"
	@echo "  RUANGAMAN_VAR=/srv/aman make run   another folder for the data"

run: .venv/installed ## start everything on http://127.0.0.1:8000, with made-up data
	@RUANGAMAN_DEMO=$${RUANGAMAN_DEMO-1} exec $(BIN)/ruangaman run

test: .venv/installed-dev ## run the tests, browser journeys too (minutes)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not long" tests

test-long: .venv/installed-dev ## run the tests that take long (a quarter of an hour)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m long tests

check: .venv/installed-dev .venv/check-keys ## style, types, room order, templates, settings, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(CHECKED) $(BIN)/mypy src
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet src
	$(CHECKED) $(BIN)/python -W ignore::RuntimeWarning -m django check --fail-level WARNING
	$(CHECKED) $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run
	! command -v npm > /dev/null || frontend/build.sh --check

bench: .venv/installed-dev ## measure (benchmarks/README.md says what and how long)
	$(BIN)/python -m benchmarks $(if $(SIZE),--size $(SIZE)) $(if $(ONLY),--only $(ONLY))

lock: ## write the two lock files anew from pyproject.toml (needs uv)
	@test -n "$(UV)" || { echo "This needs uv: $(PYTHON) -m pip install uv" >&2; exit 1; }
	printf 'hatchling\neditables\n' | $(LOCK) - pyproject.toml --output-file requirements.lock
	printf 'hatchling\neditables\n' | $(LOCK) - pyproject.toml --group dev --constraint requirements.lock \
		--output-file requirements-dev.lock
	@! grep -nE '(https?|file)://' requirements.lock requirements-dev.lock

styles: ## build style sheets and scripts (needs Node; the result is committed)
	frontend/build.sh

messages: .venv/installed-dev .venv/check-keys ## collect the texts for translation and compile them (needs gettext)
	@command -v msgfmt > /dev/null || { echo "This needs gettext: apt install gettext" >&2; exit 1; }
	cd src/ruangaman && $(subst =.venv,=$(CURDIR)/.venv,$(CHECKED)) ../../$(BIN)/django-admin makemessages \
		--locale en --no-location --no-wrap --no-obsolete
	cd src/ruangaman && $(subst =.venv,=$(CURDIR)/.venv,$(CHECKED)) ../../$(BIN)/django-admin compilemessages

drawn: .venv/installed-dev .venv/check-keys ## draw the pages of docs/ that come from the policy files
	$(CHECKED) $(BIN)/python -W ignore::RuntimeWarning -m django draw_docs

screenshots: .venv/installed-dev ## photograph the main pages into screenshots/ (needs chromium)
	$(BIN)/python frontend/screenshots.py $(if $(PICTURES),--pictures)

# --- what stands behind them: each stamp is as new as the last change of what it was made from ---

.venv/bin/python:
	@command -v $(PYTHON) > /dev/null || { \
		echo "Python 3.11 or newer is needed. On Debian or Ubuntu: apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Name another: make run PYTHON=python3.12" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "Python's venv is missing. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Making the virtual environment …"
	@$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python requirements.lock pyproject.toml
	@echo "Installing what is locked …"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@echo "Installing what the tests need …"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/check-keys: .venv/installed
	@RUANGAMAN_KEYS=$@ $(BIN)/python -c \
		'import os, pathlib; from ruangaman.kernel import keyring; keyring.ensure(pathlib.Path(os.environ["RUANGAMAN_KEYS"]))'
	@touch $@
