# `make` lists the targets. Everything runs in .venv; nothing is downloaded at run time.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PINS := assistant/deploy/constraints.txt
Q ?= 临时外出备案多久有效

.DEFAULT_GOAL := help
.PHONY: help install run serve ask test lint types check unit eval gate encoder bench load chaos fuzz stale clean

help: ## list the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml $(PINS)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint $(PINS) --editable '.[dev,fuzz]'
	@touch $@

install: $(STAMP) ## make the virtual environment and install

run: $(STAMP) ## serve the page on http://127.0.0.1:7860
	$(BIN)/python app.py

serve: $(STAMP) ## the service with production settings on http://127.0.0.1:8000
	$(BIN)/python -m assistant serve --host 127.0.0.1 --port 8000

ask: $(STAMP) ## one answer with its sources: make ask Q="临时外出备案多久有效"
	@$(BIN)/python -m assistant "$(Q)"

test: $(STAMP) lint types check unit ## lint, types, data checks, tests

lint: $(STAMP) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## mypy, strict
	$(BIN)/mypy

check: $(STAMP) ## corpus, packs, replies and questions, and the links between them
	$(BIN)/python -m corpus check
	$(BIN)/python -m rules check
	$(BIN)/python -m assistant.check

unit: $(STAMP) ## the tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

eval: $(STAMP) ## the question sets that may be tuned on, a table by tag
	$(BIN)/python -m evals run $$(ls evals/questions/*.jsonl | grep -v heldout) --out var/eval

gate: $(STAMP) ## all sets against evals/baseline.json, which only rises
	$(BIN)/python -m evals gate

encoder: $(STAMP) ## train the encoder from text in the repository (CPU, deterministic)
	$(BIN)/python -m assistant.training
	$(BIN)/python -m assistant.scope_training

bench: $(STAMP) ## speed of rules, retrieval and answers beside their baselines
	$(BIN)/python -m evals bench

load: $(STAMP) ## the service under load, results in evals/results
	$(BIN)/python -m evals load

chaos: $(STAMP) ## killed, filled, locked: nothing acknowledged is lost
	$(BIN)/python -m evals chaos
	$(BIN)/python -m evals chaos --store postgresql

fuzz: $(STAMP) ## an hour of odd input: schemathesis on both stores, atheris on the parsers
	$(BIN)/python -m evals fuzz

stale: $(STAMP) ## values checked long ago, stated for a past year, laws about to begin
	$(BIN)/python -m rules stale

clean: ## remove the built index and caches
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .hypothesis
