// What makes a whole schema of what was read: are its parts unique, known, and where they belong?

#include "core/schema_build.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/default_value.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

constexpr std::array<std::string_view, 5> built_in = {"Boolean", "Float", "ID", "Int", "String"};
constexpr std::array<std::string_view, 8> introspection_types = {
	"__Directive", "__DirectiveLocation", "__EnumValue", "__Field", "__InputValue", "__Schema",
	"__Type",      "__TypeKind"};

// Nobody reads more.
constexpr size_t warning_limit = 1000;

void
add_warning(std::vector<std::string> &warnings, std::string warning)
{
	if (warnings.size() < warning_limit)
	{
		warnings.push_back(std::move(warning));
	}
}

const std::string &
name_of(const std::string &name)
{
	return name;
}

template <typename T>
const std::string &
name_of(const T &entry)
{
	return entry.name;
}

class Completion
{
public:
	Completion(SchemaTypes &schema, std::vector<std::string> &warnings)
		: schema_(schema), warnings_(warnings)
	{
	}

	void
	run()
	{
		for (std::string_view name : built_in)
		{
			TypeInfo scalar;

			scalar.kind = TypeKind::scalar;
			scalar.name = name;
			schema_.types.insert_or_assign(scalar.name, scalar);
		}
		for (auto &entry : schema_.types)
		{
			complete_type(entry.second);
		}

		DefaultCoercion coercion(schema_);

		for (auto &entry : schema_.types)
		{
			collect_possible(entry.second);
			coerce_defaults(entry.second, coercion);
		}
		check_root("query", schema_.query_type);
		check_root("mutation", schema_.mutation_type);
		check_root("subscription", schema_.subscription_type);
		if (schema_.query_type.empty())
		{
			throw SchemaError("it has no query type");
		}
	}

private:
	void
	complete_type(TypeInfo &type)
	{
		std::string owner = "type " + in_quotes(type.name);

		check_name(type.name, "type");
		keep_first(type.fields, owner, "field");
		keep_first(type.inputs, owner, "field");
		keep_first(type.values, owner, "value");
		keep_first(type.interfaces, owner, "interface");
		keep_first(type.possible, owner, "member");
		keep_first(type.keys, owner, nullptr);
		for (FieldInfo &field : type.fields)
		{
			std::string name = type.name + '.' + field.name;

			give_reason(field);
			resolve(field.type, "field " + in_quotes(name), false);
			keep_first(field.arguments, "field " + in_quotes(name), "argument");
			for (InputInfo &argument : field.arguments)
			{
				give_reason(argument);
				resolve(argument.type,
						"argument " + in_quotes(argument.name) + " of field " + in_quotes(name),
						true);
			}
		}
		for (InputInfo &input : type.inputs)
		{
			give_reason(input);
			resolve(input.type, "field " + in_quotes(type.name + '.' + input.name), true);
		}
		for (EnumValueInfo &value : type.values)
		{
			give_reason(value);
		}
		for (const std::string &name : type.interfaces)
		{
			check_kind(name, TypeKind::interface, owner + " implements");
		}
		for (const std::string &name : type.possible)
		{
			check_kind(name, TypeKind::object, owner + " has the member");
		}
	}

	template <typename T>
	static void
	give_reason(T &part)
	{
		if (!part.deprecated || part.deprecation.empty())
		{
			part.deprecation = part.deprecated ? default_deprecation : "";
		}
	}

	// `what` is nullptr where saying a thing twice means nothing.
	template <typename T>
	void
	keep_first(std::vector<T> &list, const std::string &owner, const char *what)
	{
		std::set<std::string, std::less<>> seen;
		auto again = [&](const T &entry)
		{
			bool known = !seen.insert(name_of(entry)).second;

			if (known && what != nullptr)
			{
				add_warning(warnings_, owner + " defines " + what + ' ' +
										   in_quotes(name_of(entry)) +
										   " twice; the first one is used");
			}
			return known;
		};

		if (what != nullptr)
		{
			for (const T &entry : list)
			{
				check_name(name_of(entry), what);
			}
		}
		list.erase(std::remove_if(list.begin(), list.end(), again), list.end());
	}

	void
	check_name(const std::string &name, const char *what)
	{
		if (!is_name(name))
		{
			throw SchemaError(std::string("a ") + what + " has the name " + in_quotes(name) +
							  ", which is not a GraphQL name");
		}
	}

	const TypeInfo &
	find_type(const std::string &name, const std::string &user)
	{
		auto found = schema_.types.find(name);

		if (found == schema_.types.end())
		{
			throw SchemaError(user + " unknown type " + in_quotes(name));
		}
		return found->second;
	}

	void
	resolve(TypeRef &type, const std::string &user, bool input)
	{
		type.kind = find_type(type.name, user + " is of the").kind;

		if (input ? type.is_composite() : type.kind == TypeKind::input_object)
		{
			throw SchemaError(user + " is of type " + in_quotes(type.name) + ", which is an " +
							  (input ? "output" : "input") + " type");
		}
	}

	void
	check_kind(const std::string &name, TypeKind kind, const std::string &user)
	{
		if (find_type(name, user + " the").kind != kind)
		{
			throw SchemaError(user + ' ' + in_quotes(name) + ", which is not an " +
							  (kind == TypeKind::interface ? "interface" : "object type"));
		}
	}

	// Interfaces are known to the types that implement them.
	void
	collect_possible(const TypeInfo &type)
	{
		if (type.kind == TypeKind::object)
		{
			for (const std::string &name : type.interfaces)
			{
				schema_.types.find(name)->second.possible.push_back(type.name);
			}
		}
	}

	void
	coerce_defaults(TypeInfo &type, DefaultCoercion &coercion)
	{
		for (FieldInfo &field : type.fields)
		{
			for (InputInfo &argument : field.arguments)
			{
				coercion.run(argument);
			}
		}
		for (InputInfo &input : type.inputs)
		{
			coercion.run(input);
		}
	}

	void
	check_root(const char *operation, const std::string &name)
	{
		if (!name.empty())
		{
			check_kind(name, TypeKind::object, std::string("the ") + operation + " type is");
		}
	}

	SchemaTypes &schema_;
	std::vector<std::string> &warnings_;
};

}    // namespace

bool
is_built_in(std::string_view name)
{
	return std::find(built_in.begin(), built_in.end(), name) != built_in.end();
}

bool
is_introspection_type(std::string_view name)
{
	return std::find(introspection_types.begin(), introspection_types.end(), name) !=
		   introspection_types.end();
}

void
add_type(SchemaTypes &schema, TypeInfo type, std::vector<std::string> &warnings)
{
	std::string name = type.name;

	if (!schema.types.emplace(name, std::move(type)).second)
	{
		add_warning(warnings,
					"type " + in_quotes(name) + " is defined twice; the first one is used");
	}
}

void
complete_schema(SchemaTypes &schema, std::vector<std::string> &warnings)
{
	for (auto &entry : schema.types)
	{
		if (entry.second.kind == TypeKind::interface)
		{
			entry.second.possible.clear();
		}
	}
	Completion(schema, warnings).run();
}

}    // namespace gql
