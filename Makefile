# Tsunagi: one Makefile, not recursive. `make help` lists the targets, V=1 shows the commands.
# BUILD=dir builds elsewhere; SAN=1 builds with clang, AddressSanitizer and UBSan into build-san.

# every core builds, unless the command line says how many: make -j1
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

ifdef SAN
CC := clang-14
BUILD ?= build-san
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT ?= -O1 -gline-tables-only
endif
# the loops of an import take 5 % less time than with -O2
OPT ?= -O3 -g
BUILD ?= build
PREFIX ?= /usr/local
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-5s %s\n' $(1) $(2);)

HUB_PKGS := libconfig sqlite3 libpq icu-uc jansson libcrypto libxml-2.0 libmicrohttpd gnutls libargon2 zlib
# a wrong byte in a hostile file ends the run instead of going on with it
HARDEN := $(if $(SAN),,-fstack-protector-strong -D_FORTIFY_SOURCE=2)
HARDEN_LD := -Wl,-z,relro,-z,now
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Werror
# evaluated once, and only after `deps` had its chance
CFLAGS_HUB = -std=c17 -D_GNU_SOURCE $(OPT) $(WARN) $(HARDEN) $(SANFLAGS) -Ihub -Ihub/include -pthread $(PKG_CFLAGS)
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $$(HUB_PKGS)))$(PKG_CFLAGS)
# SQLite from its archive where there is one: in the shared library every small function is called through a
# table, which makes an import a seventh slower (docs/decisions/001-store.md)
SQLITE_A = $(filter /%,$(shell $(CC) -print-file-name=libsqlite3.a))
LIBS_HUB = $(eval LIBS_HUB := $$(patsubst -lsqlite3,$$(or $$(SQLITE_A),-lsqlite3),\
	$$(shell pkg-config --libs $$(HUB_PKGS))) -lm -ldl -pthread)$(LIBS_HUB)

