# Everything a newcomer needs. Each target may be run again at no cost; scripts/setup does the installing.

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo demo-reset test lint bench bench-linkage bench-openfisca coverage lock clean

BIN := .venv/bin

# Modules that decide without Django: typed strictly. Those not written yet are left out.
PURE := $(wildcard $(addprefix passerelles/, \
	core/postgres core/answers.py core/clock.py core/crypto.py core/cycles.py core/dates.py core/errors.py core/identifiers.py core/ods.py \
	core/periods.py core/svg.py core/text.py core/web_calls.py reference parameters/rules.py linkage/engine linkage/batch reception/rules \
	messages/catalogue.py messages/rules.py \
	orientation/engine orientation/rules pathway/rules indicators/engine exchange/readers exchange/france_travail/rules.py synthetic/frames.py synthetic/cohort.py synthetic/names \
	referrals/rules \
	indicators/disclosure indicators/survival indicators/impact \
	indicators/definitions indicators/exports.py indicators/grid.py indicators/guard.py \
	synthetic/chunks.py synthetic/workers.py synthetic/tables synthetic/lists synthetic/population \
	synthetic/calibration synthetic/pathways synthetic/network))

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r name what; do \
		printf '  make %-12s %s\n' "$$name" "$$what"; done

setup: ## create .venv and install the platform
	@sh scripts/setup

setup-test:
	@sh scripts/setup test

demo: setup ## start the demonstration
	@$(BIN)/passerelles demo

demo-reset: setup ## start the demonstration from a fresh base
	@$(BIN)/passerelles demo --reset

test: setup-test lint ## house rules, then every test
	@$(BIN)/pytest -n 2 --dist loadfile $(if $(filter no,$(BROWSER)),-m "not browser")

lint: setup-test ## style, floors, types and templates
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Mise en forme à revoir : $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/lint-imports --no-cache > var/lint-imports.log 2>&1 || { cat var/lint-imports.log >&2; exit 1; }
	@$(BIN)/mypy --strict --no-error-summary $(PURE)
	@if find passerelles -name '*.html' | grep -q .; then $(BIN)/djlint passerelles --lint --quiet; fi

bench: setup-test ## measure the budgets of quality.md, by hand
	@for bench in benchmarks/bench_*.py; do \
		if [ -f "$$bench" ]; then $(BIN)/python "$$bench" || exit 1; else echo "Aucun banc d'essai dans benchmarks/."; fi; \
	done

bench-linkage: setup-test ## measure linkage beside its peers (installs them in .venv-bench)
	@if [ ! -f .venv-bench/done ] || [ requirements/bench.txt -nt .venv-bench/done ]; then \
		echo "Installation de Splink, recordlinkage et Spark dans .venv-bench…"; \
		$(BIN)/python -m venv --clear .venv-bench && \
		.venv-bench/bin/python -m pip install --quiet --require-hashes -r requirements/base.txt -r requirements/bench.txt && \
		touch .venv-bench/done || { \
			echo "Les outils de comparaison n’ont pas pu être installés : sans réseau, « $(BIN)/python" \
				"benchmarks/bench_linkage.py » mesure la plateforme seule." >&2; exit 1; }; \
	fi
	@for section in quality batch online spark; do .venv-bench/bin/python benchmarks/bench_linkage.py $$section || exit 1; done

bench-openfisca: setup-test ## measure the rules beside openfisca-core (installs it in .venv-bench-openfisca)
	@test -x .venv-bench-openfisca/bin/python || { \
		$(BIN)/python -m venv .venv-bench-openfisca && \
		.venv-bench-openfisca/bin/python -m pip install --quiet openfisca-core==46.0.1; }
	@$(BIN)/python benchmarks/bench_orientation.py \
		--peer ".venv-bench-openfisca/bin/python benchmarks/orientation/openfisca_peer.py"

coverage: ## write docs/coverage.md from the requirements cited in the code
	@python3 scripts/coverage.py

lock: ## compile requirements/*.in into pinned, hashed *.txt
	@command -v uv > /dev/null || { \
		echo "« uv » manque : installez-le par « python3 -m pip install uv », puis recommencez." >&2; exit 1; }
	@cd requirements && for set in base test; do \
		uv pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 \
			"$$set.in" -o "$$set.txt" || exit 1; done

clean: ## remove the installation and caches (the data of var/ stays)
	@rm -rf .venv .venv-bench .venv-bench-openfisca .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis staticfiles
	@find passerelles tests -name __pycache__ -type d -prune -exec rm -rf {} +
