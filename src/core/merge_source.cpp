// What in a GraphQL document differs from copy to copy when it is repeated in one request?
//
// The grammar has been checked by then (document.cpp), so that this reader only finds its way by
// keywords and brackets. What it copies, it copies token by token.

#include "core/merge_source.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/lexer.hpp"

namespace gql
{

namespace
{

// Fragments spread at the root are written out, and fragments may spread one another.
constexpr size_t most_pieces = 20000;

[[noreturn]] void
refuse(const std::string &why)
{
	throw Failure(Code::unsupported, why);
}

std::vector<Token>
read_tokens(std::string_view document)
{
	std::vector<Token> tokens;
	Lexer lexer(document);

	do
	{
		tokens.push_back(lexer.next());
	} while (tokens.back().kind != Token::Kind::end);
	return tokens;
}

bool
opens(std::string_view text)
{
	return text == "(" || text == "[" || text == "{";
}

bool
closes(std::string_view text)
{
	return text == ")" || text == "]" || text == "}";
}

class Reader
{
public:
	explicit Reader(std::string_view document) : tokens_(read_tokens(document)) {}

	MergeSource read(std::string_view operation);

private:
	bool
	at(std::string_view text) const
	{
		return tokens_[at_].text == text;
	}
	bool
	at_spread() const
	{
		return at("...") && tokens_[at_ + 1].kind == Token::Kind::name &&
			   tokens_[at_ + 1].text != "on";
	}
	std::string_view
	take()
	{
		if (tokens_[at_].kind == Token::Kind::end)
		{
			refuse("the document cannot be read");
		}
		return tokens_[at_++].text;
	}

	void find_definitions(std::string_view operation);
	void skip_brackets();
	void skip_directives();

	void read_variables(std::vector<VariableDefinition> &variables);
	void append(std::vector<Piece> &out, Piece::Kind kind, std::string_view text);
	void copy_token(std::vector<Piece> &out);
	void copy_brackets(std::vector<Piece> &out);
	void copy_directives(std::vector<Piece> &out);
	void copy_field(std::vector<Piece> &out);
	void copy_root_selections(std::vector<Piece> &out);
	void copy_root_spread(std::vector<Piece> &out);
	void copy_fragments(std::vector<FragmentDefinition> &fragments);

