# The environment is made once, and again when what it is made from changes.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed

export HF_HUB_OFFLINE := 1

.PHONY: install lock serve index browser test coverage eval external fit format bench bench-scale compare fuzz llama load paint screenshots clean

install: $(INSTALLED)

# Python compiles what it imports; to compile all of it beforehand takes as long as the rest.
$(INSTALLED): pyproject.toml requirements.lock constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --no-deps --require-hashes \
	    --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt --editable '.[dev]'
	touch $@

# What pyproject.toml asks for, in exact versions with their hashes; LOCK=--upgrade takes the newest.
lock: install
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet $(LOCK) --extra dev --generate-hashes --constraint constraints.txt \
	    --unsafe-package torch --unsafe-package footprints --strip-extras --no-header \
	    --no-annotate --no-emit-options --output-file requirements.lock pyproject.toml

# A file that is refused (3) keeps nobody from the others, nor a new index that is held back from the old.
index: install
	$(BIN)/footprints index || test $$? -eq 3

serve: index
	$(BIN)/footprints serve

# The browser tests drive Debian's chromium without a window, which is twice as fast, or with one;
# playwright's own is not fetched. Only root can add it.
browser:
	@command -v chromium-headless-shell > /dev/null \
	|| { test "$$(id -u)" = 0 && apt-get update -qq \
	&& apt-get install -y -qq chromium-headless-shell fonts-liberation > /dev/null; } \
	|| command -v chromium > /dev/null \
	|| { echo "There is no chromium here, which the browser tests drive; install it as root." >&2; exit 1; }

test: install browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest $(PYTEST) --numprocesses auto --dist loadfile --no-loadscope-reorder
	$(MAKE) eval EVAL='--split test --no-perturb'

# To note every line that runs takes half as long again as the tests themselves.
coverage: PYTEST := --cov
coverage: test

eval: index
	$(BIN)/footprints eval $(EVAL)

# DATA is the folder of public sets; EXTERNAL='--size 100' is a short one, --help tells the rest.
external: install
	$(BIN)/python -m tools.external $(DATA) $(EXTERNAL)

# DATA is the folder of public sets; only their training parts are seen.
fit: index
	$(BIN)/python -m tools.fit $(DATA) $(FIT)

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: index
	$(BIN)/python -m tools.bench

# DATA is the folder of public sets; SCALE='--passages 1000' is a short one, --help tells the rest.
bench-scale: install
	$(BIN)/python -m tools.bench_scale $(DATA) $(SCALE)

# A small language model behind a real server, 250 MB of it; no part of the tests.
llama: install
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,llama]'
	$(BIN)/pytest --no-cov --llama tests/tools/test_llama.py

# FOLDER holds files that are read with pdftotext, pandoc and w3m, where installed, as well as with ours.
compare: install
	$(BIN)/python -m tools.compare $(FOLDER)

# FUZZ is how many broken files of each kind are tried; each takes half a second.
fuzz: install
	FUZZ=$(or $(FUZZ),200) $(BIN)/pytest tests/test_fuzz.py

# It starts a server of its own on the loopback; LOAD='--questions 50 --seconds 10' is a short one.
load: install
	$(BIN)/python -m tools.load $(LOAD)

# How soon an answer is painted after the press, in Chromium; to be run while nothing else does.
paint: install browser
	PYTHONPATH=.:tests $(BIN)/python tests/browser/painted.py

# Of the chat's main states, in light and dark, into web/screenshots/.
screenshots: index browser
	PYTHONPATH=tests $(BIN)/python tests/browser/screenshots.py

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
