// What do the checks of a table's accesses and of its columns share? (Inside the core; the door is
// core/door/check.hpp.)
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "core/door/check.hpp"
#include "core/json_text.hpp"
#include "core/remote_schema.hpp"
#include "core/table.hpp"

namespace gql
{

struct Check
{
	// Texts live as long as the check.
	std::string_view keep(std::string text);
	void add(Severity severity, int column, std::string message, std::vector<Repair> repairs);

	std::deque<std::string> texts;
	std::deque<std::vector<Repair>> repairs;
	std::vector<Finding> findings;
};

// One table against one schema.
struct CheckContext
{
	const SchemaTypes &schema;
	const TableSpec &spec;
	const RemoteTable &table;
	const CheckColumn *columns;
	Check &out;
	std::vector<std::string> declared;    // each column's type of argument, repairs included
	std::vector<size_t> dropped;          // look-ups that do not fit

	const TypeInfo *type(const std::string &name) const;
	// The field of `owner` that `name` may have become, by its name; nullptr when none or several
	// are like it.
	const FieldInfo *find_heir(const TypeInfo &owner, const std::string &name) const;
	// The column is no longer sent; it goes on being compared where it is read, too.
	std::vector<Repair> drop_argument(int column) const;
	void drop_lookup(size_t lookup, std::string message);
};

// One way to the table's rows: `lookup` is its place in `lookups`, or their number for the table's
// own field.
class AccessCheck
{
public:
	AccessCheck(CheckContext &context, size_t lookup)
		: context_(context), plan_(context.table.accesses[lookup]), lookup_(lookup)
	{
	}

	// The field that yields the rows, nullptr when there is no such field any more.
	const FieldInfo *run();

private:
	bool
	is_lookup() const
	{
		return !plan_.door.own;
	}
	void add(Severity severity, int column, std::string message, std::vector<Repair> repairs);
	void report_gone_field(size_t element, const TypeInfo *owner);
	void report_gone_argument(const Template &value);
	void report_required(const InputInfo &input);
	void check_members(const Template &object, const std::vector<InputInfo> &inputs);
	void check_representation(const Template &value);
	void check_value(const Template &value, const TypeRef &type, bool optional);
	void check_column(int column, const TypeRef &type, bool optional);
	void check_labels(int column, const TypeRef &type, bool optional);
	int column_of(const Template &value) const;
	std::string argument_name() const;

	CheckContext &context_;
	const AccessPlan &plan_;
	const size_t lookup_;
	bool dropped_ = false;
	std::string place_;                // "field "accounts""
	size_t element_ = 0;               // of the field's path
	std::vector<std::string> path_;    // names of the argument and what it is nested in
};

// What the columns read, of rows of type `row`.
void check_columns(CheckContext &context, const FieldInfo &row);

// What the options `count` and `aggregates` say.
void check_totals(CheckContext &context);

bool has_value(const TypeInfo &enumeration, std::string_view value);
// ": " and the reason, or "".
std::string reason(const std::string &text);

}    // namespace gql
