// What do directives say of the thing they stand behind?

#include "core/sdl_marks.hpp"

#include <map>

#include "core/literal.hpp"

namespace gql
{

namespace
{

// The fields of a key with one blank between its words, "" where it is nothing of the kind.
std::string
canonical_key(const std::string &fields)
{
	std::string out;

	try
	{
		for (TokenStream tokens(fields); !tokens.at_end();)
		{
			if (tokens.token().kind != Token::Kind::name && !tokens.at("{") && !tokens.at("}"))
			{
				return {};
			}
			out.append(out.empty() ? "" : " ").append(tokens.take().text);
		}
	}
	catch (const SyntaxError &)
	{
		out.clear();
	}
	return out;
}

// A string's content, or any other value as it is written.
std::string
read_argument(TokenStream &tokens)
{
	std::string value;

	if (tokens.token().kind == Token::Kind::string)
	{
		return read_string(tokens);
	}
	read_value(tokens, value);
	return value;
}

void
read_directive(TokenStream &tokens, Marks &marks)
{
	std::string_view name = tokens.name();
	std::map<std::string, std::string, std::less<>> arguments;

	if (tokens.take_if("("))
	{
		while (!tokens.take_if(")"))
		{
			std::string argument(tokens.name());

			tokens.expect(":");
			arguments[argument] = read_argument(tokens);
		}
	}
	if (name == "deprecated")
	{
		marks.deprecated = true;
		marks.reason = arguments["reason"];
	}
	else if (name == "oneOf")
	{
		marks.one_of = true;
	}
	else if (name == "specifiedBy")
	{
		marks.specified_by = arguments["url"];
	}
	else if ((name == "key" || name == "federation__key") && arguments["resolvable"] != "false")
	{
		std::string key = canonical_key(arguments["fields"]);

		if (!key.empty())
		{
			marks.keys.push_back(std::move(key));
		}
	}
}

}    // namespace

Marks
read_marks(TokenStream &tokens)
{
	Marks marks;

	while (tokens.take_if("@"))
	{
		read_directive(tokens, marks);
	}
	return marks;
}

}    // namespace gql
