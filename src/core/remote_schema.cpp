// How does an API's schema come from an answer or from a file?

#include "core/remote_schema.hpp"

#include <algorithm>
#include <iterator>
#include <memory>

#include <simdjson.h>

#include "core/error.hpp"
#include "core/introspection.hpp"
#include "core/json_text.hpp"
#include "core/lexer.hpp"
#include "core/schema_build.hpp"
#include "core/sdl_read.hpp"
#include "core/verdict.hpp"

namespace gql
{

namespace
{

constexpr std::string_view federation_body = R"({"query":"query { _service { sdl } }"})";
constexpr const char *file_hint =
	"The server's option \"schema_file\" can name a file that holds the schema.";

// Runs `read`; what it finds wrong becomes a failure that begins with `what`.
template <typename F>
void
read_for(const std::string &what, F read)
{
	auto refuse = [&](const std::exception &problem)
	{ throw Failure(Code::schema_unavailable, what + ": " + problem.what()); };

	try
	{
		read();
	}
	catch (const JsonError &problem)
	{
		refuse(problem);
	}
	catch (const SchemaError &problem)
	{
		refuse(problem);
	}
	catch (const SyntaxError &problem)
	{
		refuse(problem);
	}
}

void
complete(RemoteSchema &schema)
{
	complete_schema(schema.types, schema.warnings);
	for (const auto &entry : schema.types.types)
	{
		schema.listed.push_back(&entry.second);
	}
}

std::string_view
skip_blank(std::string_view text)
{
	if (text.substr(0, 3) == "\xEF\xBB\xBF")
	{
		text.remove_prefix(3);
	}
	return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

void
read_file(RemoteSchema &schema, std::string_view text)
{
	std::string_view start = skip_blank(text);

	if (!simdjson::validate_utf8(text.data(), text.size()))
	{
		throw SchemaError("it is not valid UTF-8");
	}
	if (start.empty() || start[0] != '{')
	{
		schema.types = read_sdl(text, schema.warnings);
	}
	else if (!read_introspection(start, schema.types, schema.warnings))
	{
		throw SchemaError("it is JSON without the result of introspection");
	}
	complete(schema);
}

// Does the API say that it does not show its schema, rather than that it did not understand?
bool
is_introspection_off(const RemoteError &error)
{
	static constexpr std::string_view words[] = {
		"disabled",      "not allowed", "not enabled", "not permitted", "not available",
		"not supported", "denied",      "forbidden",   "turned off",    "switched off",
		"blocked",       "prohibited",  "disallow",    "unauthorized",  "restricted"};
	std::string lower = lower_case(error.message);

	return lower_case(error.code).find("introspection") != std::string::npos ||
		   // Where the fields of introspection are taken out the API does not know this one.
		   error.message.find("__schema") != std::string::npos ||
		   (lower.find("introspection") != std::string::npos &&
			std::any_of(std::begin(words), std::end(words),
						[&](std::string_view word)
						{ return lower.find(word) != std::string::npos; }));
}

[[noreturn]] void
refuse_off(const Source &source, const std::string &detail)
{
	throw Failure(Code::schema_unavailable,
				  "GraphQL server \"" + source.server + "\" does not show its schema",
				  detail + source.where, file_hint);
}

// The data of an answer without errors. A server that knows less than this request asks for should
// be asked for less: that is request_refused, however it says so.
std::string_view
take_data(const Source &source)
{
	JsonText text;
	std::string off;
	bool answered = false;

	try
	{
		return open_response(source, text, OnError::error,
							 [&](const RemoteError &error)
							 {
								 answered = true;
								 if (is_introspection_off(error))
								 {
									 off = "The API says: " + error.message + ". ";
								 }
							 })
			.data;
	}
	catch (const Failure &failure)
	{
		Error err;

		failure.copy_to(err);
		if (!off.empty())
		{
			refuse_off(source, off);
		}
		if (answered && err.code != Code::unauthenticated && err.code != Code::forbidden &&
			err.code != Code::rate_limited)
		{
			throw Failure(Code::request_refused, err.message, err.detail, file_hint);
		}
		throw;
	}
}

// Of {"_service": {"sdl": "..."}}.
std::string
read_service_sdl(std::string_view data)
{
	JsonText text;
	JsonValue value;

	text.open_copy(data);
	value = json_take(text.root().find_field_unordered("_service"));
	value = json_take(json_take(value.get_object()).find_field_unordered("sdl"));
	if (json_take(value.type()) != simdjson::ondemand::json_type::string)
	{
		throw JsonError("it is no text");
	}
	return json_string(json_token(value));
}

std::string
unusable(const Source &source)
{
	return "GraphQL server \"" + source.server + "\" describes a schema that cannot be used";
}

}    // namespace

void
read_schema_answer(RemoteSchema &schema, const Source &source)
{
	std::string_view data = take_data(source);

	read_for(unusable(source),
			 [&]
			 {
				 if (!read_introspection(data, schema.types, schema.warnings))
				 {
					 refuse_off(source, {});
				 }
				 complete(schema);
			 });
}

void
read_federation_answer(RemoteSchema &schema, const Source &source)
{
	std::string_view data = take_data(source);

	read_for(unusable(source),
			 [&]
			 {
				 std::vector<std::string> ignored;
				 SchemaTypes subgraph = read_sdl(read_service_sdl(data), ignored);

				 for (auto &entry : subgraph.types)
				 {
					 auto known = schema.types.types.find(entry.first);

					 if (known != schema.types.types.end())
					 {
						 known->second.keys = std::move(entry.second.keys);
					 }
				 }
			 });
}

std::string_view
introspection_body(size_t attempt) noexcept
{
	Error ignored;

	return guarded(ignored,
				   [&]
				   {
					   const std::vector<std::string> &bodies = introspection_bodies();

					   return attempt < bodies.size() ? std::string_view(bodies[attempt])
													  : std::string_view();
				   });
}

RemoteSchema *
schema_from_answer(Transfer *transfer, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   auto schema = std::make_unique<RemoteSchema>();

					   read_schema_answer(*schema, source_of(transfer));
					   return schema.release();
				   });
}

RemoteSchema *
schema_from_text(std::string_view text, std::string_view source, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   auto schema = std::make_unique<RemoteSchema>();

					   read_for('"' + clean_text(source, 200) + "\" holds no usable GraphQL schema",
								[&] { read_file(*schema, text); });
					   return schema.release();
				   });
}

void
schema_close(RemoteSchema *schema) noexcept
{
	delete schema;
}

std::string_view
schema_federation_body(const RemoteSchema *schema) noexcept
{
	const SchemaTypes &types = schema->types;
	const FieldInfo *service = find_field(types.types.find(types.query_type)->second, "_service");

	if (service == nullptr)
	{
		return {};
	}

	auto type = types.types.find(service->type.name);

	return find_field(type->second, "sdl") == nullptr ? std::string_view() : federation_body;
}

bool
schema_add_federation(RemoteSchema *schema, Transfer *transfer, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   read_federation_answer(*schema, source_of(transfer));
					   return true;
				   });
}

}    // namespace gql
