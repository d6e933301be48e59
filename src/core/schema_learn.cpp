// How is an API asked for the types of its arguments, and what does it answer?

#include "core/schema_learn.hpp"

#include "core/error.hpp"
#include "core/introspection.hpp"
#include "core/json_read.hpp"
#include "core/json_text.hpp"
#include "core/remote_schema.hpp"
#include "core/verdict.hpp"

namespace gql
{

namespace
{

constexpr std::string_view type_selection =
	"type{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name "
	"ofType{kind name ofType{kind name}}}}}}}";

// How long an API is left in peace that could not be asked for its schema just now.
constexpr std::chrono::seconds quiet_time(30);

std::vector<InputInfo>
without_texts(const std::vector<InputInfo> &inputs)
{
	std::vector<InputInfo> bare;

	for (const InputInfo &input : inputs)
	{
		bare.emplace_back();
		bare.back().name = input.name;
		bare.back().type = input.type;
		bare.back().has_default = input.has_default;
	}
	return bare;
}

// What queries need of a schema: descriptions are most of it.
SchemaTypes
without_texts(const SchemaTypes &whole)
{
	SchemaTypes schema;

	schema.query_type = whole.query_type;
	for (const auto &entry : whole.types)
	{
		TypeInfo &type = schema.types[entry.first];

		type.kind = entry.second.kind;
		type.name = entry.second.name;
		type.inputs = without_texts(entry.second.inputs);
		for (const EnumValueInfo &value : entry.second.values)
		{
			type.values.emplace_back();
			type.values.back().name = value.name;
		}
		for (const FieldInfo &field : entry.second.fields)
		{
			type.fields.emplace_back();
			type.fields.back().name = field.name;
			type.fields.back().type = field.type;
			type.fields.back().arguments = without_texts(field.arguments);
		}
	}
	return schema;
}

}    // namespace

const TypeInfo *
SchemaReader::type(const std::string &name)
{
	if (schema_ != nullptr)
	{
		auto found = schema_->types.find(name);

		if (found != schema_->types.end())
		{
			return &found->second;
		}
	}
	missing.insert(name);
	return nullptr;
}

const FieldInfo *
SchemaReader::field(const std::vector<std::string> &path, size_t index)
{
	const TypeInfo *owner = type(schema_ == nullptr ? "" : schema_->query_type);

	for (size_t i = 0; owner != nullptr; i++)
	{
		const FieldInfo *found = find_field(*owner, path[i]);

		if (found == nullptr || i == index)
		{
			return found;
		}
		owner = type(found->type.name);
	}
	return nullptr;
}

const InputInfo *
SchemaReader::input(const TypeRef &object, std::string_view name)
{
	const TypeInfo *info = type(object.name);

	return info == nullptr ? nullptr : find_input(info->inputs, name);
}

std::string
schema_question(Schema &schema, const std::set<std::string> &missing)
{
	std::string input = "{name " + std::string(type_selection) + " defaultValue}";
	std::string fields = "fields(includeDeprecated: true){name args" + input + ' ' +
						 std::string(type_selection) + '}';
	std::string document;
	std::string body = "{\"query\":";
	size_t number = 0;

	if (missing.empty() || schema.refused || schema.complete ||
		std::chrono::steady_clock::now() < schema.quiet_until)
	{
		return {};
	}
	schema.asked = missing;
	document = "query {";
	for (const std::string &name : missing)
	{
		if (name.empty())
		{
			document.append(" __schema{queryType{name ").append(fields).append("}}");
			continue;
		}
		document.append(" t").append(std::to_string(number++)).append(": __type(name: ");
		append_quoted(document, name);
		document.append("){name ")
			.append(fields)
			.append(" inputFields")
			.append(input)
			.append(" enumValues(includeDeprecated: true){name}}");
	}
	document.append(" }");
	append_quoted(body, document);
	return body + '}';
}

void
schema_read(Schema &schema, std::string_view data)
{
	JsonText text;
	std::string scratch;
	std::map<std::string, TypeInfo, std::less<>> types;
	std::string query_type;
	bool answered = false;

	text.open_copy(data);
	for (auto field : text.root())
	{
		JsonField member = json_take(std::move(field));
		bool root = json_key(member, scratch) == "__schema";
		JsonValue value = member.value();

		answered = true;
		if (json_is_null(value))
		{
			continue;    // a type that does not exist
		}

		if (root)
		{
			value = json_take(json_take(value.get_object()).find_field_unordered("queryType"));
		}

		TypeInfo type = read_introspected_type(value);

		query_type = root ? type.name : query_type;
		types[type.name] = std::move(type);
	}
	if (!answered || (schema.asked.count("") > 0 && query_type.empty()))
	{
		throw JsonError("it names no type");
	}
	schema.query_type = query_type.empty() ? schema.query_type : query_type;
	schema.types.merge(types);
	for (const std::string &name : schema.asked)
	{
		schema.types.try_emplace(name);    // what was not answered is not asked again
	}
	schema.generation++;
}

void
schema_learn_from(Schema &schema, const Source &source)
{
	JsonText text;
	Response response = open_response(source, text, OnError::error, [](const RemoteError &) {});

	try
	{
		schema_read(schema, response.data);
	}
	catch (const JsonError &error)
	{
		throw Failure(Code::protocol_violation, error.what());
	}
}

void
schema_fail(Schema &schema, Code code)
{
	schema.generation++;
	switch (code)
	{
		case Code::out_of_memory:
		case Code::unreachable:
		case Code::connection_lost:
		case Code::rate_limited:
			schema.quiet_until = std::chrono::steady_clock::now() + quiet_time;
			break;
		default:
			schema.refused = true;
	}
}

void
schema_learn(Endpoint *endpoint, Transfer *answer) noexcept
{
	Error err;

	guarded(err,
			[&]
			{
				if (endpoint->schema == nullptr)
				{
					endpoint->schema.reset(new Schema());
				}
				if (answer == nullptr)
				{
					throw Failure(Code::unreachable, "there is no answer");
				}
				schema_learn_from(*endpoint->schema, source_of(answer));
				return true;
			});
	if (err.code != Code::none && endpoint->schema != nullptr)
	{
		schema_fail(*endpoint->schema, err.code);
	}
}

void
endpoint_use_schema(Endpoint *endpoint, const RemoteSchema *schema, Error &err) noexcept
{
	guarded(err,
			[&]
			{
				if (endpoint->schema == nullptr)
				{
					endpoint->schema.reset(new Schema());
				}
				static_cast<SchemaTypes &>(*endpoint->schema) = without_texts(schema->types);
				endpoint->schema->complete = true;
				endpoint->schema->generation++;
				return true;
			});
}

}    // namespace gql
