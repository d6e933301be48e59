// How do tests read schemas, and see what was read?
#pragma once

#include <cstdio>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

#include "core/remote_schema.hpp"
#include "fixture.hpp"

namespace gql::test
{

using SchemaPointer = std::unique_ptr<RemoteSchema, decltype(&schema_close)>;

inline SchemaPointer
read_schema(std::string_view text)
{
	Error err;
	SchemaPointer schema(schema_from_text(text, "shop.graphql", err), &schema_close);

	EXPECT_NE(schema, nullptr) << err.message;
	return schema;
}

// Why the text is refused.
inline std::string
refused_schema(std::string_view text)
{
	const std::string start = "\"shop.graphql\" holds no usable GraphQL schema: ";
	Error err;
	SchemaPointer schema(schema_from_text(text, "shop.graphql", err), &schema_close);
	std::string message = err.message;

	EXPECT_EQ(schema, nullptr) << text;
	EXPECT_EQ(err.code, Code::schema_unavailable);
	EXPECT_EQ(message.substr(0, start.size()), start);
	return message.substr(start.size());
}

// What schema_from_answer() makes of an answer.
inline Error
answered(RemoteSchema &schema, const std::string &body, long status = 200)
{
	Answer answer = make_answer(body, status);

	return error_from([&] { read_schema_answer(schema, Source{answer, "shop", "host", false}); });
}

inline const TypeInfo &
type_of(const SchemaPointer &schema, std::string_view name)
{
	static const auto *const none = new TypeInfo();
	auto found = schema->types.types.find(name);

	EXPECT_NE(found, schema->types.types.end()) << name;
	return found == schema->types.types.end() ? *none : found->second;
}

template <typename T>
void
dump_texts(std::ostream &out, const T &part)
{
	out << " \"" << part.description << '"' << (part.deprecated ? " deprecated: " : "")
		<< part.deprecation << '\n';
}

inline void
dump_type(std::ostream &out, const TypeRef &type)
{
	out << type_text(type) << ' ' << type.name << ' ' << static_cast<int>(type.kind) << type.list
		<< type.required;
}

inline void
dump_input(std::ostream &out, const InputInfo &input)
{
	out << "    " << input.name << ": ";
	dump_type(out, input.type);
	out << (input.has_default ? " = " : "") << input.default_value;
	dump_texts(out, input);
}

// All that a schema holds.
inline std::string
dump(const SchemaTypes &schema)
{
	std::ostringstream out;

	out << schema.query_type << ' ' << schema.mutation_type << ' ' << schema.subscription_type
		<< ' ' << schema.description << '\n';
	for (const auto &entry : schema.types)
	{
		const TypeInfo &type = entry.second;

		out << static_cast<int>(type.kind) << ' ' << type.name << ' ' << type.one_of << ' '
			<< type.specified_by << " \"" << type.description << "\"\n";
		for (const FieldInfo &field : type.fields)
		{
			out << "  " << field.name << ": ";
			dump_type(out, field.type);
			dump_texts(out, field);
			for (const InputInfo &argument : field.arguments)
			{
				dump_input(out, argument);
			}
		}
		for (const InputInfo &input : type.inputs)
		{
			dump_input(out, input);
		}
		for (const EnumValueInfo &value : type.values)
		{
			out << "  " << value.name;
			dump_texts(out, value);
		}
		for (const auto *names : {&type.interfaces, &type.possible, &type.keys})
		{
			for (const std::string &name : *names)
			{
				out << "  " << name;
			}
			out << '\n';
		}
	}
	return out.str();
}

// What the reference implementation prints, see graphql_js.mjs.
inline std::string
graphql_js(const std::string &arguments)
{
	std::string out;
	char buffer[4096];
	FILE *pipe = popen(("node test/core/graphql_js.mjs " + arguments).c_str(), "r");

	while (size_t count = fread(buffer, 1, sizeof(buffer), pipe))
	{
		out.append(buffer, count);
	}
	EXPECT_EQ(pclose(pipe), 0) << "test/check.sh installs what this needs";
	return out;
}

}    // namespace gql::test
