// How do GraphQL names become SQL names, and which names speak of the same thing?

#include "core/import_names.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "core/json_text.hpp"

namespace gql
{

namespace
{

using Words = std::vector<std::string>;

constexpr size_t max_name = 63;    // NAMEDATALEN - 1

bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

// Whether a word begins at `i`, which is not the first character.
bool
begins_word(std::string_view name, size_t i)
{
	char next = i + 1 < name.size() ? name[i + 1] : '\0';
	char after = i + 2 < name.size() ? name[i + 2] : '\0';

	if (!is_upper(name[i]))
	{
		return false;
	}
	if (!is_upper(name[i - 1]))
	{
		return true;
	}
	// The last capital of a run begins the next word (XMLHttp), but "IDs" is one word.
	return is_lower(next) && !(next == 's' && !is_lower(after));
}

bool
is_plural_word(const std::string &many, const std::string &one)
{
	static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> irregular = {{
		{"people", "person"},
		{"children", "child"},
		{"men", "man"},
		{"women", "woman"},
		{"indices", "index"},
		{"matrices", "matrix"},
		{"vertices", "vertex"},
		{"criteria", "criterion"},
		{"analyses", "analysis"},
		{"statuses", "status"},
		{"media", "medium"},
		{"data", "datum"},
	}};
	auto ends = [&](std::string_view ending)
	{
		return one.size() > ending.size() &&
			   one.compare(one.size() - ending.size(), ending.size(), ending) == 0;
	};
	auto with = [&](size_t cut, std::string_view ending)
	{ return many == one.substr(0, one.size() - cut) + std::string(ending); };

	for (const auto &[plural, singular] : irregular)
	{
		if (many == plural && one == singular)
		{
			return true;
		}
	}
	return with(0, "s") || with(0, "es") || (ends("y") && with(1, "ies")) ||
		   (ends("f") && with(1, "ves")) || (ends("fe") && with(2, "ves"));
}

// At most 63 bytes: what is cut off is replaced by a number made of the whole.
std::string
fit(const std::string &name, size_t room)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t hash = 2166136261u;
	size_t length;
	std::string cut;

	if (name.size() <= room)
	{
		return name;
	}
	for (char c : name)
	{
		hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
	}
	length = room - 9;
	while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xC0) == 0x80)
	{
		length--;
	}
	cut = name.substr(0, length) + '_';
	for (int shift = 28; shift >= 0; shift -= 4)
	{
		cut.push_back(digits[(hash >> shift) & 15]);
	}
	return cut;
}

}    // namespace

std::vector<std::string>
words_of(std::string_view name)
{
	Words words;
	bool open = false;

	for (size_t i = 0; i < name.size(); i++)
	{
		if (name[i] == '_')
		{
			open = false;
			continue;
		}
		if (!open || begins_word(name, i))
		{
			words.emplace_back();
		}
		open = true;
		words.back().push_back(is_upper(name[i]) ? static_cast<char>(name[i] - 'A' + 'a')
												 : name[i]);
	}
	return words;
}

std::string
snake_case(std::string_view name)
{
	std::string snake;

	for (const std::string &word : words_of(name))
	{
		snake.append(snake.empty() ? "" : "_").append(word);
	}
	if (snake.empty() || (snake[0] >= '0' && snake[0] <= '9'))
	{
		snake.insert(0, "_");
	}
	return snake;
}

std::string
plain_name(std::string_view name)
{
	std::string plain = lower_case(name);

	plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
	return plain;
}

bool
is_plural(const std::vector<std::string> &many, const std::vector<std::string> &one)
{
	return !one.empty() && many.size() == one.size() &&
		   std::equal(one.begin(), one.end() - 1, many.begin()) &&
		   is_plural_word(many.back(), one.back());
}

bool
names_type(std::string_view field, std::string_view type)
{
	static constexpr std::array<std::string_view, 9> before = {
		"all", "get", "find", "fetch", "list", "query", "many", "one", "unique"};
	static constexpr std::array<std::string_view, 7> after = {
		"connection", "collection", "list", "paged", "paginated", "relay", "page"};
	Words of_type = words_of(type);
	Words words = words_of(field);
	auto by = std::find(words.begin(), words.end(), "by");
	auto same = [&]
	{ return words == of_type || is_plural(words, of_type) || is_plural(of_type, words); };

	if (by != words.begin())
	{
		words.erase(by, words.end());
	}
	while (words.size() > 1 && !same() && is_one_of(words.back(), after))
	{
		words.pop_back();
	}
	while (words.size() > 1 && !same() && is_one_of(words.front(), before))
	{
		words.erase(words.begin());
	}
	return same();
}

std::string
NameSet::take(const std::string &name)
{
	std::string unique = fit(name, max_name);

	for (int number = 2; !taken_.insert(unique).second; number++)
	{
		std::string suffix = '_' + std::to_string(number);

		unique = fit(name, max_name - suffix.size()) + suffix;
	}
	return unique;
}

}    // namespace gql
