#!/usr/bin/env bash
# Can the checks of lint.sh fail? In a small tree of its own each check passes, then meets a violation.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

make_scratch
tree=$scratch/tree
failed=0

plant()
{
	mkdir -p "$(dirname "$tree/$1")"
	cat >"$tree/$1"
}

# A library that keeps every rule.
make_tree()
{
	rm -rf "$tree"
	mkdir -p "$tree/test/lib" "$tree/src/pg"
	cp Makefile META.json CHANGELOG.md .clang-format .gitignore graphql_fdw.control "$tree"
	cp test/lint.sh "$tree/test"
	cp test/lib/common.sh "$tree/test/lib"
	touch "$tree/graphql_fdw--$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" graphql_fdw.control).sql"
	printf '%s\n' Pg_magic_func _PG_init >"$tree/src/exports.txt"

	plant src/core/door/words.hpp <<-'CPP'
		#pragma once
		#include <string_view>
		namespace gql
		{
		int count(std::string_view text) noexcept;
		} // namespace gql
	CPP
	plant src/core/words.cpp <<-'CPP'
		#include "core/door/words.hpp"
		#include <string>
		int
		gql::count(std::string_view text) noexcept
		{
			static auto *word = new std::string("word");
			return text == *word;
		}
	CPP
	plant src/pg/prelude.hpp <<-'CPP'
		#pragma once
		extern "C"
		{
		#include "postgres.h"
		#include "fmgr.h"
		}
	CPP
	plant src/pg/module.cpp <<-'CPP'
		#include <string_view>
		#include "core/door/words.hpp"
		#include "pg/prelude.hpp"
		// Here one may throw and catch the words, and try again.
		extern "C"
		{
		PG_MODULE_MAGIC;
		PGDLLEXPORT void
		_PG_init()
		{
			std::string_view words = "try, catch, throw";
			ereport(DEBUG1, errmsg("%d words", gql::count(words)));
		}
		}
	CPP
	clang-format -i "$tree"/src/*/*.cpp "$tree"/src/*/*.hpp "$tree"/src/*/*/*.hpp
}

report()
{
	if [ "$1" = 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
		sed 's/^/    /' "$scratch/lint"
		failed=1
	fi
}

# broken <check> <what must be reported> <what it is>: it fails, and says so
broken()
{
	status=1
	"$tree/test/lint.sh" "$1" >"$scratch/lint" 2>&1 ||
		{ grep -q '^not ok' "$scratch/lint" && grep -qF "$2" "$scratch/lint" && status=0; }
	report "$status" "lint sees $3"
	make_tree
}

# The head of a file of src/pg, for plants.
pg_head='#include <string>
#include "pg/prelude.hpp"
'

make_tree
status=0
"$tree/test/lint.sh" >"$scratch/lint" 2>&1 || status=1
report "$status" 'lint passes a clean tree'

plant src/pg/planted.cpp <<<"$pg_head"'
int *planted(const char *text) { std::string copy(text); ereport(ERROR, errmsg("%s", copy.c_str())); return nullptr; }'
broken unwinder_O0 build/gcc-O0/pg/planted.o 'a destructor across ereport (-O0)'

plant src/pg/planted.cpp <<<"$pg_head"'
void *planted(const char *text) { std::string copy(text); return palloc(copy.size()); }'
broken unwinder_O2 build/gcc/pg/planted.o 'a destructor across palloc (-O2)'

plant src/pg/planted.cpp <<<"$pg_head"'
void planted() { throw 1; }'
broken unwinder_O2 __cxa_throw 'an exception thrown in src/pg'

plant src/pg/planted.cpp <<<"$pg_head"'
void planted() { PG_TRY(); { CHECK_FOR_INTERRUPTS(); } PG_FINALLY(); { } PG_END_TRY(); }'
broken words src/pg/planted.cpp 'PG_TRY'

plant src/pg/planted.hpp <<<'inline void planted(void (*f)()) { try { f(); } catch (...) { } }'
broken words src/pg/planted.hpp 'try and catch'

plant src/core/planted.cpp <<<'#include "postgres.h"'
broken walls src/core/planted.cpp 'PostgreSQL in src/core'

plant src/core/planted.hpp <<<'#include "pg/prelude.hpp"'
broken walls src/core/planted.hpp 'src/pg in src/core'

plant src/core/door/planted.hpp <<<'#include <simdjson.h>'
broken walls src/core/door/planted.hpp 'a library behind a door header'

plant src/pg/planted.cpp <<<'#include <curl/curl.h>'
broken walls src/pg/planted.cpp 'libcurl in src/pg'

plant src/pg/planted.cpp <<<'#include "core/words.hpp"'
broken walls src/pg/planted.cpp 'a header of the core in src/pg'

plant src/pg/planted.cpp <<<'extern "C" {
#include "utils/guc.h"
}'
broken walls src/pg/planted.cpp 'a header of PostgreSQL outside the prelude'

plant src/pg/planted.cpp <<<"$pg_head"'
#if PG_VERSION_NUM >= 160000
#endif'
broken walls src/pg/planted.cpp 'a version check outside the prelude'

plant src/pg/planted.cpp <<<"$pg_head"'
extern "C" { PG_FUNCTION_INFO_V1(planted); Datum planted(PG_FUNCTION_ARGS) { PG_RETURN_DATUM(PG_GETARG_DATUM(0)); } }'
broken exports pg_finfo_planted 'a symbol that is not listed'

echo planted >>"$tree/src/exports.txt"
broken exports planted 'a listed symbol that does not exist'

plant src/core/planted.cpp <<<'namespace gql { int nowhere(); int planted(); int planted() { return nowhere(); } }'
broken exports gql::nowhere 'a function that is declared and never defined'

plant src/core/planted.cpp <<<'#include <string>
extern std::string planted;
std::string planted = "a text that is too long to be stored in place";'
broken statics planted.cpp 'a global constructor'

plant src/core/planted.cpp <<<'#include <map>
const std::map<int, int> &planted();
const std::map<int, int> &planted() { static const std::map<int, int> map; return map; }'
broken statics planted.cpp 'a destructor at exit'

plant src/core/planted.cpp <<<'static int planted;'
broken warnings_gcc planted 'a warning of g++'

plant src/core/planted.cpp <<<'class Planted { int planted_ = 0; };
Planted planted();
Planted planted() { return {}; }'
broken warnings_clang planted_ 'a warning of clang++'

plant src/core/planted.cpp <<<'int  planted() { return 1; }'
broken format src/core/planted.cpp 'a layout that is not that of clang-format'

plant expected/planted.out <<<"could not read /ho""me/someone/file"
broken text expected/planted.out 'a path of a machine'

plant expected/planted.out <<<"could not read $tree/file"
broken text expected/planted.out 'the path of this tree'

plant expected/planted.out <<<'could not connect to 127.0.0.1:''45678'
broken text expected/planted.out 'a port that was free once'

plant package-lock.json <<<'"resolved":'' "https://packages.example/graphql.tgz"'
broken text package-lock.json 'the address of a package'

sed -i 's/"version": "[^"]*"/"version": "9.9.9"/' "$tree/META.json"
broken version META.json 'two versions'

exit "$failed"
