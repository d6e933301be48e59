// How does a filter become a value of the API's input type?

#include "core/filter.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

using Rows = FilterText::Rows;

std::string_view
sql_name(FilterOperator op)
{
	switch (op)
	{
		case FilterOperator::equal:
			return "=";
		case FilterOperator::not_equal:
			return "<>";
		case FilterOperator::less:
			return "<";
		case FilterOperator::less_or_equal:
			return "<=";
		case FilterOperator::greater:
			return ">";
		case FilterOperator::greater_or_equal:
			return ">=";
		case FilterOperator::in:
			return "in";
		case FilterOperator::not_in:
			return "not-in";
		case FilterOperator::is_null:
		case FilterOperator::is_not_null:
			return "is-null";
		case FilterOperator::like:
			return "like";
		case FilterOperator::ilike:
			return "ilike";
		default:
			return {};
	}
}

bool
is_joint(FilterOperator op)
{
	return op == FilterOperator::conjunction || op == FilterOperator::disjunction ||
		   op == FilterOperator::negation;
}

const FilterColumn *
find_filtered(const RemoteTable &table, int index)
{
	const std::vector<FilterColumn> &columns = table.filter->columns;
	auto found = std::find_if(columns.begin(), columns.end(),
							  [&](const FilterColumn &column)
							  { return column.name == table.columns[index].name; });

	return found == columns.end() ? nullptr : &*found;
}

// The name of the filter's member for a column, "" when it has none. Alternatives of a path are
// members of different types.
std::string
field_name(const RemoteTable &table, int index)
{
	const FilterColumn *filtered = find_filtered(table, index);
	const Column &column = table.columns[index];

	if (filtered == nullptr)
	{
		return {};
	}
	if (!filtered->field.empty())
	{
		return filtered->field;
	}
	return column.paths.size() == 1 && column.levels == 0 ? column.paths[0].back().field
														  : std::string();
}

[[noreturn]] void
refuse_unsaid()
{
	throw Failure(Code::unsupported, "the API has no way to say these conditions together");
}

std::string
pair_text(std::string_view name, std::string_view json)
{
	std::string text;

	append_quoted(text, name);
	return text.append(":").append(json);
}

// An input object that is being put together: all that it says must hold.
class FilterObject
{
public:
	explicit FilterObject(const Filter &filter) : filter_(filter) {}

	// `op`: the API's name, "" where the member's own name says it. What is said twice is said
	// once.
	void
	compare(const std::string &member, const std::string &op, const std::string &json)
	{
		auto found = std::find_if(members_.begin(), members_.end(),
								  [&](const auto &known) { return known.first == member; });

		if (found == members_.end())
		{
			members_.emplace_back(member, Operands());
			found = members_.end() - 1;
		}
		for (const NamePair &operand : found->second)
		{
			if (operand.first == op)
			{
				if (operand.second != json)
				{
					others_.emplace_back(member, member_text({{op, json}}));
				}
				return;
			}
		}
		found->second.emplace_back(op, json);
	}

	void
	add(const std::string &name, std::string json)
	{
		others_.emplace_back(name, std::move(json));
	}

	std::string
	text() const
	{
		std::vector<NamePair> pairs;

		for (const auto &member : members_)
		{
			pairs.emplace_back(member.first, member_text(member.second));
		}
		if (others_.empty())
		{
			return object_text(pairs);
		}
		if (filter_.conjunction.empty() || pairs.size() + others_.size() == 1)
		{
			return object_text(with_others(pairs));
		}
		std::string list = pairs.empty() ? std::string() : object_text(pairs);

		for (const NamePair &other : others_)
		{
			list.append(list.empty() ? "" : ",").append(object_text({other}));
		}
		return object_text({{filter_.conjunction, '[' + list + ']'}});
	}

private:
	using Operands = std::vector<NamePair>;

	static std::string
	object_text(const std::vector<NamePair> &pairs)
	{
		std::string text;

		for (const NamePair &pair : pairs)
		{
			text.append(text.empty() ? "" : ",").append(pair_text(pair.first, pair.second));
		}
		return '{' + text + '}';
	}

	static std::string
	member_text(const Operands &operands)
	{
		return operands[0].first.empty() ? operands[0].second : object_text(operands);
	}

	// Side by side, where there is no word for AND.
	std::vector<NamePair>
	with_others(std::vector<NamePair> pairs) const
	{
		for (const NamePair &other : others_)
		{
			if (std::any_of(pairs.begin(), pairs.end(),
							[&](const NamePair &pair) { return pair.first == other.first; }))
			{
				refuse_unsaid();
			}
			pairs.push_back(other);
		}
		return pairs;
	}

	const Filter &filter_;
	std::vector<std::pair<std::string, Operands>> members_;
	std::vector<NamePair> others_;
};

// Walks the flat tree once.
class FilterWriter
{
public:
	FilterWriter(const RemoteTable &table, const std::vector<FilterNode> &nodes,
				 const FilterValue *values)
		: table_(table), filter_(*table.filter), nodes_(nodes), values_(values)
	{
	}

