// Which options exist, where may they be given, and how is a value read?
//
// The one table of options, shared by the validator and by the getters of options.hpp. Both read a
// value through the same functions, so what the validator accepts is what the getters understand.
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// The objects that take options; combined as bits.
enum : unsigned
{
	ON_SERVER = 1,
	ON_MAPPING = 2,
	ON_TABLE = 4,
	ON_COLUMN = 8,
	ON_IMPORT = 16,    // IMPORT FOREIGN SCHEMA itself
};

enum class Syntax : uint8_t
{
	text,
	integer,
	milliseconds,    // "5s", "1500"
	bytes,           // "64MB"
	real,
	boolean,
	choice,
};

struct Option
{
	const char *name;
	unsigned objects;
	Syntax syntax;
	const char *initial;    // used where the option is not given; nullptr: nothing

	int min;    // integer, milliseconds, bytes
	int max;
	const char *const *choices;    // choice: its values in the order of their enum, then nullptr

	// text: raises unless the value can be used. Never repeats the value of a secret.
	void (*check)(const char *name, const char *value);
	bool required;
	bool superuser_only;
	bool server_file;    // names a file to read: for superusers and pg_read_server_files
};

struct OptionTable
{
	const Option *begin;
	const Option *end;
};

OptionTable option_table();

// The option of that name on one of `objects`, or nullptr.
const Option *find_option(const char *name, unsigned objects);

// Raises HV00D with a hint for an option that `object` does not take, HV024 for a value that cannot
// be used, 42501 for an option that the current user may not set.
void check_options(List *options, unsigned object);

// May the role name files that the server reads?
bool may_read_server_files(Oid role);

// Read a value according to the option's syntax. Raise HV024 when it cannot be used.
int integer_of(const Option *option, const char *value);    // of choices: the index
double real_of(const Option *option, const char *value);
bool boolean_of(const Option *option, const char *value);

// The columns named by the `key` option, in palloc'd memory: a List of char *.
List *key_columns_of(const char *value);

}    // namespace gql::pg
