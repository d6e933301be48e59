// Which columns does a type of rows make?
//
// Objects become columns of their own names ("author_name") down to the chosen depth, and jsonb
// below: the values of the object's own fields. Lists of objects are jsonb in the same way. Rows of
// several types have the columns of all of them.

#include "core/import_columns.hpp"

#include <algorithm>
#include <map>

#include "core/import_names.hpp"
#include "core/import_selection.hpp"
#include "core/import_types.hpp"

namespace gql
{

const char deprecated_reason[] = "is deprecated (import_deprecated brings it)";

namespace
{

constexpr char no_leaves[] = "has no fields that can be read without arguments";

// A place in the row from which fields are read.
struct Place
{
	std::string path;      // "owner.", "on Account."
	std::string prefix;    // of names: "owner_"
	size_t depth = 0;      // how many objects lie between the row and the place
	bool not_null = true;
	bool top = true;    // a field of the row itself, whatever its type
};

class ColumnBuilder
{
public:
	ColumnBuilder(const ImportRules &rules, const TableDraft &table, size_t depth, size_t limit,
				  std::vector<Skipped> &skipped)
		: rules_(rules), table_(table), depth_(depth), limit_(limit), skipped_(skipped)
	{
	}

	std::vector<ColumnDraft>
	build()
	{
		const RowShape &shape = table_.field->source.shape;

		if (shape.row_type == nullptr)
		{
			add_self(table_.field->source.last().type);
		}
		else if (shape.row_type->kind == TypeKind::object)
		{
			add_fields(*shape.row_type, Place(), nullptr);
		}
		else
		{
			add_abstract(*shape.row_type);
		}
		return std::move(columns_);
	}

private:
	void
	skip(const TypeInfo &type, const FieldInfo &field, std::string reason)
	{
		skipped_.push_back({table_.name, type.name + '.' + field.name, std::move(reason)});
	}

	// Fields of scalars: the value is the row.
	void
	add_self(const TypeRef &type)
	{
		TypeRef row = type.list ? element_of(type) : type;
		ColumnDraft column;

		column.name = "value";
		column.path = ".";
		column.value_type = row;
		column.sql = rules_.sql_type(row);
		columns_.push_back(std::move(column));
	}

	// `hidden`: the interface whose fields are columns already.
	void
	add_fields(const TypeInfo &type, const Place &place, const TypeInfo *hidden)
	{
		for (const FieldInfo &field : type.fields)
		{
			if (hidden == nullptr || find_field(*hidden, field.name) == nullptr)
			{
				add_field(type, field, place);
			}
		}
	}

	void
	add_field(const TypeInfo &type, const FieldInfo &field, const Place &place)
	{
		if (columns_.size() > limit_)
		{
			return;
		}
		if (field.deprecated && !rules_.deprecated)
		{
			skip(type, field, deprecated_reason);
		}
		else if (place.top && is_child(field))
		{
			return;
		}
		else if (field.type.is_composite() && is_paged(*rules_.schema, type, field))
		{
			skip(type, field,
				 rules_.children || !place.top
					 ? "is a list in pages"
					 : "is a list in pages (import_children makes it a table)");
		}
		else if (needs_arguments(field))
		{
			skip(type, field, "needs a value for argument \"" + required_argument(field) + '"');
		}
		else if (field.type.is_composite())
		{
			add_object(type, field, place);
		}
		else
		{
			add_leaf(field, place);
		}
	}

	static std::string
	required_argument(const FieldInfo &field)
	{
		return std::find_if(field.arguments.begin(), field.arguments.end(), is_required)->name;
	}

	bool
	is_child(const FieldInfo &field) const
	{
		return std::find(table_.children.begin(), table_.children.end(), field.name) !=
			   table_.children.end();
	}

	void
	add_leaf(const FieldInfo &field, const Place &place)
	{
		ColumnDraft column = make_column(field, place);

		column.array = field.type.list;
		column.value_type = field.type;
		column.sql = rules_.sql_type(field.type);
		if (list_depth(field.type) > 1)
		{
			column.array = false;
			column.sql = SqlType::jsonb;
		}
		if (place.path.empty() && is_leaf(field.type))
		{
			column.field = field.name;
		}
		columns_.push_back(std::move(column));
	}

	ColumnDraft
	make_column(const FieldInfo &field, const Place &place) const
	{
		ColumnDraft column;

		column.name = place.prefix + rules_.name_of(field.name);
		column.path = place.path + field.name;
		column.depth = place.depth;
		column.not_null = rules_.not_null && place.not_null && field.type.required;
		column.comment = field.description;
		return column;
	}

	void
	add_object(const TypeInfo &type, const FieldInfo &field, const Place &place)
	{
		const TypeInfo *inner = find_type(*rules_.schema, field.type.name);

		if (inner == nullptr)
		{
			return;
		}
		if (!field.type.list && place.depth < depth_ && inner->kind != TypeKind::union_type)
		{
			Place below = place;

			below.path += field.name + '.';
			below.prefix += rules_.name_of(field.name) + '_';
			below.depth++;
			below.not_null = place.not_null && field.type.required;
			below.top = false;
			if (inner->kind == TypeKind::interface)
			{
				add_typename(below);
			}
			add_fields(*inner, below, nullptr);
		}
		else
		{
			add_json(type, field, *inner, place);
		}
	}

