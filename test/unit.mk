# How are the tests of the core built? One binary without a server, under the sanitizers.
#
# make -f test/unit.mk; build/unit/core_test [--gtest_filter=...]

SOURCES := $(sort $(wildcard src/core/*.cpp test/core/*.cpp))
OBJECTS = $(SOURCES:%.cpp=build/unit/%.o)
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CXXFLAGS = -std=c++17 -g -O1 -Wall -Wextra -Wshadow -Werror -D_GLIBCXX_ASSERTIONS $(SANITIZERS)

build/unit/core_test: $(OBJECTS)
	g++ $(SANITIZERS) -o $@ $^ -lgtest_main -lgtest -lcurl -lsimdjson

$(OBJECTS): build/unit/%.o: %.cpp Makefile test/unit.mk
	@mkdir -p $(@D)
	g++ $(CXXFLAGS) -Isrc -DGRAPHQL_FDW_VERSION='"0"' -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d)
