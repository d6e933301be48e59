// What is one call of graphql_query() or graphql_execute(), and what is sent for it?

#include "pg/document_call.hpp"

#include <cstring>

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

void
append_json_string(StringInfo body, std::string_view text)
{
	escape_json(body, pnstrdup(text.data(), text.size()));
}

}    // namespace

std::string_view
text_to_utf8(const text *value)
{
	if (value == nullptr)
	{
		return {};
	}
	const char *data = VARDATA_ANY(value);
	int length = VARSIZE_ANY_EXHDR(value);
	const char *converted = pg_server_to_any(data, length, PG_UTF8);

	return {converted, converted == data ? length : strlen(converted)};
}

std::string_view
variables_to_utf8(Jsonb *variables)
{
	char *text = JsonbToCString(nullptr, &variables->root, VARSIZE(variables));

	return pg_server_to_any(text, static_cast<int>(strlen(text)), PG_UTF8);
}

std::string_view
document_body(const DocumentCall *call)
{
	StringInfoData body;

	initStringInfo(&body);
	appendStringInfoString(&body, "{\"query\":");
	append_json_string(&body, text_to_utf8(call->document));
	if (call->variables != nullptr)
	{
		std::string_view variables = variables_to_utf8(call->variables);

		appendStringInfoString(&body, ",\"variables\":");
		appendBinaryStringInfo(&body, variables.data(), static_cast<int>(variables.size()));
	}
	if (call->operation != nullptr && VARSIZE_ANY_EXHDR(call->operation) > 0)
	{
		appendStringInfoString(&body, ",\"operationName\":");
		append_json_string(&body, text_to_utf8(call->operation));
	}
	appendStringInfoChar(&body, '}');
	return {body.data, static_cast<size_t>(body.len)};
}

Datum
to_jsonb(std::string_view json)
{
	// jsonb_in() wants a terminated string; pg_any_to_server() may return its argument.
	char *text = pnstrdup(json.data(), json.size());

	return DirectFunctionCall1(jsonb_in,
							   CStringGetDatum(pg_any_to_server(text, json.size(), PG_UTF8)));
}

}    // namespace gql::pg
