// What of a foreign table no longer fits the API's schema, and what would repair it?
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/door/error.hpp"
#include "core/door/schema.hpp"
#include "core/door/table.hpp"

namespace gql
{

enum class Severity : uint8_t
{
	error,      // statements that touch it fail
	warning,    // statements may fail, or rest on a promise that the API no longer makes
	notice,     // it works, and is going away
};

// What a column holds, as far as GraphQL's own types can be told apart by it.
enum class ColumnKind : uint8_t
{
	text,
	boolean,
	integer,
	fractional,
	enumeration,
	other,    // nothing is known against it
};

// Beside each of TableSpec::columns.
struct CheckColumn
{
	ColumnKind kind;    // of the elements, for arrays
	bool not_null;
	const std::string_view *labels;    // of an enumeration
	size_t label_count;
};

// One step of a repair. Taken together, the steps of a finding leave the table's columns where they
// are, so that views and functions over it stay valid.
struct Repair
{
	enum class Kind : uint8_t
	{
		set_table_option,     // `option` to `value`
		set_column_option,    // of `column`
		drop_column_option,
		drop_not_null,
		change_type,    // to GraphQL's `type`, in the place of the steps before it: only where
						// nothing depends on the column
		add_label,     // `value` to the enum type of `column`
		add_column,    // named `value`, for the argument `option` of GraphQL type `type`
		drop_table_option,
	};

	Kind kind;
	int column;
	std::string_view option;
	std::string_view value;
	std::string_view type;
};

struct Finding
{
	Severity severity;
	int column;    // index into TableSpec::columns, -1: the table as a whole
	std::string_view message;
	const Repair *repairs;
	size_t repair_count;    // 0: nobody but a person can know
};

struct Check;

// `columns` stands beside `spec.columns`. The schema and the spec must outlive the check.
Check *check_open(const RemoteSchema *schema, const TableSpec &spec, const CheckColumn *columns,
				  Error &err) noexcept;
size_t check_finding_count(const Check *check) noexcept;
const Finding *check_finding(const Check *check, size_t index) noexcept;
void check_close(Check *check) noexcept;

}    // namespace gql
