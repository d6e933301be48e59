// What of a foreign table no longer fits the API's schema? The door, and what its checks share.

#include "core/check.hpp"

#include <algorithm>
#include <memory>

#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

// How many characters have to change.
size_t
distance(std::string_view a, std::string_view b)
{
	std::vector<size_t> row(b.size() + 1);

	for (size_t j = 0; j <= b.size(); j++)
	{
		row[j] = j;
	}
	for (size_t i = 1; i <= a.size(); i++)
	{
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.size(); j++)
		{
			size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);

			diagonal = row[j];
			row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
		}
	}
	return row[b.size()];
}

bool
alike(std::string_view a, std::string_view b)
{
	std::string one = lower_case(a);
	std::string other = lower_case(b);
	size_t shorter = std::min(one.size(), other.size());

	return (shorter > 2 &&
			(one.find(other) != std::string::npos || other.find(one) != std::string::npos)) ||
		   distance(one, other) <= shorter / 3;
}

// The entries of `lookups` but those of `dropped`.
std::string
remaining_lookups(std::string_view json, const std::vector<size_t> &dropped)
{
	std::string out = "[";
	size_t index = 0;

	for (const std::string &entry : split_lookups(json))
	{
		if (std::find(dropped.begin(), dropped.end(), index++) == dropped.end())
		{
			out.append(out.size() > 1 ? ", " : "").append(entry);
		}
	}
	return out + ']';
}

// Why rows of type `row` cannot be found through a field of this type; "" when they can.
std::string
other_rows(const CheckContext &context, const AccessPlan &plan, const std::string &type,
		   const std::string &row)
{
	const std::string &condition = plan.condition.empty() ? type : plan.condition;
	const TypeInfo *info = context.type(type);

	if (type != condition &&
		(info == nullptr || std::find(info->possible.begin(), info->possible.end(), condition) ==
								info->possible.end()))
	{
		return "cannot return " + in_quotes(condition);
	}
	return condition == row
			   ? std::string()
			   : "returns " + in_quotes(condition) + ", the table's rows are " + in_quotes(row);
}

void
check_table(CheckContext &context)
{
	size_t own = context.table.accesses.size() - 1;
	const FieldInfo *row = AccessCheck(context, own).run();

	for (size_t i = 0; i < own && context.table.accesses[i].filter_key < 0; i++)
	{
		const FieldInfo *field = AccessCheck(context, i).run();
		bool dropped = !context.dropped.empty() && context.dropped.back() == i;
		std::string problem =
			row == nullptr || field == nullptr || dropped
				? std::string()
				: other_rows(context, context.table.accesses[i], field->type.name, row->type.name);

		if (!problem.empty())
		{
			context.drop_lookup(i, problem);
		}
	}
	if (row != nullptr)
	{
		check_columns(context, *row);
		check_totals(context);
	}
}

}    // namespace

std::string
reason(const std::string &text)
{
	return text.empty() ? std::string() : ": " + clean_text(text, 200);
}

bool
has_value(const TypeInfo &enumeration, std::string_view value)
{
	return std::any_of(enumeration.values.begin(), enumeration.values.end(),
					   [&](const EnumValueInfo &known) { return known.name == value; });
}

std::string_view
Check::keep(std::string text)
{
	return texts.emplace_back(std::move(text));
}

void
Check::add(Severity severity, int column, std::string message, std::vector<Repair> steps)
{
	const std::vector<Repair> &kept = repairs.emplace_back(std::move(steps));

	findings.push_back({severity, column, keep(std::move(message)), kept.data(), kept.size()});
}

const TypeInfo *
CheckContext::type(const std::string &name) const
{
	auto found = schema.types.find(name);

	return found == schema.types.end() ? nullptr : &found->second;
}

const FieldInfo *
CheckContext::find_heir(const TypeInfo &owner, const std::string &name) const
{
	const FieldInfo *heir = nullptr;

	for (const FieldInfo &field : owner.fields)
	{
		if (alike(field.name, name))
		{
			if (heir != nullptr)
			{
				return nullptr;
			}
			heir = &field;
		}
	}
	return heir;
}

std::vector<Repair>
CheckContext::drop_argument(int column) const
{
	const ColumnSpec &sql = spec.columns[column];
	std::vector<Repair> repairs;

	// Without a path nothing is left to compare with.
	if (sql.argument.empty() || sql.path.empty())
	{
		return repairs;
	}
	repairs.push_back({Repair::Kind::drop_column_option, column, "argument", {}, {}});
	if (!sql.type.empty())
	{
		repairs.push_back({Repair::Kind::drop_column_option, column, "type", {}, {}});
	}
	return repairs;
}

void
CheckContext::drop_lookup(size_t lookup, std::string message)
{
	dropped.push_back(lookup);
	out.add(Severity::error, -1,
			"look-up " + in_quotes(table.accesses[lookup].text) + ": " + message,
			{{Repair::Kind::set_table_option,
			  -1,
			  "lookups",
			  out.keep(remaining_lookups(spec.lookups, dropped)),
			  {}}});
}

Check *
check_open(const RemoteSchema *schema, const TableSpec &spec, const CheckColumn *columns,
		   Error &err) noexcept
{
	return guarded(err,
				   [&]() -> Check *
				   {
					   std::unique_ptr<RemoteTable, decltype(&table_close)> table(
						   table_open(spec, err), table_close);
					   auto check = std::make_unique<Check>();

					   if (table == nullptr)
					   {
						   return nullptr;
					   }
					   CheckContext context = {schema->types, spec, *table, columns,
											   *check,        {},   {}};

					   for (size_t i = 0; i < spec.column_count; i++)
					   {
						   context.declared.emplace_back(spec.columns[i].type);
					   }
					   check_table(context);
					   return check.release();
				   });
}

size_t
check_finding_count(const Check *check) noexcept
{
	return check->findings.size();
}

const Finding *
check_finding(const Check *check, size_t index) noexcept
{
	return &check->findings[index];
}

void
check_close(Check *check) noexcept
{
	delete check;
}

}    // namespace gql
