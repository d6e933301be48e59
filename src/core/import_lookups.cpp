// Through which fields does a table reach rows by key?

#include "core/import_lookups.hpp"

#include <algorithm>
#include <set>

#include "core/detect_keys.hpp"
#include "core/json_text.hpp"
#include "core/option_json.hpp"

namespace gql
{

namespace
{

using Method = KeyAccess::Method;

struct Candidate
{
	FieldDraft *field;
	const KeyAccess *access;
	bool own;

	// Small is good.
	int
	rank() const
	{
		return static_cast<int>(access->method) * 4 + (own ? 0 : 2) +
			   (field->pages.state == Pages::State::followed ? 1 : 0);
	}
};

ColumnDraft *
find_column(TableDraft &table, const std::string &field)
{
	for (ColumnDraft &column : table.columns)
	{
		if (column.field == field && !column.array)
		{
			return &column;
		}
	}
	return nullptr;
}

std::string
named_type(const std::string &type)
{
	size_t begin = type.find_first_not_of('[');

	return type.substr(begin, type.find_first_of("]!") - begin);
}

// Whether the table shows every object of its type, as far as it depends on the field.
bool
shows_all(const FieldDraft &field)
{
	return field.source.shape.many ? field.named_for_type && required_arguments(field).empty()
								   : field.has_key;
}

// Fields of the row that an access fills.
std::set<std::string>
fields_of(const KeyAccess &access)
{
	std::set<std::string> fields;

	for (const KeyAccess::Part &part : access.parts)
	{
		fields.insert(part.field);
	}
	return fields;
}

// {"where": {"id": {"in": ["$id"]}}}
std::string
nested(const std::vector<std::string> &path, size_t at, const std::string &value)
{
	JsonObject object;

	object.add_json(path[at], at + 1 == path.size() ? value : nested(path, at + 1, value));
	return object.text();
}

// {"__typename": "Account", "id": "$id"}
std::string
representation(const std::string &type, const std::string &field, const std::string &value)
{
	JsonObject object;

	object.add("__typename", type);
	object.add_json(field, value);
	return object.text();
}

class LookupBuilder
{
public:
	LookupBuilder(const SchemaTypes &schema, TableDraft &table, const FieldDrafts &fields,
				  std::vector<Skipped> &skipped)
		: table_(table), own_(*table.field), skipped_(skipped),
		  objects_(detect_object_fields(schema, *own_.source.shape.row_type))
	{
		if (own_.source.steps.size() > 1)
		{
			collect(*table.field);
		}
		else
		{
			for (const std::unique_ptr<FieldDraft> &field : fields)
			{
				// Those of rows of another type find other rows.
				if (field->source.shape.row_type == own_.source.shape.row_type)
				{
					collect(*field);
				}
			}
			for (FieldDraft &field : objects_)
			{
				collect(field);
			}
		}
		std::stable_sort(candidates_.begin(), candidates_.end(),
						 [](const Candidate &a, const Candidate &b)
						 { return a.rank() < b.rank(); });
	}

	void
	build()
	{
		std::string entries;

		for (const Candidate &candidate : candidates_)
		{
			if (is_wanted(candidate) && set_types(candidate))
			{
				entries.append(entries.empty() ? "" : ", ").append(entry(candidate));
				used_.push_back(&candidate);
				candidate.field->serves = candidate.field->serves || !candidate.own;
			}
		}
		if (!entries.empty())
		{
			table_.lookups = '[' + entries + ']';
		}
	}

private:
	void
	collect(FieldDraft &field)
	{
		bool is_own = &field == &own_;

		for (const KeyAccess &access : field.accesses)
		{
			bool has_columns = std::all_of(access.parts.begin(), access.parts.end(),
										   [&](const KeyAccess::Part &part)
										   { return find_column(table_, part.field) != nullptr; });

			if (has_columns && (is_own ? field.source.shape.many && !is_given_twice(access)
									   : shows_all(own_) && finds_all(field, access) &&
											 field.narrowing == own_.narrowing))
			{
				candidates_.push_back({&field, &access, is_own});
			}
		}
	}

	// Whether a column of the table's own field must be given as another argument, too.
	bool
	is_given_twice(const KeyAccess &access) const
	{
		return std::any_of(access.parts.begin(), access.parts.end(),
						   [&](const KeyAccess::Part &part)
						   {
							   const ColumnDraft *column = find_column(table_, part.field);

							   return column->must_be_given() && column->argument != part.path[0];
						   });
	}

