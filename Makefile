# Two commands on a fresh machine: make demo, make test. Both install what they need from PyPI
# into .venv, once. make help lists everything.

SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin/python -m
PIP_INSTALL = @echo 'installing into $(VENV), once ...' >&2; \
  $(RUN) pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable
APT := sudo apt install make python3 python3-venv

DURATION ?= 20
MINUTES ?= 30
SOAK_ARGS ?=
FAULTS_ARGS ?=
INPUT ?=
MODEL ?= default
THREADS ?= 1
PYTEST_ARGS ?=
export INPUT MODEL

.PHONY: help demo soak faults test test-without-torch lint format clean

help: ## What can be made
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 28
	@echo 'variables: DURATION=20 (s) INPUT=FILE|FOLDER|CAMERA MODEL=FILE THREADS=1 for demo,'
	@echo '           MINUTES=30 SOAK_ARGS=... for soak, FAULTS_ARGS=... for faults,'
	@echo '           PYTEST_ARGS=... for test, PYTHON=python3 VENV=.venv for all'

# A terminal in the foreground: the demo gets it as a job of its own, so that Ctrl-C ends the demo
# with its exit code 0. make itself could only end with an error.
demo: $(VENV)/.demo ## Camera and depth node as two ROS 2 processes, with live figures
	@read -r _ _ _ _ group _ _ foreground _ < /proc/self/stat; \
	if [ "$$group" = "$$foreground" ]; then set -m; fi; \
	$(RUN) fastdepth_ros demo --duration $(DURATION) --threads $(THREADS) \
	  --model "$$MODEL" $${INPUT:+--input "$$INPUT"} || \
	{ code=$$?; [ $$code = 130 ] || exit $$code; } # 130: Ctrl-C before it had begun

soak: $(VENV)/.demo ## Camera, node and listeners for MINUTES: what is lost, what grows
	$(RUN) fastdepth_ros soak --minutes $(MINUTES) $(SOAK_ARGS)

faults: $(VENV)/.demo ## Faults injected into a running node, and how fast it recovers
	$(RUN) fastdepth_ros faults $(FAULTS_ARGS)

test: $(VENV)/.test lint ## Lint, types and all tests, after installing everything (5 GB: torch)
	$(RUN) pytest $(PYTEST_ARGS)

test-without-torch: $(VENV)/.test-without-torch ## The tests that need no torch, as on a robot
	$(RUN) pytest $(PYTEST_ARGS)

lint: $(VENV)/.test ## Style and types
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy

format: $(VENV)/.test ## Mend the style
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

clean: ## Remove what was built; .venv stays
	rm -rf build install log dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# Each file says that its packages are installed; the larger sets hold the smaller one.
$(VENV)/.demo: setup.py constraints.txt | $(VENV)/bin/pip
	$(PIP_INSTALL) '.[demo]'
	@touch $@

$(VENV)/.test-without-torch: setup.py constraints.txt | $(VENV)/bin/pip
	$(PIP_INSTALL) '.[demo,synthesis,test]'
	@touch $@ $(VENV)/.demo

$(VENV)/.test: setup.py constraints.txt | $(VENV)/bin/pip
	$(PIP_INSTALL) '.[demo,synthesis,train,test]'
	@touch $@ $(VENV)/.demo $(VENV)/.test-without-torch

$(VENV)/bin/pip:
	@command -v $(PYTHON) > /dev/null || { echo 'error: $(PYTHON) is missing: $(APT)' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 10) <= v <= (3, 13) or sys.exit( \
	  "error: $(PYTHON) is Python %d.%d: 3.10 to 3.13 is needed, as in make PYTHON=python3.11" % v)'
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || \
	  { echo "error: $(PYTHON) has no venv module: $(APT)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
