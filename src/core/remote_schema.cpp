// How does an API's schema come from an answer or from a file, and what does the door tell of it?

#include "core/remote_schema.hpp"

#include <memory>

#include <simdjson.h>

#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/lexer.hpp"
#include "core/schema_build.hpp"
#include "core/sdl_read.hpp"

namespace gql
{

namespace
{

// Runs `read`; what it finds wrong becomes a failure that begins with `what`.
template <typename F>
auto
read_for(const std::string &what, F read) -> decltype(read())
{
	try
	{
		return read();
	}
	catch (const SchemaError &problem)
	{
		throw Failure(Code::schema_unavailable, what + ": " + problem.what());
	}
	catch (const SyntaxError &problem)
	{
		throw Failure(Code::schema_unavailable, what + ": " + problem.what());
	}
}

}    // namespace

RemoteSchema *
schema_from_text(std::string_view text, std::string_view source, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   auto schema = std::make_unique<RemoteSchema>();

					   read_for('"' + clean_text(source, 200) + "\" holds no usable GraphQL schema",
								[&]
								{
									if (!simdjson::validate_utf8(text.data(), text.size()))
									{
										throw SchemaError("it is not valid UTF-8");
									}
									schema->types = read_sdl(text, schema->warnings);
									complete_schema(schema->types, schema->warnings);
								});
					   return schema.release();
				   });
}

void
schema_close(RemoteSchema *schema) noexcept
{
	delete schema;
}

}    // namespace gql
