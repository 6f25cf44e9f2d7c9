# Everything a person does with Nightdesk from a checkout. Needs make and Python 3.11 or newer, nothing else.

STAGE ?= prod
TEAM ?= infra/team.toml
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell $(name) -c '$(NEW_ENOUGH)' 2>/dev/null && echo $(name))))
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help install demo test test-deep check bench train deploy destroy

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

install: .venv/installed ## Create .venv with everything pinned

demo: install ## Play a Saturday night on the local emulator (ONCE=1: once, then check the story)
	@$(BIN)/python -m infra demo $(if $(ONCE),--once)

test: install ## Run every test, on the local emulator too
	@$(BIN)/python -m pytest -m "not deep"

test-deep: install ## Run the long property and crash tests (up to an hour)
	@$(BIN)/python -m pytest -m deep

check: install ## Lint, check the format, the types and the packaged template, as CI does
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m infra lint

bench: install ## Measure answers, imports, calls, capacity and cost
	@$(BIN)/python -m infra bench

train: install ## Teach the judge again from DATA=folder (CORRECTIONS=file adds a team's own, WEIGHT=2 each)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,train]'
	@OMP_NUM_THREADS=1 $(BIN)/python -m infra.train $(DATA) $(if $(CORRECTIONS),--corrections $(CORRECTIONS)) $(if $(WEIGHT),--weight $(WEIGHT))

deploy: install ## Show the plan, ask, and deploy STAGE (STAGE=prod PLAN=1: only show; SET="SmsProvider=twilio ...")
	@$(BIN)/python -m infra deploy --stage $(STAGE) --team $(TEAM) $(if $(PLAN),--plan) $(if $(YES),--yes) $(foreach pair,$(SET),--set '$(pair)')

destroy: install ## Ask twice and delete STAGE; its table stays
	@$(BIN)/python -m infra destroy --stage $(STAGE)

.venv/installed: requirements.txt constraints.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Nightdesk needs Python 3.11 or newer; name yours with make PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@
