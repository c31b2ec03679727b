# The two commands a newcomer needs are `make run` and `make test`; both set up what they need.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: setup run test bench clean

setup: $(VENV)/.runtime

$(VENV)/.runtime: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Lianwatch needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 2; }
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	-$(PY) -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
	  --dest $(VENV)/feedparser-source feedparser==$$($(PY) -c 'import feedparser; print(feedparser.__version__)')
	touch $@

run: $(VENV)/.runtime
	@exec $(PY) -m dashboard

# Each worker and each started process would compile everything again without it.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder
	$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder tests/services
	$(PY) -m pytest tests/browser

bench: $(VENV)/.dev
	$(PY) -m benchmarks

clean:
	rm -rf $(VENV)