	// The best of each method is enough for the same columns; of the methods that find one object,
	// the table's own field may be as good.
	bool
	is_wanted(const Candidate &candidate) const
	{
		std::set<std::string> fields = fields_of(*candidate.access);
		Method method = candidate.access->method;

		for (const Candidate *used : used_)
		{
			if (fields_of(*used->access) == fields &&
				(used->access->method == method || method == Method::strict))
			{
				return false;
			}
		}
		return method < Method::single || std::none_of(own_.accesses.begin(), own_.accesses.end(),
													   [&](const KeyAccess &access) {
														   return !own_.source.shape.many &&
																  access.method <= method &&
																  fields_of(access) == fields;
													   });
	}

	// Whether many keys of these fields can be asked for in one request.
	bool
	batches(const std::set<std::string> &fields) const
	{
		return std::any_of(used_.begin(), used_.end(),
						   [&](const Candidate *used) {
							   return used->access->method < Method::single &&
									  fields_of(*used->access) == fields;
						   });
	}

	// Values of one column travel as one type. Only to get many keys into one request is the type
	// left to be asked from the API, for each place.
	bool
	set_types(const Candidate &candidate)
	{
		for (const KeyAccess::Part &part : candidate.access->parts)
		{
			ColumnDraft *column = find_column(table_, part.field);

			if (column->type.empty() || column->type_varies ||
				named_type(column->type) == part.type.name)
			{
				continue;
			}
			if (candidate.access->method < Method::single && !batches(fields_of(*candidate.access)))
			{
				column->type_varies = true;
			}
			else
			{
				skipped_.push_back({table_.name, candidate.field->source.name(0),
									"finds rows by " + part.field + " of type " + part.type.name +
										", where " + named_type(column->type) +
										" is sent: it is no look-up of the table"});
				return false;
			}
		}
		for (const KeyAccess::Part &part : candidate.access->parts)
		{
			ColumnDraft *column = find_column(table_, part.field);

			column->type = column->type.empty() ? part.type.name : column->type;
		}
		return true;
	}

	std::string
	entry(const Candidate &candidate) const
	{
		const std::vector<KeyAccess::Part> &parts = candidate.access->parts;
		Method method = candidate.access->method;
		const std::string &type = own_.source.shape.row_type->name;
		JsonObject json;
		JsonObject arguments;

		for (const KeyAccess::Part &part : parts)
		{
			std::string value;
			std::string spelling;

			append_quoted(value, '$' + find_column(table_, part.field)->name);
			value = method == Method::entities ? representation(type, part.field, value) : value;
			value = method < Method::single ? '[' + value + ']' : value;
			if (parts.size() == 1 && part.path.size() > 1)
			{
				arguments.add_json(part.path[0], nested(part.path, 1, value));
				continue;
			}
			for (const std::string &name : part.path)
			{
				spelling.append(spelling.empty() ? "" : ".").append(name);
			}
			arguments.add_json(spelling, value);
		}
		if (candidate.own)
		{
			add_required(arguments, parts);
		}
		json.add("field", candidate.field->source.text());
		if (method == Method::entities || method == Method::nodes)
		{
			json.add("typename", type);
		}
		json.add_json("arguments", arguments.text());
		if (!candidate.own && candidate.field->pages.state == Pages::State::followed)
		{
			json.add_json("pagination", candidate.field->pages.option);
		}
		return json.text();
	}

	// What the table's own field must be given beside its keys.
	void
	add_required(JsonObject &arguments, const std::vector<KeyAccess::Part> &parts) const
	{
		for (const ColumnDraft &column : table_.columns)
		{
			if (column.must_be_given() && column.argument != parts[0].path[0])
			{
				arguments.add(column.argument, '$' + column.name);
			}
		}
	}

	TableDraft &table_;
	const FieldDraft &own_;
	std::vector<Skipped> &skipped_;
	std::vector<FieldDraft> objects_;
	std::vector<Candidate> candidates_;
	std::vector<const Candidate *> used_;
};

}    // namespace

void
add_lookups(const SchemaTypes &schema, TableDraft &table, const FieldDrafts &fields,
			std::vector<Skipped> &skipped)
{
	if (table.field->source.shape.row_type != nullptr)
	{
		LookupBuilder(schema, table, fields, skipped).build();
	}
}

}    // namespace gql
