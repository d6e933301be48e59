// Which tokens does a GraphQL document consist of, and what would running it do?

#include "core/lexer.hpp"

#include <algorithm>
#include <string>

#include "core/door/query.hpp"
#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/path.hpp"

namespace gql
{

namespace
{

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view block_quote = "\"\"\"";

bool
starts_with(std::string_view text, std::string_view start)
{
	return text.substr(0, start.size()) == start;
}

// Reads tokens up to the bracket that closes `open`, which was read last.
void
skip_brackets(Lexer &lexer, char open)
{
	std::string closing(1, open == '(' ? ')' : open == '[' ? ']' : '}');

	while (!closing.empty())
	{
		Token token = lexer.next();
		char c = token.kind == Token::Kind::punctuator ? token.text[0] : ' ';

		if (token.kind == Token::Kind::end)
		{
			lexer.fail(std::string("a \"") + closing.back() + "\" is missing");
		}
		if (c == '(' || c == '[' || c == '{')
		{
			closing.push_back(c == '(' ? ')' : c == '[' ? ']' : '}');
		}
		else if (c == ')' || c == ']' || c == '}')
		{
			if (c != closing.back())
			{
				lexer.fail(std::string("a \"") + c + "\" closes nothing");
			}
			closing.pop_back();
		}
	}
}

// Reads the rest of a definition: variables and directives, then the selection set, which ends it.
void
skip_definition(Lexer &lexer, Token token)
{
	for (;;)
	{
		if (token.text == "@")
		{
			token = lexer.next();
			if (token.kind != Token::Kind::name)
			{
				lexer.fail("a directive has no name");
			}
		}
		else if (token.kind == Token::Kind::punctuator && (token.text == "(" || token.text == "{"))
		{
			skip_brackets(lexer, token.text[0]);
			if (token.text == "{")
			{
				return;
			}
		}
		else
		{
			lexer.fail("a selection set is missing");
		}
		token = lexer.next();
	}
}

// Reads "F on Account" behind "fragment".
void
skip_fragment_head(Lexer &lexer)
{
	Token name = lexer.next();
	Token on = lexer.next();
	Token type = lexer.next();

	if (name.kind != Token::Kind::name || on.text != "on" || type.kind != Token::Kind::name)
	{
		lexer.fail("a fragment has no name or no type");
	}
}

bool
operation_of(const Token &token, OperationKind &kind)
{
	if (token.text == "query" || token.text == "{")
	{
		kind = OperationKind::query;
		return true;
	}
	kind = token.text == "mutation" ? OperationKind::mutation : OperationKind::subscription;
	return token.text == "mutation" || token.text == "subscription";
}

[[noreturn]] void
refuse(const std::string &problem, std::string hint = {})
{
	throw Failure(Code::invalid_argument, problem, {}, std::move(hint));
}

OperationKind
find_operation(std::string_view document, std::string_view wanted)
{
	Lexer lexer(document);
	OperationKind found = OperationKind::query;
	size_t operations = 0;
	size_t matches = 0;

	for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next())
	{
		OperationKind kind;
		bool operation = operation_of(token, kind);
		std::string_view name;

		if (token.kind == Token::Kind::string || (!operation && token.text != "fragment"))
		{
			lexer.fail("neither an operation nor a fragment begins here");
		}
		if (!operation)
		{
			skip_fragment_head(lexer);
		}
		if (token.text != "{")
		{
			token = lexer.next();
		}
		if (operation && token.kind == Token::Kind::name)
		{
			name = token.text;
			token = lexer.next();
		}
		skip_definition(lexer, token);
		if (operation)
		{
			operations++;
			if (wanted.empty() || name == wanted)
			{
				matches++;
				found = kind;
			}
		}
	}
	if (operations == 0)
	{
		refuse("the document holds no operation");
	}
	if (matches == 0)
	{
		refuse("the document holds no operation named \"" + clean_text(wanted, 100) + '"');
	}
	if (matches > 1)
	{
		refuse(wanted.empty() ? std::string("the document holds several operations")
							  : "the document holds several operations named \"" +
									clean_text(wanted, 100) + '"',
			   wanted.empty() ? "Name the operation to run." : "");
	}
	return found;
}

}    // namespace

size_t
Lexer::line() const
{
	return 1 + static_cast<size_t>(std::count(
				   whole_.begin(), whole_.begin() + static_cast<std::ptrdiff_t>(start_), '\n'));
}

void
Lexer::fail(std::string_view problem) const
{
	refuse("this is not a GraphQL document: " + std::string(problem) + " (line " +
		   std::to_string(line()) + ')');
}

void
Lexer::skip_ignored()
{
	for (;;)
	{
		if (starts_with(rest_, byte_order_mark))
		{
			rest_.remove_prefix(byte_order_mark.size());
		}
		else if (!rest_.empty() && rest_[0] == '#')
		{
			rest_.remove_prefix(std::min(rest_.find_first_of("\r\n"), rest_.size()));
		}
		else if (!rest_.empty() &&
				 std::string_view(" \t\r\n,").find(rest_[0]) != std::string_view::npos)
		{
			rest_.remove_prefix(1);
		}
		else
		{
			return;
		}
	}
}

// Of the string, or block string, that the rest begins with.
size_t
Lexer::string_length() const
{
	bool block = starts_with(rest_, block_quote);

	for (size_t i = block ? 3 : 1; i < rest_.size(); i++)
	{
		if (block && starts_with(rest_.substr(i), "\\\"\"\""))
		{
			i += 3;
		}
		else if (block && starts_with(rest_.substr(i), block_quote))
		{
			return i + 3;
		}
		else if (!block && rest_[i] == '\\')
		{
			i++;
		}
		else if (!block && rest_[i] == '"')
		{
			return i + 1;
		}
		if (!block && i < rest_.size() && (rest_[i] == '\n' || rest_[i] == '\r'))
		{
			break;
		}
	}
	fail("a string has no end");
}

Token
Lexer::take(Token::Kind kind, size_t length)
{
	Token token = {kind, rest_.substr(0, length)};

	rest_.remove_prefix(length);
	return token;
}

Token
Lexer::next()
{
	skip_ignored();
	start_ = whole_.size() - rest_.size();
	if (rest_.empty())
	{
		return {};
	}
	if (rest_[0] == '"')
	{
		return take(Token::Kind::string, string_length());
	}
	if (starts_with(rest_, "..."))
	{
		return take(Token::Kind::punctuator, 3);
	}
	if (std::string_view("!$&():=@[]{|}").find(rest_[0]) != std::string_view::npos)
	{
		return take(Token::Kind::punctuator, 1);
	}

	if (is_name(rest_.substr(0, 1)))
	{
		return take(Token::Kind::name,
					std::min(rest_.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
													 "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"),
							 rest_.size()));
	}
	if (rest_[0] == '-' || (rest_[0] >= '0' && rest_[0] <= '9'))
	{
		return take(Token::Kind::number,
					std::min(rest_.find_first_not_of("0123456789+-.eE"), rest_.size()));
	}
	fail("there is a character that does not belong there");
}

bool
document_kind(std::string_view document, std::string_view operation_name, OperationKind &kind,
			  Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   kind = find_operation(document, operation_name);
					   return true;
				   });
}

}    // namespace gql
