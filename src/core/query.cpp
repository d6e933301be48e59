// How do an access, columns and keys become a GraphQL document?

#include "core/query.hpp"

#include <algorithm>
#include <memory>

#include "core/endpoint.hpp"
#include "core/error.hpp"

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

ArgumentWriter
make_writer(const Query &query, const Schema *schema)
{
	return ArgumentWriter(*query.table, *query.plan, query.bound, query.filter, schema,
						  query.method == Method::alias, is_unsaid(query));
}

const Schema *
schema_of(const Endpoint *endpoint)
{
	return endpoint == nullptr ? nullptr : endpoint->schema.get();
}

// "" when it is not known.
std::string_view
operand_type_name(ArgumentWriter &writer, size_t node)
{
	const TypeInfo *values;
	const TypeRef *type = writer.operand_type(node, values);

	return type == nullptr ? std::string_view() : type->name;
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

// Those of the nodes before the one for the keys.
void
keep_values(Query &query, const FilterValue *values)
{
	query.filter_values.clear();
	for (int i = 0; i < query.filter.back().value; i++)
	{
		query.filter_values.emplace_back(values[i].truth, values[i].json);
	}
}

// The access with the arguments that ask for an order.
AccessPlan
add_order(const RemoteTable &table, const AccessPlan &plan, const QuerySpec &spec)
{
	AccessPlan ordered = plan;
	std::vector<OrderTerm> terms;

	for (size_t i = 0; i < spec.order_count; i++)
	{
		const OrderKey &key = spec.order[i];

		terms.push_back(
			{table.order->find(table.columns[key.column].name), key.descending, key.nulls});
	}
	for (Template::Member &argument : order_arguments(*table.order, terms))
	{
		place_argument(ordered, argument.first, std::move(argument.second), table.name);
	}
	return ordered;
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
			query->filter.assign(spec.filter, spec.filter + spec.filter_count);
			query->filter_known = query->filter.empty();
			if (access.filter_key >= 0)
			{
				query->filter.push_back(filter_key_node(*table, access.filter_key, query->filter));
			}
			if (!query->filter.empty())
			{
				query->filtered = *query->plan;
				query->plan = &query->filtered;
				if (!place_filter(*table, query->filter, query->filtered))
				{
					throw Failure(Code::internal,
								  "field \"" + query->filtered.text + "\" takes no such filter");
				}
			}
			query->loose_order = spec.loose_order;
			query->parents = spec.parents;
			if (spec.order_count > 0)
			{
				query->ordered = add_order(*table, *query->plan, spec);
				query->plan = &query->ordered;
			}
			query->bound.assign(spec.bound, spec.bound + spec.bound_count);
			query->selection = make_selection(
				*table, std::vector<int>(spec.selected, spec.selected + spec.selected_count),
				*query->plan);
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
query_body(Query *query, const std::string_view *values, size_t keys, const PageRequest *page,
		   const Endpoint *endpoint, Error &err) noexcept
{
	return guarded(err,
				   [&]() -> std::string_view
				   { return make_body(*query, values, keys, page, schema_of(endpoint)); });
}

std::string_view
query_bound_type(const Query *query, size_t index, const Endpoint *endpoint) noexcept
{
	Error err;

	return guarded(err,
				   [&]() -> std::string_view
				   {
					   ArgumentWriter writer = make_writer(*query, schema_of(endpoint));

					   return query->bound[index] == query->plan->filter_key
								  ? operand_type_name(writer, query->filter.size() - 1)
								  : writer.column_type(query->bound[index]);
				   });
}

bool
query_filter(Query *query, const FilterValue *values, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   if (query->plan->filter_key >= 0)
					   {
						   keep_values(*query, values);
						   query->filter_text = filter_of_keys(*query, "[]");
					   }
					   else
					   {
						   query->filter_text = write_filter(*query->table, query->filter, values);
					   }
					   query->filter_known = query->filter_text.rows != FilterText::Rows::none;
					   return query->filter_known;
				   });
}

bool
query_take_filter(Query *query, const Query *other, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   query->filter_text = other->filter_text;
					   query->filter_values = other->filter_values;
					   query->filter_known = other->filter_known;
					   return true;
				   });
}

std::string_view
query_filter_type(const Query *query, size_t node, const Endpoint *endpoint) noexcept
{
	Error err;

	return guarded(err,
				   [&]
				   {
					   ArgumentWriter writer = make_writer(*query, schema_of(endpoint));

					   return operand_type_name(writer, node);
				   });
}

bool
query_filter_takes(const Query *query, size_t node, std::string_view text,
				   const Endpoint *endpoint) noexcept
{
	Error err;

	return guarded(err,
				   [&]
				   {
					   const TypeInfo *values;
					   const TypeRef *type =
						   make_writer(*query, schema_of(endpoint)).operand_type(node, values);

					   if (type == nullptr || type->kind != TypeKind::enumeration)
					   {
						   return true;
					   }
					   return values == nullptr || values->values.empty()
								  ? is_name(text)
								  : std::any_of(values->values.begin(), values->values.end(),
												[&](const EnumValueInfo &value)
												{ return value.name == text; });
				   });
}

std::string_view
query_field(const Query *query) noexcept
{
	return query->plan->text;
}

const Paging *
query_pages(const Query *query) noexcept
{
	return query->plan->door.pages;
}

void
query_set_list_size(Query *query, uint32_t size) noexcept
{
	query->list_size = size;
}

}    // namespace gql
