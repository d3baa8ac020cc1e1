# ConvScope. On a fresh machine with Python 3.11, git and make: `make run` or `make test`, nothing before.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8501
WORKERS ?= 2
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: help run test test-all bench check hooks venv screenshots clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1  /p' $(MAKEFILE_LIST) | awk '{ name = $$1; $$1 = ""; printf "make %-12s%s\n", name, $$0 }'

run: venv  ## serve the dashboard on port 8501 (PORT=8600 make run: another)
	$(BIN)/python -m backends serve --port $(PORT)

test: venv  ## the quick tests: under ten minutes on two cores
	$(PYTEST) -m "not slow"

test-all: venv  ## the quick and the slow tests: an hour
	$(PYTEST)

bench: venv  ## measure speed as ratios, both sides in one run
	$(BIN)/python -m benchmarks

check: venv  ## style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tools.check_javascript

hooks: venv  ## run the quick checks before each commit (git hooks, by pre-commit)
	$(BIN)/pre-commit install

screenshots: venv  ## make the images in the README anew, from a running dashboard (needs Chromium)
	$(BIN)/python -m tools.screenshots

venv: .venv/ready  ## create .venv with everything pinned

.venv/ready: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-dev.txt
	touch $@

clean:  ## remove .venv and everything that tools left behind
	rm -rf .venv .pytest_cache .hypothesis .mypy_cache .ruff_cache node_modules build *.egg-info static/plotly.min.js
