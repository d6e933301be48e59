// What does a text in the schema definition language (SDL) define?
//
// Read tolerantly: directives without a meaning here are skipped, and so are commas or nothing
// where
// `&` belongs.

#include "core/sdl_read.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "core/literal.hpp"
#include "core/schema_build.hpp"
#include "core/sdl_marks.hpp"
#include "core/token_stream.hpp"

namespace gql
{

namespace
{

constexpr int list_depth_limit = 256;
// Most tokens become a part of the model: memory for a hostile text ends there. The largest schemas
// known have a tenth of it.
constexpr size_t token_limit = 1000000;

template <typename T>
void
append(std::vector<T> &to, std::vector<T> &from)
{
	to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

class SdlReader
{
public:
	SdlReader(std::string_view text, std::vector<std::string> &warnings)
		: tokens_(text, token_limit), warnings_(warnings)
	{
	}

	SchemaTypes
	read()
	{
		while (!tokens_.at_end())
		{
			read_definition();
		}
		if (!has_roots_)
		{
			use_default_root("Query", schema_.query_type);
			use_default_root("Mutation", schema_.mutation_type);
			use_default_root("Subscription", schema_.subscription_type);
		}
		return std::move(schema_);
	}

private:
	void
	read_definition()
	{
		std::string description = read_description();
		bool extends = tokens_.take_if("extend");

		if (tokens_.take_if("schema"))
		{
			schema_.description = extends ? schema_.description : description;
			read_roots();
		}
		else if (tokens_.take_if("directive"))
		{
			skip_directive_definition();
		}
		else if (!read_type(std::move(description), extends))
		{
			tokens_.unexpected();
		}
	}

	void
	read_roots()
	{
		read_marks(tokens_);
		if (!tokens_.take_if("{"))
		{
			return;
		}
		has_roots_ = true;
		while (!tokens_.take_if("}"))
		{
			std::string_view operation = tokens_.name();

			tokens_.expect(":");

			std::string_view type = tokens_.name();

			read_marks(tokens_);
			(operation == "query"      ? schema_.query_type
			 : operation == "mutation" ? schema_.mutation_type
									   : schema_.subscription_type) = type;
		}
	}

	void
	use_default_root(const char *name, std::string &root)
	{
		auto found = schema_.types.find(std::string_view(name));

		if (found != schema_.types.end() && found->second.kind == TypeKind::object)
		{
			root = name;
		}
	}

	void
	skip_directive_definition()
	{
		tokens_.expect("@");
		tokens_.name();
		if (tokens_.take_if("("))
		{
			while (!tokens_.take_if(")"))
			{
				read_input();
			}
		}
		tokens_.take_if("repeatable");
		tokens_.expect("on");
		tokens_.take_if("|");
		do
		{
			tokens_.name();
		} while (tokens_.take_if("|"));
	}

	bool
	read_type(std::string description, bool extends)
	{
		static constexpr std::pair<std::string_view, TypeKind> kinds[] = {
			{"type", TypeKind::object},        {"interface", TypeKind::interface},
			{"union", TypeKind::union_type},   {"enum", TypeKind::enumeration},
			{"input", TypeKind::input_object}, {"scalar", TypeKind::scalar}};

		for (const auto &kind : kinds)
		{
			if (tokens_.take_if(kind.first))
			{
				TypeInfo type;

				type.kind = kind.second;
				type.name = tokens_.name();
				type.description = std::move(description);
				read_body(type);
				add(std::move(type), extends);
				return true;
			}
		}
		return false;
	}

	void
	read_body(TypeInfo &type)
	{
		if (type.kind == TypeKind::object || type.kind == TypeKind::interface)
		{
			read_interfaces(type.interfaces);
		}

		Marks marks = read_marks(tokens_);

		type.keys = std::move(marks.keys);
		type.one_of = marks.one_of;
		type.specified_by = std::move(marks.specified_by);
		if (type.kind == TypeKind::union_type)
		{
			read_members(type.possible);
		}
		else if (type.kind != TypeKind::scalar && tokens_.take_if("{"))
		{
			while (!tokens_.take_if("}"))
			{
				read_part(type);
			}
		}
	}

	void
	read_part(TypeInfo &type)
	{
		if (type.kind == TypeKind::enumeration)
		{
			type.values.push_back(read_value_definition());
		}
		else if (type.kind == TypeKind::input_object)
		{
			type.inputs.push_back(read_input());
		}
		else
		{
			type.fields.push_back(read_field());
		}
	}

	void
	read_interfaces(std::vector<std::string> &interfaces)
	{
		if (!tokens_.take_if("implements"))
		{
			return;
		}
		tokens_.take_if("&");
		do
		{
			interfaces.emplace_back(tokens_.name());
		} while (tokens_.take_if("&") ||
				 (tokens_.token().kind == Token::Kind::name && !at_definition()));
	}

	bool
	at_definition() const
	{
		static constexpr std::string_view words[] = {"type",   "interface", "union",
													 "enum",   "input",     "scalar",
													 "schema", "directive", "extend"};

		return std::find(std::begin(words), std::end(words), tokens_.token().text) !=
			   std::end(words);
	}

	void
	read_members(std::vector<std::string> &members)
	{
		if (!tokens_.take_if("="))
		{
			return;
		}
		tokens_.take_if("|");
		do
		{
			members.emplace_back(tokens_.name());
		} while (tokens_.take_if("|"));
	}

	FieldInfo
	read_field()
	{
		FieldInfo field;

		field.description = read_description();
		field.name = tokens_.name();
		if (tokens_.take_if("("))
		{
			while (!tokens_.take_if(")"))
			{
				field.arguments.push_back(read_input());
			}
		}
		tokens_.expect(":");
		field.type = read_type_reference(0);
		mark(field);
		return field;
	}

	InputInfo
	read_input()
	{
		InputInfo input;

		input.description = read_description();
		input.name = tokens_.name();
		tokens_.expect(":");
		input.type = read_type_reference(0);
		input.has_default = tokens_.take_if("=");
		if (input.has_default)
		{
			read_value(tokens_, input.default_value);
		}
		mark(input);
		return input;
	}

	EnumValueInfo
	read_value_definition()
	{
		EnumValueInfo value;

		value.description = read_description();
		value.name = tokens_.name();
		mark(value);
		return value;
	}

	template <typename T>
	void
	mark(T &part)
	{
		Marks marks = read_marks(tokens_);

		part.deprecated = marks.deprecated;
		part.deprecation = std::move(marks.reason);
	}

	TypeRef
	read_type_reference(int depth)
	{
		TypeRef type;

		if (depth > list_depth_limit)
		{
			tokens_.fail("a type is nested too deeply");
		}
		if (tokens_.take_if("["))
		{
			type = read_type_reference(depth + 1);
			type.text = '[' + type_text(type) + ']';
			type.list = true;
			tokens_.expect("]");
		}
		else
		{
			type.name = type.text = tokens_.name();
		}
		type.required = tokens_.take_if("!");
		return type;
	}

	std::string
	read_description()
	{
		return tokens_.token().kind == Token::Kind::string ? read_string(tokens_) : std::string();
	}

	// An extension may come before what it extends.
	void
	add(TypeInfo type, bool extends)
	{
		bool again = !extends && !defined_.insert(type.name).second;
		auto found = schema_.types.find(type.name);

		if (is_introspection_type(type.name))
		{
			return;
		}
		if (again || found == schema_.types.end())
		{
			add_type(schema_, std::move(type), warnings_);
			return;
		}
		if (found->second.kind != type.kind)
		{
			tokens_.fail("type \"" + type.name + "\" is extended as something else");
		}
		if (!extends)
		{
			std::swap(found->second, type);
		}
		extend(found->second, type);
	}

	static void
	extend(TypeInfo &type, TypeInfo &extension)
	{
		append(type.fields, extension.fields);
		append(type.inputs, extension.inputs);
		append(type.values, extension.values);
		append(type.interfaces, extension.interfaces);
		append(type.possible, extension.possible);
		append(type.keys, extension.keys);
		type.one_of = type.one_of || extension.one_of;
		type.specified_by += type.specified_by.empty() ? extension.specified_by : "";
	}

	TokenStream tokens_;
	std::vector<std::string> &warnings_;
	SchemaTypes schema_;
	std::set<std::string, std::less<>> defined_;
	bool has_roots_ = false;
};

}    // namespace

SchemaTypes
read_sdl(std::string_view text, std::vector<std::string> &warnings)
{
	return SdlReader(text, warnings).read();
}

}    // namespace gql