	std::vector<Token> tokens_;
	size_t at_ = 0;
	size_t pieces_ = 0;
	size_t operation_ = SIZE_MAX;                       // behind its keyword, or at its "{"
	std::map<std::string_view, size_t> fragments_;      // behind the name
	std::vector<std::string_view> open_fragments_;      // being written out at the root
	std::vector<std::string_view> spread_fragments_;    // elsewhere
};

void
Reader::skip_brackets()
{
	int depth = 0;

	do
	{
		std::string_view text = take();

		depth += opens(text) ? 1 : closes(text) ? -1 : 0;
	} while (depth > 0);
}

void
Reader::skip_directives()
{
	while (at("@"))
	{
		take();
		take();
		if (at("("))
		{
			skip_brackets();
		}
	}
}

void
Reader::find_definitions(std::string_view operation)
{
	while (tokens_[at_].kind != Token::Kind::end)
	{
		std::string_view name;

		if (tokens_[at_].kind == Token::Kind::string)
		{
			take();
		}
		bool shorthand = at("{");
		bool fragment = at("fragment");

		if (!shorthand)
		{
			take();
		}
		size_t start = at_;

		if (!shorthand && tokens_[at_].kind == Token::Kind::name)
		{
			name = take();
		}
		if (fragment)
		{
			fragments_[name] = at_;
			take();
			take();
		}
		else if (operation.empty() || name == operation)
		{
			operation_ = start;
		}
		if (at("("))
		{
			skip_brackets();
		}
		skip_directives();
		skip_brackets();
	}
}

// A definition reaches to the next variable: types and default values hold no dollar sign.
void
Reader::read_variables(std::vector<VariableDefinition> &variables)
{
	take();
	while (!at(")"))
	{
		VariableDefinition variable;
		int depth = 0;

		if (!at("$"))
		{
			refuse("a variable of the document has a description");
		}
		take();
		variable.name = take();
		while (depth > 0 || (!at("$") && !at(")")))
		{
			bool description = depth == 0 && tokens_[at_].kind == Token::Kind::string &&
							   tokens_[at_ - 1].text != "=";

			if (description)
			{
				refuse("a variable of the document has a description");
			}
			depth += opens(tokens_[at_].text) ? 1 : closes(tokens_[at_].text) ? -1 : 0;
			variable.rest.append(variable.rest.empty() ? "" : " ").append(take());
		}
		variables.push_back(std::move(variable));
	}
	take();
}

void
Reader::append(std::vector<Piece> &out, Piece::Kind kind, std::string_view text)
{
	if (kind == Piece::Kind::text && !out.empty() && out.back().kind == kind)
	{
		out.back().text.append(text).append(" ");
		return;
	}
	if (++pieces_ > most_pieces)
	{
		refuse("the document is too large");
	}
	out.push_back({kind, std::string(text).append(kind == Piece::Kind::text ? " " : "")});
}

void
Reader::copy_token(std::vector<Piece> &out)
{
	if (at("$"))
	{
		take();
		append(out, Piece::Kind::variable, take());
		return;
	}
	if (at_spread())
	{
		append(out, Piece::Kind::text, take());
		spread_fragments_.push_back(tokens_[at_].text);
		append(out, Piece::Kind::fragment, take());
		return;
	}
	if (at("@"))
	{
		std::string_view name = tokens_[at_ + 1].text;

		if (name == "defer" || name == "stream" || name == "export")
		{
			refuse("the document uses @" + std::string(name));
		}
	}
	append(out, Piece::Kind::text, take());
}

void
Reader::copy_brackets(std::vector<Piece> &out)
{
	int depth = 0;

	do
	{
		depth += opens(tokens_[at_].text) ? 1 : closes(tokens_[at_].text) ? -1 : 0;
		copy_token(out);
	} while (depth > 0);
}

void
Reader::copy_directives(std::vector<Piece> &out)
{
	while (at("@"))
	{
		copy_token(out);
		copy_token(out);
		if (at("("))
		{
			copy_brackets(out);
		}
	}
}

void
Reader::copy_field(std::vector<Piece> &out)
{
	std::string_view name = take();

	append(out, Piece::Kind::response_key, name);
	append(out, Piece::Kind::text, ":");
	if (at(":"))
	{
		take();
		name = take();
	}
	append(out, Piece::Kind::text, name);
	if (at("("))
	{
		copy_brackets(out);
	}
	copy_directives(out);
	if (at("{"))
	{
		copy_brackets(out);
	}
}

// Written out as an inline fragment, which takes the same directives.
void
Reader::copy_root_spread(std::vector<Piece> &out)
{
	std::string_view name = tokens_[at_ + 1].text;
	auto found = fragments_.find(name);

	if (found == fragments_.end() ||
		std::find(open_fragments_.begin(), open_fragments_.end(), name) != open_fragments_.end())
	{
		refuse("fragment " + in_quotes(name) + " is not defined, or spreads itself");
	}
	at_ += 2;
	append(out, Piece::Kind::text, "...");

	size_t directives = at_;

	at_ = found->second;
	append(out, Piece::Kind::text, take());
	append(out, Piece::Kind::text, take());
	if (at("@"))
	{
		refuse("fragment " + in_quotes(name) + " has directives");
	}

	size_t body = at_;

	at_ = directives;
	copy_directives(out);

	size_t behind = at_;

	at_ = body;
	open_fragments_.push_back(name);
	append(out, Piece::Kind::text, "{");
	copy_root_selections(out);
	append(out, Piece::Kind::text, "}");
	open_fragments_.pop_back();
	at_ = behind;
}

// Between braces, which are left to the caller.
void
Reader::copy_root_selections(std::vector<Piece> &out)
{
	take();
	while (!at("}"))
	{
		if (at_spread())
		{
			copy_root_spread(out);
			continue;
		}
		if (!at("..."))
		{
			copy_field(out);
			continue;
		}
		append(out, Piece::Kind::text, take());
		if (at("on"))
		{
			append(out, Piece::Kind::text, take());
			append(out, Piece::Kind::text, take());
		}
		copy_directives(out);
		append(out, Piece::Kind::text, "{");
		copy_root_selections(out);
		append(out, Piece::Kind::text, "}");
	}
	take();
}

// The list of fragments that are spread grows while it is read.
void
Reader::copy_fragments(std::vector<FragmentDefinition> &fragments)
{
	for (size_t i = 0; i < spread_fragments_.size(); i++)
	{
		std::string_view name = spread_fragments_[i];
		auto found = fragments_.find(name);
		FragmentDefinition fragment;

		if (std::find(spread_fragments_.begin(), spread_fragments_.begin() + static_cast<long>(i),
					  name) != spread_fragments_.begin() + static_cast<long>(i))
		{
			continue;
		}
		if (found == fragments_.end())
		{
			refuse("fragment " + in_quotes(name) + " is not defined");
		}
		at_ = found->second;
		fragment.name = name;
		append(fragment.body, Piece::Kind::text, take());
		append(fragment.body, Piece::Kind::text, take());
		if (at("@"))
		{
			refuse("fragment " + in_quotes(name) + " has directives");
		}
		copy_brackets(fragment.body);
		fragments.push_back(std::move(fragment));
	}
}

MergeSource
Reader::read(std::string_view operation)
{
	MergeSource source;

	find_definitions(operation);
	if (operation_ == SIZE_MAX)
	{
		refuse("the document does not hold the operation");
	}
	at_ = operation_;
	if (tokens_[at_].kind == Token::Kind::name)
	{
		source.name = take();
	}
	if (at("("))
	{
		read_variables(source.variables);
	}
	if (at("@"))
	{
		refuse("the operation has directives");
	}
	copy_root_selections(source.selections);
	copy_fragments(source.fragments);
	return source;
}

}    // namespace

MergeSource
read_merge_source(std::string_view document, std::string_view operation)
{
	return Reader(document).read(operation);
}

}    // namespace gql
