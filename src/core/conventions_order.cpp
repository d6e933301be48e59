// How does an API spell orders, as a foreign table's option says?

#include <algorithm>
#include <array>

#include "core/conventions.hpp"
#include "core/door/table.hpp"
#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

using simdjson::ondemand::json_type;

// Indexes into DirectionWords.
constexpr auto anywhere = static_cast<size_t>(NullPlace::unknown);
constexpr auto nulls_first = static_cast<size_t>(NullPlace::first);
constexpr auto nulls_last = static_cast<size_t>(NullPlace::last);

// The words for a direction: a name, true or false, or names by where they put nulls.
DirectionWords
read_direction(const OptionReader &reader, const std::string &name, JsonValue &value)
{
	json_type type = json_take(value.type());
	DirectionWords words;

	if (type == json_type::boolean)
	{
		words[anywhere] = reader.boolean(name, value) ? "true" : "false";
	}
	else if (type == json_type::object)
	{
		const OptionReader::Known known = {
			{"first", [&](auto &member, auto &word)
			 { words[nulls_first] = reader.graphql_name(member, word); }},
			{"last", [&](auto &member, auto &word)
			 { words[nulls_last] = reader.graphql_name(member, word); }},
		};

		reader.members(name, value,
					   [&](auto &member, auto &word) { reader.read_known(known, member, word); });
		words[anywhere] = words[words[nulls_last].empty() ? nulls_first : nulls_last];
	}
	else
	{
		words[anywhere] = reader.graphql_name(name, value);
	}
	return words;
}

bool
places_nulls(const DirectionWords &words)
{
	return words[nulls_first] != words[nulls_last];
}

OrderColumn
read_order_column(const OptionReader &reader, const std::string &name, JsonValue &value)
{
	OrderColumn column;

	column.name = name;
	column.by_direction = json_take(value.type()) == json_type::object;
	if (!column.by_direction)
	{
		column.ascending = reader.graphql_name(name, value);
		return column;
	}
	const OptionReader::Known known = {
		{"asc",
		 [&](auto &member, auto &inner) { column.ascending = reader.graphql_name(member, inner); }},
		{"desc", [&](auto &member, auto &inner)
		 { column.descending = reader.graphql_name(member, inner); }},
	};

	reader.members(name, value,
				   [&](auto &member, auto &inner) { reader.read_known(known, member, inner); });
	if (column.ascending.empty() && column.descending.empty())
	{
		reader.refuse("has no word for column " + in_quotes(name));
	}
	return column;
}

NullOrder
read_nulls(const OptionReader &reader, const std::string &name, JsonValue &value)
{
	static constexpr std::array<const char *, 5> names = {"", "first", "last", "largest",
														  "smallest"};
	std::string word = reader.string(name, value);
	auto found = std::find(names.begin() + 1, names.end(), word);

	if (found == names.end())
	{
		reader.refuse("puts nulls " + in_quotes(word) +
					  ", which is none of \"first\", \"last\", \"largest\", \"smallest\"");
	}
	return static_cast<NullOrder>(found - names.begin());
}

void
check_order(const OptionReader &reader, const Order &order, const std::string &style)
{
	const bool enumeration = order.style == OrderStyle::enumeration;

	reader.want(!order.argument.empty(), true, "argument", style);
	reader.want(!order.field.empty(), order.style == OrderStyle::object, "field", style);
	reader.want(!order.direction.empty(),
				order.style == OrderStyle::object || order.style == OrderStyle::arguments,
				"direction", style);
	reader.want(!order.ascending[anywhere].empty(), !enumeration, "asc", style);
	reader.want(!order.descending[anywhere].empty(), !enumeration, "desc", style);
	if (order.nulls != NullOrder::unknown &&
		(places_nulls(order.ascending) || places_nulls(order.descending)))
	{
		reader.refuse("says twice where nulls go");
	}
	if (order.columns.empty())
	{
		reader.refuse("names no columns");
	}
	for (const OrderColumn &column : order.columns)
	{
		if (column.by_direction != enumeration)
		{
			reader.refuse("spells column " + in_quotes(column.name) + " in another style than " +
						  in_quotes(style));
		}
	}
}

