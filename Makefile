# How is graphql_fdw built, installed, tested and shown?
#
#   make, make install        build against the server of $(PG_CONFIG); CXX=clang++ works as well
#   make check                every test, on a private cluster; installs the tools that are missing
#   make installcheck         the regression scripts on the server that PGHOST and PGPORT name
#   make demo                 a narrated session on a private cluster
#   make lint, make format    the rules that a machine can check; clang-format
#   make bench                measurements
#   make clean

TOOLS = check demo lint format bench installcheck

ifneq ($(filter $(TOOLS),$(MAKECMDGOALS)),)

# The tools must start on a machine that has no PostgreSQL yet, so PGXS is left out here: they install
# what is missing and come back for the build.
.PHONY: $(MAKECMDGOALS)

check:
	@test/check.sh

demo:
	@test/demo.sh

lint:
	@test/lib/setup.sh
	@test/lint.sh

format:
	@test/lib/setup.sh
	@clang-format -i $(sort $(wildcard src/*/*.[ch]pp src/*/*/*.[ch]pp test/*/*.[ch]pp test/system/*.c))

bench:
	@test/lib/setup.sh
	@test/bench.sh

installcheck:
	@test/check.sh installcheck

$(filter-out $(TOOLS),$(MAKECMDGOALS)):
	@$(MAKE) --no-print-directory $@

else

# graphql_fdw.control is where the version is written; lint holds META.json to it.
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" graphql_fdw.control)

# Objects go here. Another directory takes the library too, so that two builds can live side by side:
# make BUILD=build/clang CXX=clang++
BUILD = build/default

MODULE_big = graphql_fdw
EXTENSION = graphql_fdw
DATA = graphql_fdw--$(EXTVERSION).sql
SOURCES := $(sort $(wildcard src/core/*.cpp src/pg/*.cpp))
OBJS = $(patsubst src/%.cpp,$(BUILD)/%.o,$(SOURCES))

ifneq ($(BUILD),build/default)
override shlib = $(BUILD)/graphql_fdw.so
endif

# Inlining by JIT buys a foreign-data wrapper nothing, and PGXS would build the bitcode without our flags.
override with_llvm := no

# From 16 on PostgreSQL marks PGDLLEXPORT itself.
PG_CPPFLAGS = -Isrc -DGRAPHQL_FDW_VERSION='"$(EXTVERSION)"' \
	$(if $(filter 15,$(MAJORVERSION)),-DPGDLLEXPORT='__attribute__((visibility("default")))')

# EXTRA_CXXFLAGS are for one build: make EXTRA_CXXFLAGS=-Werror
EXTRA_CXXFLAGS =
PG_CXXFLAGS = -std=c++17 -Wall -Wextra -Wshadow -Wno-register -Wno-missing-field-initializers \
	$(if $(findstring clang,$(CXX)),-Wno-unknown-warning-option) \
	-fvisibility=hidden -fvisibility-inlines-hidden $(EXTRA_CXXFLAGS)

# Modules are loaded with RTLD_GLOBAL, and instances of standard templates are visible whatever
# -fvisibility says: the list keeps them inside.
SHLIB_EXPORTS = src/exports.txt
SHLIB_LINK = -lcurl -lsimdjson -lstdc++

EXTRA_CLEAN = build
NO_INSTALLCHECK = 1

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
ifeq ($(wildcard $(PGXS)),)
$(error $(PG_CONFIG) finds no PostgreSQL to build against: install its server headers, \
	or run "make check", which installs what it needs)
endif
include $(PGXS)

# PostgreSQL's headers are not held to our warnings.
override CPPFLAGS := $(patsubst -I/%,-isystem /%,$(CPPFLAGS))

$(OBJS): $(BUILD)/%.o: src/%.cpp Makefile
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

-include $(OBJS:.o=.d)

# For the unwinder test of lint, which looks at the PostgreSQL side alone.
.PHONY: pg-objects
pg-objects: $(filter $(BUILD)/pg/%,$(OBJS))

endif
