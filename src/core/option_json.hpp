// How is the JSON of options written, so that people can read it?
#pragma once

#include <string>
#include <string_view>

namespace gql
{

// {"style": "offset", "size": "limit"}: members in the order they are added.
class JsonObject
{
public:
	void add(std::string_view name, std::string_view string);
	// `json` is written as it is.
	void add_json(std::string_view name, std::string_view json);
	bool
	empty() const
	{
		return text_.empty();
	}
	std::string
	text() const
	{
		return '{' + text_ + '}';
	}

private:
	std::string text_;
};

}    // namespace gql
