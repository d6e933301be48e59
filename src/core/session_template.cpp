// How are the templates of session headers read?

#include <algorithm>

#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/session_headers.hpp"

namespace gql
{

namespace
{

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
