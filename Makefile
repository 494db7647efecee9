# The commands of this repository. Each one works on a new Debian machine with a
# Rust toolchain: it installs what else it needs from Debian packages, and
# fetches from crates.io, PyPI and npm, at pinned versions.
# ARGS passes arguments to the program, TEST filters the tests:
#   make run ARGS="--speed 10"      make test TEST=draw

SHELL := /bin/bash
ARGS ?=
TEST ?=

.PHONY: help run test check bench soak package container duel fmt clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start the demo prefecture (SQLite in ./var, no other server)
	@source tools/lib.sh && need cc build-essential && exec cargo run --locked -- demo $(ARGS)

test: ## run all tests, on SQLite and PostgreSQL, with and without Redis
	@tools/test.sh $(TEST)

check: ## formatting, lints, file rules, licences, the Dockerfile
	@tools/check.sh

bench: ## measure the hot paths (ratios, not absolute times)
	@source tools/lib.sh && need cc build-essential && PASSAGE_DURABLE=1 tools/with-servers.sh cargo bench --locked
	@tools/peers.sh

soak: ## the same tests with full repetitions, by hand: takes hours
	@PASSAGE_DEPTH=soak tools/test.sh $(TEST)

package: ## make the Debian package and its SBOM, in target/package
	@tools/package.sh

container: ## build the container image without an engine and ask it for its health (as root)
	@tools/container.sh

duel: ## bots against people, first come against Passage: who gets what
	@source tools/lib.sh && need cc build-essential && PASSAGE_DEPTH=soak tools/with-servers.sh cargo test --locked --quiet --test duel -- --nocapture --test-threads=1

fmt: ## format the sources
	@cargo fmt

clean: ## remove what was built; ./var, the demo's data, stays
	@cargo clean
