// How are the templates of session headers filled in?

#include "core/session_headers.hpp"

#include <simdjson.h>

#include "core/endpoint.hpp"
#include "core/error.hpp"
#include "core/json_read.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

// Of one header. Servers usually take no more than this for all headers together.
constexpr size_t max_header_bytes = 8 * 1024;

// Whatever is said about a value holds nothing of it.
[[noreturn]] void
refuse_value(std::string_view header, const TemplatePiece &piece, std::string problem)
{
	throw Failure(Code::invalid_argument,
				  "value of " + in_quotes(piece.text) + " cannot be sent in header " +
					  in_quotes(header),
				  std::move(problem));
}

std::string
without_blanks(std::string_view json)
{
	std::string compact;
	bool in_string = false;

	for (size_t i = 0; i < json.size(); i++)
	{
		const char c = json[i];

		if (c == '"')
		{
			in_string = !in_string;
		}
		if (in_string || (c != ' ' && c != '\t' && c != '\n' && c != '\r'))
		{
			compact += c;
		}
		if (in_string && c == '\\')
		{
			compact += json[++i];
		}
	}
	return compact;
}

std::string
member_text(JsonValue &value)
{
	switch (json_take(value.type()))
	{
		case simdjson::ondemand::json_type::null:
			return {};
		case simdjson::ondemand::json_type::string:
			return json_string(json_token(value));
		default:
			return without_blanks(json_raw(value));
	}
}

// "" when there is no such member. Of members with the same name the last counts, as in SQL.
std::string
find_member(simdjson::ondemand::object object, const std::vector<std::string> &path, size_t at)
{
	std::string found;
	std::string scratch;

	for (auto field : object)
	{
		JsonField member = json_take(std::move(field));

		if (json_key(member, scratch) != path[at])
		{
			continue;
		}
		JsonValue &value = member.value();

		if (at + 1 == path.size())
		{
			found = member_text(value);
		}
		else if (json_take(value.type()) == simdjson::ondemand::json_type::object)
		{
			found = find_member(json_take(value.get_object()), path, at + 1);
		}
		else
		{
			found.clear();
		}
	}
	return found;
}

// "" for an unset one.
std::string
variable_text(std::string_view header, const TemplatePiece &piece, std::string_view value)
{
	std::string text;

	if (piece.members.empty())
	{
		text = value;
	}
	else if (!value.empty())
	{
		try
		{
			JsonText json;

			json.open_copy(value);
			text = find_member(json.root(), piece.members, 0);
		}
		catch (const JsonError &)
		{
			refuse_value(header, piece, "The setting does not hold a JSON object.");
		}
	}
	if (text.empty())
	{
		return text;
	}
	if (has_control_characters(text))
	{
		refuse_value(header, piece, "It holds control characters.");
	}
	// Whoever reads the header drops them: "admin " would arrive as "admin".
	if (text.find_last_of(" \t") == text.size() - 1 || text.find_first_of(" \t") == 0)
	{
		refuse_value(header, piece, "It begins or ends with a blank.");
	}
	if (!simdjson::validate_utf8(text.data(), text.size()))
	{
		refuse_value(header, piece, "It is not valid UTF-8.");
	}
	return text;
}

// False when the header is to be left out.
bool
fill(const SessionTemplate &header, const std::string_view *values, std::string &filled)
{
	bool complete = true;

	for (const TemplatePiece &piece : header.pieces)
	{
		if (piece.variable < 0)
		{
			filled += piece.text;
			continue;
		}
		const std::string text = variable_text(header.header, piece, values[piece.variable]);

		if (text.empty() && piece.required)
		{
			throw Failure(Code::invalid_argument,
						  "header " + in_quotes(header.header) + " needs a value of " +
							  in_quotes(piece.text),
						  "It is not set in this session, or is empty.");
		}
		complete = complete && !text.empty();
		filled += text;
		if (filled.size() > max_header_bytes)
		{
			throw Failure(Code::limit_exceeded,
						  "value of " + in_quotes(piece.text) + " is too long for header " +
							  in_quotes(header.header),
						  "A header made of session variables may have " +
							  std::to_string(max_header_bytes) + " bytes.");
		}
	}
	return complete;
}

}    // namespace

Headers
fill_session_headers(const SessionTemplates &templates, const std::string_view *values)
{
	Headers headers;

	for (const SessionTemplate &one : templates.headers)
	{
		std::string filled;

		if (fill(one, values, filled))
		{
			headers.push_back({one.header, std::move(filled)});
		}
	}
	return headers;
}

// ---------------------------------------------------------------------------------------------
// The door

size_t
endpoint_variable_count(const Endpoint *endpoint) noexcept
{
	return endpoint->session_templates.variables.size();
}

const char *
endpoint_variable(const Endpoint *endpoint, size_t index) noexcept
{
	return endpoint->session_templates.variables[index].c_str();
}

RequestHeaders *
request_headers_open(const Endpoint *endpoint, const std::string_view *values, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   auto headers = std::make_unique<RequestHeaders>();

					   headers->list =
						   merge_headers(endpoint->header_layers,
										 fill_session_headers(endpoint->session_templates, values));
					   return headers.release();
				   });
}

void
request_headers_close(RequestHeaders *headers) noexcept
{
	delete headers;
}

}    // namespace gql
