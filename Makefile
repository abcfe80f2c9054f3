# One entry for everything a developer or a user does. `make help` lists it.

export SWIFT ?= swift
SOURCES := Sources Tests Benchmarks Package.swift

# Suites that talk over loopback or to child processes; they have deadlines, so the nets' tests do not run beside them.
TALKING := SocketIOTests|HypeIngestTests|HypeTwitchTests|HypeWorkerLinkTests|HypeServerTests|HypeEventsTests|HypeLibraryTests|HypeUploadsTests|HypeStoreTests|HypeStoreMongoTests

# Suites that wait for processes which work, and hold a thread meanwhile: one test at a time.
WORKING := EndToEndTests|HypeWorkerTests

.PHONY: help bootstrap build demo test browser-test lint format check scenarios bench soak train-face train-voice train-fusion clean

help: ## Lists the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

bootstrap: ## Installs what the build needs (apt packages, pinned wheels under .deps/)
	@Scripts/bootstrap build

build: bootstrap ## Builds hypeclip and its worker, optimised
	$(SWIFT) build -c release

demo: build ## Makes a demo stream, publishes it live and says where dashboard and clips are
	@Scripts/bootstrap demo
	@Scripts/run-demo

test: ## Installs what is missing, then runs every test
	@Scripts/bootstrap test
	$(SWIFT) build -c release --build-tests
	@Scripts/run-tests --skip '$(WORKING)|$(TALKING)'
	@Scripts/run-tests --filter '$(TALKING)'
	@Scripts/run-tests --filter '$(WORKING)' --no-parallel

browser-test: build ## Drives the dashboard in Chromium: upload, signals, clip, play, keep, delete (SHOTS=DIR keeps pictures)
	@Scripts/bootstrap browser
	@Scripts/run-browser-test $(SHOTS)

lint: ## Checks the style and the direction of the imports
	$(SWIFT) format lint --strict -r $(SOURCES)
	@Scripts/check-imports

format: ## Formats the Swift sources
	$(SWIFT) format -i -r $(SOURCES)

check: lint test ## Everything that must be green before a change lands

scenarios: build ## Makes all planted scenarios and scores what is found in them
	@Scripts/bootstrap demo
	Scripts/demo/python Scripts/scenarios/make_scenarios.py --out .deps/scenarios
	python3 Scripts/scenarios/score.py .deps/scenarios --hypeclip .build/release/hypeclip

bench: build ## Measures against peers and rewrites Benchmarks/RESULTS.md
	@Scripts/bootstrap bench
	@Benchmarks/run

soak: build ## Streams for MINUTES (30), kills the worker each minute and looks at every clip; then ten streams at once
	Scripts/soak.py --minutes $(or $(MINUTES),30)
	Scripts/soak.py --minutes 2 --sessions 10

train-face: ## Trains, evaluates and exports the expression model (needs the data; see Training/README.md)
	@Training/run face

train-voice: ## Trains, evaluates and exports the voice model (needs the data; see Training/README.md)
	@Training/run voice

train-fusion: ## Fits and exports what joins face and voice, after both are trained (see Training/README.md)
	@Training/run fusion

clean: ## Removes build products; what was downloaded under .deps/ stays
	rm -rf .build
