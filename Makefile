# The five that scripts may rely on: setup, demo, test, check, bench.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PORT
# What is compiled is kept: a server, its workers and every command would compile a thousand files anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test pages year check bench tools requirements clean

help: ## Say what there is to make
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.dev ## Make the environment: .venv with everything, tests included

demo: .venv/.run ## Four co-ops with a year behind them, on http://127.0.0.1:$(PORT)/
	@$(BIN)/toadlane demo --port $(PORT)

test: .venv/.dev tools ## Run every test, on SQLite or on TOADLANE_DATABASE_URL (ARGS="-k orders" for some)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

pages: .venv/.dev tools ## Ask axe and the HTML checker about every page of a small town, and fill in every form
	@$(BIN)/python -m pytest -m every_page tests/browser

year: .venv/.dev tools ## Build the demo's whole year, and have other bookkeepers and our own checks read it
	@$(BIN)/python -m pytest -m whole_year tests/blueprints

check: .venv/.dev ## Lint, types, import contracts, migrations, templates, translations
	@sh tools/check.sh $(BIN)

bench: .venv/.dev ## Run every benchmark; each prints one line of JSON at its end
	@for file in benchmarks/[a-z]*.py; do [ "$$file" = benchmarks/common.py ] || $(BIN)/python "$$file" || exit 1; done

tools: .venv/.tools

requirements: ## Pin what pyproject.toml asks for, with hashes and without addresses
	@sh tools/requirements.sh $(BIN)

clean: ## Take away what was made; the data in var/ stays
	rm -rf .venv build *.egg-info node_modules .mypy_cache .ruff_cache

.venv/.uv:
	@PYTHON=$(PYTHON) sh tools/system.sh venv
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

.venv/.run: .venv/.uv requirements.txt pyproject.toml
	@echo "Installing what the server needs …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.txt
	@echo "Installing what the tests need …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@touch $@

# Whatever cannot be had is named, and the tests that need it are skipped in plain sight (in CI they fail).
.venv/.tools: .venv/.dev package-lock.json tools/system.sh
	@sh tools/system.sh tests
	@if command -v npm >/dev/null; then npm ci --silent || echo "The Nu checker could not be fetched; its test will be skipped."; fi
	@touch $@
