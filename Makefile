# rulecheck: `make help` lists the targets. Everything is installed into .venv from the hash-locked requirements/*.txt.

PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
OUT ?= rulecheck-out
PIP_OPTIONS ?= --disable-pip-version-check --quiet

BIN := $(VENV)/bin
CREATED := $(VENV)/.created
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
PEERS := $(VENV)/.peers
FUZZING := $(VENV)/.fuzz
CACHES := .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.DEFAULT_GOAL := help
.PHONY: help demo bench bench-docs bench-large corpus-report test fuzz mutants lint format types contracts smoke wheel-files lock check \
	clean distclean

help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(CREATED):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "rulecheck needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUNTIME): $(CREATED) requirements/runtime.txt requirements/build.txt pyproject.toml
	$(BIN)/python -m pip install $(PIP_OPTIONS) --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	$(BIN)/python -m pip install $(PIP_OPTIONS) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(RUNTIME) requirements/dev.txt
	$(BIN)/python -m pip install $(PIP_OPTIONS) --require-hashes -r requirements/dev.txt
	@touch $@

$(PEERS): $(RUNTIME) requirements/peers.txt
	$(BIN)/python -m pip install $(PIP_OPTIONS) --require-hashes -r requirements/peers.txt
	@touch $@

$(FUZZING): $(RUNTIME) requirements/fuzz.txt
	$(BIN)/python -m pip install $(PIP_OPTIONS) --require-hashes -r requirements/fuzz.txt
	@touch $@

demo: $(RUNTIME) ## Analyse the fixtures; HTML and JSON go to rulecheck-out/
	$(BIN)/rulecheck analyze fixtures/ --format text -o $(OUT)/report.html -o $(OUT)/report.json
	@echo
	@echo "The report is in $(abspath $(OUT)/report.html): open it in a browser."

test: $(DEV) ## Run all tests (browser tests are skipped where there is no Chromium)
	$(BIN)/python -m pytest -n $(JOBS)

fuzz: $(DEV) ## Check 20,000 random devices against brute force and Z3 (FUZZ="--count 500 --seed 7")
	$(BIN)/python -m tests.fuzz --jobs $(JOBS) --output $(OUT) $(FUZZ)

mutants: $(DEV) ## Plant faults in copies of the engine and see that the tests notice each (MUTANTS="--only plan")
	$(BIN)/python -m tests.mutants --jobs $(JOBS) $(MUTANTS)

lint: $(DEV) ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(DEV) ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(DEV) ## Check types (mypy strict)
	$(BIN)/mypy

contracts: $(DEV) ## Check which package may import which
	$(BIN)/lint-imports

bench: $(PEERS) ## Run all benchmarks and write them into docs/ (over an hour; BENCH="--most 1000" for a first look)
	$(BIN)/python -m benchmarks.suite $(BENCH)
	$(MAKE) --no-print-directory bench-docs

bench-docs: $(RUNTIME) ## Write the stored benchmark results into docs/benchmarks.md and docs/benchmarks.svg
	$(BIN)/python -m benchmarks.document

bench-large: $(RUNTIME) ## Measure how large configurations are read, and how the time grows; writes docs/large-inputs.md
	$(BIN)/python -m benchmarks.large_inputs --write $(LARGE)

corpus-report: $(RUNTIME) ## Say by platform how well the configurations in RULECHECK_CORPUS are read (CORPUS="--details FOLDER")
	$(BIN)/python -m benchmarks.corpus_report $(CORPUS)

fuzz-parsers: $(FUZZING) ## Fuzz every parser, guided by coverage (FUZZED="--seconds 600 --platform panos")
	$(BIN)/python -m tests.parsers.fuzzing $(FUZZED)

smoke: $(DEV) ## Build sdist and wheel, install the wheel in a clean environment, run it
	$(BIN)/python .ci/smoke.py

wheel-files: $(DEV) ## Store the wheel's file list after files were added or removed on purpose
	$(BIN)/python .ci/smoke.py --update-file-list

check: lint types contracts test smoke ## Everything that CI checks

LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet

lock: $(DEV) ## Renew requirements/*.txt (network needed)
	$(LOCK) --upgrade --extra dev pyproject.toml -o requirements/dev.txt
	$(LOCK) --constraint requirements/dev.txt pyproject.toml -o requirements/runtime.txt
	$(LOCK) --constraint requirements/dev.txt --extra peers pyproject.toml -o requirements/peers.txt
	$(LOCK) --constraint requirements/dev.txt --extra fuzz pyproject.toml -o requirements/fuzz.txt
	$(LOCK) --constraint requirements/dev.txt requirements/build.in -o requirements/build.txt

clean: ## Remove what the other targets made, except the environment
	rm -rf dist build $(OUT) $(CACHES)
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## Remove the environment as well
	rm -rf $(VENV)
