// How do the options `count` and `aggregates` become a field that can be asked for?

#include "core/door/aggregates.hpp"

#include <algorithm>
#include <memory>

#include "core/error.hpp"
#include "core/path.hpp"
#include "core/table.hpp"

namespace gql
{

namespace
{

bool
is_page_argument(const Template::Member &member)
{
	const Template &node = member.second;

	// Inside an input object there may be nothing but pages: pagination: {page: ..., pageSize: ...}
	return node.is_page() ||
		   (node.kind == Template::Kind::object && !node.members.empty() &&
			std::all_of(node.members.begin(), node.members.end(), is_page_argument));
}

void
drop_pages(Template &arguments)
{
	std::vector<Template::Member> &members = arguments.members;

	members.erase(std::remove_if(members.begin(), members.end(), is_page_argument), members.end());
	for (Template::Member &member : members)
	{
		drop_pages(member.second);
	}
}

// Is anything sent here that no condition decides about?
bool
has_constant(const Template &arguments)
{
	return std::any_of(arguments.members.begin(), arguments.members.end(),
					   [](const Template::Member &member)
					   {
						   const Template &node = member.second;

						   return node.kind == Template::Kind::object && !node.members.empty()
									  ? has_constant(node)
									  : node.find_column() == nullptr && !node.is_page();
					   });
}

// Which of the field's elements takes arguments of one of the table's field, and is another one;
// SIZE_MAX none.
size_t
find_sibling(const AccessPlan &own, const CountPath &path, size_t shared)
{
	return !path.arguments.empty() && path.taking == shared && shared < own.field.size() ? shared
																						 : SIZE_MAX;
}

bool
takes(const CountPath &path, const std::string &argument)
{
	return std::find(path.arguments.begin(), path.arguments.end(), argument) !=
		   path.arguments.end();
}

// How many elements of the table's field are also on the way.
size_t
shared_steps(const AccessPlan &own, const CountPath &path)
{
	size_t most = std::min(own.field.size(), path.field.size() - 1);
	size_t shared = 0;

	while (shared < most && own.field[shared] == path.field[shared])
	{
		shared++;
	}
	return shared;
}

// Splits the arguments of an element of the table's field into those that its sibling takes and the
// others.
Template
take_arguments(Template &arguments, const CountPath &path)
{
	std::vector<Template::Member> &members = arguments.members;
	auto rest = std::stable_partition(members.begin(), members.end(),
									  [&](const Template::Member &member)
									  { return !takes(path, member.first); });
	Template taken;

	taken.members.assign(std::make_move_iterator(rest), std::make_move_iterator(members.end()));
	members.erase(rest, members.end());
	return taken;
}

// The access whose rows hold what is wanted, or nothing where they would speak of other rows.
std::optional<AccessPlan>
make_access(const AccessPlan &own, const CountPath &path)
{
	size_t shared = shared_steps(own, path);
	size_t sibling = find_sibling(own, path, shared);
	std::vector<Template> arguments = own.arguments;
	AccessPlan plan;

	plan.arguments.assign(arguments.begin(), arguments.begin() + static_cast<long>(shared));
	if (sibling != SIZE_MAX)
	{
		plan.arguments.push_back(take_arguments(arguments[sibling], path));
	}
	if (!own.condition.empty() ||
		std::any_of(arguments.begin() + static_cast<long>(shared), arguments.end(), has_constant))
	{
		return std::nullopt;
	}
	plan.field.assign(path.field.begin(), path.field.begin() + static_cast<long>(std::max<size_t>(
																   plan.arguments.size(), 1)));
	plan.arguments.resize(plan.field.size());
	std::for_each(plan.arguments.begin(), plan.arguments.end(), drop_pages);
	for (const AccessArgument &argument : own.columns)
	{
		if (std::any_of(plan.arguments.begin(), plan.arguments.end(),
						[&](const Template &node) { return node.holds(argument.column); }))
		{
			plan.columns.push_back(argument);
		}
		else if (argument.need == Need::required)
		{
			return std::nullopt;
		}
	}
	return plan;
}

// Leaves the filter of the table's own field to what takes it as well.
void
adapt_filter(std::optional<Filter> &filter, const AccessPlan &own, const CountPath &path)
{
	size_t shared = shared_steps(own, path);
	ArgumentPath argument;

	if (!filter->argument.empty())
	{
		argument = parse_argument(filter->argument);
	}
	size_t element = argument_element(own.field, argument);

	if (element == find_sibling(own, path, shared) && !argument.names.empty() &&
		takes(path, argument.names[0]))
	{
		filter->argument = argument_text({path.field[element], argument.names});
	}
	else if (element >= shared)
	{
		filter.reset();
	}
}

// What the API calls a column in aggregates.
const std::string &
field_name(const ColumnUses &uses, const Column &column)
{
	return uses.field.empty() ? column.paths[0].back().field : uses.field;
}

// The way from the object with the aggregates to this one; empty where the API has none.
ColumnPath
find_steps(const RemoteTable &table, const Aggregate &wanted)
{
	const std::vector<ColumnUses> &columns = table.aggregates->columns;
	const Column &column = table.columns[static_cast<size_t>(wanted.column)];
	const char *name = aggregate_name(wanted.function);
	auto uses = std::find_if(columns.begin(), columns.end(),
							 [&](const ColumnUses &known) { return known.name == column.name; });

	if (uses == columns.end() ||
		std::find(uses->uses.begin(), uses->uses.end(), name) == uses->uses.end() ||
		(uses->field.empty() && (column.paths.size() != 1 || column.levels > 0)))
	{
		return {};
	}

	const FieldCall &call = table.aggregates->functions.at(name);

	if (call.arguments.empty())
	{
		return {{{}, call.name, {}, {}}, {{}, field_name(*uses, column), {}, {}}};
	}
	std::string arguments = '(' + call.arguments[0] + ": [" + field_name(*uses, column) + ']';

	for (size_t i = 1; i < call.arguments.size(); i++)
	{
		arguments.append(", ").append(call.arguments[i]).append(": true");
	}
	return {{{}, call.name, {}, arguments + ')'}};
}

// The path of the object around all that is wanted, where it is known how the API says it.
const CountPath *
find_path(const RemoteTable &table, const Aggregate &wanted)
{
	if (wanted.function == AggregateFunction::rows)
	{
		return table.count ? &*table.count : nullptr;
	}
	return table.aggregates && !find_steps(table, wanted).empty() ? &table.aggregates->field
																  : nullptr;
}

Column
make_leaf(const RemoteTable &table, const Aggregate &wanted, size_t start)
{
	const CountPath &path = *find_path(table, wanted);
	Column column;
	ColumnPath steps;

	column.name = aggregate_name(wanted.function);
	for (size_t i = start; i < path.field.size(); i++)
	{
		steps.push_back({{}, path.field[i], {}, {}});
	}
	if (wanted.function != AggregateFunction::rows)
	{
		ColumnPath rest = find_steps(table, wanted);

		steps.insert(steps.end(), rest.begin(), rest.end());
	}
	column.self = steps.empty();
	if (!column.self)
	{
		for (const PathStep &step : steps)
		{
			column.path_text.append(column.path_text.empty() ? "" : ".").append(step.field);
		}
		column.paths.push_back(std::move(steps));
	}
	return column;
}

// The first path, where all of them lead through the same field with the same arguments.
const CountPath *
find_common_path(const RemoteTable &table, const Aggregate *wanted, size_t count,
				 std::optional<AccessPlan> &plan)
{
	const CountPath *common = nullptr;

	for (size_t i = 0; i < count; i++)
	{
		const CountPath *path = find_path(table, wanted[i]);

		if (path == nullptr)
		{
			return nullptr;
		}
		if (common == nullptr)
		{
			plan = make_access(table.accesses.back(), *path);
		}
		else
		{
			std::optional<AccessPlan> other = make_access(table.accesses.back(), *path);

			if (!other || !plan || other->field != plan->field ||
				path->arguments != common->arguments)
			{
				return nullptr;
			}
		}
		// Of several, that of the object which holds more than the number of rows.
		common = common == nullptr || wanted[i].function != AggregateFunction::rows ? path : common;
	}
	return plan ? common : nullptr;
}

}    // namespace

bool
table_tells(const RemoteTable *table, const Aggregate *wanted, size_t count) noexcept
{
	Error err;

	return guarded(err,
				   [&]
				   {
					   std::optional<AccessPlan> plan;

					   return find_common_path(*table, wanted, count, plan) != nullptr;
				   });
}

RemoteTable *
aggregate_table_open(const RemoteTable *table, const Aggregate *wanted, size_t count,
					 Error &err) noexcept
{
	return guarded(
		err,
		[&]() -> RemoteTable *
		{
			std::optional<AccessPlan> plan;
			const CountPath *path = find_common_path(*table, wanted, count, plan);

			if (path == nullptr)
			{
				return nullptr;
			}

			auto telling = std::make_unique<RemoteTable>(*table);

			for (Column &column : telling->columns)
			{
				column.self = false;
			}
			if (telling->filter)
			{
				adapt_filter(telling->filter, table->accesses.back(), *path);
			}
			for (size_t i = 0; i < count; i++)
			{
				telling->columns.push_back(make_leaf(*table, wanted[i], plan->field.size()));
			}
			plan->text = path->text();
			telling->accesses.assign(1, std::move(*plan));

			AccessPlan &access = telling->accesses[0];

			access.door = table->accesses.back().door;
			const std::vector<std::string> &own = table->accesses.back().field;

			access.door.own = access.field.size() <= own.size() &&
							  std::equal(access.field.begin(), access.field.end(), own.begin());
			access.door.field = access.text;
			access.door.arguments = access.columns.data();
			access.door.argument_count = access.columns.size();
			access.door.pages = nullptr;
			return telling.release();
		});
}

}    // namespace gql
