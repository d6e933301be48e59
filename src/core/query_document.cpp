// How do an access, columns and keys become the text of a GraphQL document?

#include "core/query.hpp"

#include <algorithm>

namespace gql
{

namespace
{

// Nothing of the filter is said. While its values are not known it is taken to say something, and
// keys always do.
bool
is_unsaid(const Query &query)
{
	return query.filter_known && query.filter_text.json.empty() && query.plan->filter_key < 0;
}

// What is asked for beside the path's element `at`, in the object that holds it.
void
append_enclosing(const Query &query, size_t at, std::string &out)
{
	size_t levels = query.plan->field.size() - at;
	const std::vector<Enclosing> &enclosing = query.selection.enclosing;

	if (levels <= enclosing.size() && !enclosing[levels - 1].text.empty())
	{
		out.append(enclosing[levels - 1].text).append(" ");
	}
}

// "account(id: $k0) { ...F }" for one slot: the path of the field with its arguments.
void
write_field(const Query &query, ArgumentWriter &writer, size_t slot, std::string_view selection,
			std::string &out)
{
	const std::vector<std::string> &field = query.plan->field;

	for (size_t i = 0; i < field.size(); i++)
	{
		out.append(i == 0 ? "" : " { ");
		if (query.plan->pages && i == query.plan->paged + 1 && !query.plan->page_info.empty())
		{
			out.append(query.plan->page_info).append(" ");
		}
		if (query.plan->lists && i == query.plan->lists->paged + 1 &&
			!query.plan->lists->page_info.empty())
		{
			out.append(query.plan->lists->page_info).append(" ");
		}
		append_enclosing(query, i, out);
		out.append(field[i]);
		writer.write(i, slot, out);
	}
	if (!selection.empty())
	{
		out.append(" ").append(selection);
	}
	for (size_t i = 1; i < field.size(); i++)
	{
		out.append(" }");
	}
}

// The type of the rows when it is known, else "".
std::string
row_type(const Query &query, const Schema *schema)
{
	const FieldInfo *field =
		SchemaReader(schema).field(query.plan->field, query.plan->field.size() - 1);

	return field != nullptr && field->type.is_composite() ? field->type.name : std::string();
}

// All slots, and the fragment they share where that is shorter than repeating the selection.
void
write_aliases(const Query &query, ArgumentWriter &writer, size_t slots, const Schema *schema,
			  std::string &out)
{
	static constexpr std::string_view spread = "{ ...F }";
	std::string selection = query.selection.text;
	std::string type = row_type(query, schema);
	std::string fragment = " fragment F on " + type + ' ' + selection;
	bool shared = !type.empty() && !selection.empty() &&
				  slots * spread.size() + fragment.size() < slots * selection.size();

	out.append("{");
	for (size_t slot = 0; slot < slots; slot++)
	{
		out.append(" a").append(std::to_string(slot)).append(": ");
		write_field(query, writer, slot, shared ? spread : std::string_view(selection), out);
	}
	out.append(" }").append(shared ? fragment : std::string());
}

void
write_variables(Query &query, const ArgumentWriter &writer, size_t slots, std::string &out)
{
	const std::vector<Variable> &variables = writer.variables();
	const char *separator = "(";

	query.names.clear();
	for (size_t slot = 0; slot < slots; slot++)
	{
		for (size_t i = 0; i < variables.size(); i++)
		{
			bool own = slot == 0 || writer.is_per_slot(variables[i]);

			query.names.push_back(own ? writer.variable_name(i, slot) : std::string());
			if (own)
			{
				out.append(separator).append("$").append(query.names.back()).append(": ");
				out.append(variables[i].type.empty() ? "Unknown" : variables[i].type);
				separator = ", ";
			}
		}
	}
	out.append(variables.empty() ? "" : ")");
}

}    // namespace

ArgumentWriter
make_writer(const Query &query, const Schema *schema)
{
	return ArgumentWriter(*query.table, *query.plan, query.bound, query.filter, schema,
						  query.method == Method::alias, is_unsaid(query));
}

size_t
alias_slots(size_t keys) noexcept
{
	return keys <= 16 ? keys : (keys + 19) / 20 * 20;
}

const std::string &
make_question(Query &query, Schema &schema)
{
	ArgumentWriter writer = make_writer(query, &schema);
	const std::vector<AccessArgument> &arguments = query.plan->columns;
	bool open = std::any_of(arguments.begin(), arguments.end(),
							[&](const AccessArgument &argument)
							{
								return argument.need == Need::unknown &&
									   std::find(query.bound.begin(), query.bound.end(),
												 argument.column) == query.bound.end();
							});

	query.question = schema_question(schema, writer.missing_types(open));
	return query.question;
}

const std::string &
make_document(Query &query, size_t keys, const Schema *schema)
{
	size_t slots = query.method == Method::alias ? alias_slots(std::max<size_t>(keys, 1)) : 1;
	uint64_t generation = schema == nullptr ? 0 : schema->generation;

	if (query.slots == slots && query.unsaid == is_unsaid(query) && query.schema == schema &&
		query.generation == generation)
	{
		return query.document;
	}

	ArgumentWriter writer = make_writer(query, schema);
	std::string fields;

	if (query.method == Method::alias)
	{
		write_aliases(query, writer, slots, schema, fields);
	}
	else
	{
		fields = "{ ";
		write_field(query, writer, 0, query.selection.text, fields);
		fields.append(" }");
	}
	query.slots = 0;
	query.document = "query";
	write_variables(query, writer, slots, query.document);
	query.document.append(" ").append(fields);
	query.variables = writer.variables();
	query.unsaid = is_unsaid(query);
	query.schema = schema;
	query.generation = generation;
	query.slots = slots;
	return query.document;
}

std::string_view
missing_argument(const Query &query, const Schema *schema)
{
	return make_writer(query, schema).missing_argument();
}

}    // namespace gql
