// By which keys does a field find its rows?

#include "core/detect_keys.hpp"

#include <algorithm>
#include <array>

#include "core/detect_match.hpp"
#include "core/import_names.hpp"

namespace gql
{

namespace
{

using Method = KeyAccess::Method;

// Names of fields that identify an object where a field finds one object by them.
bool
is_key_name(std::string_view name)
{
	static constexpr std::array<std::string_view, 12> names = {
		"id",  "uuid",   "nodeid", "rowid", "slug",     "code",
		"key", "handle", "login",  "sku",   "username", "email"};

	return std::find(names.begin(), names.end(), plain_name(name)) != names.end();
}

// Whether a field identifies objects of its own type, rather than what they belong to: an order's
// accountId names an account. Under another name than usual, it is the type's only ID.
bool
is_key(const TypeInfo &row, const FieldInfo &field)
{
	std::vector<std::string> of_type = words_of(row.name);

	of_type.push_back("id");
	return is_key_name(field.name) || words_of(field.name) == of_type ||
		   (field.type.name == "ID" && field.type.required &&
			std::count_if(row.fields.begin(), row.fields.end(),
						  [](const FieldInfo &other)
						  { return other.type.name == "ID" || other.name == "id"; }) == 1);
}

// Whether rows are joined by this field: a key of theirs or of what they belong to.
bool
is_reference(const FieldInfo &field)
{
	std::vector<std::string> words = words_of(field.name);

	return is_key_name(field.name) || field.type.name == "ID" || field.type.name == "UUID" ||
		   field.type.name == "uuid" ||
		   (!words.empty() && (words.back() == "id" || words.back() == "uuid"));
}

// Whether the input objects on a path to a key need nothing beside it.
bool
needs_nothing_else(const SchemaTypes &schema, const InputInfo *input,
				   const std::vector<std::string> &path)
{
	for (size_t at = 1; input != nullptr && at < path.size(); at++)
	{
		const TypeInfo *type = find_type(schema, input->type.name);

		if (type == nullptr || std::any_of(type->inputs.begin(), type->inputs.end(),
										   [&](const InputInfo &other) {
											   return is_required(other) && other.name != path[at];
										   }))
		{
			return false;
		}
		input = find_input(type->inputs, path[at]);
	}
	return true;
}

void
add_lists(const SchemaTypes &schema, FieldDraft &draft)
{
	const TypeInfo &row = *draft.source.shape.row_type;
	size_t last = draft.source.steps.size() - 1;

	// A page cuts what a list of keys asks for.
	if (draft.pages.state == Pages::State::cut)
	{
		return;
	}
	for (const KeyList &list : detect_key_arguments(draft.source))
	{
		draft.accesses.push_back(
			{Method::list,
			 {{list.field, {draft.source.spell(last, list.path[0])}, list.element}},
			 false});
	}
	for (const KeyList &list : draft.filter.lists)
	{
		const InputInfo *argument = find_input(draft.source.last().arguments, list.path[0]);

		if (is_reference(*find_field(row, list.field)) &&
			needs_nothing_else(schema, argument, list.path))
		{
			KeyAccess access = {Method::filter, {{list.field, list.path, list.element}}, false};

			access.parts[0].path[0] = draft.source.spell(last, list.path[0]);
			draft.accesses.push_back(std::move(access));
		}
	}
}

// The key that an input object holds: where: {id: 1}.
void
add_unique_input(const SchemaTypes &schema, FieldDraft &draft, const InputInfo &argument,
				 Method method)
{
	const TypeInfo &row = *draft.source.shape.row_type;
	const TypeInfo *type = find_type(schema, argument.type.name);

	for (const InputInfo &input : type == nullptr ? std::vector<InputInfo>() : type->inputs)
	{
		const FieldInfo *field = matching_field(row, type->inputs, input.name);

		if (field != nullptr && is_key(row, *field) && are_comparable(field->type, input.type) &&
			needs_nothing_else(schema, &argument, {argument.name, input.name}))
		{
			draft.accesses.push_back({method,
									  {{field->name, {argument.name, input.name}, input.type}},
									  is_required(argument)});
		}
	}
}

void
add_singles(const SchemaTypes &schema, FieldDraft &draft)
{
	const FieldInfo &info = draft.source.last();
	const TypeInfo &row = *draft.source.shape.row_type;
	Method method = info.type.required ? Method::strict : Method::single;
	KeyAccess required = {method, {}, true};
	bool complete = true;

	for (const InputInfo &input : info.arguments)
	{
		const FieldInfo *field = matching_field(row, info.arguments, input.name);

		if (!is_required(input))
		{
			continue;
		}
		complete = complete && field != nullptr && are_comparable(field->type, input.type);
		if (complete)
		{
			required.parts.push_back({field->name, {input.name}, input.type});
		}
	}
	if (complete &&
		(required.parts.size() > 1 ||
		 (required.parts.size() == 1 && is_key(row, *find_field(row, required.parts[0].field)))))
	{
		draft.accesses.push_back(std::move(required));
		return;
	}

	std::vector<const InputInfo *> needed = required_arguments(draft);

	for (const InputInfo &input : info.arguments)
	{
		bool alone = needed.empty() || (needed.size() == 1 && needed[0] == &input);
		const FieldInfo *field = matching_field(row, info.arguments, input.name);

		if (alone && input.type.kind == TypeKind::input_object && !input.type.list)
		{
			add_unique_input(schema, draft, input, method);
		}
		else if (needed.empty() && field != nullptr && is_key(row, *field) &&
				 are_comparable(field->type, input.type))
		{
			draft.accesses.push_back({method, {{field->name, {input.name}, input.type}}, false});
		}
	}
}

bool
may_narrow(const InputInfo &input)
{
	static constexpr std::array<std::string_view, 7> words = {
		"include", "includes", "with", "show", "only", "exclude", "without"};
	std::vector<std::string> name = words_of(input.name);

	if (is_order_name(input.name) || only_removes_rows(input))
	{
		return false;
	}
	return (input.has_default && input.default_value != "null" && input.default_value != "{}" &&
			input.default_value != "[]") ||
		   (input.type.name == "Boolean" && !name.empty() &&
			std::find(words.begin(), words.end(), name[0]) != words.end());
}

// Whether a list of objects of many types can hold those of `row`.
bool
can_yield(const SchemaTypes &schema, const FieldInfo &field, const TypeInfo &row)
{
	const TypeInfo *type = find_type(schema, field.type.name);

	return type != nullptr && list_depth(field.type) == 1 && !field.deprecated &&
		   std::find(type->possible.begin(), type->possible.end(), row.name) !=
			   type->possible.end();
}

bool
takes_list(const FieldInfo &field, std::string_view argument, std::string_view type)
{
	const InputInfo *input = find_input(field.arguments, argument);

	return input != nullptr && input->type.name == type && list_depth(input->type) == 1;
}

std::vector<KeyAccess>
object_accesses(const FieldInfo &field, const TypeInfo &row)
{
	std::vector<KeyAccess> accesses;
	auto add = [&](Method method, const char *argument, const std::string &name)
	{
		const FieldInfo *key = find_field(row, name);

		// A key of several fields, or of a nested one, is the name of no field.
		if (key != nullptr && is_row_leaf(*key) &&
			(method != Method::nodes || key->type.name == "ID"))
		{
			accesses.push_back({method, {{name, {argument}, key->type}}, false});
		}
	};

	if (field.name == "_entities" && takes_list(field, "representations", "_Any"))
	{
		for (const std::string &key : row.keys)
		{
			add(Method::entities, "representations", key);
		}
	}
	else if (field.name == "nodes" && field.type.name == "Node" && takes_list(field, "ids", "ID"))
	{
		add(Method::nodes, "ids", "id");
	}
	return accesses;
}

}    // namespace

std::vector<FieldDraft>
detect_object_fields(const SchemaTypes &schema, const TypeInfo &row)
{
	const TypeInfo *root = find_type(schema, schema.query_type);
	std::vector<FieldDraft> drafts;

	for (const char *name : {"_entities", "nodes"})
	{
		const FieldInfo *field = root == nullptr ? nullptr : find_field(*root, name);

		if (field != nullptr && row.kind == TypeKind::object && can_yield(schema, *field, row))
		{
			FieldDraft draft;

			draft.source = make_source(schema, *root, *field);
			draft.accesses = object_accesses(*field, row);
			draft.named_for_type = true;
			drafts.push_back(std::move(draft));
		}
	}
	return drafts;
}

FieldDraft
detect_field(const SchemaTypes &schema, RowSource source)
{
	FieldDraft draft;
	const TypeInfo *row = source.shape.row_type;

	draft.source = std::move(source);
	draft.paging_step = draft.source.steps.size() - 1;
	draft.pages = detect_pages(schema, draft.source, draft.paging_step);
	draft.filter = detect_filter(schema, draft.source);
	draft.order = detect_order(schema, draft.source);
	for (const InputInfo *input : selecting_arguments(draft))
	{
		if (may_narrow(*input))
		{
			draft.narrowing += input->name + '=' + input->default_value + ' ';
		}
	}
	if (row == nullptr || row->kind == TypeKind::union_type)
	{
		return draft;
	}
	draft.named_for_type = names_type(draft.source.last().name, row->name);
	if (!draft.source.shape.many)
	{
		add_singles(schema, draft);
		draft.has_key = draft.named_for_type && !draft.accesses.empty();
		return draft;
	}
	add_lists(schema, draft);

	std::vector<const InputInfo *> selecting = selecting_arguments(draft);

	draft.only_lists = selecting.size() == 1 && is_required(*selecting[0]) &&
					   !draft.accesses.empty() && draft.accesses[0].method == Method::list;
	return draft;
}

bool
only_removes_rows(const InputInfo &input)
{
	std::string name = plain_name(input.name);

	return input.type.list && !is_required(input) && (name == "distinct" || name == "distincton");
}

std::vector<const InputInfo *>
selecting_arguments(const FieldDraft &field)
{
	std::vector<const InputInfo *> selecting;

	for (const InputInfo &input : field.source.last().arguments)
	{
		if (field.pages.arguments.count(input.name) == 0 &&
			field.filter.arguments.count(input.name) == 0 &&
			field.order.arguments.count(input.name) == 0)
		{
			selecting.push_back(&input);
		}
	}
	return selecting;
}

std::vector<const InputInfo *>
required_arguments(const FieldDraft &field)
{
	std::vector<const InputInfo *> required = selecting_arguments(field);

	required.erase(std::remove_if(required.begin(), required.end(),
								  [](const InputInfo *input) { return !is_required(*input); }),
				   required.end());
	return required;
}

bool
finds_all(const FieldDraft &field, const KeyAccess &access)
{
	auto is_part = [&](const InputInfo *input)
	{
		return std::any_of(access.parts.begin(), access.parts.end(),
						   [&](const KeyAccess::Part &part)
						   { return part.path[0] == input->name; });
	};
	std::vector<const InputInfo *> required = required_arguments(field);

	return field.named_for_type && std::all_of(required.begin(), required.end(), is_part);
}

}    // namespace gql
