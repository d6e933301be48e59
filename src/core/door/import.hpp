// Which foreign tables does an API's schema make?
//
// An Import is worked out as a whole, so that names and options do not depend on which tables are
// wanted: LIMIT TO and EXCEPT pick from the result. The same schema makes the same tables, byte for
// byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/door/error.hpp"
#include "core/door/schema.hpp"

namespace gql
{

struct ImportSettings
{
	// "Query": the query root whatever the API calls it. Another object type, interface or union:
	// those of the query root's tables whose rows are of that type and, where there is none, tables
	// of the fields that lead to it from the rows of others.
	std::string_view object_type;
	uint32_t max_depth = 1;     // nested objects flattened so deep (0: none), deeper ones are jsonb
	bool children = false;      // nested lists become tables of their own
	bool enums = false;         // enum columns get enum types instead of text
	bool deprecated = false;    // deprecated fields, too
	bool not_null = true;       // non-null fields become NOT NULL columns
	bool snake_case = true;     // else names are kept
	std::string_view prefix;    // before the name of every table and enum type
};

// What SQL type a column gets; the PostgreSQL side knows their names.
enum class SqlType : uint8_t
{
	text,
	boolean,
	int4,
	int8,
	numeric,
	float8,
	uuid,
	date,
	time,
	timestamp,
	timestamptz,
	interval,
	bytea,
	jsonb,
	enumeration,    // ImportedColumn::enumeration
};

struct ImportedOption
{
	std::string_view name;
	std::string_view value;
};

struct ImportedColumn
{
	std::string_view name;    // at most 63 bytes
	SqlType type;
	bool array;
	bool not_null;
	size_t enumeration;          // index for import_enum()
	std::string_view comment;    // "" none
	const ImportedOption *options;
	size_t option_count;
};

struct ImportedTable
{
	std::string_view name;    // at most 63 bytes, unique
	std::string_view comment;
	const ImportedOption *options;
	size_t option_count;
	const ImportedColumn *columns;
	size_t column_count;
};

struct ImportedEnum
{
	std::string_view name;    // of the SQL type
	std::string_view comment;
	const std::string_view *values;    // labels, at most 63 bytes each, in the order of declaration
	size_t value_count;
};

struct Import;

// nullptr and err (object_missing) when there is no such object type. The schema must outlive the
// import.
Import *import_open(const RemoteSchema *schema, const ImportSettings &settings,
					Error &err) noexcept;
void import_close(Import *import) noexcept;

size_t import_table_count(const Import *import) noexcept;
const ImportedTable *import_table(const Import *import, size_t index) noexcept;
size_t import_enum_count(const Import *import) noexcept;
const ImportedEnum *import_enum(const Import *import, size_t index) noexcept;

// What was left out and why. `what` and `reason` make a sentence: "Account.orders" "is a list in
// pages", "Query.search(sort)" "orders rows in a way that is not known". `table` is the name of the
// table it would have been part of, "" when it would have been a table.
struct ImportSkip
{
	std::string_view table;
	std::string_view what;
	std::string_view reason;
};
size_t import_skip_count(const Import *import) noexcept;
const ImportSkip *import_skip(const Import *import, size_t index) noexcept;

}    // namespace gql
