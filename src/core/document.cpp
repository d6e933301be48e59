// What would running a GraphQL document do?
//
// The document is read by the whole grammar of executable documents, so that nothing passes for a
// query that a server could take for something else.

#include <string>
#include <vector>

#include "core/door/query.hpp"
#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/token_stream.hpp"

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
class Parser
{
public:
	explicit Parser(std::string_view document) : tokens_(document) {}

	// All operations of the document, in order.
	std::vector<Operation> operations();

private:
	enum class Values
	{
		constant,
		any,
	};

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

	TokenStream tokens_;
	int depth_ = 0;
};

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

	while (!tokens_.at_end())
	{
		definition(found);
	}
	return found;
}

void
Parser::definition(std::vector<Operation> &found)
{
	Operation operation = {};

	if (tokens_.token().kind == Token::Kind::string)
	{
		tokens_.take();
		if (tokens_.at("{"))
		{
			tokens_.unexpected();
		}
	}
	if (operation_of(tokens_.token(), operation.kind))
	{
		if (!tokens_.at("{"))
		{
			tokens_.take();
			if (tokens_.token().kind == Token::Kind::name)
			{
				operation.name = tokens_.name();
			}
			variable_definitions();
			directives(Values::any);
		}
		found.push_back(operation);
	}
	else
	{
		tokens_.expect("fragment");
		fragment_name();
		tokens_.expect("on");
		tokens_.name();
		directives(Values::any);
	}
	selection_set();
}

void
Parser::variable_definitions()
{
	if (!tokens_.take_if("("))
	{
		return;
	}
	do
	{
		if (tokens_.token().kind == Token::Kind::string)
		{
			tokens_.take();
		}
		tokens_.expect("$");
		tokens_.name();
		tokens_.expect(":");
		type();
		if (tokens_.take_if("="))
		{
			value(Values::constant);
		}
		directives(Values::constant);
	} while (!tokens_.take_if(")"));
}

void
Parser::type()
{
	enter();
	if (tokens_.take_if("["))
	{
		type();
		tokens_.expect("]");
	}
	else
	{
		tokens_.name();
	}
	tokens_.take_if("!");
	depth_--;
}

void
Parser::directives(Values values)
{
	while (tokens_.take_if("@"))
	{
		tokens_.name();
		arguments(values);
	}
}

void
Parser::arguments(Values values)
{
	if (!tokens_.take_if("("))
	{
		return;
	}
	do
	{
		tokens_.name();
		tokens_.expect(":");
		value(values);
	} while (!tokens_.take_if(")"));
}

void
Parser::value(Values values)
{
	enter();
	if (tokens_.take_if("["))
	{
		while (!tokens_.take_if("]"))
		{
			value(values);
		}
	}
	else if (tokens_.take_if("{"))
	{
		while (!tokens_.take_if("}"))
		{
			tokens_.name();
			tokens_.expect(":");
			value(values);
		}
	}
	else if (values == Values::any && tokens_.take_if("$"))
	{
		tokens_.name();
	}
	else if (tokens_.token().kind == Token::Kind::punctuator ||
			 tokens_.token().kind == Token::Kind::end)
	{
		tokens_.unexpected();
	}
	else
	{
		tokens_.take();
	}
	depth_--;
}

void
Parser::selection_set()
{
	enter();
	tokens_.expect("{");
	do
	{
		selection();
	} while (!tokens_.take_if("}"));
	depth_--;
}

void
Parser::selection()
{
	if (!tokens_.take_if("..."))
	{
		field();
		return;
	}
	if (tokens_.token().kind == Token::Kind::name && !tokens_.at("on"))
	{
		fragment_name();
		directives(Values::any);
		return;
	}
	if (tokens_.take_if("on"))
	{
		tokens_.name();
	}
	directives(Values::any);
	selection_set();
}

void
Parser::field()
{
	tokens_.name();
	if (tokens_.take_if(":"))
	{
		tokens_.name();
	}
	arguments(Values::any);
	directives(Values::any);
	if (tokens_.at("{"))
	{
		selection_set();
	}
}

void
Parser::fragment_name()
{
	if (tokens_.at("on"))
	{
		tokens_.unexpected();
	}
	tokens_.name();
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
