// What does a default value look like once it is coerced to its type?
#pragma once

#include <cstddef>
#include <string>

#include "core/schema.hpp"
#include "core/token_stream.hpp"

namespace gql
{

// For all defaults of one schema, whose types must have their kinds already.
class DefaultCoercion
{
public:
	explicit DefaultCoercion(const SchemaTypes &schema) : schema_(schema) {}

	// Rewrites the default as introspection shows it: members in the order of their type and with
	// defaults of their own, lists around single values. One that is not of its type stays as it
	// is.
	void run(InputInfo &input);

private:
	void spend(size_t effort, const TokenStream &tokens);
	std::string coerce(const std::string &text, const TypeRef &type, int depth);
	std::string read(TokenStream &tokens, const TypeRef &type, int depth);
	std::string read_list(TokenStream &tokens, const TypeRef &element, int depth);
	std::string read_object(TokenStream &tokens, const TypeInfo &type, int depth);

	const SchemaTypes &schema_;
	size_t effort_ = 0;
};

}    // namespace gql
