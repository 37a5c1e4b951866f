# Needs Python 3.11 or later with pip, and make. `make demo` is the way in.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := uv==0.13.9
INSTALLED := $(VENV)/.installed
# Tests that run side by side: most of their time they wait for a disk or a clock.
WORKERS ?= 3
SOURCES := contracts services workflows deploy tests
LOCALE := services/chassis/locale

.PHONY: install up demo test test-long pictures check guides catalogues explain

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
	$(BIN)/pytest -rs -m "not slow" --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder

test-long: install
	$(BIN)/pytest -rs --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder

# Most pictures of the guides, taken anew by the tests that walk through the pages.
pictures: install
	RELAIS_PICTURES=docs/shots $(BIN)/pytest -q tests/browser/test_exchange.py tests/browser/test_builder_to_paid.py \
		tests/browser/test_letters.py tests/browser/test_participants.py tests/browser/test_finance.py \
		tests/browser/test_finance_month.py

check: install
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m contracts check
	$(BIN)/python -m deploy.guides check

# The line numbers in the guides follow the code.
guides: install
	$(BIN)/python -m deploy.guides mend

# Gathers the texts of code and templates; a language that has a catalogue there gets what is new.
catalogues: install
	$(BIN)/pybabel -q extract --mapping=$(LOCALE)/babel.cfg --no-location --sort-output --project=Relais --version=1 \
		--header-comment="# Every text of Relais, as \`make catalogues\` gathered them." \
		--output=$(LOCALE)/relais.pot contracts services
	sed -i '/^"\(POT-Creation-Date\|Report-Msgid\|PO-Revision\|Last-Tr\|Language-Team\)/d' $(LOCALE)/relais.pot
	test -z "$(wildcard $(LOCALE)/*/LC_MESSAGES/relais.po)" || $(BIN)/pybabel -q update --ignore-pot-creation-date \
		--domain=relais --input-file=$(LOCALE)/relais.pot --output-dir=$(LOCALE)

# make explain return: the act's row, rule, route, fact, woken workflow and sentence.
explain: install
	@$(BIN)/python -m deploy.explain $(ACT)

ifeq (explain,$(firstword $(MAKECMDGOALS)))
ACT := $(wordlist 2,9,$(MAKECMDGOALS))
$(eval $(ACT):;@:)
endif