Template
make_literal(const std::string &text)
{
	Template node;

	node.kind = Template::Kind::literal;
	node.text = text;
	return node;
}

const std::string &
direction_word(const Order &order, const OrderTerm &term)
{
	const DirectionWords &words = order.words(term.descending);
	const std::string &word = words[static_cast<size_t>(term.nulls)];

	return word.empty() ? words[anywhere] : word;
}

// What stands for one key: PRICE_ASC, {field: PRICE, direction: ASC}, {price: asc}.
Template
make_term(const Order &order, const OrderTerm &term)
{
	const std::string &direction = direction_word(order, term);
	Template node;

	if (order.style == OrderStyle::enumeration)
	{
		return make_literal(term.descending ? term.column->descending : term.column->ascending);
	}
	if (order.style == OrderStyle::object)
	{
		node.members.emplace_back(order.field, make_literal(term.column->ascending));
		node.members.emplace_back(order.direction, make_literal(direction));
	}
	else
	{
		node.members.emplace_back(term.column->ascending, make_literal(direction));
	}
	return node;
}

// Whether it is a name or a string that the argument takes is for the API's schema to say.
Template
make_word(const std::string &text)
{
	Template node = make_literal(text);

	node.kind = text == "true" || text == "false" ? node.kind : Template::Kind::string;
	return node;
}

}    // namespace

const OrderColumn *
Order::find(std::string_view column) const
{
	auto found = std::find_if(columns.begin(), columns.end(),
							  [&](const OrderColumn &known) { return known.name == column; });

	return found == columns.end() ? nullptr : &*found;
}

std::vector<Template::Member>
order_arguments(const Order &order, const std::vector<OrderTerm> &terms)
{
	std::vector<Template::Member> arguments;
	Template list;

	if (order.style == OrderStyle::arguments)
	{
		arguments.emplace_back(order.argument, make_word(terms[0].column->ascending));
		arguments.emplace_back(order.direction, make_word(direction_word(order, terms[0])));
		return arguments;
	}
	list.kind = Template::Kind::list;
	for (const OrderTerm &term : terms)
	{
		list.items.push_back(make_term(order, term));
	}
	arguments.emplace_back(order.argument, order.list ? std::move(list) : std::move(list.items[0]));
	return arguments;
}

Order
parse_order(std::string_view json)
{
	const OptionReader reader("order");
	std::string style;
	Order order;
	const OptionReader::Known known = {
		{"style", [&](auto &name, auto &value) { style = reader.string(name, value); }},
		{"argument",
		 [&](auto &name, auto &value) { order.argument = reader.argument(name, value); }},
		{"field", [&](auto &name, auto &value) { order.field = reader.graphql_name(name, value); }},
		{"direction",
		 [&](auto &name, auto &value) { order.direction = reader.argument(name, value); }},
		{"asc",
		 [&](auto &name, auto &value) { order.ascending = read_direction(reader, name, value); }},
		{"desc",
		 [&](auto &name, auto &value) { order.descending = read_direction(reader, name, value); }},
		{"list", [&](auto &name, auto &value) { order.list = reader.boolean(name, value); }},
		{"nulls", [&](auto &name, auto &value) { order.nulls = read_nulls(reader, name, value); }},
		{"columns",
		 [&](auto &name, auto &value)
		 {
			 reader.members(name, value,
							[&](auto &column, auto &inner)
							{ order.columns.push_back(read_order_column(reader, column, inner)); });
		 }},
	};

	reader.open(json, [&](auto &name, auto &value) { reader.read_known(known, name, value); });
	order.style =
		static_cast<OrderStyle>(reader.style(style, {"enum", "object", "map", "arguments"}));
	check_order(reader, order, style);
	return order;
}

bool
check_order(std::string_view json, Error &err) noexcept
{
	return guarded(err, [&] { return parse_order(json), true; });
}

}    // namespace gql
