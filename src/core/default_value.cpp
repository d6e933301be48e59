// What does a default value look like once it is coerced to its type?

#include "core/default_value.hpp"

#include <map>

#include "core/door/query.hpp"
#include "core/literal.hpp"

namespace gql
{

namespace
{

// Types can refer to each other without an end, and multiply what they fill in.
constexpr int depth_limit = 32;
constexpr size_t effort_limit = 20u << 20;    // in bytes and members, for a whole schema

// "5", as the default of an ID, may as well be written 5.
bool
is_quoted_integer(std::string_view text)
{
	return text.size() > 2 && text.front() == '"' &&
		   is_json_number(text.substr(1, text.size() - 2)) &&
		   text.find_first_of(".eE") == std::string_view::npos;
}

}    // namespace

std::string
DefaultCoercion::coerce(const std::string &text, const TypeRef &type, int depth)
{
	TokenStream tokens(text);
	std::string out = read(tokens, type, depth);

	spend(out.size(), tokens);
	if (!tokens.at_end())
	{
		tokens.unexpected();
	}
	return out;
}

void
DefaultCoercion::spend(size_t effort, const TokenStream &tokens)
{
	effort_ += effort;
	if (effort_ > effort_limit)
	{
		tokens.fail("there is too much to fill in");
	}
}

std::string
DefaultCoercion::read(TokenStream &tokens, const TypeRef &type, int depth)
{
	std::string out;

	if (depth > depth_limit)
	{
		tokens.fail("a value is nested too deeply");
	}
	if (type.list && !tokens.at("null"))
	{
		return read_list(tokens, element_of(type), depth);
	}
	if (type.kind == TypeKind::input_object && tokens.take_if("{"))
	{
		return read_object(tokens, schema_.types.find(type.name)->second, depth);
	}
	read_value(tokens, out);
	return type.name == "ID" && is_quoted_integer(out) ? out.substr(1, out.size() - 2) : out;
}

std::string
DefaultCoercion::read_list(TokenStream &tokens, const TypeRef &element, int depth)
{
	std::string out = "[";

	if (!tokens.take_if("["))
	{
		return out + read(tokens, element, depth + 1) + ']';
	}
	while (!tokens.take_if("]"))
	{
		out.append(out.size() == 1 ? "" : ", ").append(read(tokens, element, depth + 1));
	}
	return out + ']';
}

std::string
DefaultCoercion::read_object(TokenStream &tokens, const TypeInfo &type, int depth)
{
	std::map<std::string, std::string> given;
	std::string out = "{";

	spend(type.inputs.size(), tokens);
	while (!tokens.take_if("}"))
	{
		std::string name(tokens.name());
		const InputInfo *member = find_input(type.inputs, name);

		spend(type.inputs.size(), tokens);
		if (member == nullptr)
		{
			tokens.fail("the type has no such member");
		}
		tokens.expect(":");
		given[name] = read(tokens, member->type, depth + 1);
	}
	for (const InputInfo &member : type.inputs)
	{
		auto found = given.find(member.name);

		if (found != given.end() || member.has_default)
		{
			out.append(out.size() == 1 ? "" : ", ").append(member.name).append(": ");
			out.append(found != given.end() ? found->second
											: coerce(member.default_value, member.type, depth + 1));
		}
	}
	return out + '}';
}

void
DefaultCoercion::run(InputInfo &input)
{
	if (!input.has_default)
	{
		return;
	}
	try
	{
		input.default_value = coerce(input.default_value, input.type, 0);
	}
	catch (const SyntaxError &)
	{
		// It stays as it is.
	}
}

}    // namespace gql
