# 明察 Mingcha. One release build serves the command, the checks and the tests: a debug build computes the
# same numbers many times slower, and a second configuration would double the build.
SWIFT ?= swift
BUILD = $(SWIFT) build -c release
BIN = .build/release
PREFIX ?= /usr/local

.PHONY: all setup build test reference bench install format lint clean

all: build

setup:
	@scripts/setup.sh

build: setup
	$(BUILD) --product mingcha

# Everything that CI runs.
test: setup
	$(BUILD) --build-tests
	$(SWIFT) test -c release --skip-build
	$(MAKE) --no-print-directory reference

# The published values: the draw protocol's vectors.
reference: setup
	$(BUILD) --product reference-check
	$(BIN)/reference-check draw Tests/Fixtures/draw-protocol/vectors.json

# A million rows, beside a bare read of the same file.
bench: build
	python3 Benchmarks/estimate_benchmark.py --mingcha $(BIN)/mingcha

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