HUB_C := $(foreach f,$(wildcard hub/*/*.c),$(if $(filter test_%,$(notdir $(f))),,$(f)))
HUB_H := $(wildcard hub/*/*.h hub/include/hub/*.h)
HUB_O := $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out hub/cli/%,$(HUB_C)))
CLI_O := $(patsubst %.c,$(BUILD)/obj/%.o,hub/main.c $(filter hub/cli/%,$(HUB_C)))
LIBHUB := $(BUILD)/libhub.a
BIN := $(BUILD)/bin/tsunagi
CONTRACT := $(BUILD)/bin/tsunagi-contract
CONTRACT_O := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/contract/*.c))
UNIT_C := $(wildcard hub/*/test_*.c tests/torture/test_*.c)
UNIT := $(UNIT_C:%.c=$(BUILD)/tests/%)

PLUGINS :=
include $(wildcard plugins/*/plugin.mk)
PLUGIN_SO := $(PLUGINS:%=$(BUILD)/plugins/%.so)
PO := $(wildcard hub/*/ja.po plugins/*/ja.po)
MO := $(BUILD)/locale/ja/LC_MESSAGES/tsunagi.mo

.PHONY: fuzz-bin objects all bin help deps deps-check demo check unit contract lint format docs install deb clean torture crash fuzz bench bench-readers bench-search bench-sights load gate
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:

all: deps
	$(Q)$(MAKE) --no-print-directory bin

bin: $(BIN) $(CONTRACT) $(PLUGIN_SO) $(MO)

deps: ; $(Q)hub/deps.sh build
deps-check: ; $(Q)hub/deps.sh check

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS_HUB) $(CFLAGS) -MMD -MP -c $< -o $@

$(LIBHUB): $(HUB_O)
	$(Q)rm -f $@
	$(call say,AR,$@)$(AR) rcs $@ $(HUB_O)

$(BIN): $(CLI_O) $(LIBHUB)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(SANFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(LIBS_HUB)

# what a plugin must pass; installed, for those that are written elsewhere
$(CONTRACT): $(CONTRACT_O) $(LIBHUB)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(SANFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(LIBS_HUB)

# Tables that are made from lists when the hub is built: gen_NAME.c prints NAME_table.h.
$(BUILD)/gen/%_table.h: $(BUILD)/gen/gen_%
	@mkdir -p $(@D)
	$(call say,GEN,$@)$< >$@
$(BUILD)/gen/gen_%: $(BUILD)/obj/plugins/shared/gen_%.o
	@mkdir -p $(@D)
	$(Q)$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/gen/gen_jtown: $(BUILD)/obj/hub/text/places_table.o
$(BUILD)/obj/plugins/shared/jwords.o: $(BUILD)/gen/jwords_table.h
$(BUILD)/obj/plugins/shared/jtown.o: $(BUILD)/gen/jtown_table.h

# A plugin: every .c of its folder but the tests, NAME_SHARED files of plugins/shared, nothing of the
# hub, one exported symbol.
define plugin_rules
$(1)_C := $$(filter-out plugins/$(1)/test_%,$$(wildcard plugins/$(1)/*.c))
$(1)_O := $$($(1)_C:%.c=$$(BUILD)/obj/%.o) $$($(1)_SHARED:%=$$(BUILD)/obj/plugins/shared/%.o)
# private: what the build makes and runs for them (gen_*) is compiled as the hub is
$$($(1)_O): private CFLAGS_HUB = -std=c17 -D_GNU_SOURCE $$(OPT) -fPIC -fvisibility=hidden $$(WARN) $$(HARDEN) $$(SANFLAGS) \
	-Ihub/include -Iplugins/shared -I$$(BUILD)/gen $$(if $$($(1)_PKGS),$$(shell pkg-config --cflags $$($(1)_PKGS)))
$$(BUILD)/plugins/$(1).so: $$($(1)_O)
	@mkdir -p $$(@D)
	$$(call say,SO,$$@)$$(CC) -shared $$(if $$(SAN),,-Wl,-z,defs) $$(HARDEN_LD) $$(SANFLAGS) $$(LDFLAGS) -o $$@ $$^ \
		$$(if $$($(1)_PKGS),$$(shell pkg-config --libs $$($(1)_PKGS))) $$($(1)_LIBS)
$(1)_T := $$(wildcard plugins/$(1)/test_*.c)
UNIT += $$($(1)_T:%.c=$$(BUILD)/tests/%)
$$($(1)_T:%.c=$$(BUILD)/tests/%): $$($(1)_O)
$$($(1)_T:%.c=$$(BUILD)/tests/%): EXTRA_LIBS = $$(if $$($(1)_PKGS),$$(shell pkg-config --libs $$($(1)_PKGS))) $$($(1)_LIBS)
endef
$(foreach p,$(PLUGINS),$(eval $(call plugin_rules,$(p))))

$(BUILD)/tests/%: $(BUILD)/obj/%.o $(LIBHUB)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBHUB) $(LIBS_HUB) $(EXTRA_LIBS) -lcmocka
$(BUILD)/obj/hub/%.o $(BUILD)/obj/tests/%.o: CFLAGS_HUB += -Itests/lib
$(BUILD)/obj/plugins/%.o: CFLAGS_HUB += -Itests/lib -Iplugins/shared

# all ja.po as one: the header of the first, the messages of all; a message may stand beside each use
one_po = awk 'FNR == 1 { body = NR == 1 } body { print } /^$$/ { body = 1 }' $(1) | msguniq -
$(MO): $(PO)
	@mkdir -p $(@D)
	$(call say,MO,$@)$(call one_po,$(PO)) | msgfmt -o $@ -

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

demo: all ## build and do the main job on shipped sample files
	$(Q)BUILD=$(BUILD) tests/flow/demo.sh

# makes the Nth call of a kind fail (tests/torture); preloaded, so nothing of the hub is in it
FAULT := $(BUILD)/torture/fault.so
$(FAULT): tests/torture/fault.c
	@mkdir -p $(@D)
	$(call say,SO,$@)$(CC) -std=c17 -D_GNU_SOURCE -O2 -g $(WARN) -fPIC -fvisibility=hidden -shared -o $@ $<

unit: bin $(if $(SAN),,$(FAULT)) $(UNIT)
# compiled, not linked: for the warnings
objects: $(CLI_O) $(HUB_O) $(foreach p,$(PLUGINS),$($(p)_O))
contract: all ## every plugin against the rules of its interface (P=name: one)
	$(Q)$(CONTRACT) $(BUILD)/plugins/$(if $(P),$(P).so)

check: deps-check ## everything: unit, contract, flow, suites, sanitizers, fast part of the others
	$(Q)$(MAKE) --no-print-directory unit
	$(Q)$(MAKE) --no-print-directory SAN=1 unit
	$(Q)BUILD=$(BUILD) SANBUILD=build-san tests/run.sh

# Fuzz targets: clang with libFuzzer, one program per parser; findings stay in build-fuzz/found.
FUZZ := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SOURCES := json xml voice fixed kintone xlsx docx gedcom
FUZZ += $(FUZZ_SOURCES:%=$(BUILD)/fuzz/fuzz_%)
fuzz-bin: $(FUZZ)
# the other sources share one target
define fuzz_source
$(BUILD)/fuzz/fuzz_$(1): $(BUILD)/obj/tests/fuzz/source.o $$(source-$(1)_O) $(LIBHUB)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) $$(SANFLAGS) -fsanitize=fuzzer $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $$(LIBHUB) \
		$$(if $$(source-$(1)_PKGS),$$(shell pkg-config --libs $$(source-$(1)_PKGS))) $$(LIBS_HUB)
endef
$(foreach p,$(FUZZ_SOURCES),$(eval $(call fuzz_source,$(p))))
$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(LIBHUB)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(SANFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBHUB) $(LIBS_HUB)

fuzz: deps-check ## every fuzz target for T seconds (default 20; P=csv: one)
	$(Q)$(MAKE) --no-print-directory CC=clang-14 BUILD=build-fuzz fuzz-bin \
		SANFLAGS='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer'
	$(Q)tests/fuzz/run.sh $(or $(T),20) $(P)

bench: bin ## generated rows in, beside iconv and sqlite3 .import (ROWS, ROUNDS, BENCH_DIR)
	$(Q)BUILD=$(BUILD) tests/bench/run.sh

gate: bin ## the gate against a slow reading of its rules: a million random questions (N=, SEED=)
	$(Q)PATH="$(abspath $(BUILD))/bin:$$PATH" tests/gate/cases.py check '$(or $(SEED),1)' $(or $(N),1000000) tsunagi decide

load: bin ## 500 streams of events and 200 requests a second, idle and during an import (S=60)
	$(Q)BUILD=$(BUILD) tests/load/load.sh $(or $(S),60)

bench-readers: bin ## speed and memory of each reader beside a peer (MB=40, READERS=, BENCH_DIR=)
	$(Q)tests/bench/readers.py $(BIN) $(or $(MB),40)

bench-search: bin ## words in 100,000 notes: the text index beside LIKE, on both stores (NOTES=)
	$(Q)$(MAKE) --no-print-directory $(BUILD)/tests/tests/bench/search
	$(Q)tests/bench/stores.sh $(BUILD)/tests/tests/bench/search $(or $(NOTES),100000)

bench-sights: bin ## what a viewer may find, made and made anew, on both stores (CASES=, CONNECTIONS=)
	$(Q)$(MAKE) --no-print-directory $(BUILD)/tests/tests/bench/sights
	$(Q)BUILD=$(BUILD) tests/bench/stores.sh $(BUILD)/tests/tests/bench/sights $(or $(CASES),10000) $(or $(CONNECTIONS),4)

lint: deps-check ## formatting, headers that compile alone, banned calls, clang, translations
	$(Q)MAKE=$(MAKE) tests/lint.sh

crash: deps-check ## kill -9 of imports and of the daemon with its modules, on both stores, then on with it (N=50, SEED=)
	$(Q)$(MAKE) --no-print-directory bin
	$(Q)for s in sqlite postgresql; do TEST_STORE=$$s BUILD=$(BUILD) tests/crash/crash.sh $(or $(N),50) $(SEED) || exit 1; done
	$(Q)KILLS=$(or $(N),50) SEED=$(SEED) TEST_LIMIT=7200 BUILD=$(BUILD) tests/run.sh 'flow/test_kills[.]sh'

torture: deps-check ## every allocation, read, write, sync ... failing once, on both stores (N=points per kind|ways|all, SEED=, ONLY=case/kind)
	$(Q)$(MAKE) --no-print-directory bin $(BUILD)/torture/fault.so
	$(Q)for s in sqlite postgresql; do TEST_STORE=$$s BUILD=$(BUILD) tests/torture/torture.py $(or $(N),40) '$(SEED)' '$(ONLY)' || exit 1; done

format: ## clang-format over all C files
	$(Q)clang-format-14 -i $(shell git ls-files '*.c' '*.h')

docs: bin ## docs/reference, made from the tables in the code
	@mkdir -p docs/reference
	$(Q)TSUNAGI_LANG=en $(BIN) plugin list | while read -r kind name rest; do \
		TSUNAGI_LANG=en $(BIN) plugin info $$kind-$$name --as md >docs/reference/$$kind-$$name.md || exit 1; done
	$(Q){ echo '# Functions of the mapping language'; echo; TSUNAGI_LANG=en $(BIN) functions --format md; } \
		>docs/reference/functions.md

# man pages are made from what the commands say of themselves
MAN := $(BUILD)/man/tsunagi.1 $(BUILD)/man/ja/tsunagi.1
$(MAN): $(BIN) $(MO) hub/man.sh docs/operating.md docs/operating.ja.md
	@mkdir -p $(@D)
	$(call say,MAN,$@)hub/man.sh $(BIN) $(if $(findstring /ja/,$@),ja,en) >$@

SYSCONFDIR ?= $(if $(filter /usr /usr/local,$(PREFIX)),/etc,$(PREFIX)/etc)
install: all ## program, plugins, mappings, docs, systemd unit, into PREFIX (default /usr/local; DESTDIR=)
	$(Q)$(MAKE) --no-print-directory $(MAN)
	$(Q)BUILD='$(BUILD)' hub/install.sh '$(DESTDIR)' '$(PREFIX)' '$(SYSCONFDIR)'

deb: all ## build/tsunagi_VERSION_ARCH.deb, for machines without a compiler
	$(Q)hub/deps.sh package
	$(Q)$(MAKE) --no-print-directory $(MAN)
	$(Q)BUILD='$(BUILD)' hub/deb.sh

clean: ## remove what was built
	rm -rf build build-san build-fuzz build-clang

help: ## this list
	@echo 'all        build build/bin/tsunagi and build/plugins/*.so'
	@echo 'deps       install the Debian packages that are missing'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-10s %s\n", $$1, $$2}'
