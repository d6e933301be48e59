// How does a field order its rows?

#include "core/detect_order.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <tuple>

#include "core/import_names.hpp"
#include "core/json_text.hpp"
#include "core/option_json.hpp"

namespace gql
{

namespace
{

using Names = std::initializer_list<std::string_view>;

bool
is_order_leaf(const FieldInfo &field)
{
	return is_leaf(field.type) && !needs_arguments(field);
}

const InputInfo *
find_argument(const std::vector<InputInfo> &inputs, Names names)
{
	for (std::string_view name : names)
	{
		for (const InputInfo &input : inputs)
		{
			if (plain_name(input.name) == name)
			{
				return &input;
			}
		}
	}
	return nullptr;
}

std::string
json_string(std::string_view text)
{
	std::string json;

	append_quoted(json, text);
	return json;
}

// The value of an enum with one of these names, "" when it has none.
std::string
find_word(const TypeInfo *type, Names names)
{
	for (std::string_view name : names)
	{
		for (const EnumValueInfo &value : type->values)
		{
			if (plain_name(value.name) == name)
			{
				return value.name;
			}
		}
	}
	return {};
}

// JSON: the enum's word for a direction, or its words by where they put nulls; "" when it has none.
std::string
direction_of(const TypeInfo *type, Names nulls_first, Names nulls_last, Names names)
{
	std::string first = find_word(type, nulls_first);
	std::string last = find_word(type, nulls_last);
	std::string any = find_word(type, names);
	JsonObject words;

	if (first.empty() || last.empty())
	{
		return any.empty() ? any : json_string(any);
	}
	words.add("first", first);
	words.add("last", last);
	return words.text();
}

// The two directions.
std::pair<std::string, std::string>
directions_of(const TypeInfo *type)
{
	if (type == nullptr || type->kind != TypeKind::enumeration)
	{
		return {};
	}
	std::pair<std::string, std::string> words = {
		direction_of(type, {"ascnullsfirst"}, {"ascnullslast"}, {"asc", "ascending"}),
		direction_of(type, {"descnullsfirst"}, {"descnullslast"}, {"desc", "descending"})};

	return words.first.empty() || words.second.empty() ? std::pair<std::string, std::string>()
													   : words;
}

class OrderFinder
{
public:
	OrderFinder(const SchemaTypes &schema, const RowSource &source)
		: schema_(schema), source_(source), row_(*source.shape.row_type),
		  inputs_(source.last().arguments)
	{
	}

	OrderConvention
	find()
	{
		const InputInfo *input =
			find_argument(inputs_, {"orderby", "order", "sortby", "sort", "sortkey", "sortfield"});
		// What must be given is for whoever asks.
		const TypeInfo *type =
			input == nullptr || is_required(*input) || list_depth(input->type) > 1
				? nullptr
				: find_type(schema_, input->type.name);

		if (type != nullptr)
		{
			bool found = type->kind == TypeKind::input_object
							 ? find_object(*type) || find_map(*type)
						 : input->type.list ? find_enum(*type)
											: find_enum(*type) || find_pair(*type);

			if (found && !order_.fields.empty())
			{
				order_.argument = spell(*input);
				order_.list = input->type.list;
				order_.arguments.insert(input->name);
				return order_;
			}
		}
		return OrderConvention();
	}

private:
	std::string
	spell(const InputInfo &input) const
	{
		return source_.spell(source_.steps.size() - 1, input.name);
	}

	// The values of an enum that name fields of the row: PRICE, createdAt.
	void
	add_words(const TypeInfo &type)
	{
		for (const FieldInfo &field : row_.fields)
		{
			for (const EnumValueInfo &value : type.values)
			{
				if (is_order_leaf(field) && plain_name(value.name) == plain_name(field.name))
				{
					order_.fields.push_back({field.name, value.name, {}});
					break;
				}
			}
		}
	}

	// {field: PRICE, direction: ASC}
	bool
	find_object(const TypeInfo &type)
	{
		const InputInfo *field = find_argument(type.inputs, {"field", "key", "column"});
		const InputInfo *direction = find_argument(type.inputs, {"direction", "order", "sort"});
		const TypeInfo *words =
			field == nullptr || field->type.kind != TypeKind::enumeration || field->type.list
				? nullptr
				: find_type(schema_, field->type.name);

		if (words == nullptr || direction == nullptr || direction->type.list || others(type, 2))
		{
			return false;
		}
		set_directions(find_type(schema_, direction->type.name));
		order_.style = "object";
		order_.field = field->name;
		order_.direction = direction->name;
		add_words(*words);
		return !order_.ascending.empty();
	}

	// Whether more than `known` members must be given.
	bool
	others(const TypeInfo &type, std::ptrdiff_t known) const
	{
		return std::count_if(type.inputs.begin(), type.inputs.end(), is_required) > known;
	}

