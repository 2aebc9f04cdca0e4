# Two commands on a fresh machine: make demo, make test. Both install what they need from PyPI
# into .venv, once. make help lists everything.

SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
CONSTRAINTS ?= constraints.txt
RUN := $(VENV)/bin/python -m
PIP_INSTALL = @echo 'installing into $(VENV), once ...' >&2; \
  $(RUN) pip install --quiet --disable-pip-version-check --constraint $(CONSTRAINTS) --editable
APT := sudo apt install make python3 python3-venv

DURATION ?= 20
MINUTES ?= 30
SOAK_ARGS ?=
FAULTS_ARGS ?=
INPUT ?=
MODEL ?= default
THREADS ?= 1
PYTEST_ARGS ?=
# A test that hangs in C++ hears no signal of pytest-timeout: the run ends, with every thread's stack.
HANGS := -o faulthandler_timeout=420 -o faulthandler_exit_on_timeout=true
RUNS ?= 1000000
SECONDS_EACH ?= 600
PARSERS ?=
FUZZ_ARGS ?=
ROWS ?=
KILLS ?= 200
SEED ?= 1
export INPUT MODEL

.PHONY: help demo soak faults test test-without-torch compatibility survive lint format fuzz audit \
  clean

help: ## What can be made
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 28
	@echo 'variables: DURATION=20 (s) INPUT=FILE|FOLDER|CAMERA MODEL=FILE THREADS=1 for demo,'
	@echo '           MINUTES=30 SOAK_ARGS=... for soak, FAULTS_ARGS=... for faults,'
	@echo '           PYTEST_ARGS=... for test, ROWS="3.13 numpy1" for compatibility,'
	@echo '           RUNS=1000000 SECONDS_EACH=600 PARSERS=... for fuzz, KILLS=200 SEED=1 for survive,'
	@echo '           PYTHON=python3 VENV=.venv for all'

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

test: $(VENV)/.test lint ## Lint, types and all tests, after installing everything (7 GB: torch)
	$(RUN) pytest $(HANGS) $(PYTEST_ARGS)

test-without-torch: $(VENV)/.test-without-torch ## The tests that need no torch, as on a robot
	$(RUN) pytest $(HANGS) $(PYTEST_ARGS)

compatibility: ## The same on Python 3.10, 3.12, 3.13 and other NumPys, each in .venv-ROW (an hour)
	$(PYTHON) test/compatibility.py $(ROWS)

survive: $(VENV)/.test ## Training ended in every way and resumed: to the bit as if undisturbed?
	PYTHONPATH=.:test $(VENV)/bin/python test/offline/training/survive.py \
	  --kills $(KILLS) --rank-kills $$(($(KILLS) / 5)) --seed $(SEED)

lint: $(VENV)/.test ## Style and types
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy

format: $(VENV)/.test ## Mend the style
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

# atheris and pip-audit have environments of their own: no part of the package needs them, and
# they would change the versions that constraints.txt pins.
fuzz: $(VENV)/fuzz/.installed ## Every parser of foreign bytes, RUNS inputs each, SECONDS_EACH at most
	PYTHONPATH=.:test nice $(VENV)/fuzz/bin/python -m fuzz.run --runs $(RUNS) \
	  --seconds $(SECONDS_EACH) $(FUZZ_ARGS) $(PARSERS)

audit: $(VENV)/audit/.installed ## What is known to be wrong with the versions in constraints.txt
	$(VENV)/audit/bin/python .ci/audit.py

clean: ## Remove what was built; .venv stays
	rm -rf build install log dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -not -path './.venv*' -prune -exec rm -rf {} +

# Each file says that its packages are installed; the larger sets hold the smaller one.
$(VENV)/.demo: setup.py $(CONSTRAINTS) | $(VENV)/bin/pip
	$(PIP_INSTALL) '.[demo]'
	@touch $@

$(VENV)/.test-without-torch: setup.py $(CONSTRAINTS) | $(VENV)/bin/pip
	$(PIP_INSTALL) '.[demo,synthesis,test]'
	@touch $@ $(VENV)/.demo

$(VENV)/.test: setup.py $(CONSTRAINTS) | $(VENV)/bin/pip
	$(PIP_INSTALL) '.[demo,synthesis,train,test]'
	@touch $@ $(VENV)/.demo $(VENV)/.test-without-torch

$(VENV)/fuzz/.installed: | $(VENV)/.test
	$(VENV)/bin/python -m venv $(VENV)/fuzz
	echo "import site; site.addsitedir('$$($(VENV)/bin/python -c \
	  'import sysconfig; print(sysconfig.get_path("purelib"))')')" > \
	  "$$($(VENV)/fuzz/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tests.pth"
	$(VENV)/fuzz/bin/python -m pip install --quiet --disable-pip-version-check atheris || \
	  echo 'there is no atheris for this Python: inputs are made blindly' >&2
	@touch $@

$(VENV)/audit/.installed: | $(VENV)/bin/pip
	$(VENV)/bin/python -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	@touch $@

$(VENV)/bin/pip:
	@command -v $(PYTHON) > /dev/null || { echo 'error: $(PYTHON) is missing: $(APT)' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 10) <= v <= (3, 13) or sys.exit( \
	  "error: $(PYTHON) is Python %d.%d: 3.10 to 3.13 is needed, as in make PYTHON=python3.11" % v)'
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || \
	  { echo "error: $(PYTHON) has no venv module: $(APT)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
