# ConvScope. On a fresh machine with Python 3.11, git and make: `make run` or `make test`, nothing before.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8501
WORKERS ?= 2
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: run test test-all bench check venv screenshots clean

run: venv  ## the dashboard on port $(PORT)
	$(BIN)/streamlit run serve.py --server.port $(PORT)

test: venv  ## everything that is quick: under ten minutes on two cores
	$(PYTEST) -m "not slow"

test-all: venv  ## and what is slow
	$(PYTEST)

bench: venv  ## speed as ratios, both sides in one run
	$(BIN)/python -m benchmarks

check: venv  ## style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tools.check_javascript

screenshots: venv  ## the pictures in the README, from the running dashboard (needs Chromium)
	$(BIN)/python tools/screenshots.py

venv: .venv/ready  ## the virtual environment with everything pinned

.venv/ready: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-dev.txt
	touch $@

clean:
	rm -rf .venv .pytest_cache .hypothesis .mypy_cache .ruff_cache node_modules static/plotly.min.js
