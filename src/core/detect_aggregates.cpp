// Which sums, minima and maxima of a field's rows does an API tell?
//
// Hasura has them as aggregate { count(columns: [...]) sum { price } max { price } }, Prisma as
// _sum { price }, PostGraphile's plugin as aggregates { sum { price } }. Only those are taken that
// are exact: no sums of Float, no extremes of what everybody orders in another way. Hasura hands
// on its database's digits, Prisma those that are not zeros at the end; the plugin and whoever else
// computes in JavaScript are trusted with what fits into its numbers.

#include "core/detect_aggregates.hpp"

#include <algorithm>
#include <utility>

#include "core/detect_rows.hpp"
#include "core/import_names.hpp"
#include "core/import_types.hpp"
#include "core/option_json.hpp"
#include "core/path.hpp"

namespace gql
{

namespace
{

bool
is_exact_number(SqlType type)
{
	return type == SqlType::int4 || type == SqlType::int8 || type == SqlType::numeric;
}

bool
is_ordered_alike(SqlType type)
{
	return is_exact_number(type) || type == SqlType::float8 || type == SqlType::date ||
		   type == SqlType::time || type == SqlType::timestamp || type == SqlType::timestamptz;
}

// BigInt, Int64, Long: without digits behind the point, of which some are lost on the way.
bool
is_whole(std::string_view scalar)
{
	const std::string plain = plain_name(scalar);

	return plain.find("int") != std::string::npos || plain == "long";
}

bool
is_told_apart_alike(SqlType type)
{
	return is_exact_number(type) || type == SqlType::boolean || type == SqlType::date ||
		   type == SqlType::uuid;
}

// What one object tells.
class AggregateFinder
{
public:
	AggregateFinder(const SchemaTypes &schema, const TypeInfo &type) : schema_(schema), type_(type)
	{
		find_object("sum", sum_);
		find_object("min", min_);
		find_object("max", max_);
		find_object("distinctcount", distinct_);
		find_count();
	}

	bool
	found() const
	{
		return sum_.type != nullptr || min_.type != nullptr || max_.type != nullptr;
	}

	// The members "functions" and "columns" of the option; false when there are no columns.
	bool
	write(const std::vector<ColumnDraft> &columns, JsonObject &option) const
	{
		JsonObject functions;
		JsonObject uses;

		for (const ColumnDraft &column : columns)
		{
			std::string list =
				column.field.empty() || column.array ? std::string() : uses_of(column);

			if (!list.empty())
			{
				uses.add(column.name, list);
			}
		}
		for (auto [name, object] : {std::pair("count", &count_),
									{"distinct", &distinct_},
									{"sum", &sum_},
									{"min", &min_},
									{"max", &max_}})
		{
			if (object->type != nullptr)
			{
				functions.add(name, object->spelling);
			}
		}
		option.add_json("functions", functions.text());
		option.add_json("columns", uses.text());
		return !uses.empty();
	}

private:
	enum class Manner
	{
		hasura,
		prisma,
		other,
	};

	struct Function
	{
		std::string spelling;
		const TypeInfo *type = nullptr;    // with a field, or a value, for each column
		Manner manner = Manner::other;
	};

	// By the names: users_sum_fields, _sum.
	static Manner
	manner_of(const FieldInfo &field, std::string_view name)
	{
		const std::string fields = '_' + std::string(name) + "_fields";
		const std::string &type = field.type.name;

		if (type.size() > fields.size() &&
			type.compare(type.size() - fields.size(), fields.size(), fields) == 0)
		{
			return Manner::hasura;
		}
		return field.name[0] == '_' ? Manner::prisma : Manner::other;
	}

	void
	find_object(std::string_view name, Function &function)
	{
		const FieldInfo *field = find_plain(type_, name);

		if (field != nullptr && !field->type.list && !needs_arguments(*field) &&
			field->type.is_composite())
		{
			function = {field->name, find_type(schema_, field->type.name), manner_of(*field, name)};
		}
	}

	void
	find_count()
	{
		const FieldInfo *field = find_plain(type_, "count");
		const InputInfo *columns =
			field == nullptr ? nullptr : find_input(field->arguments, "columns");
		const InputInfo *distinct =
			field == nullptr ? nullptr : find_input(field->arguments, "distinct");

		if (columns == nullptr)
		{
			find_object("count", count_);
		}
		else if (columns->type.list && columns->type.kind == TypeKind::enumeration &&
				 is_number(field->type))
		{
			const TypeInfo *values = find_type(schema_, columns->type.name);

			count_ = {field->name + "(columns)", values, Manner::other};
			if (distinct != nullptr && distinct->type.name == "Boolean")
			{
				distinct_ = {field->name + "(columns, distinct)", values, Manner::other};
			}
		}
	}