	void
	add_json(const TypeInfo &type, const FieldInfo &field, const TypeInfo &inner,
			 const Place &place)
	{
		ColumnDraft column = make_column(field, place);
		std::string leaves = object_selection(rules_, inner);

		if (leaves.empty())
		{
			skip(type, field, no_leaves);
			return;
		}
		column.path += " {" + leaves + '}';
		column.sql = SqlType::jsonb;
		column.value_type = field.type;
		columns_.push_back(std::move(column));
	}

	void
	add_typename(const Place &place)
	{
		FieldInfo field;
		ColumnDraft column;

		field.name = "__typename";
		field.type.required = true;
		column = make_column(field, place);
		column.value_type.name = "String";
		columns_.push_back(std::move(column));
	}

	// Interfaces and unions: what all types have, then the fields of each.
	void
	add_abstract(const TypeInfo &type)
	{
		add_typename(Place());
		add_fields(type, Place(), nullptr);

		size_t common = columns_.size();

		for (const std::string &name : type.possible)
		{
			const TypeInfo *possible = find_type(*rules_.schema, name);
			Place place;

			if (possible == nullptr || name == rules_.schema->query_type)
			{
				continue;
			}
			place.path = "on " + name + '.';
			place.not_null = false;
			add_fields(*possible, place, type.kind == TypeKind::interface ? &type : nullptr);
			owners_.resize(columns_.size(), rules_.name_of(name));
		}
		owners_.resize(columns_.size());
		merge_types(common);
	}

	// Columns of several types that have the same name are one when they are the same, and else
	// named after their types.
	void
	merge_types(size_t common)
	{
		// What has the same name in one type stays apart: the number tells the second from the
		// first.
		std::map<std::pair<std::string, size_t>, std::vector<size_t>> by_name;
		std::map<std::pair<std::string, std::string>, size_t> seen;
		std::vector<bool> dropped(columns_.size());
		std::vector<ColumnDraft> kept;

		for (size_t i = common; i < columns_.size(); i++)
		{
			by_name[{columns_[i].name, seen[{columns_[i].name, owners_[i]}]++}].push_back(i);
		}
		for (auto &[key, indexes] : by_name)
		{
			ColumnDraft &first = columns_[indexes[0]];
			bool same = std::all_of(indexes.begin(), indexes.end(),
									[&](size_t i) { return are_same(first, columns_[i]); });

			for (size_t i : indexes)
			{
				if (!same)
				{
					columns_[i].name = owners_[i] + '_' + key.first;
				}
				else if (&columns_[i] != &first)
				{
					first.path += " | " + columns_[i].path;
					dropped[i] = true;
				}
			}
		}
		for (size_t i = 0; i < columns_.size(); i++)
		{
			if (!dropped[i])
			{
				kept.push_back(std::move(columns_[i]));
			}
		}
		columns_ = std::move(kept);
	}

	static bool
	are_same(const ColumnDraft &a, const ColumnDraft &b)
	{
		return a.sql == b.sql && a.array == b.array && a.value_type.name == b.value_type.name;
	}

	const ImportRules &rules_;
	const TableDraft &table_;
	const size_t depth_;
	const size_t limit_;
	std::vector<Skipped> &skipped_;
	std::vector<ColumnDraft> columns_;
	std::vector<std::string> owners_;    // of columns of one of several types: its name
};

}    // namespace

std::string
ImportRules::name_of(std::string_view graphql_name) const
{
	return snake_case ? gql::snake_case(graphql_name) : std::string(graphql_name);
}

SqlType
ImportRules::sql_type(const TypeRef &type) const
{
	const TypeInfo *info =
		type.kind == TypeKind::enumeration ? find_type(*schema, type.name) : nullptr;
	// Labels of SQL enums are names, and names end after 63 bytes.
	bool fits = info != nullptr && !info->values.empty() &&
				std::all_of(info->values.begin(), info->values.end(),
							[](const EnumValueInfo &value) { return value.name.size() <= 63; });

	if (type.kind == TypeKind::enumeration)
	{
		return enums && fits ? SqlType::enumeration : SqlType::text;
	}
	// json-graphql-server, which is known by this type, calls points in time dates.
	if (type.name == "Date" && find_type(*schema, "ListMetadata") != nullptr)
	{
		return SqlType::timestamptz;
	}
	return type.kind == TypeKind::scalar ? sql_type_of(type.name) : SqlType::jsonb;
}

std::vector<ColumnDraft>
row_columns(const ImportRules &rules, const TableDraft &table, size_t depth, size_t limit,
			std::vector<Skipped> &skipped)
{
	return ColumnBuilder(rules, table, depth, limit, skipped).build();
}

}    // namespace gql
