// How does the option `count` become a field that can be asked for?

#include "core/door/count.hpp"

#include <algorithm>
#include <memory>

#include "core/error.hpp"
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

bool
holds_column(const Template &node, int column)
{
	return (node.kind == Template::Kind::column && node.column == column) ||
		   std::any_of(node.items.begin(), node.items.end(),
					   [&](const Template &item) { return holds_column(item, column); }) ||
		   std::any_of(node.members.begin(), node.members.end(),
					   [&](const Template::Member &member)
					   { return holds_column(member.second, column); });
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

// How many elements of the field are also on the way to the count.
size_t
shared_steps(const AccessPlan &own, const std::vector<std::string> &steps)
{
	size_t most = std::min(own.field.size(), steps.size() - 1);
	size_t shared = 0;

	while (shared < most && own.field[shared] == steps[shared])
	{
		shared++;
	}
	return shared;
}

// The access whose rows hold counts, or nothing where they would count other rows. `steps`: of the
// option.
std::optional<AccessPlan>
make_access(const AccessPlan &own, const std::vector<std::string> &steps, std::string_view text)
{
	size_t shared = shared_steps(own, steps);
	AccessPlan plan;

	if (!own.condition.empty() || std::any_of(own.arguments.begin() + static_cast<long>(shared),
											  own.arguments.end(), has_constant))
	{
		return std::nullopt;
	}
	plan.text = text;
	plan.field.assign(steps.begin(),
					  steps.begin() + static_cast<long>(std::max<size_t>(shared, 1)));
	plan.arguments.assign(own.arguments.begin(), own.arguments.begin() + static_cast<long>(shared));
	plan.arguments.resize(plan.field.size());
	std::for_each(plan.arguments.begin(), plan.arguments.end(), drop_pages);
	for (const AccessArgument &argument : own.columns)
	{
		if (std::any_of(plan.arguments.begin(), plan.arguments.end(),
						[&](const Template &node) { return holds_column(node, argument.column); }))
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

// Does what counts take the filter of the table's own field?
bool
takes_filter(const Filter &filter, const AccessPlan &own, const AccessPlan &plan, size_t shared)
{
	ArgumentPath argument;

	if (!filter.argument.empty())
	{
		argument = parse_argument(filter.argument);
	}
	size_t element = argument_element(own.field, argument);

	return element < shared && argument_element(plan.field, argument) == element;
}

Column
make_leaf(const std::vector<std::string> &steps, size_t start)
{
	Column column;

	column.name = "count";
	column.self = start == steps.size();
	if (!column.self)
	{
		column.paths.emplace_back();
	}
	for (size_t i = start; i < steps.size(); i++)
	{
		column.path_text.append(i == start ? "" : ".").append(steps[i]);
		column.paths[0].push_back({{}, steps[i], {}});
	}
	return column;
}

}    // namespace

RemoteTable *
count_table_open(const RemoteTable *table, Error &err) noexcept
{
	return guarded(err,
				   [&]() -> RemoteTable *
				   {
					   if (table->count.empty())
					   {
						   return nullptr;
					   }

					   std::vector<std::string> steps = parse_field(table->count);
					   std::optional<AccessPlan> plan =
						   make_access(table->accesses.back(), steps, table->count);

					   if (!plan)
					   {
						   return nullptr;
					   }

					   auto counting = std::make_unique<RemoteTable>(*table);

					   for (Column &column : counting->columns)
					   {
						   column.self = false;
					   }
					   if (counting->filter &&
						   !takes_filter(*counting->filter, table->accesses.back(), *plan,
										 shared_steps(table->accesses.back(), steps)))
					   {
						   counting->filter.reset();
					   }
					   counting->columns.push_back(make_leaf(steps, plan->field.size()));
					   counting->accesses.assign(1, std::move(*plan));

					   AccessPlan &access = counting->accesses[0];

					   access.door = table->accesses.back().door;
					   access.door.field = access.text;
					   access.door.arguments = access.columns.data();
					   access.door.argument_count = access.columns.size();
					   access.door.pages = nullptr;
					   return counting.release();
				   });
}

}    // namespace gql
