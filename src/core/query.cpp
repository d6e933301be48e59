// What is a query made of, and what does it tell of itself?

#include "core/query.hpp"

#include <algorithm>
#include <memory>

#include "core/endpoint.hpp"
#include "core/error.hpp"

namespace gql
{

namespace
{

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
