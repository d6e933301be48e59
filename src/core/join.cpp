// How are a table of objects and a table of the lists inside them asked for as one?
//
// The way on from one of the parent's accesses to the lists of the objects that it finds leads to
// their lists from each of the others as well. Lists in pages are gone on with by the key of their
// object: from their beginning, or behind a first page that came with the object.

#include "core/door/join.hpp"

#include <algorithm>
#include <memory>

#include "core/error.hpp"
#include "core/filter.hpp"
#include "core/nesting.hpp"
#include "core/table.hpp"

namespace gql
{

namespace
{

class Joiner
{
public:
	explicit Joiner(const JoinSpec &spec)
		: spec_(spec), parent_(*spec.parent), child_(*spec.child), own_(child_.accesses.back()),
		  levels_(nesting_levels(spec))
	{
	}

	std::unique_ptr<RemoteTable>
	join()
	{
		if (levels_ == 0 || !own_.condition.empty())
		{
			return nullptr;
		}

		auto table = std::make_unique<RemoteTable>();

		table->name = child_.name;
		table->columns = child_.columns;
		for (const Column &column : parent_.columns)
		{
			table->columns.push_back(raise(column));
		}
		add_accesses(*table);
		if (table->accesses.empty())
		{
			return nullptr;
		}
		open_doors(*table, own_access_);
		add_filter(*table);
		return table;
	}

private:
	void
	add_accesses(RemoteTable &table)
	{
		const AccessPlan *rest = pages_rows() ? find_rest() : nullptr;

		for (const AccessPlan &access : parent_.accesses)
		{
			if (!access.condition.empty() || access.filter_key >= 0 || !can_extend(access, rest))
			{
				continue;
			}
			rest_ = &access == rest ? table.accesses.size() : rest_;
			own_access_ = own_access_ || &access == &parent_.accesses.back();
			table.accesses.push_back(extend(access));
		}
		for (AccessPlan &access : table.accesses)
		{
			if (access.lists)
			{
				access.lists->rest = rest_;
			}
		}
	}

	size_t
	beginning() const
	{
		return own_.field.size() - levels_;
	}

	bool
	pages_rows() const
	{
		return table_pages_lists(&child_, levels_);
	}

	// Lists in pages are read by the keys of their objects, or come with them and are gone on with
	// by their keys.
	bool
	can_extend(const AccessPlan &access, const AccessPlan *rest) const
	{
		return !pages_rows() || finds_one(access) ||
			   (rest != nullptr && access.door.list == ListKind::none && own_.paged == beginning());
	}

	// The access by which lists are gone on with, object by object: all that it needs is the key.
	const AccessPlan *
	find_rest() const
	{
		const AccessPlan *found = nullptr;

		for (const AccessPlan &access : parent_.accesses)
		{
			bool fits = access.condition.empty() && access.filter_key < 0 && finds_one(access) &&
						std::all_of(access.columns.begin(), access.columns.end(),
									[&](const AccessArgument &argument) {
										return argument.need == Need::optional ||
											   is_parent_key(argument.column);
									});

			if (fits && (found == nullptr || found->door.list != ListKind::none))
			{
				found = &access;
			}
		}
		return found;
	}

	bool
	is_parent_key(int column) const
	{
		return std::any_of(spec_.keys, spec_.keys + spec_.key_count,
						   [&](const JoinKey &key) { return key.parent == column; });
	}

	bool
	finds_one(const AccessPlan &access) const
	{
		return !access.pages &&
			   std::all_of(spec_.keys, spec_.keys + spec_.key_count,
						   [&](const JoinKey &key) { return access.requires_column(key.parent); });
	}

	Column
	raise(Column column) const
	{
		column.name = parent_.name + '.' + column.name;
		column.levels += column.paths.empty() ? 0 : levels_;
		column.self = false;
		return column;
	}

	void
	shift(Template &node) const
	{
		node.column +=
			node.kind == Template::Kind::column ? static_cast<int>(child_.columns.size()) : 0;
		for (Template &item : node.items)
		{
			shift(item);
		}
		for (Template::Member &member : node.members)
		{
			shift(member.second);
		}
	}

