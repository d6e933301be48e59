// How do GraphQL names become SQL names, and which names speak of the same thing?
#pragma once

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gql
{

template <size_t N>
bool
is_one_of(std::string_view word, const std::array<std::string_view, N> &words)
{
	return std::find(words.begin(), words.end(), word) != words.end();
}

// The words of a name in lower case: "accountId", "account_id" and "AccountID" have the same.
std::vector<std::string> words_of(std::string_view name);

// "XMLHttpRequest" becomes "xml_http_request", "__typename" becomes "typename".
std::string snake_case(std::string_view name);

// "orderBy", "order_by" and "OrderBy" are all "orderby".
std::string plain_name(std::string_view name);

// Whether the words differ in nothing but the number of the last one: "accounts", "account".
bool is_plural(const std::vector<std::string> &many, const std::vector<std::string> &one);

// Whether a field of this name yields objects of a type for what they are, all of them or by key:
// "accounts", "allAccounts", "accountsConnection", "accountsByIds", "account_by_pk" for Account,
// but not "topAccounts".
bool names_type(std::string_view field, std::string_view type);

// Names that are unique among each other and that SQL takes whole.
class NameSet
{
public:
	NameSet() = default;
	NameSet(std::initializer_list<const char *> taken) : taken_(taken.begin(), taken.end()) {}

	// The name to use: `name`, cut to 63 bytes, numbered when it is taken.
	std::string take(const std::string &name);
	bool
	has(const std::string &name) const
	{
		return taken_.count(name) > 0;
	}

private:
	std::set<std::string> taken_;
};

}    // namespace gql
