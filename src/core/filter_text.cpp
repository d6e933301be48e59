// How does a filter become JSON once its values are known?

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

bool
is_joint(FilterOperator op)
{
	return op == FilterOperator::conjunction || op == FilterOperator::disjunction ||
		   op == FilterOperator::negation;
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
		return operands[0].first.empty() ? operands[0].second : object_text(gathered(operands));
	}

	// Those of one object, such as range.gte and range.lte, become one operand.
	static std::vector<NamePair>
	gathered(const Operands &operands)
	{
		std::vector<NamePair> pairs;
		std::vector<std::pair<std::string, Operands>> objects;

		for (const NamePair &operand : operands)
		{
			size_t dot = operand.first.find('.');

			if (dot == std::string::npos)
			{
				pairs.push_back(operand);
				continue;
			}
			std::string name = operand.first.substr(0, dot);
			auto found = std::find_if(objects.begin(), objects.end(),
									  [&](const auto &object) { return object.first == name; });

			if (found == objects.end())
			{
				found = objects.insert(objects.end(), {name, Operands()});
			}
			found->second.emplace_back(operand.first.substr(dot + 1), operand.second);
		}
		for (const auto &[name, inner] : objects)
		{
			pairs.emplace_back(name, object_text(inner));
		}
		return pairs;
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
			json = null_text(node.op == FilterOperator::is_null);
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

	// The answer that a test for null is to have.
	std::string
	null_text(bool null) const
	{
		std::string text;

		if (filter_.null.empty())
		{
			return null ? "true" : "false";
		}
		append_quoted(text, null ? filter_.null : filter_.not_null);
		return text;
	}

	const RemoteTable &table_;
	const Filter &filter_;
	const std::vector<FilterNode> &nodes_;
	const FilterValue *values_;
	std::vector<std::string> *arguments_ = nullptr;
	size_t next_ = 0;
};

}    // namespace

FilterText
write_filter(const RemoteTable &table, const std::vector<FilterNode> &nodes,
			 const FilterValue *values)
{
	return FilterWriter(table, nodes, values).write();
}

}    // namespace gql
