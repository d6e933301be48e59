// Where in a GraphQL response are `data` and `errors`, and what do the errors say?

#include "core/envelope.hpp"

#include <cstdlib>

#include "core/json_text.hpp"

namespace gql
{

namespace
{

using simdjson::ondemand::json_type;

constexpr size_t message_limit = 300;
constexpr size_t code_limit = 100;
// Longer paths are of no use to a reader; the elements beyond are left away.
constexpr size_t path_limit = 40;

// Of `path`: strings, and numbers that some servers send as strings.
void
read_path(JsonValue &value, std::vector<std::string> &path)
{
	if (json_take(value.type()) != json_type::array)
	{
		return;
	}
	path.clear();
	for (auto element : json_take(value.get_array()))
	{
		JsonValue item = json_take(std::move(element));
		json_type type = json_take(item.type());

		if (path.size() < path_limit && (type == json_type::string || type == json_type::number))
		{
			std::string_view token = json_token(item);

			path.push_back(type == json_type::string ? json_string(token) : std::string(token));
		}
	}
}

void
read_text(JsonValue &value, size_t limit, std::string &text)
{
	if (json_take(value.type()) == json_type::string)
	{
		std::string_view content = json_content(json_token(value));

		// What is cut off need not be unescaped; an escape takes at most 12 bytes.
		text = content.size() <= 12 * limit ? clean_text(json_string(json_token(value)), limit)
											: clean_text(content, limit);
	}
}

void
read_extension(std::string_view key, JsonValue &value, RemoteError &error)
{
	if (key == "code")
	{
		read_text(value, code_limit, error.code);
		return;
	}

	if (json_take(value.type()) != json_type::number)
	{
		return;
	}

	const std::string name = lower_case(key.substr(0, code_limit));
	const double number = std::strtod(std::string(json_token(value)).c_str(), nullptr);

	if (name.find("cost") != std::string::npos || name.find("complexity") != std::string::npos)
	{
		error.costs.push_back(number);
	}
	else if (name == "retryafter" || name == "retry_after" || name == "retry_in_seconds" ||
			 name == "reset_in_x_seconds")
	{
		error.wait_s = number;
	}
}

void
read_error_object(JsonValue &value, RemoteError &error)
{
	std::string scratch;
	std::string type;

	for (auto field : json_take(value.get_object()))
	{
		JsonField member = json_take(std::move(field));
		std::string_view key = json_key(member, scratch);

		if (key == "message")
		{
			read_text(member.value(), message_limit, error.message);
		}
		else if (key == "type")
		{
			read_text(member.value(), code_limit, type);
		}
		else if (key == "path")
		{
			read_path(member.value(), error.path);
		}
		else if (key == "extensions" && json_take(member.value().type()) == json_type::object)
		{
			for (auto extension : json_take(member.value().get_object()))
			{
				JsonField detail = json_take(std::move(extension));

				read_extension(json_key(detail, scratch), detail.value(), error);
			}
		}
	}
	error.code = error.code.empty() ? type : error.code;
}

RemoteError
read_error(JsonValue &value)
{
	RemoteError error;
	json_type type = json_take(value.type());

	if (type == json_type::object)
	{
		read_error_object(value, error);
	}
	else if (type == json_type::string)
	{
		read_text(value, message_limit, error.message);
	}
	if (error.message.empty())
	{
		error.message = "no message";
	}
	return error;
}

}    // namespace

std::string
RemoteError::path_text() const
{
	std::string text;

	for (const std::string &element : path)
	{
		text.append(text.empty() ? "" : ".").append(clean_text(element, code_limit));
	}
	return text;
}

Envelope
read_envelope(const JsonText &text)
{
	Envelope envelope;

	for (const JsonMember &member : text.members())
	{
		if (member.name == "data" || member.name == "errors")
		{
			std::string_view &part = member.name == "data" ? envelope.data : envelope.errors;

			if (!part.empty())
			{
				throw JsonError("\"data\" or \"errors\" comes twice");
			}
			part = member.text;
		}
		else if (member.name == "extensions")
		{
			envelope.extensions = member.text;
		}
	}
	if (envelope.data.empty() && envelope.errors.empty())
	{
		throw JsonError("it holds neither \"data\" nor \"errors\"");
	}
	return envelope;
}

size_t
read_errors(std::string_view errors, const std::function<void(RemoteError &)> &visit)
{
	JsonText text;
	size_t count = 0;

	if (errors.empty() || errors == "null")
	{
		return 0;
	}
	text.open_copy("{\"\":" + std::string(errors) + '}');

	JsonValue value = json_take(text.root().find_field(""));

	if (json_take(value.type()) != json_type::array)
	{
		RemoteError error = read_error(value);

		visit(error);
		return 1;
	}
	for (auto element : json_take(value.get_array()))
	{
		JsonValue item = json_take(std::move(element));
		RemoteError error = read_error(item);

		count++;
		visit(error);
	}
	return count;
}

}    // namespace gql
