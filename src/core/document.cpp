// What would running a GraphQL document do?
//
// The document is read by the whole grammar of executable documents, so that nothing passes for a
// query that a server could take for something else.

#include <string>
#include <vector>

#include "core/door/query.hpp"
#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/lexer.hpp"

namespace gql
{

namespace
{

constexpr int deepest = 1000;

struct Operation
{
	OperationKind kind;
	std::string_view name;    // "" none
};

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

// Each method reads what it is named after, from the current token on, and fails on anything else.
// A token's text tells its kind: strings keep their quotes.
class Parser
{
public:
	explicit Parser(std::string_view document) : lexer_(document) { advance(); }

	// All operations of the document, in order.
	std::vector<Operation> operations();

private:
	enum class Values
	{
		constant,
		any,
	};

	void advance();
	bool take(std::string_view text);
	void expect(std::string_view text);
	std::string_view name();
	[[noreturn]] void unexpected() const;
	void enter();

	void definition(std::vector<Operation> &found);
	void variable_definitions();
	void type();
	void directives(Values values);
	void arguments(Values values);
	void value(Values values);
	void selection_set();
	void selection();
	void field();
	void fragment_name();

	Lexer lexer_;
	Token token_;
	int depth_ = 0;
};

void
Parser::advance()
{
	token_ = lexer_.next();
}

bool
Parser::take(std::string_view text)
{
	if (token_.text != text)
	{
		return false;
	}
	advance();
	return true;
}

void
Parser::expect(std::string_view text)
{
	if (!take(text))
	{
		unexpected();
	}
}

std::string_view
Parser::name()
{
	std::string_view text = token_.text;

	if (token_.kind != Token::Kind::name)
	{
		unexpected();
	}
	advance();
	return text;
}

void
Parser::unexpected() const
{
	lexer_.fail(token_.kind == Token::Kind::end
					? std::string("it ends too soon")
					: '"' + clean_text(token_.text, 40) + "\" is not expected here");
}

void
Parser::enter()
{
	if (++depth_ > deepest)
	{
		throw Failure(Code::too_deep, "the GraphQL document is nested more than " +
										  std::to_string(deepest) + " levels deep");
	}
}

std::vector<Operation>
Parser::operations()
{
	std::vector<Operation> found;

	while (token_.kind != Token::Kind::end)
	{
		definition(found);
	}
	return found;
}

void
Parser::definition(std::vector<Operation> &found)
{
	Operation operation = {};

	if (token_.kind == Token::Kind::string)
	{
		advance();
		if (token_.text == "{")
		{
			unexpected();
		}
	}
	if (operation_of(token_, operation.kind))
	{
		if (token_.text != "{")
		{
			advance();
			if (token_.kind == Token::Kind::name)
			{
				operation.name = name();
			}
			variable_definitions();
			directives(Values::any);
		}
		found.push_back(operation);
	}
	else
	{
		expect("fragment");
		fragment_name();
		expect("on");
		name();
		directives(Values::any);
	}
	selection_set();
}

void
Parser::variable_definitions()
{
	if (!take("("))
	{
		return;
	}
	do
	{
		if (token_.kind == Token::Kind::string)
		{
			advance();
		}
		expect("$");
		name();
		expect(":");
		type();
		if (take("="))
		{
			value(Values::constant);
		}
		directives(Values::constant);
	} while (!take(")"));
}

void
Parser::type()
{
	enter();
	if (take("["))
	{
		type();
		expect("]");
	}
	else
	{
		name();
	}
	take("!");
	depth_--;
}

void
Parser::directives(Values values)
{
	while (take("@"))
	{
		name();
		arguments(values);
	}
}

void
Parser::arguments(Values values)
{
	if (!take("("))
	{
		return;
	}
	do
	{
		name();
		expect(":");
		value(values);
	} while (!take(")"));
}

void
Parser::value(Values values)
{
	enter();
	if (take("["))
	{
		while (!take("]"))
		{
			value(values);
		}
	}
	else if (take("{"))
	{
		while (!take("}"))
		{
			name();
			expect(":");
			value(values);
		}
	}
	else if (values == Values::any && take("$"))
	{
		name();
	}
	else if (token_.kind == Token::Kind::punctuator || token_.kind == Token::Kind::end)
	{
		unexpected();
	}
	else
	{
		advance();
	}
	depth_--;
}

void
Parser::selection_set()
{
	enter();
	expect("{");
	do
	{
		selection();
	} while (!take("}"));
	depth_--;
}

void
Parser::selection()
{
	if (!take("..."))
	{
		field();
		return;
	}
	if (token_.kind == Token::Kind::name && token_.text != "on")
	{
		fragment_name();
		directives(Values::any);
		return;
	}
	if (take("on"))
	{
		name();
	}
	directives(Values::any);
	selection_set();
}

void
Parser::field()
{
	name();
	if (take(":"))
	{
		name();
	}
	arguments(Values::any);
	directives(Values::any);
	if (token_.text == "{")
	{
		selection_set();
	}
}

void
Parser::fragment_name()
{
	if (token_.text == "on")
	{
		unexpected();
	}
	name();
}

[[noreturn]] void
refuse(const std::string &problem, std::string hint = {})
{
	throw Failure(Code::invalid_argument, problem, {}, std::move(hint));
}

std::vector<Operation>
read_operations(std::string_view document)
{
	try
	{
		return Parser(document).operations();
	}
	catch (const SyntaxError &problem)
	{
		refuse(std::string("this is not a GraphQL document: ") + problem.what());
	}
}

OperationKind
find_operation(std::string_view document, std::string_view wanted)
{
	std::vector<Operation> operations = read_operations(document);
	const Operation *found = nullptr;

	if (operations.empty())
	{
		refuse("the document holds no operation");
	}
	for (const Operation &operation : operations)
	{
		if (!wanted.empty() && operation.name != wanted)
		{
			continue;
		}
		if (found != nullptr)
		{
			refuse(wanted.empty() ? std::string("the document holds several operations")
								  : "the document holds several operations named \"" +
										clean_text(wanted, 100) + '"',
				   wanted.empty() ? "Name the operation to run." : "");
		}
		found = &operation;
	}
	if (found == nullptr)
	{
		refuse("the document holds no operation named \"" + clean_text(wanted, 100) + '"');
	}
	return found->kind;
}

}    // namespace

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
