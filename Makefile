# heatwatch: `make run` and `make test` set up what they need themselves.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
# Debian keeps servers in /usr/sbin; the set-up unpacks into var/tools what it may not install.
export PATH := $(CURDIR)/var/tools/bin:$(PATH):/usr/sbin
BIN := .venv/bin
# What is compiled once need not be compiled again by every process that a run or a test starts.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test lint checked setup catalogues picture

help:
	@echo 'make run                      the demo city until Ctrl-C; the console is on http://127.0.0.1:8080'
	@echo 'make run ARGS="--once"        the same for a bounded time, with a summary; --json for JSON alone on stdout'
	@echo 'make test                     every check: ruff, mypy, import contracts, pytest with the compiler off and on'
	@echo 'make lint                     the checks that only read the code'

# One process from here on, so that a signal to make reaches it.
run:
	@scripts/setup run && exec $(BIN)/heatwatch demo $(ARGS)

setup:
	@scripts/setup test

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# What stands nearest to the kernels of each room, without the compiler: what it would hide shows
# here. A test that would take minutes so carries the marker `compiled` and is skipped.
PLAIN := tests/analytics/facts tests/analytics/heat tests/analytics/kernels tests/analytics/law tests/analytics/settlement \
	tests/ingest/kernels tests/ingest/codecs tests/ingest/batch tests/ingest/mapping tests/ingest/quality tests/ingest/files/test_load.py \
	tests/store/readings/test_readings.py tests/store/readings/test_assemble.py tests/store/readings/test_resolve.py

# A process more than cores, since many tests wait for servers, four at most; a file stays in one
# of them, with the servers and worlds that its tests share.
SPREAD := -n $(shell n=$$(nproc); echo $$((n < 4 ? n + 1 : 4))) --dist loadfile --no-loadscope-reorder

# Tests make many small files and sync them: in memory, where that has room and may hold programs.
MEMORY := /dev/shm
ROOMY := $(shell df -Pk $(MEMORY) 2>/dev/null | awk 'NR == 2 && $$4 > 2000000')
USABLE := $(shell awk '$$2 == "$(MEMORY)" && $$4 !~ /noexec/' /proc/mounts 2>/dev/null)
FILES := $(or $(TMPDIR),$(and $(ROOMY),$(USABLE),$(MEMORY)))
PYTEST := $(and $(FILES),TMPDIR=$(FILES)) $(BIN)/pytest

# Each process of a run would compile the kernels that are not yet compiled, the same ones at the
# same time: one does it for all where a kernel is newer, on the core that mypy leaves free.
KERNELS := $(shell grep -rl --include=*.py "@njit" analytics ingest store)
FIRST := tests/analytics/facts/test_from_books.py tests/ingest/kernels tests/ingest/mqtt/test_warm.py \
	tests/store/readings/test_sift.py::test_of_a_warm_series_one_value_is_enough
var/compiled: $(KERNELS) | setup
	@$(PYTEST) -q -n 0 $(FIRST) && mkdir -p var && touch $@

checked: lint var/compiled

# First the kernels as plain Python, then all of it as it runs.
test:
	@$(MAKE) -j2 checked
	NUMBA_DISABLE_JIT=1 $(PYTEST) -q $(SPREAD) $(PLAIN)
	$(PYTEST) $(SPREAD) --doctest-modules --durations=25 --durations-min=2 $(ARGS)

# docs/architecture.svg from the imports as they are.
picture: setup
	$(BIN)/python scripts/architecture.py

# New sentences into every catalogue, each with an empty translation to fill in.
catalogues: setup
	PYTHONPATH=. $(BIN)/python scripts/catalogues.py
