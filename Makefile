# Two commands are enough: `make run` and `make test`. The rest is for those who change the code.
PYTHON ?= python3
BIN := .venv/bin
RUNNERS ?= --numprocesses auto --maxprocesses 4 --dist loadgroup
export PYTHONDONTWRITEBYTECODE = 1

.PHONY: help run test chaos check bench catalogue format lock clean

help:           ## what can be made
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run:            ## the whole system with demo data on http://127.0.0.1:8000 (PORT and WEEKAPP_DATA_DIR change that)
	@$(PYTHON) .ci/bootstrap.py run
	@exec $(BIN)/python -m weekapp.standalone

test:           ## all tests, on SQLite and on a real PostgreSQL and Valkey
	@$(PYTHON) .ci/bootstrap.py test
	@$(BIN)/python -m pytest -p no:cacheprovider $(RUNNERS) $(ARGS)

chaos:          ## the long version of tests/chaos: processes that are killed during 5,000 orders (CHAOS_SEED repeats one)
	@$(PYTHON) .ci/bootstrap.py test
	@CHAOS=1 $(BIN)/python -m pytest -p no:cacheprovider tests/chaos $(ARGS)

check:          ## lint, types, import contracts, migrations in step with the models, plain Dutch
	@$(PYTHON) .ci/bootstrap.py test
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --no-cache --check .
	$(BIN)/mypy --cache-dir=/dev/null
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.architecture.migrations_in_step
	$(BIN)/python -m tests.architecture.plain_dutch

bench:          ## benchmarks as ratios within one run, written to bench.json (ARGS: see python -m tests.bench --help)
	@$(PYTHON) .ci/bootstrap.py test
	@$(BIN)/python -m tests.bench $(ARGS)

catalogue:      ## bring the catalogues of other languages in step with the texts of the code
	@$(BIN)/python -m tests.architecture.update_catalogues

format:         ## write the code the way `make check` wants it
	@$(BIN)/ruff check --no-cache --fix . && $(BIN)/ruff format --no-cache .

lock:           ## make the lock files anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml --output-file .ci/lock/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --extra test --constraint .ci/lock/run.txt pyproject.toml --output-file .ci/lock/test.txt

clean:          ## remove what run and test made
	rm -rf .venv instance
