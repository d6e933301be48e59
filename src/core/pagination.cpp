// How is the option `pagination` read?

#include "core/pagination.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/path.hpp"

namespace gql
{

namespace
{

using Kind = Template::Kind;
using Path = std::vector<std::string>;

// What a style is called, and which members it takes beside "style", "size" and "max".
struct StyleRule
{
	PageStyle style;
	std::string_view name;
	std::string_view position;
	bool based;
	bool next;
	bool needs_next;
	const char *example;
};

constexpr std::array<StyleRule, 4> rules = {{
	{PageStyle::relay, "relay", "cursor", false, true, false,
	 R"(Write {"style": "relay", "size": "first", "cursor": "after"}.)"},
	{PageStyle::offset, "offset", "offset", false, false, false,
	 R"(Write {"style": "offset", "size": "limit", "offset": "offset"}.)"},
	{PageStyle::page, "page", "page", true, true, false,
	 R"(Write {"style": "page", "size": "perPage", "page": "page", "base": 1}.)"},
	{PageStyle::token, "token", "cursor", false, true, true,
	 R"(Write {"style": "token", "size": "limit", "cursor": "cursor", "next": "cursor"}.)"},
}};

class Reader
{
public:
	Reader(const Template &object, std::string_view option) : object_(object), option_(option) {}

	Pagination read();

private:
	[[noreturn]] void refuse(const std::string &problem, const char *hint = "") const;
	const StyleRule &find_rule() const;
	const std::string &text(const Template::Member &member) const;
	std::string argument(const Template::Member &member) const;
	Path path(const Template::Member &member) const;
	uint32_t number(const Template::Member &member, uint32_t least) const;

	const Template &object_;
	std::string_view option_;
	const char *hint_ = rules[0].example;
};

void
Reader::refuse(const std::string &problem, const char *hint) const
{
	throw Failure(Code::invalid_option, "option " + in_quotes(option_) + ' ' + problem, {}, hint);
}

const StyleRule &
Reader::find_rule() const
{
	for (const Template::Member &member : object_.members)
	{
		for (const StyleRule &rule : rules)
		{
			if (member.first == "style" && member.second.kind == Kind::string &&
				member.second.text == rule.name)
			{
				return rule;
			}
		}
	}
	refuse("has no \"style\" that is known",
		   R"(Styles are "relay", "offset", "page" and "token".)");
}

const std::string &
Reader::text(const Template::Member &member) const
{
	if (member.second.kind != Kind::string || member.second.text.empty())
	{
		refuse("has a member " + in_quotes(member.first) + " that is not a string", hint_);
	}
	return member.second.text;
}

std::string
Reader::argument(const Template::Member &member) const
{
	parse_argument(text(member));
	return text(member);
}

Path
Reader::path(const Template::Member &member) const
{
	std::string_view rest = text(member);
	Path names;

	for (;;)
	{
		size_t end = rest.find('.');

		names.emplace_back(rest.substr(0, end));
		if (!is_name(names.back()))
		{
			refuse("has a member " + in_quotes(member.first) +
					   " that is not a path of GraphQL names",
				   "Write pageInfo.hasNextPage.");
		}
		if (end == std::string_view::npos)
		{
			return names;
		}
		rest.remove_prefix(end + 1);
	}
}

uint32_t
Reader::number(const Template::Member &member, uint32_t least) const
{
	const std::string &digits = member.second.text;
	int32_t value = -1;
	std::from_chars_result result =
		std::from_chars(digits.data(), digits.data() + digits.size(), value);

	if (member.second.kind != Kind::literal || result.ec != std::errc() ||
		result.ptr != digits.data() + digits.size() || value < static_cast<int32_t>(least))
	{
		refuse("has a member " + in_quotes(member.first) +
			   " that is not a whole number of at least " + std::to_string(least));
	}
	return static_cast<uint32_t>(value);
}

Pagination
Reader::read()
{
	const StyleRule &rule = find_rule();
	Pagination pagination;

	hint_ = rule.example;
	pagination.style = rule.style;
	if (rule.style == PageStyle::relay)
	{
		pagination.next = {"pageInfo", "endCursor"};
		pagination.more = {"pageInfo", "hasNextPage"};
	}
	for (const Template::Member &member : object_.members)
	{
		const std::string &name = member.first;

		if (name == "size")
		{
			pagination.size = argument(member);
		}
		else if (name == rule.position)
		{
			pagination.position = argument(member);
		}
		else if (name == "max")
		{
			pagination.max = number(member, 1);
		}
		else if (name == "base" && rule.based)
		{
			pagination.base = number(member, 0);
		}
		else if (name == "next" && rule.next)
		{
			pagination.next = path(member);
		}
		else if (name == "more")
		{
			pagination.more = path(member);
		}
		else if (name != "style")
		{
			refuse("has a member " + in_quotes(name) + " that style " + in_quotes(rule.name) +
					   " does not know",
				   hint_);
		}
	}
	if (pagination.position.empty() || (rule.needs_next && pagination.next.empty()))
	{
		refuse("has no member " + in_quotes(pagination.position.empty() ? rule.position : "next"),
			   hint_);
	}
	return pagination;
}

// Fields of `paths` from `depth` on, those that begin alike together.
void
print_paths(const std::vector<const Path *> &paths, size_t depth, std::string &out)
{
	Path printed;

	for (const Path *path : paths)
	{
		if (path->size() <= depth ||
			std::find(printed.begin(), printed.end(), (*path)[depth]) != printed.end())
		{
			continue;
		}

		const std::string &name = (*path)[depth];
		std::vector<const Path *> inside;

		for (const Path *other : paths)
		{
			if (other->size() > depth + 1 && (*other)[depth] == name)
			{
				inside.push_back(other);
			}
		}
		printed.push_back(name);
		out.append(out.empty() || out.back() == ' ' ? "" : " ").append(name);
		if (!inside.empty())
		{
			out.append(" { ");
			print_paths(inside, depth + 1, out);
			out.append(" }");
		}
	}
}

}    // namespace

Pagination
read_pagination(const Template &object, std::string_view option)
{
	return Reader(object, option).read();
}

Pagination
parse_pagination(std::string_view json)
{
	return read_pagination(parse_template(json, "pagination"), "pagination");
}

std::string_view
style_name(PageStyle style)
{
	return rules[static_cast<size_t>(style)].name;
}

std::string
page_info_text(const Pagination &pagination)
{
	std::string text;

	print_paths({&pagination.next, &pagination.more}, 0, text);
	return text;
}

}    // namespace gql
