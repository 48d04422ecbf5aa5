# `make` lists the targets. Everything runs in .venv; nothing is downloaded at run time.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
Q ?= 临时外出备案多久有效

.DEFAULT_GOAL := help
.PHONY: help install run ask test lint types check unit eval gate encoder bench stale clean

help: ## list the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

install: $(STAMP) ## make the virtual environment and install

run: $(STAMP) ## serve the page on http://127.0.0.1:7860
	$(BIN)/python app.py

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
	$(BIN)/python -m pytest

eval: $(STAMP) ## the question sets that may be tuned on, a table by tag
	$(BIN)/python -m evals run $$(ls evals/questions/*.jsonl | grep -v heldout) --out var/eval

gate: $(STAMP) ## all sets against evals/baseline.json, which only rises
	$(BIN)/python -m evals gate

encoder: $(STAMP) ## train the encoder from text in the repository (CPU, deterministic)
	$(BIN)/python -m assistant.training

bench: $(STAMP) ## speed of rules, retrieval and answers beside their baselines
	$(BIN)/python -m evals bench

stale: $(STAMP) ## values checked long ago, stated for a past year, laws about to begin
	$(BIN)/python -m rules stale

clean: ## remove the built index and caches
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .hypothesis
