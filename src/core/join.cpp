// How are a table of objects and a table of the lists inside them asked for as one?
//
// The child's own field is the parent's and a way on from there: account(id: $id) and orders. Where
// one of the parent's accesses is that beginning, the objects around the child's rows are the
// parent's rows, and the same way on leads to their lists from each of the parent's accesses.

#include "core/door/join.hpp"

#include <algorithm>
#include <memory>

#include "core/error.hpp"
#include "core/filter.hpp"
#include "core/table.hpp"

namespace gql
{

namespace
{

bool
same_paths(const std::vector<ColumnPath> &left, const std::vector<ColumnPath> &right)
{
	auto same_step = [](const PathStep &one, const PathStep &other)
	{
		return one.condition == other.condition && one.field == other.field &&
			   one.selection == other.selection;
	};

	return std::equal(
		left.begin(), left.end(), right.begin(), right.end(),
		[&](const ColumnPath &one, const ColumnPath &other)
		{ return std::equal(one.begin(), one.end(), other.begin(), other.end(), same_step); });
}

bool
same_template(const Template &left, const Template &right)
{
	return left.kind == right.kind && left.text == right.text &&
		   std::equal(left.items.begin(), left.items.end(), right.items.begin(), right.items.end(),
					  same_template) &&
		   std::equal(
			   left.members.begin(), left.members.end(), right.members.begin(), right.members.end(),
			   [](const Template::Member &one, const Template::Member &other)
			   { return one.first == other.first && same_template(one.second, other.second); });
}

class Joiner
{
public:
	explicit Joiner(const JoinSpec &spec)
		: spec_(spec), parent_(*spec.parent), child_(*spec.child), own_(child_.accesses.back())
	{
	}

	std::unique_ptr<RemoteTable>
	join()
	{
		if (!find_levels() || !own_.condition.empty() || !is_nested())
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
		const AccessPlan *rest = pages_rows() ? find_rest() : nullptr;

		for (const AccessPlan &access : parent_.accesses)
		{
			if (!access.condition.empty() || !can_extend(access, rest))
			{
				continue;
			}
			rest_ = &access == rest ? table->accesses.size() : rest_;
			own_access_ = own_access_ || &access == &parent_.accesses.back();
			table->accesses.push_back(extend(access));
		}
		if (table->accesses.empty())
		{
			return nullptr;
		}
		for (AccessPlan &access : table->accesses)
		{
			if (access.lists)
			{
				access.lists->rest = rest_;
			}
		}
		open_doors(*table, own_access_);
		add_filter(*table);
		if (rest != nullptr && !filters_rest(*table))
		{
			table->filter.reset();
		}
		return table;
	}

private:
	// How far above the rows the parent's objects are: as far as the child's columns say that read
	// its key.
	bool
	find_levels()
	{
		for (size_t i = 0; i < spec_.key_count; i++)
		{
			const Column &child = child_.columns[spec_.keys[i].child];
			const Column &parent = parent_.columns[spec_.keys[i].parent];

			if (parent.levels > 0 || parent.paths.empty() || child.levels == 0 ||
				(levels_ > 0 && child.levels != levels_) || child.leaf != Leaf::scalar ||
				parent.leaf != Leaf::scalar || child.array || parent.array ||
				!same_paths(child.paths, parent.paths))
			{
				return false;
			}
			levels_ = child.levels;
		}
		return levels_ > 0 &&
			   std::all_of(child_.columns.begin(), child_.columns.end(),
						   [&](const Column &column) { return column.levels <= levels_; });
	}

	size_t
	beginning() const
	{
		return own_.field.size() - levels_;
	}

	bool
	is_key(int column) const
	{
		return std::any_of(spec_.keys, spec_.keys + spec_.key_count,
						   [&](const JoinKey &key) { return key.child == column; });
	}

	bool
	is_required(const AccessPlan &access, int column) const
	{
		return std::any_of(access.columns.begin(), access.columns.end(),
						   [&](const AccessArgument &argument) {
							   return argument.column == column && argument.need == Need::required;
						   });
	}

	// Does this argument of the child do nothing but find the object with a key, or what the
	// parent's does as well?
	bool
	is_covered(const AccessPlan &access, const Template &given, const Template *parent) const
	{
		if (given.is_page())
		{
			return true;
		}
		if (given.kind == Template::Kind::column)
		{
			return is_key(given.column) || !is_required(access, given.column);
		}
		if (given.takes_many() && !given.items[0].is_representation())
		{
			return is_covered(access, given.items[0], nullptr);
		}
		if (given.kind == Template::Kind::object && !given.is_representation() &&
			given.find_column() != nullptr)
		{
			return std::all_of(given.members.begin(), given.members.end(),
							   [&](const Template::Member &member)
							   {
								   return is_covered(
									   access, member.second,
									   parent == nullptr ? nullptr : find(*parent, member.first));
							   });
		}
		return given.find_column() == nullptr && parent != nullptr && same_template(given, *parent);
	}

	static const Template *
	find(const Template &object, const std::string &name)
	{
		return const_cast<Template &>(object).find(name);
	}

	// Are the objects around the rows of a child's access those of a parent's?
	bool
	begins_with(const AccessPlan &child, const AccessPlan &parent) const
	{
		if (!child.condition.empty() || !parent.condition.empty() ||
			child.field.size() != parent.field.size() + levels_ ||
			!std::equal(parent.field.begin(), parent.field.end(), child.field.begin()) ||
			!std::equal(own_.field.rbegin(), own_.field.rbegin() + static_cast<long>(levels_),
						child.field.rbegin()))
		{
			return false;
		}
		for (size_t i = 0; i < parent.field.size(); i++)
		{
			for (const Template::Member &member : child.arguments[i].members)
			{
				if (!is_covered(child, member.second, find(parent.arguments[i], member.first)))
				{
					return false;
				}
			}
		}
		return true;
	}

	bool
	is_nested() const
	{
		return std::any_of(child_.accesses.begin(), child_.accesses.end(),
						   [&](const AccessPlan &child)
						   {
							   return std::any_of(parent_.accesses.begin(), parent_.accesses.end(),
												  [&](const AccessPlan &parent)
												  { return begins_with(child, parent); });
						   });
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
			bool fits = access.condition.empty() && finds_one(access) &&
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
						   [&](const JoinKey &key) { return is_required(access, key.parent); });
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

	// What a list was filtered by when it began it is filtered by when it is gone on with.
	bool
	filters_rest(const RemoteTable &table) const
	{
		size_t element;

		return !table.filter || spec_.filters_parent ||
			   find_filter_element(table, table.accesses[rest_],
								   parse_argument(table.filter->argument), element);
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
	size_t levels_ = 0;
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