	FilterText
	write()
	{
		FilterObject object(filter_);
		FilterText text;

		text.arguments.resize(nodes_.size());
		arguments_ = &text.arguments;
		while (next_ < nodes_.size())
		{
			text.rows = both(text.rows, write_into(object, true));
		}
		if (text.rows == Rows::some && filter_.style != FilterStyle::arguments)
		{
			text.json = object.text();
		}
		return text;
	}

private:
	static Rows
	both(Rows left, Rows right)
	{
		return left == Rows::none || right == Rows::none   ? Rows::none
			   : left == Rows::some || right == Rows::some ? Rows::some
														   : Rows::all;
	}

	// Adds the next tree to an object. `positive`: fewer rows there are fewer rows in the end.
	Rows
	write_into(FilterObject &object, bool positive)
	{
		size_t index = next_++;
		const FilterNode &node = nodes_[index];

		if (!is_joint(node.op))
		{
			return write_comparison(object, index, positive);
		}
		if (filter_.style == FilterStyle::arguments && node.op != FilterOperator::conjunction)
		{
			refuse_unsaid();
		}
		switch (node.op)
		{
			case FilterOperator::conjunction:
				return write_conjunction(object, node.count, positive);
			case FilterOperator::disjunction:
				return write_disjunction(object, node.count, positive);
			default:
				return write_negation(object, positive);
		}
	}

	Rows
	write_conjunction(FilterObject &object, int count, bool positive)
	{
		Rows rows = Rows::all;

		for (int i = 0; i < count; i++)
		{
			rows = both(rows, write_into(object, positive));
		}
		return rows;
	}

	Rows
	write_disjunction(FilterObject &object, int count, bool positive)
	{
		Rows rows = Rows::none;
		std::string list;

		for (int i = 0; i < count; i++)
		{
			FilterObject part(filter_);
			Rows of_part = write_into(part, positive);

			if (of_part == Rows::some)
			{
				list.append(list.empty() ? "" : ",").append(part.text());
				rows = rows == Rows::none ? Rows::some : rows;
			}
			rows = of_part == Rows::all ? Rows::all : rows;
		}
		if (rows == Rows::some)
		{
			object.add(filter_.disjunction, '[' + list + ']');
		}
		return rows;
	}

	Rows
	write_negation(FilterObject &object, bool positive)
	{
		FilterObject part(filter_);
		Rows rows = write_into(part, !positive);

		if (rows == Rows::some)
		{
			object.add(filter_.negation, part.text());
		}
		return rows == Rows::all ? Rows::none : rows == Rows::none ? Rows::all : Rows::some;
	}

	Rows
	write_comparison(FilterObject &object, size_t index, bool positive)
	{
		const FilterNode &node = nodes_[index];
		std::string json;

		if (node.value < 0)
		{
			json = node.op == FilterOperator::is_null ? "true" : "false";
		}
		else
		{
			const FilterValue &value = values_[node.value];

			switch (value.truth)
			{
				case FilterTruth::compared:
					json = value.json;
					break;
				case FilterTruth::always:
					return Rows::all;
				case FilterTruth::never:
					return Rows::none;
				case FilterTruth::unknown:
					return positive ? Rows::none : Rows::all;
				case FilterTruth::unsaid:
					return positive ? Rows::all : Rows::none;
			}
		}
		if (filter_.style == FilterStyle::arguments)
		{
			(*arguments_)[index] = json;
			return Rows::some;
		}
		object.compare(filter_member(table_, node),
					   filter_.style == FilterStyle::nested
						   ? *filter_operator(table_, node.column, node.op)
						   : std::string(),
					   json);
		return Rows::some;
	}

	const RemoteTable &table_;
	const Filter &filter_;
	const std::vector<FilterNode> &nodes_;
	const FilterValue *values_;
	std::vector<std::string> *arguments_ = nullptr;
	size_t next_ = 0;
};

Template
filter_template(int node)
{
	Template filter;

	filter.kind = Template::Kind::filter;
	filter.column = node;
	return filter;
}

// {id: {in: $ids}} becomes {and: [{id: {in: $ids}}, $filter]}.
bool
combine(const Filter &filter, Template &present)
{
	if (present.kind != Template::Kind::object || filter.conjunction.empty())
	{
		return false;
	}
	Template both;
	Template list;

	list.kind = Template::Kind::list;
	list.items.push_back(std::move(present));
	list.items.push_back(filter_template(-1));
	list.items.back().required = true;
	both.members.emplace_back(filter.conjunction, std::move(list));
	present = std::move(both);
	return true;
}