	std::string
	uses_of(const ColumnDraft &column) const
	{
		std::string list;
		auto add = [&](bool known, const char *function)
		{
			if (known)
			{
				list.append(list.empty() ? "" : " ").append(function);
			}
		};

		add(counts(count_, column), "count");
		add(is_told_apart_alike(column.sql) && counts(distinct_, column), "distinct");
		add(sums(column), "sum");
		add(has_extreme(min_, column), "min");
		add(has_extreme(max_, column), "max");
		return list;
	}

	static const FieldInfo *
	find_leaf(const Function &function, const ColumnDraft &column)
	{
		const FieldInfo *field =
			function.type == nullptr ? nullptr : find_field(*function.type, column.field);

		return field != nullptr && is_leaf(field->type) && !needs_arguments(*field) ? field
																					: nullptr;
	}

	static bool
	counts(const Function &function, const ColumnDraft &column)
	{
		const FieldInfo *field = find_leaf(function, column);

		return (field != nullptr && is_number(field->type)) ||
			   (function.type != nullptr &&
				std::any_of(function.type->values.begin(), function.type->values.end(),
							[&](const EnumValueInfo &value)
							{ return value.name == column.field; }));
	}

	// A sum that is an Int fails in most servers as soon as it is beyond 32 bits; in Hasura's it
	// does not.
	bool
	sums(const ColumnDraft &column) const
	{
		const FieldInfo *field = find_leaf(sum_, column);
		const SqlType type = field == nullptr ? SqlType::text : sql_type_of(field->type.name);

		if (!is_exact_number(column.sql) || !is_exact_number(type))
		{
			return false;
		}
		return sum_.manner == Manner::hasura ||
			   (sum_.manner == Manner::prisma && type != SqlType::int4 &&
				is_whole(field->type.name));
	}

	static bool
	has_extreme(const Function &function, const ColumnDraft &column)
	{
		const FieldInfo *field = find_leaf(function, column);

		return field != nullptr && field->type.name == column.value_type.name &&
			   (function.manner == Manner::other
					? column.sql == SqlType::int4 || column.sql == SqlType::float8
					: is_ordered_alike(column.sql));
	}

	const SchemaTypes &schema_;
	const TypeInfo &type_;
	Function sum_;
	Function min_;
	Function max_;
	Function count_;
	Function distinct_;
};

// The types of the first fields of the path, nullptr where it does not lead to objects.
std::vector<const TypeInfo *>
types_on(const SchemaTypes &schema, const CountPath &path)
{
	std::vector<const TypeInfo *> types;
	const TypeInfo *type = find_type(schema, schema.query_type);

	for (const std::string &name : path.field)
	{
		const FieldInfo *field = type == nullptr ? nullptr : find_field(*type, name);

		type = field != nullptr && field->type.is_composite() ? find_type(schema, field->type.name)
															  : nullptr;
		types.push_back(type);
	}
	return types;
}

// The path as the option spells it: its first fields, with the arguments that one takes.
std::string
path_text(const CountPath &path, size_t length)
{
	std::string text;

	for (size_t i = 0; i < length; i++)
	{
		text.append(i == 0 ? "" : ".").append(path.field[i]);
		if (!path.arguments.empty() && i == path.taking)
		{
			text.append("(");
			for (const std::string &argument : path.arguments)
			{
				text.append(&argument == &path.arguments[0] ? "" : ", ").append(argument);
			}
			text.append(")");
		}
	}
	return text;
}

std::string
option_text(const AggregateFinder &finder, const std::string &field,
			const std::vector<ColumnDraft> &columns)
{
	JsonObject option;

	option.add("field", field);
	return finder.write(columns, option) ? option.text() : std::string();
}

}    // namespace

std::string
detect_aggregates(const SchemaTypes &schema, const std::string &count,
				  const std::vector<ColumnDraft> &columns)
{
	if (count.empty())
	{
		return {};
	}
	const CountPath path = parse_count_path(count);
	const std::vector<const TypeInfo *> types = types_on(schema, path);

	for (size_t length = types.size(); length-- > 0;)
	{
		const TypeInfo *type = types[length];
		const FieldInfo *inner = type == nullptr ? nullptr : find_plain(*type, "aggregates");

		if (type == nullptr)
		{
			continue;
		}
		if (AggregateFinder finder(schema, *type); finder.found())
		{
			return option_text(finder, path_text(path, length + 1), columns);
		}
		type = inner != nullptr && inner->type.is_composite() && !inner->type.list &&
					   !needs_arguments(*inner)
				   ? find_type(schema, inner->type.name)
				   : nullptr;
		if (type != nullptr)
		{
			if (AggregateFinder finder(schema, *type); finder.found())
			{
				return option_text(finder, path_text(path, length + 1) + '.' + inner->name,
								   columns);
			}
		}
	}
	return {};
}

}    // namespace gql
