// How do an access, columns and keys become a GraphQL document and a request body?

#include "core/query.hpp"

#include <algorithm>
#include <memory>

#include "core/endpoint.hpp"
#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

ArgumentWriter
make_writer(const Query &query, const Schema *schema)
{
	return ArgumentWriter(*query.table, *query.plan, query.bound, schema,
						  query.method == Method::alias);
}

const Schema *
schema_of(const Endpoint *endpoint)
{
	return endpoint == nullptr ? nullptr : endpoint->schema.get();
}

// "account(id: $k0) { ...F }" for one slot: the path of the field with its arguments.
void
write_field(const Query &query, ArgumentWriter &writer, size_t slot, std::string_view selection,
			std::string &out)
{
	const std::vector<std::string> &field = query.plan->field;

	for (size_t i = 0; i < field.size(); i++)
	{
		out.append(i == 0 ? "" : " { ").append(field[i]);
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

	return field != nullptr && field->type.is_object ? field->type.name : std::string();
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
write_variables(const Query &query, const ArgumentWriter &writer, size_t slots, std::string &out)
{
	const std::vector<Variable> &variables = writer.variables();
	const char *separator = "(";

	for (size_t slot = 0; slot < (query.method == Method::alias ? slots : 1); slot++)
	{
		for (size_t i = 0; i < variables.size(); i++)
		{
			out.append(separator).append("$").append(writer.variable_name(i, slot)).append(": ");
			out.append(variables[i].type);
			separator = ", ";
		}
	}
	out.append(variables.empty() ? "" : ")");
}

// "[1,2,3]" for the variable that takes all keys, else the value of one key.
void
write_value(const Query &query, const Variable &variable, const std::string_view *values,
			size_t keys, size_t slot, std::string &out)
{
	size_t width = query.bound.size();

	if (!variable.many)
	{
		out.append(values[std::min(slot, keys - 1) * width + variable.bound]);
		return;
	}
	out.push_back('[');
	for (size_t key = 0; key < keys; key++)
	{
		out.append(key == 0 ? "" : ",").append(values[key * width + variable.bound]);
	}
	out.push_back(']');
}

}    // namespace

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

	if (query.slots == slots && query.schema == schema && query.generation == generation)
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
	query.schema = schema;
	query.generation = generation;
	query.slots = slots;
	return query.document;
}

const std::string &
make_body(Query &query, const std::string_view *values, size_t keys, const Schema *schema)
{
	const char *separator = ",\"variables\":{";

	query.body = "{\"query\":";
	append_quoted(query.body, make_document(query, keys, schema));
	if (keys == 0 && !query.variables.empty())
	{
		throw Failure(Code::internal, "a request that sends values needs at least one key");
	}
	for (size_t slot = 0; slot < query.slots; slot++)
	{
		for (size_t i = 0; i < query.variables.size(); i++)
		{
			query.body.append(separator).append("\"");
			query.body.append(query.method == Method::alias ? alias_variable(i, slot)
															: query.variables[i].name);
			query.body.append("\":");
			write_value(query, query.variables[i], values, keys, slot, query.body);
			separator = ",";
		}
	}
	query.body.append(query.variables.empty() ? "}" : "}}");
	return query.body;
}

std::string_view
missing_argument(const Query &query, const Schema *schema)
{
	return make_writer(query, schema).missing_argument();
}

Query *
query_open(const RemoteTable *table, const QuerySpec &spec, Error &err) noexcept
{
	return guarded(
		err,
		[&]
		{
			auto query = std::make_unique<Query>();
			const Access &access = table->accesses.at(spec.access).door;

			query->table = table;
			query->plan = &table->accesses[spec.access];
			query->method = spec.method;
			query->bound.assign(spec.bound, spec.bound + spec.bound_count);
			query->selection = make_selection(
				*table, std::vector<int>(spec.selected, spec.selected + spec.selected_count));
			if (spec.method == Method::list && std::find(query->bound.begin(), query->bound.end(),
														 access.list_column) == query->bound.end())
			{
				throw Failure(Code::internal,
							  "field \"" + query->plan->text + "\" takes no list of keys");
			}
			return query.release();
		});
}

void
query_close(Query *query) noexcept
{
	delete query;
}

std::string_view
query_schema_question(Query *query, Endpoint *endpoint, Error &err) noexcept
{
	return guarded(err,
				   [&]() -> std::string_view
				   {
					   if (endpoint->schema == nullptr)
					   {
						   endpoint->schema.reset(new Schema());
					   }
					   return make_question(*query, *endpoint->schema);
				   });
}

std::string_view
query_missing_argument(const Query *query, const Endpoint *endpoint) noexcept
{
	Error err;

	return guarded(err, [&] { return missing_argument(*query, schema_of(endpoint)); });
}

std::string_view
query_document(Query *query, size_t keys, const Endpoint *endpoint, Error &err) noexcept
{
	return guarded(err,
				   [&]() -> std::string_view
				   { return make_document(*query, keys, schema_of(endpoint)); });
}

std::string_view
query_body(Query *query, const std::string_view *values, size_t keys, const Endpoint *endpoint,
		   Error &err) noexcept
{
	return guarded(err,
				   [&]() -> std::string_view
				   { return make_body(*query, values, keys, schema_of(endpoint)); });
}

std::string_view
query_bound_type(const Query *query, size_t index, const Endpoint *endpoint) noexcept
{
	Error err;

	return guarded(
		err,
		[&] { return make_writer(*query, schema_of(endpoint)).column_type(query->bound[index]); });
}

std::string_view
query_field(const Query *query) noexcept
{
	return query->plan->text;
}

}    // namespace gql