	// {price: asc}
	bool
	find_map(const TypeInfo &type)
	{
		std::string direction_type;

		for (const FieldInfo &field : row_.fields)
		{
			const InputInfo *input = find_input(type.inputs, field.name);

			if (input == nullptr || input->type.list || !is_order_leaf(field))
			{
				continue;
			}
			if (direction_type.empty() &&
				!directions_of(find_type(schema_, input->type.name)).first.empty())
			{
				direction_type = input->type.name;
			}
			if (input->type.name == direction_type)
			{
				order_.fields.push_back({field.name, input->name, {}});
			}
		}
		order_.style = "map";
		if (!direction_type.empty() && !others(type, 0))
		{
			set_directions(find_type(schema_, direction_type));
			return true;
		}
		order_ = OrderConvention();
		return false;
	}

	// PRICE_ASC, price_DESC
	bool
	find_enum(const TypeInfo &type)
	{
		if (type.kind != TypeKind::enumeration)
		{
			return false;
		}
		for (const FieldInfo &field : row_.fields)
		{
			OrderedField ordered = {field.name, {}, {}};

			for (const EnumValueInfo &value : type.values)
			{
				std::string plain = plain_name(value.name);

				if (plain == plain_name(field.name) + "asc")
				{
					ordered.word = value.name;
				}
				if (plain == plain_name(field.name) + "desc")
				{
					ordered.descending = value.name;
				}
			}
			if (is_order_leaf(field) && !ordered.word.empty() && !ordered.descending.empty())
			{
				order_.fields.push_back(std::move(ordered));
			}
		}
		order_.style = "enum";
		return !order_.fields.empty();
	}

	// Two arguments: what, and in which direction.
	bool
	find_pair(const TypeInfo &type)
	{
		const InputInfo *direction = find_argument(
			inputs_, {"orderdirection", "sortorder", "sortdirection", "direction", "reverse"});

		if (direction == nullptr || direction->type.list || is_required(*direction))
		{
			return false;
		}
		if (plain_name(direction->name) == "reverse" && direction->type.name == "Boolean")
		{
			order_.ascending = "false";
			order_.descending = "true";
		}
		else if (direction->type.name == "String" && is_json_graphql_server())
		{
			order_.ascending = json_string("asc");
			order_.descending = json_string("desc");
		}
		else
		{
			set_directions(find_type(schema_, direction->type.name));
		}
		order_.style = "arguments";
		order_.direction = spell(*direction);
		order_.arguments.insert(direction->name);
		if (type.name == "String" && is_json_graphql_server())
		{
			for (const FieldInfo &field : row_.fields)
			{
				if (is_order_leaf(field))
				{
					order_.fields.push_back({field.name, field.name, {}});
				}
			}
		}
		else if (type.kind == TypeKind::enumeration)
		{
			add_words(type);
		}
		return !order_.ascending.empty();
	}

	void
	set_directions(const TypeInfo *type)
	{
		std::tie(order_.ascending, order_.descending) = directions_of(type);
	}

	// Its strings are names of fields and "asc" or "desc"; of other APIs nobody knows.
	bool
	is_json_graphql_server() const
	{
		const TypeInfo *root = find_type(schema_, schema_.query_type);

		return source_.steps.size() == 1 && root != nullptr &&
			   find_field(*root, '_' + source_.field[0] + "Meta") != nullptr;
	}

	const SchemaTypes &schema_;
	const RowSource &source_;
	const TypeInfo &row_;
	const std::vector<InputInfo> &inputs_;
	OrderConvention order_;
};

}    // namespace

bool
is_order_name(std::string_view name)
{
	static constexpr std::array<std::string_view, 10> names = {
		"orderby",   "order",          "sortby",    "sort",          "sortkey",
		"sortfield", "orderdirection", "sortorder", "sortdirection", "reverse"};

	return std::find(names.begin(), names.end(), plain_name(name)) != names.end();
}

OrderConvention
detect_order(const SchemaTypes &schema, const RowSource &source)
{
	if (source.shape.row_type == nullptr || !source.shape.many ||
		source.spell(source.steps.size() - 1, "x").empty())
	{
		return OrderConvention();
	}
	return OrderFinder(schema, source).find();
}

std::string
order_option(const OrderConvention &order, const std::map<std::string, std::string> &column_of)
{
	JsonObject option;
	JsonObject columns;

	for (const OrderedField &field : order.fields)
	{
		auto column = column_of.find(field.field);

		if (column == column_of.end())
		{
			continue;
		}
		if (order.style == "enum")
		{
			JsonObject words;

			words.add("asc", field.word);
			words.add("desc", field.descending);
			columns.add_json(column->second, words.text());
		}
		else
		{
			columns.add(column->second, field.word);
		}
	}
	if (columns.empty())
	{
		return {};
	}
	option.add("argument", order.argument);
	option.add("style", order.style);
	if (!order.field.empty())
	{
		option.add("field", order.field);
	}
	if (!order.direction.empty())
	{
		option.add("direction", order.direction);
	}
	if (order.style != "enum")
	{
		option.add_json("asc", order.ascending);
		option.add_json("desc", order.descending);
	}
	if (order.list)
	{
		option.add_json("list", "true");
	}
	option.add_json("columns", columns.text());
	return option.text();
}

}    // namespace gql