	// An access of the parent, and on to the child's rows.
	AccessPlan
	extend(AccessPlan plan) const
	{
		const bool by_key = finds_one(plan);
		const size_t objects = plan.field.size();
		const auto way = own_.arguments.begin() + static_cast<long>(beginning());

		for (Template &arguments : plan.arguments)
		{
			shift(arguments);
		}
		for (AccessArgument &argument : plan.columns)
		{
			argument.column += static_cast<int>(child_.columns.size());
		}
		for (size_t i = beginning(); i < own_.field.size(); i++)
		{
			plan.field.push_back(own_.field[i]);
			plan.text.append(".").append(own_.field[i]);
		}
		plan.arguments.insert(plan.arguments.end(), way, own_.arguments.end());
		for (const AccessArgument &argument : own_.columns)
		{
			if (std::any_of(way, own_.arguments.end(),
							[&](const Template &arguments)
							{ return arguments.holds(argument.column); }))
			{
				plan.columns.push_back(argument);
			}
		}
		size_t paged = objects + own_.paged - beginning();

		if (pages_rows() && !by_key)
		{
			begin_lists(plan, paged);
		}
		else if (pages_rows())
		{
			plan.pages = own_.pages;
			plan.page_info = own_.page_info;
			plan.paged = paged;
			plan.nested = plan.door.list != ListKind::none;
		}
		plan.ordered = false;
		return plan;
	}

	// Pages that are counted begin at a number, others at no cursor.
	void
	begin_list(Template &arguments) const
	{
		const PageStyle style = own_.pages->style;
		const bool counted = style == PageStyle::offset || style == PageStyle::page;

		for (auto member = arguments.members.begin(); member != arguments.members.end();)
		{
			Template &value = member->second;

			if (value.kind == Template::Kind::page_position && !counted)
			{
				member = arguments.members.erase(member);
				continue;
			}
			if (value.kind == Template::Kind::page_position)
			{
				value = Template();
				value.kind = Template::Kind::literal;
				value.text = std::to_string(style == PageStyle::page ? own_.pages->base : 0);
			}
			else if (value.kind == Template::Kind::page_size)
			{
				value.kind = Template::Kind::list_size;
			}
			else if (value.kind == Template::Kind::object)
			{
				begin_list(value);
			}
			++member;
		}
	}

	// Only the first page of each list is asked for.
	void
	begin_lists(AccessPlan &plan, size_t paged) const
	{
		plan.lists = InnerLists{*own_.pages, paged, own_.page_info, 0, {}};
		begin_list(plan.arguments[paged]);
	}

	// The filter of one side, its argument addressed by the element of the field that takes it.
	// That of the child is on the way to the lists, so that what goes on with them takes it as
	// well.
	void
	add_filter(RemoteTable &table) const
	{
		const RemoteTable &side = spec_.filters_parent ? parent_ : child_;
		const std::vector<std::string> &field = side.accesses.back().field;

		if (!own_access_ || !side.filter || side.filter->style == FilterStyle::arguments)
		{
			return;
		}

		ArgumentPath argument = parse_argument(side.filter->argument);
		size_t element = argument_element(field, argument);
		const std::vector<std::string> &joined = table.accesses.back().field;
		size_t at = spec_.filters_parent ? element : element + joined.size() - own_.field.size();

		// Another element of the same name in front of it would be found first.
		if ((!spec_.filters_parent && element < beginning()) ||
			std::find(joined.begin(), joined.end(), field[element]) - joined.begin() !=
				static_cast<long>(at))
		{
			return;
		}
		table.filter = side.filter;
		table.filter->argument = argument_text({field[element], argument.names});
		for (ColumnUses &column : table.filter->columns)
		{
			rename(column, side);
		}
	}

	// The member of the filter follows from a column's path only where it reads the row.
	void
	rename(ColumnUses &column, const RemoteTable &side) const
	{
		auto found = std::find_if(side.columns.begin(), side.columns.end(),
								  [&](const Column &own) { return own.name == column.name; });

		if (!spec_.filters_parent || found == side.columns.end())
		{
			return;
		}
		if (column.field.empty() && found->paths.size() == 1 && found->levels == 0)
		{
			column.field = found->paths[0].back().field;
		}
		column.name = parent_.name + '.' + column.name;
	}

	const JoinSpec &spec_;
	const RemoteTable &parent_;
	const RemoteTable &child_;
	const AccessPlan &own_;    // the child's
	const size_t levels_;
	size_t rest_ = 0;            // by which lists are gone on with: one of the accesses made
	bool own_access_ = false;    // the parent's own can be extended, too
};

}    // namespace

RemoteTable *
join_table_open(const JoinSpec &spec, Error &err) noexcept
{
	return guarded(err, [&] { return Joiner(spec).join().release(); });
}

bool
table_pages_lists(const RemoteTable *table, size_t levels) noexcept
{
	const AccessPlan &own = table->accesses.back();

	return own.pages && own.paged + levels >= own.field.size();
}

size_t
table_levels(const RemoteTable *table, int column) noexcept
{
	return table->columns[column].levels;
}

}    // namespace gql
