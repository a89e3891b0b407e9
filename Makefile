PYTHON ?= python3
PORT ?= 8000
# One process of tests more than CI has processors: a test that waits for a page or a worker leaves its own to another.
N ?= 2
RUN := .venv/bin/python
# Modules are compiled once for all the processes that a target starts, whatever the shell around says.
export PYTHONDONTWRITEBYTECODE :=
SETUP := miaoli_kaohsiung/trial/setup.py

# Templates are formatted by djade; sources are what ruff and mypy look at (pyproject.toml).
AS_IN_PRODUCTION = PORTAL_MODE=production DEBUG= ALLOWED_HOSTS=portal.example SECRET_KEY=$(shell head -c 48 /dev/urandom | base64 -w0) \
	DATABASE_URL="postgres://portal@database.example/portal?sslmode=verify-full" BROKER_URL=rediss://broker.example/0 \
	PERSONAL_DATA_KEYS=$(shell head -c 48 /dev/urandom | base64 -w0) \
	AUDIT_HEADS_FILE=/dev/shm/audit_heads
TEMPLATES = $(shell find templates -name '*.html' -o -name '*.txt')

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo reset test soak bench mutate pictures check lock sbom wheelhouse audit upgrade format clean
.PHONY: check-types check-style check-templates check-shape check-portal check-scan check-bandit

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: ## install everything the portal needs, run nothing
	@$(PYTHON) $(SETUP)

setup-dev: ## the same with what tests and checks need
	@$(PYTHON) $(SETUP) --dev

demo: setup ## run the portal with demonstration data (PORT=8123 takes another port)
	@exec $(RUN) -m miaoli_kaohsiung.trial.demo --port $(PORT)

reset: setup ## put the demonstration data back
	@$(RUN) -m miaoli_kaohsiung.trial.demo --reset $(if $(YES),--yes)

test: setup-dev ## all tests, on N=2 processes (ARGS="tests/grants -k budget" for some)
	@$(RUN) -m pytest -n $(N) --dist worksteal $(ARGS)

bench: setup setup-dev ## measure the served portal with 1,000 and 20,000 cases (ARGS="--sizes 1000 --requests 20")
	@$(RUN) -m tests.bench $(ARGS)

soak: setup setup-dev ## the long tests: worker, Redis and primary database killed; an upgrade under load; readers fuzzed; money cut at every statement; every button pressed
	@SOAK=1 $(RUN) -m pytest -n 0 -s -o faulthandler_timeout=1200 tests/jobs $(ARGS)
	@SOAK=1 $(RUN) -m pytest -n 0 -o faulthandler_timeout=1200 tests/trial/test_wheelhouse.py $(ARGS)
	@SOAK=1 $(RUN) -m pytest -n 0 -s -o faulthandler_timeout=3600 tests/releases $(ARGS)
	@SOAK=1 $(RUN) -m pytest -n 0 -o faulthandler_timeout=3600 tests/grants/test_money_faults.py tests/grants/test_money_histories.py tests/accounts/test_sign_in_time.py $(ARGS)
	@SOAK=1 $(RUN) -m pytest -n 2 tests/grants/oracle tests/grants/proofs $(ARGS)
	@SOAK=1 $(RUN) -m pytest -n 0 -s -o faulthandler_timeout=3600 tests/grants/test_many_awards.py tests/browser/test_sixty_receipts.py $(ARGS)
	@SOAK=1 $(RUN) -m pytest -n 0 -s -o faulthandler_timeout=3600 tests/files/test_gate.py tests/files/test_object_storage.py tests/attack $(ARGS)
	@SOAK=1 $(RUN) -m pytest -n 0 -s -o faulthandler_timeout=14400 tests/failover $(ARGS)
	@SOAK=1 $(RUN) -m pytest -n 2 tests/test_bad_input.py $(ARGS)
	@SOAK=1 $(RUN) -m pytest -n 0 -s -o faulthandler_timeout=14400 tests/crawl $(ARGS)

mutate: setup-dev ## move every number, leave out every rule, mutate the rules' code: the tests must notice (long)
	$(RUN) -m tests.grants.rules.mutate_parameters
	$(RUN) -m tests.grants.rules.mutate_code $(ARGS)

pictures: setup setup-dev ## take the pictures of the guides anew, from a demonstration that runs (PORT=8123 if it is there)
	@$(RUN) docs/pictures.py --port $(PORT)

check: setup-dev ## style, types, templates, imports, migrations, deployment, what is forbidden
	@$(MAKE) --no-print-directory --jobs 2 check-types check-scan check-bandit check-style check-templates check-shape check-portal

check-types:
	.venv/bin/mypy

check-style:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

check-scan:
	$(RUN) -m tests.attack.scan

# The S rules of ruff are the same ones, line by line; bandit stops at what it calls high.
check-bandit:
	.venv/bin/bandit --quiet --recursive --severity-level high communities grants evaluation miaoli_kaohsiung manage.py

check-templates:
	.venv/bin/djade --check --target-version 5.2 $(TEMPLATES)
	.venv/bin/djlint --lint --quiet templates

check-shape:
	.venv/bin/lint-imports
	.venv/bin/vulture

check-portal:
	$(RUN) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	env $(AS_IN_PRODUCTION) $(RUN) manage.py check --deploy --fail-level WARNING

lock: setup-dev ## ask pip for the hash of every pin; after each change of requirements.txt or requirements-prod.txt
	@$(RUN) -m miaoli_kaohsiung.trial.supply lock

sbom: setup-dev ## write var/sbom.json: every part of Python and npm with its hash (CycloneDX)
	@$(RUN) -m miaoli_kaohsiung.trial.supply sbom

wheelhouse: setup-dev ## fetch every wheel into var/wheelhouse, for a host without net
	@$(RUN) -m miaoli_kaohsiung.trial.supply wheelhouse

audit: setup-dev ## compare the pins with a dated copy of the advisories (COPY=all.zip of PyPI, from osv.dev)
	@$(RUN) -m miaoli_kaohsiung.trial.supply audit $(COPY)

upgrade: setup-dev ## would the release that still runs survive the migrations since deploy/released.txt (or RELEASE=tag or commit)
	@$(RUN) -m miaoli_kaohsiung.trial.upgrade $(RELEASE)

format: setup-dev ## bring sources and templates into the form that check asks for
	.venv/bin/ruff check --fix --quiet . || true
	.venv/bin/ruff format .
	.venv/bin/djade --target-version 5.2 $(TEMPLATES) || true

clean: ## remove what was installed and made, the trial's data too
	rm -rf .venv node_modules staticfiles var .env .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
