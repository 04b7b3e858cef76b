# Tocsin. `make help` lists what there is; everything a target needs, it installs.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
  $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
DONE := .build/done
SPEED ?= 1200
# Seconds that a minute of the alerts takes with ALL=1: 6 makes a drill ten times as short.
MINUTE ?= 60
RECORDING ?= examples/recordings/netcologne-2025.jsonl.zst

# A lock names every package with its version and checksums, so pip has nothing to find out: --no-deps.
# Without it, pip looks at newer versions of what a package asks for with an extra, and refuses them for lack of a checksum.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

# Processes that run tests: two of them wait for Kafka most of the time (tests/sharing.py), the others keep two cores busy.
WORKERS ?= 4

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is missing: install one, or name yours: make PYTHON=..."; exit 2; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "$(PYTHON) cannot make a virtual environment: see above, then try again"; exit 2; }

$(DONE)/run: locks/run.txt pyproject.toml | $(BIN)/python
	@echo "installing what the demo needs ..."
	@$(INSTALL) --require-hashes -r locks/run.txt
	@$(INSTALL) --no-build-isolation --editable .
	@mkdir -p $(DONE) && touch $@

$(DONE)/compiling: locks/core.txt $(DONE)/run
	@$(INSTALL) --require-hashes -r locks/core.txt && touch $@ || echo "what compiles cannot be installed here: see above"

$(DONE)/dev: locks/dev.txt tools/install $(DONE)/run
	@echo "installing what the checks and tests need ..."
	@$(INSTALL) --require-hashes -r locks/dev.txt
	@tools/install
	@mkdir -p $(DONE) && touch $@

$(DONE)/kafka: deploy/kafka/pom.xml deploy/kafka/checksums.txt $(DONE)/run
	@echo "fetching Apache Kafka ..."
	@$(BIN)/tocsin broker install
	@mkdir -p $(DONE) && touch $@

$(DONE)/peers: locks/peers.txt $(DONE)/dev
	@$(INSTALL) --require-hashes -r locks/peers.txt
	@mkdir -p $(DONE) && touch $@

# Not beside the rest: a validator may want a newer click than Faust can bear, and nobody imports it.
$(DONE)/validators: locks/validators.txt $(DONE)/dev
	@rm -rf .build/validators
	@$(INSTALL) --require-hashes --target .build/validators -r locks/validators.txt
	@touch $@

.PHONY: help demo story test setup check unit run drill fuzz bench bench-kafka bench-latency bench-scale soak quality golden-update gazetteer recording manifests lock core core-off clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

demo: $(DONE)/run ## the story of a bundled outage, without Kafka: what happened, what Tocsin knew, a page to open
	@$(BIN)/tocsin demo

story: $(DONE)/run ## another of the five stories: make story NAME=o2-2012
	@$(BIN)/tocsin story $(NAME)

test: check ## all checks and tests, with a real Kafka that the tests start themselves
	@$(BIN)/python -m pytest -n $(WORKERS)

setup: $(DONE)/dev $(DONE)/kafka $(DONE)/validators core ## install everything that demo, tests and run need

check: setup ## installed packages, formatting, lint, layers, types: under a minute
	@$(BIN)/python -m pip check --disable-pip-version-check
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-cache | tail -n 1
	@$(BIN)/mypy

unit: $(DONE)/dev core ## the tests that need no broker and no browser
	@$(BIN)/python -m pytest -n $(WORKERS) -m "not kafka and not browser"

run: $(DONE)/kafka $(if $(ALL),$(DONE)/dev) core ## Kafka, all stages, a recording played live: make run SPEED=60 RECORDING=..., or all that watches: make run ALL=1
	@$(BIN)/tocsin run $(if $(ALL),--all --minute $(MINUTE),$(RECORDING) --speed $(SPEED))

drill: ## cause a fault on what `make run ALL=1` started: make drill NAME=TocsinBrokerGone
	@$(BIN)/tocsin drill $(or $(NAME),--list)

