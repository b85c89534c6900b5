# Hearth: make run starts the server, make test runs every test, make help lists the rest.
SHELL := /bin/bash
HEARTH_DATA ?= $(or $(XDG_DATA_HOME),$(HOME)/.local/share)/hearth
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup build run demo web test test-fast test-traits conformance faults bench bench-sdk docs fuzz format lint clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22
	@echo '  ARGS="…" passes flags on: make run ARGS="--http 127.0.0.1:8080"'

setup: ## install and make what building needs
	@Scripts/setup.sh

build: setup ## build the server and the web UI into bin/
	@Scripts/build.sh

run: build ## build, then start the server (data in HEARTH_DATA)
	@exec bin/hearth serve --data "$(HEARTH_DATA)" $(ARGS)

demo: build ## send two minutes of demonstration traffic to a running server
	@exec bin/hearth demo $(ARGS)

web: setup ## build only the web UI
	@mkdir -p bin && Scripts/build-web.sh bin/web

test: ## every test; real clients run against bin/hearth
	@Scripts/test.sh

test-fast: ## every test but the conformance suite
	@Scripts/test.sh --fast

test-traits: setup ## the SDK with no package trait, each and all of them (ARGS name traits)
	@Scripts/test-traits.sh $(ARGS)

conformance: build ## only the conformance suite (ARGS are pytest's)
	@Scripts/conformance.sh $(ARGS)

faults: build ## kill -9, damaged files, full disk, clock jumps, …: the whole fault suite (ARGS are pytest's)
	@HEARTH_FAULTS=full Scripts/conformance.sh tests/faults $(ARGS)

bench: build ## benchmarks
	@Scripts/bench.sh $(ARGS)

bench-sdk: setup ## what a span of the Swift SDK costs
	@swift run -c release --package-path Benchmarks SpanBench $(ARGS)
	@if [ -n "$$SWIFT_OTEL" ]; then echo "for comparison, $$SWIFT_OTEL:"; "$$SWIFT_OTEL"; fi

span-cost: setup ## count the instructions of a span and compare them with the committed limits
	@Scripts/span-cost.sh

docs: setup ## the SDK's documentation, below bin/docs (HEARTH_TRAITS=all: also of what is behind traits)
	@Scripts/docs.sh

fuzz: setup ## five million damaged requests through the decoders
	@Scripts/fuzz.sh $(ARGS)

format: ## format the Swift sources in place
	@Scripts/format.sh --in-place

lint: ## check the Swift sources' format
	@Scripts/format.sh --lint

clean: ## remove what was built in this clone
	rm -rf bin .build Server/.build
