# make demo   the bot in a simulated course server, in your browser; needs no token
# make test   everything that has to hold
# make run    the bot on your own server; settings in .env, see .env.example
# make bench  what the bot costs beside its floor: commands, start, a round of notes, large databases; JSON=file
# make prove  kill the bot again and again and count what is lost or doubled: KILLS=200 DB=postgresql SEED=1

PYTHON ?= python3
BIN = .venv/bin
STAMP = .venv/.installed
RUNTIME = .venv/.runtime

.PHONY: install packages demo run lock test test-slow bench prove check format lint types imports

install: $(STAMP)
	@:

# Everything for the demo and the tests; it includes the runtime.
$(STAMP): pyproject.toml constraints.txt
	@$(MAKE) --no-print-directory packages WHAT='.[demo,dev]'
	@touch $(STAMP) $(RUNTIME)

# What a server needs, a third of that.
$(RUNTIME): pyproject.toml constraints.txt
	@$(MAKE) --no-print-directory packages WHAT='.'
	@touch $(RUNTIME)

packages:
	@$(PYTHON) -c 'import sys' 2>/dev/null || { \
		echo "Python is missing: install Python 3.11 or newer, or name yours: make install PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "This needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -V 2>&1)." \
			"Name a newer one: make install PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "This Python cannot make virtual environments: install its venv package" \
			"(on Debian and Ubuntu: apt install python3-venv) and run make again."; exit 1; }
	@echo "Installing into .venv with $$($(PYTHON) -V 2>&1) (the first time takes a minute) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '$(WHAT)'

demo: $(STAMP)
	@$(BIN)/python -m bot demo

run: $(RUNTIME)
	@$(BIN)/python -m bot run

test: lint types imports
	$(BIN)/python -m pytest -q -n 2

check: lint types imports
	$(BIN)/python -m pytest -q tests/coaching tests/prompts

prove: $(STAMP)
	@$(BIN)/python -m tests.delivery.prove --kills $(or $(KILLS),60) --database $(or $(DB),sqlite) $(if $(SEED),--seed $(SEED))

bench: $(STAMP)
	@$(BIN)/python -m bench $(NAMES) $(if $(JSON),--json $(JSON))

lint: $(STAMP)
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check

types: $(STAMP)
	$(BIN)/python -m pyright --pythonpath $(BIN)/python

imports: $(STAMP)
	$(BIN)/lint-imports --no-logo

# With the hashes of every file, for deploy/Dockerfile; needs the program uv.
lock:
	@echo '# The runtime of deploy/Dockerfile with the hashes of its files, of the versions in constraints.txt: `make lock`.' \
		> deploy/requirements.lock
	@uv pip compile pyproject.toml --quiet --extra postgresql --constraint constraints.txt --generate-hashes \
		--no-header --no-annotate --python-platform linux --python-version 3.13 >> deploy/requirements.lock

# The tests that take longest.
test-slow: $(STAMP)
	$(BIN)/python -m pytest -q -n 2 --durations=20

format: $(STAMP)
	$(BIN)/python -m ruff check --fix
	$(BIN)/python -m ruff format
