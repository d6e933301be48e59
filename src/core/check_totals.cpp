// Does the API still tell how many rows a table has, and what its options say of sums?
//
// What is gone is computed here once the option is: nothing but speed is lost.

#include <algorithm>

#include "core/check.hpp"

namespace gql
{

namespace
{

// One option, up to its first problem.
class TotalsCheck
{
public:
	TotalsCheck(CheckContext &context, const char *option) : context_(context), option_(option) {}

	// The field that the path leads to, nullptr when it leads nowhere.
	const FieldInfo *
	follow(const CountPath &path)
	{
		const std::vector<std::string> &own = context_.table.accesses.back().field;
		const TypeInfo *owner = context_.type(context_.schema.query_type);
		const FieldInfo *field = nullptr;
		bool shared = true;

		for (size_t i = 0; i < path.field.size(); i++)
		{
			shared = shared && i < own.size() && own[i] == path.field[i];
			field = find(owner, path.field[i]);
			if (field == nullptr ||
				!takes(*field, i == path.taking ? path.arguments : std::vector<std::string>(),
					   shared))
			{
				return nullptr;
			}
			owner = context_.type(field->type.name);
		}
		return field;
	}

	// The field of an object; nullptr when it is gone.
	const FieldInfo *
	find(const TypeInfo *owner, const std::string &name)
	{
		const FieldInfo *field = owner == nullptr ? nullptr : find_field(*owner, name);

		if (field == nullptr)
		{
			report("field " + in_quotes(name) + " is gone" +
				   (owner == nullptr ? "" : " from type " + in_quotes(owner->name)));
		}
		return field;
	}

	// Does the field take these arguments, and need no others? `shared`: it is the table's own
	// field, of whose arguments others speak.
	bool
	takes(const FieldInfo &field, const std::vector<std::string> &arguments, bool shared)
	{
		for (const std::string &name : arguments)
		{
			if (find_input(field.arguments, name) == nullptr)
			{
				report("argument " + in_quotes(name) + " of field " + in_quotes(field.name) +
					   " is gone");
				return false;
			}
		}
		for (const InputInfo &input : field.arguments)
		{
			if (!shared && input.type.required && !input.has_default &&
				std::find(arguments.begin(), arguments.end(), input.name) == arguments.end())
			{
				report("argument " + in_quotes(input.name) + " of field " + in_quotes(field.name) +
					   " is required now");
				return false;
			}
		}
		return true;
	}

	bool
	is_value(const FieldInfo &field)
	{
		if (field.type.is_composite() || field.type.list)
		{
			report("field " + in_quotes(field.name) + " is no single value");
			return false;
		}
		return true;
	}

	void
	warn(const std::string &problem)
	{
		context_.out.add(Severity::warning, -1, subject() + problem, {});
	}

private:
	std::string
	subject() const
	{
		return std::string("option \"") + option_ + "\": ";
	}

	void
	report(const std::string &problem)
	{
		context_.out.add(Severity::error, -1, subject() + problem,
						 {{Repair::Kind::drop_table_option, -1, option_, {}, {}}});
	}

	CheckContext &context_;
	const char *const option_;
};

// The API's name for a column of the option.
std::string
field_name(const RemoteTable &table, const ColumnUses &uses)
{
	auto column = std::find_if(table.columns.begin(), table.columns.end(),
							   [&](const Column &known) { return known.name == uses.name; });

	return uses.field.empty() && column != table.columns.end() && column->paths.size() == 1
			   ? column->paths[0].back().field
			   : uses.field;
}

// Does the object still hold the function of the column? Functions with arguments have been looked
// at.
bool
holds(TotalsCheck &check, const CheckContext &context, const TypeInfo *object,
	  const std::string &function, const std::string &column)
{
	const FieldCall &call = context.table.aggregates->functions.at(function);

	if (!call.arguments.empty() || column.empty())
	{
		return true;
	}
	const FieldInfo *field =
		check.find(context.type(find_field(*object, call.name)->type.name), column);

	if (field == nullptr || !check.is_value(*field))
	{
		return false;
	}
	if (function == "sum" && field->type.name == "Float")
	{
		check.warn("the sum of field " + in_quotes(column) +
				   " is of type \"Float\", which has not all digits");
	}
	return true;
}

void
check_sums(CheckContext &context)
{
	const Aggregates &aggregates = *context.table.aggregates;
	TotalsCheck check(context, "aggregates");
	const FieldInfo *field = check.follow(aggregates.field);
	const TypeInfo *object = field == nullptr ? nullptr : context.type(field->type.name);

	if (field == nullptr)
	{
		return;
	}
	for (const auto &[name, call] : aggregates.functions)
	{
		const FieldInfo *function = check.find(object, call.name);

		if (function == nullptr || !check.takes(*function, call.arguments, false) ||
			(!call.arguments.empty() && !check.is_value(*function)))
		{
			return;
		}
	}
	for (const ColumnUses &uses : aggregates.columns)
	{
		for (const std::string &function : uses.uses)
		{
			if (!holds(check, context, object, function, field_name(context.table, uses)))
			{
				return;
			}
		}
	}
}

}    // namespace

void
check_totals(CheckContext &context)
{
	if (context.table.count)
	{
		TotalsCheck check(context, "count");
		const FieldInfo *field = check.follow(*context.table.count);

		if (field != nullptr)
		{
			check.is_value(*field);
		}
	}
	if (context.table.aggregates)
	{
		check_sums(context);
	}
}

}    // namespace gql
