// How is an API asked for the types of its arguments, and what does it answer?

#include "core/schema.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/json_read.hpp"
#include "core/json_text.hpp"
#include "core/verdict.hpp"

namespace gql
{

namespace
{

using simdjson::ondemand::json_type;

constexpr std::string_view type_selection =
	"type{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name "
	"ofType{kind name ofType{kind name}}}}}}}";

// How long an API is left in peace that could not be asked for its schema just now.
constexpr std::chrono::seconds quiet_time(30);

bool
is_null_or_absent(simdjson::simdjson_result<JsonValue> &&found, JsonValue &value)
{
	return std::move(found).get(value) != simdjson::SUCCESS || json_is_null(value);
}

std::string
read_name(simdjson::ondemand::object object)
{
	JsonValue value = json_take(object.find_field_unordered("name"));

	if (json_take(value.type()) != json_type::string)
	{
		throw JsonError("a name is missing");
	}
	return json_string(json_token(value));
}

// {kind, name, ofType}: "[ID!]!" and so on.
TypeRef
read_type(JsonValue &value)
{
	TypeRef type;
	JsonValue of_type;
	simdjson::ondemand::object object = json_take(value.get_object());
	JsonValue kind_value = json_take(object.find_field_unordered("kind"));
	std::string_view kind = json_token(kind_value);

	if (kind == "\"NON_NULL\"" || kind == "\"LIST\"")
	{
		if (is_null_or_absent(object.find_field_unordered("ofType"), of_type))
		{
			throw JsonError("a type is nested too deeply");
		}
		type = read_type(of_type);
		if (kind == "\"NON_NULL\"")
		{
			type.required = true;
			return type;
		}
		type.text = '[' + type.text + (type.required ? "!]" : "]");
		type.list = true;
		type.required = false;
		return type;
	}
	type.name = type.text = read_name(object);
	type.is_enum = kind == "\"ENUM\"";
	type.is_object = kind == "\"OBJECT\"" || kind == "\"INTERFACE\"" || kind == "\"UNION\"";
	return type;
}

// Calls `read` with every object in the list that is the member `name`, if there is one.
template <typename F>
void
read_list(simdjson::ondemand::object object, std::string_view name, F read)
{
	JsonValue list;

	if (is_null_or_absent(object.find_field_unordered(name), list))
	{
		return;
	}
	for (auto element : json_take(list.get_array()))
	{
		read(json_take(json_take(std::move(element)).get_object()));
	}
}

InputInfo
read_input(simdjson::ondemand::object object)
{
	InputInfo input;
	JsonValue value;

	input.name = read_name(object);
	value = json_take(object.find_field_unordered("type"));
	input.type = read_type(value);
	input.has_default = !is_null_or_absent(object.find_field_unordered("defaultValue"), value);
	return input;
}

TypeInfo
read_type_info(simdjson::ondemand::object object)
{
	TypeInfo info;

	read_list(object, "fields",
			  [&](simdjson::ondemand::object entry)
			  {
				  FieldInfo field;
				  std::string name = read_name(entry);
				  JsonValue type;

				  read_list(entry, "args",
							[&](simdjson::ondemand::object argument)
							{ field.arguments.push_back(read_input(argument)); });
				  type = json_take(entry.find_field_unordered("type"));
				  field.type = read_type(type);
				  info.fields.emplace(std::move(name), std::move(field));
			  });
	read_list(object, "inputFields",
			  [&](simdjson::ondemand::object entry) { info.inputs.push_back(read_input(entry)); });
	return info;
}

}    // namespace

TypeRef
element_of(const TypeRef &type)
{
	TypeRef element = type;

	if (type.list)
	{
		static_cast<TypeText &>(element) =
			parse_type(std::string_view(type.text).substr(1, type.text.size() - 2));
	}
	return element;
}

const InputInfo *
find_input(const std::vector<InputInfo> &inputs, std::string_view name)
{
	auto found = std::find_if(inputs.begin(), inputs.end(),
							  [&](const InputInfo &input) { return input.name == name; });

	return found == inputs.end() ? nullptr : &*found;
}

const TypeInfo *
SchemaReader::type(const std::string &name)
{
	if (schema_ == nullptr || schema_->query_type.empty())
	{
		missing.insert("");
		return nullptr;
	}

	auto found = schema_->types.find(name);

	if (found == schema_->types.end())
	{
		missing.insert(name);
		return nullptr;
	}
	return &found->second;
}

const FieldInfo *
SchemaReader::field(const std::vector<std::string> &path, size_t index)
{
	const TypeInfo *owner = type(schema_ == nullptr ? "" : schema_->query_type);

	for (size_t i = 0; owner != nullptr; i++)
	{
		auto found = owner->fields.find(path[i]);

		if (found == owner->fields.end())
		{
			return nullptr;
		}
		if (i == index)
		{
			return &found->second;
		}
		owner = type(found->second.type.name);
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

	if (missing.empty() || schema.refused || std::chrono::steady_clock::now() < schema.quiet_until)
	{
		return {};
	}
	schema.asked = missing;
	if (schema.query_type.empty())
	{
		document = "query { __schema{queryType{name " + fields + "}} }";
	}
	else
	{
		size_t number = 0;

		document = "query {";
		for (const std::string &name : missing)
		{
			document.append(" t").append(std::to_string(number++)).append(": __type(name: ");
			append_quoted(document, name);
			document.append("){name ")
				.append(fields)
				.append(" inputFields")
				.append(input)
				.append("}");
		}
		document.append(" }");
	}
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

	text.open_copy(data);
	for (auto field : text.root())
	{
		JsonField member = json_take(std::move(field));
		bool root = json_key(member, scratch) == "__schema";
		JsonValue value = member.value();

		if (json_is_null(value))
		{
			continue;    // a type that does not exist
		}

		simdjson::ondemand::object object = json_take(value.get_object());

		if (root)
		{
			value = json_take(object.find_field_unordered("queryType"));
			object = json_take(value.get_object());
		}

		std::string name = read_name(object);

		query_type = root ? name : query_type;
		types[name] = read_type_info(object);
	}
	if (types.empty() || (schema.query_type.empty() && query_type.empty()))
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

}    // namespace gql
