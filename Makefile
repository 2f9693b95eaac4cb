# `make demo` and `make test` need git, make and Python 3.10 or newer; each sets up .venv by itself.

.DEFAULT_GOAL := help
.PHONY: help demo test clean

VENV := .venv
BIN := $(VENV)/bin
LEFT_OUT := postgresql or chromium

help:
	@echo "make demo   check examples/clinic and show what ormlint finds"
	@echo "make test   run the tests"
	@echo "make clean  remove the virtual environment"

demo: $(VENV)/.installed
	@echo '$$ ormlint check examples/clinic'
	@$(BIN)/ormlint check --exit-zero examples/clinic

test: $(VENV)/.developing
	@echo "Left out: the tests marked $(LEFT_OUT). Run them with: $(BIN)/pytest -m '$(LEFT_OUT)'"
	@$(BIN)/pytest -m 'not ($(LEFT_OUT))' $(PYTEST)

clean:
	rm -rf $(VENV)

$(VENV)/.python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || continue; \
		"$$python" -m venv --clear $(VENV) && touch $@ && exit 0; \
	done; \
	echo "ormlint needs Python 3.10 or newer with its venv module (on Debian: apt install python3-venv)," >&2; \
	echo "and found none. Name one: make PYTHON=/path/to/python3" >&2; \
	exit 1

$(VENV)/.installed: $(VENV)/.python pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.developing: $(VENV)/.python pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.installed
