# The whole user interface. Thin: `python -m lab` does the work, in a .venv made from a hashed lock
# on first use, quietly and once.

.DEFAULT_GOAL := help
TARGETS := help bench race claim claims notes report noise aa positive-control known compare reproduce publish serve shell ui trace calibrate generator speed list logs down clean doctor test check lock
.PHONY: $(TARGETS)
# Before the variables are looked at: a target that there is not would take none of them.
UNKNOWN := $(filter-out $(TARGETS) .venv/%,$(MAKECMDGOALS))
ifneq ($(UNKNOWN),)
$(error there is no target '$(UNKNOWN)'; make help lists all)
endif
HASH := \#
# Whatever stands as NAME= in the help of these targets.
named = $(shell sed -n $(1:%=-e 's/^%:.*$(HASH)$(HASH)//p') Makefile | grep -o '[A-Z]*=' | tr -d =)
# A value as one word of the shell, whatever stands in it. (Exported, they would reach the tests.)
quoted = '$(subst ','\'',$(1))'
lower = $(shell echo $(1) | tr A-Z a-z)
# What a target's help names is handed on: MODEL=epoll, or MODEL in the environment, as --model 'epoll'.
given = $(foreach name,$(call named,$@),--$(call lower,$(name)) $(call quoted,$($(name))))
lab = @$(PY) -m lab $@ $(given)

PYTHON ?= python3

# What a target takes stands in its help below, as NAME=. Anything else on the command line would be
# dropped in silence: misspelt, all seven models run; of another target, it does nothing.
GIVEN := $(filter-out PYTHON PIP_CERT PIP_INDEX_URL,$(foreach name,$(.VARIABLES),$(if \
    $(filter command,$(firstword $(origin $(name)))),$(name))))
ifneq ($(GIVEN),)
GOALS := $(patsubst aa,noise,$(patsubst known,positive-control,$(or $(MAKECMDGOALS),help)))
TAKEN := $(call named,$(GOALS))
STRAY := $(filter-out $(TAKEN),$(GIVEN))
ifneq ($(STRAY),)
$(error make $(GOALS) does not take $(STRAY); it takes $(or $(TAKEN),none))
endif
endif

PY := .venv/bin/python
# pip brings certificates of its own; the system's know a company's proxy as well.
SYSTEM_CAS := $(wildcard /etc/ssl/certs/ca-certificates.crt)
ifneq ($(SYSTEM_CAS),)
export PIP_CERT ?= $(SYSTEM_CAS)
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## this text
	@echo 'Measures how Linux server architectures behave under load.'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do \
	    printf '  make %-16s %s\n' "$$name" "$$text"; done
	@echo
	@echo 'As in: make bench MODEL=prethreaded,epoll SCENARIO=keep-alive USERS=50 TRIALS=5'
	@echo '       make bench MODEL=preforked,prethreaded SCENARIO=keep-alive TRIALS=10  # tells two models apart'

bench: .venv/lab ## measure; [MODEL=a,b or all] [SCENARIO=name|path] [USERS=n,m] [RATE=n,m] [TRIALS=n] [WORKERS=n processes of the load] [VIA=forwarded|published|direct] [HOSTS=ssh://me@b,context:workers that the load comes from [ADDRESS=of this host]] [RECEIVE=guest|sender] [SET="setting=value,value ..."] [WITH=Compose file of a server of your own] [SEED=n] [BLOCKS=n for now] [RESUME=run [FORCE=1 though the host changed]]
	$(lab)

race: .venv/lab ## models and references (nginx, Apache, gunicorn, uvicorn) over static and keep-alive; [TRIALS=n] [WITH=Compose file]
	$(lab)

claim: .venv/lab ## a line of the notes, tried here: claim, evidence, verdict; CLAIM=zombies,backlog
	$(lab)

claims: .venv/lab ## every claim of the notes, in their order; [RESUME=run of claims]
	$(lab)

notes: .venv/lab ## the notes as a page, each claim beside what came of it; [RUN=run of claims]
	$(lab)

report: .venv/lab ## the table of the newest run again, or of RUN=folder
	$(lab)

noise: .venv/lab ## a model against itself (A/A): this host's noise; [MODEL=a,b] [SCENARIO=name|path] [USERS=n,m] [RATE=n,m] [TRIALS=n] [VIA=forwarded|published|direct] [RECEIVE=guest|sender] [SET="setting=value ..."]
	$(lab)

