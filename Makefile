# Needs Python 3.11 or later with pip, and make. `make demo` is the way in.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := uv==0.13.9
INSTALLED := $(VENV)/.installed
SOURCES := contracts services workflows deploy tests

.PHONY: install up demo test test-long check explain

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV)
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

# The whole stack, until Ctrl-C.
up: install
	$(BIN)/relais up

# The whole stack, and the stories played through it; stays until Ctrl-C.
demo: install
	$(BIN)/relais demo

# All floors that need no Docker. The browser floor runs where Chromium is found.
test: install
	$(BIN)/pytest -m "not slow"

test-long: install
	$(BIN)/pytest

check: install
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m contracts check

# make explain return: the act's row, rule, route, fact, woken workflow and sentence.
explain: install
	@$(BIN)/python -m deploy.explain $(ACT)

ifeq (explain,$(firstword $(MAKECMDGOALS)))
ACT := $(wordlist 2,9,$(MAKECMDGOALS))
$(eval $(ACT):;@:)
endif
