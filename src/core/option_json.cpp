// How is the JSON of options written, so that people can read it?

#include "core/option_json.hpp"

#include "core/json_text.hpp"

namespace gql
{

void
JsonObject::add(std::string_view name, std::string_view string)
{
	std::string json;

	append_quoted(json, string);
	add_json(name, json);
}

void
JsonObject::add_json(std::string_view name, std::string_view json)
{
	text_.append(text_.empty() ? "" : ", ");
	append_quoted(text_, name);
	text_.append(": ").append(json);
}

}    // namespace gql
