# 明察 Mingcha. One release build serves the command, the checks and the tests: a debug build computes the
# same numbers many times slower, and a second configuration would double the build.
SWIFT ?= swift
BUILD = $(SWIFT) build -c release
BIN = .build/release
PREFIX ?= /usr/local

.PHONY: all setup build demo studies test test-long reference agree crosscheck notebooks forms bench bench-estimate install format lint clean

all: build

setup:
	@scripts/setup.sh

build: setup
	$(BUILD) --product mingcha

# A whole round on Inner Mongolia's frame with synthetic households, in build/demo.
demo: build
	@scripts/demo.sh $(BIN)/mingcha build/demo

# The coverage studies of docs/interval-study.md; another seed is another study.
STUDY_SEED ?= confirm-1
studies: setup
	$(BUILD) --product interval-study
	$(BIN)/interval-study Surveys/inner-mongolia-2018 $(STUDY_SEED)

# Everything that CI runs.
test: setup
	$(BUILD) --build-tests
	$(SWIFT) test -c release --skip-build
	$(MAKE) --no-print-directory reference agree notebooks forms

# The coverage of the intervals over 200 simulated rounds, each with a truth of its own, instead of 40; every call that
# writes failing or killed, and 300 random kills; ten million rows; ten times as many random plans drawn twice.
test-long: setup
	$(BUILD) --build-tests
	MINGCHA_ROUNDS=200 $(SWIFT) test -c release --skip-build --filter 'StatisticalTests|SafeWritingTests|manyRows'
	$(MAKE) --no-print-directory agree PLANS=1000

# The published values: the draw protocol's vectors and R survey's results.
reference: setup
	$(BUILD) --product reference-check
	$(BIN)/reference-check draw Tests/Fixtures/draw-protocol/vectors.json Tests/Fixtures/draw-protocol/annex-vectors.json
	python3 Notebooks/vectors.py check
	$(BIN)/reference-check estimation Tests/Fixtures/reference

# Random plans, each drawn by mingcha and again by the verifier in plain Python.
PLANS ?= 100
agree: build
	python3 Notebooks/agree.py --mingcha $(BIN)/mingcha --plans $(PLANS)

# Random designs, estimated by Mingcha and again by R survey. ONLY=17 repeats one of them.
DESIGNS ?= 200
SEED ?= 2018
crosscheck: setup
	$(BUILD) --product reference-check
	@scripts/crosscheck.sh $(BIN)/reference-check build/crosscheck \
		--designs $(DESIGNS) --seed $(SEED) $(if $(ONLY),--only $(ONLY))

notebooks: build .venv/installed
	MINGCHA="$(CURDIR)/$(BIN)/mingcha" .venv/bin/python -m pytest -q --nbmake --nbmake-timeout=300 Notebooks

# The questionnaires, shown to the programs that tablets' servers use.
forms: build .venv/installed
	@scripts/forms.sh $(BIN)/mingcha

.venv/installed: Notebooks/requirements.txt
	python3 -m venv .venv
	.venv/bin/python -m pip install -q -r Notebooks/requirements.txt
	@touch $@

# Estimates, selection and draws, beside other programs on the same files.
bench: bench-estimate
	$(BUILD) --product selection-bench
	python3 Benchmarks/selection_benchmark.py --program $(BIN)/selection-bench
	python3 Benchmarks/draw_benchmark.py --mingcha $(BIN)/mingcha --bench $(BIN)/selection-bench

# PEERS=1 first installs the Python peers into build/venv.
bench-estimate: build
	$(BUILD) --product estimation-bench
	python3 Benchmarks/estimation_benchmark.py --mingcha $(BIN)/mingcha --bench $(BIN)/estimation-bench $(if $(PEERS),--peers)

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/mingcha
	install -m 755 $(BIN)/mingcha $(DESTDIR)$(PREFIX)/bin/mingcha
	cp -R Surveys $(DESTDIR)$(PREFIX)/share/mingcha/

format:
	$(SWIFT) format -i -r Sources Tests Package.swift

lint:
	$(SWIFT) format lint --strict -r Sources Tests Package.swift

clean:
	rm -rf .build build .venv
