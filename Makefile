# Set-up is one file: .venv/.ready is newer than what it was made from, or it is made again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint unit lock airflow airflow-stop env

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/.ready ## virtual environment with the pinned packages (once)

$(VENV)/.ready: constraints/requirements.txt constraints/uv.txt pyproject.toml
	@echo "Setting up $(VENV) (once)"
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tollwire needs Python 3.11 or later: make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints/uv.txt
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r constraints/requirements.txt
	@$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## the main job on a newsroom that ships with the project
	@$(BIN)/python -m demo

test: setup lint unit ## everything that must pass

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint sql

unit: setup
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not airflow"
	$(BIN)/python -m pytest tests/airflow -m airflow

lock: setup ## pin again what constraints/requirements.in asks for
	$(BIN)/uv pip compile constraints/requirements.in --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate -o constraints/requirements.txt

PORT ?= 8080
airflow: setup ## a complete local Airflow on loopback (PORT=8080)
	@$(BIN)/python tools/airflow_local.py --port $(PORT) start

airflow-stop: ## stop it
	@$(BIN)/python tools/airflow_local.py stop

env: setup ## secrets for docker-compose.yml, in .env
	@$(BIN)/python -m tools.airflow_env
