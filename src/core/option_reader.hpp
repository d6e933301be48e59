// How is an option read that holds a JSON object, strictly?
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_read.hpp"

namespace gql
{

// A column, and what can be done with it in words of SQL: "= <", or {"field": "amount",
// "operators": "= <"} where the API has another name for it.
struct ColumnUses
{
	std::string name;     // of the column
	std::string field;    // the API's; "" the last element of the column's path
	std::vector<std::string> uses;
};

// Reads one option. Every complaint names it.
class OptionReader
{
public:
	explicit OptionReader(const char *option) : option_(option) {}

	[[noreturn]] void refuse(const std::string &problem) const;

	// Call read(name, value) for every member of an object: the option's own, or that of a member.
	using Read = std::function<void(const std::string &, JsonValue &)>;
	void open(std::string_view json, const Read &read) const;
	void members(const std::string &name, JsonValue &value, const Read &read) const;

	// For objects whose members are known: each has a function that reads it.
	using Known = std::map<std::string_view, Read>;
	void read_known(const Known &known, const std::string &name, JsonValue &value) const;

	std::string string(const std::string &name, JsonValue &value) const;
	std::string graphql_name(const std::string &name, JsonValue &value) const;
	std::string argument(const std::string &name, JsonValue &value) const;
	bool boolean(const std::string &name, JsonValue &value) const;
	// `what`: "operator"; the member is named for several of them.
	ColumnUses column_uses(const std::string &name, JsonValue &value, const char *what) const;

	// The place of the member "style" among those there are.
	size_t style(const std::string &text, std::initializer_list<std::string_view> names) const;

	// A member must be there, or must not, as the style wants it.
	void want(bool given, bool wanted, const char *member, const std::string &style) const;

private:
	std::vector<std::string> words(std::string_view text, const std::string &column,
								   const char *what) const;
	void each_member(simdjson::ondemand::object object, const Read &read) const;

	const char *option_;
};

}    // namespace gql