fuzz: $(DONE)/dev ## mutated inputs through the doors: make fuzz SEED=1 MINUTES=10
	@$(BIN)/python -m tests.fuzz --seed $(or $(SEED),1) --minutes $(or $(MINUTES),10)

bench: $(DONE)/dev core ## how fast rules, places, worlds and what follows are, offline
	@$(BIN)/python benchmarks/bench_replay.py
	@$(BIN)/python benchmarks/bench_places.py
	@$(BIN)/python benchmarks/bench_simulate.py
	@$(BIN)/python benchmarks/bench_respond.py
	@$(BIN)/python -m benchmarks.bench_text

bench-kafka: $(DONE)/kafka $(DONE)/peers core ## INGEST on a real Kafka beside its limit and its peers
	@$(BIN)/python benchmarks/bench_ingest_kafka.py

bench-latency: $(DONE)/kafka $(DONE)/dev core ## from an event to its published incident on live Kafka, as a histogram
	@$(BIN)/python benchmarks/bench_latency.py

bench-scale: $(DONE)/kafka $(DONE)/dev core ## what 1, 2 and 4 processes of each stage and ten times the series cost
	@$(BIN)/python -m benchmarks.bench_scale

soak: $(DONE)/kafka $(DONE)/dev core ## an hour at 20,000 records/s with 5 % posts, each stage stopped and started once: make soak RATE=5000 MINUTES=30
	@$(BIN)/python -m benchmarks.soak --rate $(or $(RATE),20000) --minutes $(if $(filter file,$(origin MINUTES)),60,$(or $(MINUTES),60))

# All is measured and written, whatever is missed; then it fails. TOCSIN_DATA names a folder of your own data (docs/text.md).
quality: $(DONE)/dev core ## the standing measure: texts, 64 worlds scored, series and posts alone: docs/quality.md; ALL=1: 134 worlds
	@failed=0; for part in "quality_text --strict" "quality_worlds_text --check" "quality_worlds $(if $(ALL),--all)" \
	  quality_detect quality_sparse; do \
	  $(BIN)/python -m benchmarks.$$part || { failed=1; echo "benchmarks.$$part: a bar is missed"; }; done; exit $$failed

recording: $(DONE)/run ## make the demo's recording anew
	@$(BIN)/tocsin simulate netcologne-2025 --demo --seed 1 -o $(RECORDING)

gazetteer: $(DONE)/dev ## build the gazetteer that comes with the program anew, from the packages of the lock
	@$(BIN)/tocsin gazetteer build

golden-update: $(DONE)/dev ## show how the golden outputs differ, then write them anew
	@$(BIN)/python -m tests.golden.update

manifests: $(DONE)/run ## write anew what deploy/ holds of the map: rights, topics and users
	@$(BIN)/python -m tests.deploy.manifests

lock: ## pin the newest versions that pyproject.toml allows (needs uv)
	@uv lock --quiet --upgrade
	@for group in run:build dev:build,gazetteer,core,dev peers:peers validators:validators; do \
	  uv export --quiet --no-emit-project --no-header --no-annotate \
	    $$(tr , '\n' <<< "$${group#*:}" | sed 's/^/--group /') --format requirements-txt -o "locks/$${group%%:*}.txt"; done
	@uv export --quiet --no-emit-project --no-header --no-annotate --only-group core --format requirements-txt -o locks/core.txt

# Asked each time, as only the sources say whether a core fits; that takes a tenth of a second.
core: $(DONE)/compiling ## compile the reading of texts and the judging of series for this Python, if there is a C compiler: the same results, sooner
	@$(BIN)/python -m tools.core

core-off: $(DONE)/run ## take what was compiled away
	@$(BIN)/python -m tools.core off

clean: ## remove what was built and installed
	@rm -rf .venv .build runs pipeline/_core
