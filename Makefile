# `make run` and `make test` do all their own set-up on a fresh machine with Python 3.11+.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
MONTH ?= 2021-06
STAMP := $(VENV)/.installed

PORT ?= 8000

.PHONY: run stop test lint contracts types unit docs install clean

## the main job: sample city, its plan, the whole cycle, the summary table; then the console over it, until `make stop`
run: install stop
	$(BIN)/posthouse sample hill --out $(OUT)/hill --month $(MONTH)
	$(BIN)/posthouse run --plan $(OUT)/hill/plan.md --records $(OUT)/hill/records --month $(MONTH) --out $(OUT)/run
	$(BIN)/posthouse serve --workspace $(OUT)/run --port $(PORT) --demo --background

stop:
	@test ! -x $(BIN)/posthouse || $(BIN)/posthouse serve --workspace $(OUT)/run --stop

## everything that must hold before a change lands
test: lint contracts types unit

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

contracts: install-dev
	$(BIN)/lint-imports

types: install-dev
	$(BIN)/mypy

unit: install-dev
	$(BIN)/pytest -n 2 $(PYTEST_ARGS)

## the generated reference pages, after a table, measure, word or verb changed
docs: install
	$(BIN)/python -m posthouse.cli.reference docs

install: $(STAMP)-run $(STAMP)-web
install-dev: $(STAMP)-dev $(STAMP)-web
install-spark: $(STAMP)-spark
install-postgres: $(STAMP)-postgres

$(STAMP)-run: requirements/core.txt requirements/web.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/core.txt -r requirements/web.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(STAMP)-dev: $(STAMP)-run requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

# Charts and maps of the console, as pinned in package-lock.json; npm comes from PyPI where the machine has none.
# Without them the console still works, with tables and drawn maps only.
$(STAMP)-web: $(STAMP)-run package.json package-lock.json requirements/node.txt
	command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt
	mkdir -p build/npm && cp package.json package-lock.json build/npm/
	-PATH="$(abspath $(BIN)):$$PATH" npm ci --prefix build/npm --prefer-offline --ignore-scripts --no-audit --no-fund --loglevel=error
	-$(BIN)/python -m posthouse_web.vendor build/npm/node_modules
	touch $@

# The measures on Spark need Java 17; without this their parity tests are skipped and say so.
$(STAMP)-spark: $(STAMP)-dev requirements/spark.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt
	touch $@

# The console on PostgreSQL; without this the trial of a database that restarts is skipped and says so.
$(STAMP)-postgres: $(STAMP)-dev requirements/postgres.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/postgres.txt
	touch $@

clean:
	rm -rf $(OUT) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: install-dev install-spark install-postgres
