# HOST PORT DATA_DIR DATABASE_URL REDIS_URL SECRET_KEY ALLOWED_HOSTS DEBUG pass through, from the
# environment or as `make demo PORT=8001`.
PYTHON ?= python3
ARGS ?=
bootstrap = $(PYTHON) harmreduction/engines/bootstrap.py
python = .venv/bin/python
version = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

.PHONY: archive help demo test test-full check bench bench-full chaos lock
.DEFAULT_GOAL := help

help:
	@echo "make demo       start everything with demo data on http://localhost:8000 (Ctrl-C stops it)"
	@echo "make test       every test; ARGS='-k naloxone' narrows it"
	@echo "make test-full  the same with the big counts, and our files opened by other software"
	@echo "make bench      how fast it is, beside what the database can do at most (docs/performance.md)"
	@echo "make bench-full  250 sites, in two sizes of history (docs/volume.md)"
	@echo "make chaos      what it keeps when its processes die and its disk fills (docs/faults.md)"
	@echo "make check      style, types, imports, migrations, catalogues"
	@echo "make archive    a release archive under dist/, for deploy/install"
	@echo "make lock       resolve the pinned versions again"

demo:
	@$(bootstrap)
	@$(python) manage.py demo $(ARGS)

test:
	@$(bootstrap) --test
	@$(python) -m harmreduction.engines.chromium
	$(python) -m pytest -n 2 --dist loadfile $(ARGS)

test-full:
	@$(bootstrap) --full
	@$(python) -m harmreduction.engines.chromium
	@$(python) -m harmreduction.engines.libreoffice
	@$(python) -m harmreduction.engines.other_browsers
	$(python) -m pytest -n 2 --dist loadfile -m "full or not full" $(ARGS)

# Settings that need neither a database nor a secret.
check: export DEBUG = 1
check:
	@$(bootstrap) --test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(python) -W ignore manage.py makemigrations --check
	$(python) manage.py messages --check

bench:
	@$(bootstrap) --test
	@$(python) -m tests.bench $(ARGS)

chaos:
	@$(bootstrap) --test
	@$(python) -m tests.chaos $(ARGS)

# 250 sites, some 70 visits a day each, then a load of a quarter of an hour; some forty minutes on two cores at rest.
bench-full:
	@$(bootstrap) --test
	@$(python) -m tests.bench --only=volume,steady --sites=250 --visits=70 --days=8 $(ARGS)

lock:
	@$(bootstrap) --lock

# What deploy/install unpacks: what is committed, and nothing else.
archive:
	@mkdir -p dist
	@git archive --prefix=harmreduction-$(version)/ -o dist/harmreduction-$(version).tar.gz HEAD
	@echo dist/harmreduction-$(version).tar.gz
