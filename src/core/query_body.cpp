// How do a document and keys become the body of a request?

#include "core/query.hpp"

#include <algorithm>
#include <string>

#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

// The values of one request.
struct RequestValues
{
	const std::string_view *values;    // of the keys
	size_t keys;
	const PageRequest *page;
};

void
append_key(std::string &out, const Query &query, const Variable &variable,
		   const RequestValues &request, size_t key)
{
	std::string_view value = request.values[key * query.bound.size() + variable.bound];

	if (variable.representation != nullptr)
	{
		append_json(out, *variable.representation, value);
	}
	else
	{
		out.append(value);
	}
}

// [1,2,3]
std::string
list_of_keys(const Query &query, const Variable &variable, const RequestValues &request)
{
	std::string list;

	for (size_t key = 0; key < request.keys; key++)
	{
		list.push_back(key == 0 ? '[' : ',');
		append_key(list, query, variable, request, key);
	}
	return list + ']';
}

// Nothing where every row is wanted and the place may stay empty.
std::string
filter_value(const Query &query, const FilterText &text, const Variable &variable)
{
	if (variable.type.empty())
	{
		throw Failure(Code::schema_unavailable,
					  "the type of the API's argument \"" + query.table->filter->argument +
						  "\" is not known",
					  {},
					  "Say it in the member \"type\" of option \"filter\" of foreign table \"" +
						  query.table->name + "\".");
	}
	if (variable.node >= 0)
	{
		return text.arguments[variable.node];
	}
	return text.json.empty() && variable.type.back() == '!' ? "{}" : text.json;
}

// Is there a key that the filter cannot be told? Then it leaves them all out, for more rows than
// are wanted do no harm.
bool
holds_unsaid(const Query &query, const Variable &variable, const RequestValues &request)
{
	for (size_t key = 0; key < request.keys; key++)
	{
		if (request.values[key * query.bound.size() + variable.bound].empty())
		{
			return true;
		}
	}
	return false;
}

// What the filter says when it takes the keys of one slot, or of the whole request.
FilterText
keyed_filter(const Query &query, const Variable &variable, const RequestValues &request, size_t key)
{
	RequestValues taken = request;

	if (query.method != Method::list)
	{
		taken.values += key * query.bound.size();
		taken.keys = 1;
	}
	if (holds_unsaid(query, variable, taken))
	{
		return filter_of_keys(query, {});
	}
	if (query.filter.back().op == FilterOperator::in)
	{
		return filter_of_keys(query, list_of_keys(query, variable, taken));
	}
	return filter_of_keys(query, taken.values[variable.bound]);
}

// "[1,2,3]" for the variable that takes all keys, else the value for one slot. Those beyond the
// last key repeat it. Nothing for a cursor that there is not yet.
std::string
make_value(const Query &query, const Variable &variable, const RequestValues &request, size_t slot)
{
	size_t key = std::min(slot, std::max<size_t>(request.keys, 1) - 1);
	std::string value;

	switch (variable.value)
	{
		case Variable::Value::key:
			append_key(value, query, variable, request, key);
			return value;
		case Variable::Value::size:
			return std::to_string(request.page->sizes[key]);
		case Variable::Value::position:
			return std::string(request.page->positions[key]);
		case Variable::Value::list_size:
			return std::to_string(query.list_size);
		case Variable::Value::filter:
			return query.plan->filter_key < 0
					   ? filter_value(query, query.filter_text, variable)
					   : filter_value(query, keyed_filter(query, variable, request, key), variable);
		default:
			return list_of_keys(query, variable, request);
	}
}

// {"query": "...", "variables": {...}}
void
append_request(Query &query, const RequestValues &request, std::string &out)
{
	std::string variables;

	out.append("{\"query\":");
	append_quoted(out, query.document);
	for (size_t i = 0; i < query.names.size(); i++)
	{
		size_t width = query.variables.size();
		std::string value = query.names[i].empty()
								? std::string()
								: make_value(query, query.variables[i % width], request, i / width);

		if (!value.empty())
		{
			variables.append(variables.empty() ? "\"" : ",\"").append(query.names[i]);
			variables.append("\":").append(value);
		}
	}
	if (!variables.empty())
	{
		out.append(",\"variables\":{").append(variables).append("}");
	}
	out.push_back('}');
}

// What is asked for one key of a request.
RequestValues
one_key(const Query &query, const RequestValues &request, size_t key, PageRequest &page)
{
	if (request.page != nullptr)
	{
		page = {request.page->keys + key, request.page->positions + key, request.page->sizes + key,
				1};
	}
	return {request.values + key * query.bound.size(), 1,
			request.page == nullptr ? nullptr : &page};
}

}    // namespace

FilterText
filter_of_keys(const Query &query, std::string_view keys)
{
	std::vector<FilterValue> values;

	for (const auto &[truth, json] : query.filter_values)
	{
		values.push_back({truth, json});
	}
	values.push_back({keys.empty() ? FilterTruth::unsaid : FilterTruth::compared, keys});
	return write_filter(*query.table, query.filter, values.data());
}

const std::string &
make_body(Query &query, const std::string_view *values, size_t keys, const PageRequest *page,
		  const Schema *schema)
{
	const RequestValues request = {values, keys, page};

	make_document(query, keys, schema);
	if ((keys == 0 && !query.bound.empty()) || (page == nullptr && query.plan->pages))
	{
		throw Failure(Code::internal, "a request lacks the values that it sends");
	}
	if (query.plan->lists && query.list_size == 0)
	{
		throw Failure(Code::internal, "a request lacks the size of its lists");
	}
	if (!query.filter_known)
	{
		throw Failure(Code::internal, "a request lacks the values of its filter");
	}
	query.body.clear();
	if (query.method != Method::array)
	{
		append_request(query, request, query.body);
		return query.body;
	}
	for (size_t key = 0; key < keys; key++)
	{
		PageRequest own;

		query.body.push_back(key == 0 ? '[' : ',');
		append_request(query, one_key(query, request, key, own), query.body);
	}
	query.body.push_back(']');
	return query.body;
}

}    // namespace gql
