PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Thousands of small databases are made and dropped: in memory, where there are 2 GB of it to spare, that takes half the time.
IN_MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 2000000 { print "TMPDIR=/dev/shm" }')

# What the browser's code is built from; a change installs the package again, and that builds it.
STATIC := hatch_build.py $(shell find static -name node_modules -prune -o -type f -print)

.PHONY: help demo serve test quick check bench pictures lock

help: ## list the verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml $(STATIC) | $(BIN)/python
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps -e .
	touch $@

$(VENV)/.installed-test: requirements-test.lock $(VENV)/.installed
	$(BIN)/pip install --quiet --require-hashes -r requirements-test.lock
	touch $@

demo: $(VENV)/.installed ## rehearse an invented city for 90 seconds, then print the report
	$(BIN)/outreach demo

serve: $(VENV)/.installed ## start the product on an embedded database
	$(BIN)/outreach serve

# Browsers and rehearsals mostly wait: two more workers than cores work meanwhile.
test: $(VENV)/.installed-test ## run all tests, on both databases
	$(IN_MEMORY) $(BIN)/python -m pytest -n 4

# Each worker reads every test file: what it made of them is kept for the next run, also where the shell asks for no such files.
quick: $(VENV)/.installed-test ## run the fast tests, on SQLite
	$(IN_MEMORY) PYTHONDONTWRITEBYTECODE= OUTREACH_TEST_ENGINE=sqlite $(BIN)/python -m pytest -n 2 -m "not slow"

check: $(VENV)/.installed-test ## format, lint, types (of the browser's code too), and who may import whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PATH="$$PWD/$(BIN):$$PATH" npm --prefix static run --silent check
	$(BIN)/lint-imports

bench: $(VENV)/.installed-test ## measure how soon and at what cost, beside a yardstick, on both databases
	$(BIN)/python -m bench.reach

pictures: $(VENV)/.installed-test ## take the README's pictures of the phone and the board anew
	OUTREACH_PICTURES=docs $(BIN)/python -m pytest -q tests/phone/test_pictures.py tests/phone/test_the_demo.py tests/board/test_policies.py

lock: $(VENV)/.installed-test ## pin what pyproject.toml asks for
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra test pyproject.toml -o requirements-test.lock
