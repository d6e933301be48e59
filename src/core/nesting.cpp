// Are the rows of one table lists inside the rows of another?
//
// The child's own field is the parent's and a way on from there: account(id: $id) and orders. Where
// one of the parent's accesses is that beginning, the objects around the child's rows are the
// parent's rows.

#include "core/nesting.hpp"

#include <algorithm>

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

class Nesting
{
public:
	explicit Nesting(const JoinSpec &spec)
		: spec_(spec), parent_(*spec.parent), child_(*spec.child), own_(child_.accesses.back())
	{
	}

	size_t
	levels()
	{
		return find_levels() && is_nested() ? levels_ : 0;
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

	bool
	is_key(int column) const
	{
		return std::any_of(spec_.keys, spec_.keys + spec_.key_count,
						   [&](const JoinKey &key) { return key.child == column; });
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
			return is_key(given.column) || !access.requires_column(given.column);
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

	const JoinSpec &spec_;
	const RemoteTable &parent_;
	const RemoteTable &child_;
	const AccessPlan &own_;    // the child's
	size_t levels_ = 0;
};

}    // namespace

size_t
nesting_levels(const JoinSpec &spec)
{
	return Nesting(spec).levels();
}

}    // namespace gql
