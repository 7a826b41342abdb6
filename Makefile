# The commands people and CI use. Needs Python 3.11 or newer; everything else is set up here.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: help demo test coverage check drill bench picture lock clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/'

demo: $(VENV)/.run ## run the bot on the sandbox with the stories shipped; ARGS="--for 30s" ends by itself
	@$(BIN)/python bot.py run --demo --home .demo $(ARGS)

test: $(VENV)/.develop ## run every test that this machine can; ARGS go to pytest
	@$(BIN)/pytest $(ARGS)

coverage: $(VENV)/.develop ## the same, and which lines no test reaches (half as long again)
	@$(BIN)/pytest --cov --cov-report=term:skip-covered $(ARGS)

check: $(VENV)/.develop ## lint, format, types, imports, documentation
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python bot.py check
	$(BIN)/pytest -q tests/docs

drill: $(VENV)/.develop ## the long fault drill (minutes); DIGESTBOT_DRILL_SEED=… replays one
	@DIGESTBOT_DRILL=long $(BIN)/pytest tests/faults -s $(ARGS)

bench: $(VENV)/.develop ## the benchmarks, as figures and as ratios to a floor measured in the same run
	@for each in benchmarks/*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

picture: $(VENV)/.develop ## make docs/card.png anew, from the demo (needs Chromium)
	$(BIN)/python docs/picture.py

lock: $(VENV)/.develop ## pin the dependencies anew
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --upgrade -q pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --upgrade -q pyproject.toml --extra postgres -o requirements/postgres.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --upgrade -q pyproject.toml --extra postgres --group test --group check -o requirements/develop.txt

clean: ## remove what was made
	rm -rf $(VENV) .demo dist htmlcov .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.run: requirements/run.txt
	@$(call venv)
	@echo "Installing digestbot's dependencies (once)…"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/.develop: requirements/develop.txt
	@$(call venv)
	@echo "Installing the dependencies of digestbot and its tests (once)…"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/develop.txt
	@touch $@ $(VENV)/.run

define venv
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "digestbot needs Python 3.11 or newer. Name one: make demo PYTHON=python3.12"; exit 1; }; \
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) \
		|| { echo "Python cannot make a virtual environment: install its venv module (Debian: python3-venv)."; exit 1; }
endef