bool
place_object(const RemoteTable &table, AccessPlan &plan)
{
	ArgumentPath argument = parse_argument(table.filter->argument);
	size_t element;

	if (!find_filter_element(table, plan, argument, element))
	{
		return false;
	}
	Template *at = &plan.arguments[element];

	for (size_t i = 0; i < argument.names.size(); i++)
	{
		bool last = i + 1 == argument.names.size();
		Template *present = at->find(argument.names[i]);

		if (present == nullptr)
		{
			at->members.emplace_back(argument.names[i], last ? filter_template(-1) : Template());
			present = &at->members.back().second;
		}
		else if (last)
		{
			return combine(*table.filter, *present);
		}
		else if (present->kind != Template::Kind::object)
		{
			return false;
		}
		at = present;
	}
	return true;
}

bool
place_arguments(const RemoteTable &table, const std::vector<FilterNode> &nodes, AccessPlan &plan)
{
	for (size_t i = 0; i < nodes.size(); i++)
	{
		if (nodes[i].op == FilterOperator::conjunction)
		{
			continue;
		}
		std::string name = filter_member(table, nodes[i]);
		size_t element;

		if (!find_filter_element(table, plan, parse_argument(name), element) ||
			plan.arguments[element].find(name) != nullptr)
		{
			return false;
		}
		plan.arguments[element].members.emplace_back(name, filter_template(static_cast<int>(i)));
	}
	return true;
}

}    // namespace

const std::string *
filter_operator(const RemoteTable &table, int column, FilterOperator op)
{
	static const auto *equality = new NamePair("=", "");
	const FilterColumn *filtered = find_filtered(table, column);
	const std::vector<NamePair> &operators = table.filter->operators;

	if (filtered == nullptr || field_name(table, column).empty() ||
		std::find(filtered->operators.begin(), filtered->operators.end(), sql_name(op)) ==
			filtered->operators.end())
	{
		return nullptr;
	}
	auto found = std::find_if(operators.begin(), operators.end(),
							  [&](const NamePair &entry) { return entry.first == sql_name(op); });

	return found == operators.end() ? &equality->second : &found->second;
}

std::string
filter_member(const RemoteTable &table, const FilterNode &node)
{
	std::string name = field_name(table, node.column);

	return table.filter->style == FilterStyle::nested
			   ? name
			   : name + *filter_operator(table, node.column, node.op);
}

FilterText
write_filter(const RemoteTable &table, const std::vector<FilterNode> &nodes,
			 const FilterValue *values)
{
	return FilterWriter(table, nodes, values).write();
}

// The own field's, or that of a field that shares its beginning or its end.
bool
find_filter_element(const RemoteTable &table, const AccessPlan &plan, const ArgumentPath &argument,
					size_t &element)
{
	const std::vector<std::string> &own = table.accesses.back().field;
	size_t at = argument_element(own, argument);
	size_t behind = own.size() - at;

	if (plan.field.size() > at &&
		std::equal(own.begin(), own.begin() + static_cast<long>(at) + 1, plan.field.begin()))
	{
		element = at;
		return true;
	}
	element = plan.field.size() - behind;
	return at > 0 && plan.field.size() > behind &&
		   std::equal(own.rbegin(), own.rbegin() + static_cast<long>(behind), plan.field.rbegin());
}

bool
place_filter(const RemoteTable &table, const std::vector<FilterNode> &nodes, AccessPlan &plan)
{
	if (!plan.condition.empty())
	{
		return false;
	}
	return table.filter->style == FilterStyle::arguments ? place_arguments(table, nodes, plan)
														 : place_object(table, plan);
}

bool
table_filters(const RemoteTable *table) noexcept
{
	return table->filter.has_value();
}

bool
table_joins(const RemoteTable *table, FilterOperator op) noexcept
{
	if (!table->filter || table->filter->style == FilterStyle::arguments)
	{
		return false;
	}
	switch (op)
	{
		case FilterOperator::conjunction:
			return !table->filter->conjunction.empty();
		case FilterOperator::disjunction:
			return !table->filter->disjunction.empty();
		case FilterOperator::negation:
			return !table->filter->negation.empty();
		default:
			return false;
	}
}

bool
table_compares(const RemoteTable *table, int column, FilterOperator op) noexcept
{
	Error err;

	return table->filter &&
		   guarded(err, [&] { return filter_operator(*table, column, op) != nullptr; });
}

bool
access_filters(const RemoteTable *table, size_t access) noexcept
{
	return table->filter && filter_fits(table, access, nullptr, 0);
}

bool
filter_fits(const RemoteTable *table, size_t access, const FilterNode *nodes, size_t count) noexcept
{
	Error err;

	return guarded(err,
				   [&]
				   {
					   std::vector<FilterNode> copy(nodes, nodes + count);
					   std::vector<std::string> texts;
					   std::vector<FilterValue> values;
					   AccessPlan plan = table->accesses[access];

					   // Every value is taken for another one.
					   for (size_t i = 0; i < count; i++)
					   {
						   texts.push_back(std::to_string(i));
					   }
					   for (const std::string &text : texts)
					   {
						   values.push_back({FilterTruth::compared, text});
					   }
					   write_filter(*table, copy, values.data());
					   return place_filter(*table, copy, plan);
				   });
}

}    // namespace gql