positive-control: .venv/lab ## epoll against a copy that burns a tenth more CPU: is it found? [SCENARIO=name|path] [USERS=n,m] [RATE=n,m] [TRIALS=n]
	$(lab)

aa: noise # the old names of both
known: positive-control

compare: .venv/lab ## A=run B=run: what differs, and by how much; [FORCE=1]
	@$(PY) -m lab compare --force $(call quoted,$(FORCE)) -- $(call quoted,$(A)) $(call quoted,$(B))

reproduce: .venv/lab ## RUN=folder: run its plan again and compare; [BLOCKS=n for now] [RESUME=run] [HOSTS=as many] [ADDRESS=of this host]
	$(lab)

publish: .venv/lab ## the newest run, or RUN=folder, into results/published and the README
	$(lab)

list: .venv/lab ## models, scenarios and claims, a line each
	$(lab)

serve: .venv/lab ## MODEL=name: run it for your browser, until Ctrl-C; [WITH=Compose file]
	$(lab)

shell: .venv/lab ## look at a model that `make serve` keeps up, with ss and ps; [MODEL=name]
	$(lab)

ui: .venv/lab ## Locust's own page over the same load, for watching, until Ctrl-C; [MODEL=name] [SCENARIO=name|path] [RATE=n]
	$(lab)

trace: .venv/lab ## system calls by strace, counted per request and drawn as lanes; [MODEL=a,b] [SCENARIO=name|path]
	$(lab)

calibrate: .venv/lab ## what a request costs the load generator here, hence its ceiling; [SCENARIO=a,b] [VIA=forwarded|published|direct] [RECEIVE=guest|sender]
	$(lab)

speed: .venv/lab ## servers on their own, against others; [ROWS=a,b] [PAIRS=n] [DURATION=s] [TUNE=1] [RENDER=1]
	@$(PY) -m benchmarks servers $(given)

generator: .venv/lab ## the load engine, against wrk, ab, Locust's own and arithmetic; [ROWS=a,b] [PAIRS=n] [DURATION=s] [TUNE=1] [RENDER=1]
	@$(PY) -m benchmarks loadgen $(given)

logs: .venv/lab ## follow the logs of what runs now; [MODEL=name]
	$(lab)

doctor: .venv/lab ## look for what keeps the lab from working, and say what to do; [HOSTS=a,b [ADDRESS=of this host]]
	$(lab)

down: .venv/lab ## stop and remove whatever of the lab runs
	$(lab)

clean: .venv/lab ## remove the lab's containers, networks, images and .venv; RESULTS=1: results as well
	$(lab)
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .certificates

test: .venv/dev ## all tests, real containers among them; [ARGS=for pytest]
	@$(PY) -m pytest $(ARGS)

check: .venv/dev ## what CI runs: format, lint, types, tests; [ARGS=for pytest]
	@$(PY) -m ruff format --check --quiet
	@$(PY) -m ruff check --quiet
	@$(PY) -m mypy --no-error-summary
	@$(PY) -m pytest $(ARGS)

UV := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links
lock: .venv/dev ## resolve the dependencies of pyproject.toml anew into requirements/
	$(UV) --upgrade pyproject.toml -o requirements/lab.txt
	$(UV) --upgrade -c requirements/lab.txt --group load -o requirements/load.txt
	$(UV) --upgrade -c requirements/load.txt pyproject.toml --group dev -o requirements/dev.txt
	$(UV) --upgrade -c requirements/dev.txt --group references -o requirements/references.txt

# The file .venv/NAME is newer than requirements/NAME.txt where .venv holds what that lock names.
.venv/lab .venv/dev: .venv/%: requirements/%.txt
	@command -v $(PYTHON) >/dev/null || { echo 'There is no $(PYTHON): install Python 3.11 or newer' \
	    '(apt-get install python3 python3-venv).' >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'The lab needs' \
	    "Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another:" \
	    'make PYTHON=python3.12 ...' >&2; exit 2; }
	@$(PY) -m pip --version >/dev/null 2>&1 || { echo 'Making .venv, once.' >&2; rm -rf .venv; \
	    $(PYTHON) -m venv .venv || { rm -rf .venv; \
	    echo 'venv is missing: apt-get install python3-venv' >&2; exit 2; }; }
	@$(PY) -m pip install --quiet --require-hashes -r $< || { echo \
	    'pip could not fetch the locked packages: is there a network, a proxy (PIP_CERT, PIP_INDEX_URL)?' \
	    >&2; exit 2; }
	@touch $@
