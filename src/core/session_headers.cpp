// How are the templates of session headers read, and filled in?

#include "core/session_headers.hpp"

#include <simdjson.h>

#include <algorithm>

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

std::string
in_quotes(std::string_view text)
{
	return "\"" + clean_text(text, 200) + "\"";
}

// ---------------------------------------------------------------------------------------------
// Reading templates

[[noreturn]] void
refuse_template(std::string_view header, std::string detail, std::string hint = {})
{
	throw Failure(Code::invalid_option,
				  "template of header " + in_quotes(header) + " cannot be used", std::move(detail),
				  std::move(hint));
}

bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
		   static_cast<unsigned char>(c) >= 0x80;
}

// As PostgreSQL wants the names of settings that are not its own: identifiers joined by dots.
bool
is_custom_setting(std::string_view name)
{
	bool dotted = false;
	bool first = true;

	for (const char c : name)
	{
		if (c == '.' && !first)
		{
			dotted = first = true;
		}
		else if (is_letter(c) || (!first && ((c >= '0' && c <= '9') || c == '$')))
		{
			first = false;
		}
		else
		{
			return false;
		}
	}
	return dotted && !first;
}

bool
is_fixed_variable(std::string_view name)
{
	return name == "current_user" || name == "session_user" || name == "database";
}

int
variable_index(std::vector<std::string> &variables, std::string_view name)
{
	const auto at = std::find(variables.begin(), variables.end(), name);

	if (at == variables.end())
	{
		variables.emplace_back(name);
		return static_cast<int>(variables.size()) - 1;
	}
	return static_cast<int>(at - variables.begin());
}

// Names of members are taken as they are: those of JWT claims can be URLs.
std::vector<std::string>
parse_members(std::string_view header, std::string_view text)
{
	std::vector<std::string> members;

	for (;;)
	{
		const size_t end = std::min(text.find("->"), text.size());
		const std::string_view name = text.substr(0, end);

		if (name.empty() || name.find_first_of(">'\" \t") == 0)
		{
			refuse_template(header,
							"A member's name follows \"->\" at once and without quotes, as in "
							"${request.jwt.claims->sub}.");
		}
		members.emplace_back(name);
		if (end == text.size())
		{
			return members;
		}
		text.remove_prefix(end + 2);
	}
}

// What stands between "${" and "}".
TemplatePiece
parse_variable(std::string_view header, std::string_view text, std::vector<std::string> &variables)
{
	TemplatePiece piece;

	if (!text.empty() && text.back() == '!')
	{
		piece.required = true;
		text.remove_suffix(1);
	}
	const size_t arrow = text.find("->");
	const std::string_view name = text.substr(0, arrow);

	piece.text = text;
	if (arrow != std::string_view::npos)
	{
		piece.members = parse_members(header, text.substr(arrow + 2));
	}
	if (is_fixed_variable(name) ? !piece.members.empty() : !is_custom_setting(name))
	{
		refuse_template(header, in_quotes(text) +
									" is neither a setting with a dot in its name nor "
									"current_user, session_user or database.");
	}
	piece.variable = variable_index(variables, name);
	return piece;
}

std::vector<TemplatePiece>
parse_pieces(const Header &given, std::vector<std::string> &variables)
{
	std::vector<TemplatePiece> pieces;
	std::string_view rest = given.value;
	std::string literal;

	while (!rest.empty())
	{
		const size_t dollar = std::min(rest.find('$'), rest.size());
		const char next = dollar + 1 < rest.size() ? rest[dollar + 1] : '\0';

		literal += rest.substr(0, dollar);
		rest.remove_prefix(dollar);
		if (rest.empty())
		{
			break;
		}
		if (next == '$')
		{
			literal += '$';
			rest.remove_prefix(2);
			continue;
		}
		const size_t end = rest.find('}');

		if (next != '{' || end == std::string_view::npos)
		{
			refuse_template(given.name,
							"A dollar sign begins a variable as in ${app.jwt}; $$ stands for a "
							"dollar sign.");
		}
		if (!literal.empty())
		{
			pieces.emplace_back();
			pieces.back().text = std::move(literal);
			literal.clear();
		}
		pieces.push_back(parse_variable(given.name, rest.substr(2, end - 2), variables));
		rest.remove_prefix(end + 1);
	}
	// A header without a variable is a public one, and must not hide a credential.
	if (pieces.empty())
	{
		refuse_template(given.name, "It has no variable.", "Give it in the option \"headers\".");
	}
	if (!literal.empty())
	{
		pieces.emplace_back();
		pieces.back().text = std::move(literal);
	}
	return pieces;
}

// ---------------------------------------------------------------------------------------------
// Filling them in. What is said about a value never holds any of it.

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

SessionTemplates
parse_session_headers(std::string_view json)
{
	SessionTemplates templates;

	for (const Header &given : parse_headers("session_headers", json, false))
	{
		templates.headers.push_back({given.name, parse_pieces(given, templates.variables)});
	}
	return templates;
}

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

bool
check_session_headers(std::string_view json, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   parse_session_headers(json.empty() ? " " : json);
					   return true;
				   });
}

}    // namespace gql
