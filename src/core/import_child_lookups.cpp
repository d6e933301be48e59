// Through which fields of the query root does a table of lists inside rows reach the lists of many
// rows at once?

#include "core/import_child_lookups.hpp"

#include <algorithm>

#include "core/detect_keys.hpp"
#include "core/json_text.hpp"
#include "core/option_json.hpp"

namespace gql
{

namespace
{

using Method = KeyAccess::Method;

// {"id": {"in": ["$account_id"]}} for what follows the argument's own name.
std::string
nested(const std::vector<std::string> &path, size_t at, const std::string &value)
{
	JsonObject object;

	if (at == path.size())
	{
		return value;
	}
	object.add_json(path[at], nested(path, at + 1, value));
	return object.text();
}

class ChildLookups
{
public:
	explicit ChildLookups(TableDraft &table)
		: table_(table), parent_(table.field->source.steps[0]),
		  parent_type_(table.field->source.steps[1].owner)
	{
		for (ColumnDraft &column : table.columns)
		{
			key_ = column.above_field.empty() ? key_ : &column;
			keys_ += column.above ? 1 : 0;
		}
	}

	void
	build(const FieldDrafts &fields)
	{
		// The rows must be found by this key and nothing else. Pages of several lists can only be
		// gone on with key by key.
		if (key_ == nullptr || keys_ != 1 || !finds_each(fields))
		{
			return;
		}
		for (Method method : {Method::list, Method::filter})
		{
			for (const std::unique_ptr<FieldDraft> &field : fields)
			{
				add_list(*field, method);
			}
		}
		for (const std::unique_ptr<FieldDraft> &field : fields)
		{
			if (table_.field->pages.state == Pages::State::none)
			{
				add_all(*field);
			}
		}
		if (!entries_.empty())
		{
			table_.lookups = '[' + entries_ + ']';
		}
	}

private:
	// Whether the field above finds every object of its type by its key.
	bool
	finds_each(const FieldDrafts &fields)
	{
		for (const std::unique_ptr<FieldDraft> &field : fields)
		{
			if (field->source.steps[0].info == parent_.info)
			{
				narrowing_ = field->narrowing;
				return field->has_key;
			}
		}
		return false;
	}

	bool
	is_whole_list(const FieldDraft &field) const
	{
		return field.source.shape.row_type == parent_type_ && field.source.shape.many &&
			   field.source.steps.size() == 1 && !field.source.shape.is_page() &&
			   field.pages.state == Pages::State::none && field.narrowing == narrowing_;
	}

	// The best of the fields is enough.
	void
	add_list(const FieldDraft &field, Method method)
	{
		for (const KeyAccess &access : field.accesses)
		{
			if (!lists_ && is_whole_list(field) && access.method == method &&
				access.parts.size() == 1 && access.parts[0].field == key_->above_field &&
				finds_all(field, access))
			{
				const KeyAccess::Part &part = access.parts[0];
				size_t begin = key_->type.find_first_not_of('[');
				size_t end = key_->type.find_first_of("]!", begin);
				std::string value;
				JsonObject arguments;

				append_quoted(value, '$' + key_->name);
				arguments.add_json(field.source.field[0] + '(' + part.path[0] + ')',
								   nested(part.path, 1, '[' + value + ']'));
				add_required(arguments);
				add_entry(field, arguments);
				key_->type_varies =
					key_->type_varies || key_->type.substr(begin, end - begin) != part.type.name;
				lists_ = true;
			}
		}
	}

	void
	add_all(const FieldDraft &field)
	{
		bool required = std::any_of(table_.columns.begin(), table_.columns.end(),
									[&](const ColumnDraft &column)
									{ return column.must_be_given() && !column.above; });

		if (!scans_ && is_whole_list(field) && field.named_for_type && !required &&
			required_arguments(field).empty())
		{
			add_entry(field, JsonObject());
			scans_ = true;
		}
	}

	// What the field of the lists must be given beside the keys.
	void
	add_required(JsonObject &arguments) const
	{
		for (const ColumnDraft &column : table_.columns)
		{
			if (column.must_be_given() && !column.above)
			{
				arguments.add(column.argument, '$' + column.name);
			}
		}
	}

	void
	add_entry(const FieldDraft &field, const JsonObject &arguments)
	{
		const RowSource &source = table_.field->source;
		RowSource reached = field.source;
		JsonObject json;

		reached.field.insert(reached.field.end(),
							 source.field.begin() + static_cast<long>(source.steps[1].index),
							 source.field.end());
		json.add("field", reached.text());
		json.add_json("arguments", arguments.text());
		entries_.append(entries_.empty() ? "" : ", ").append(json.text());
	}

	TableDraft &table_;
	const FieldStep &parent_;
	const TypeInfo *parent_type_;
	ColumnDraft *key_ = nullptr;
	size_t keys_ = 0;
	std::string narrowing_;
	std::string entries_;
	bool lists_ = false;
	bool scans_ = false;
};

}    // namespace

void
add_child_lookups(TableDraft &table, const FieldDrafts &fields)
{
	const RowSource &source = table.field->source;

	if (source.steps.size() == 2 && !source.steps[0].many && table.lookups.empty() &&
		table.field->pages.state != Pages::State::cut)
	{
		ChildLookups(table).build(fields);
	}
}

}    // namespace gql
