// What in a GraphQL document differs from copy to copy when it is repeated in one request?
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gql
{

// A stretch of a document, or a name in it that may have to be another one in each copy.
struct Piece
{
	enum class Kind
	{
		text,
		variable,        // its name, without the dollar sign
		fragment,        // name of a fragment that is spread
		response_key,    // of a field of the query root
	};

	Kind kind;
	std::string text;
};

struct VariableDefinition
{
	std::string name;
	std::string rest;    // ": Int! = 1"
};

struct FragmentDefinition
{
	std::string name;
	std::vector<Piece> body;    // "on Account { id }"
};

// One operation of a document. Fragments spread at the query root are part of its selections, for
// their fields are root fields.
struct MergeSource
{
	std::string name;    // "" none
	std::vector<VariableDefinition> variables;
	std::vector<Piece> selections;                // between the outermost braces
	std::vector<FragmentDefinition> fragments;    // that are spread further down
};

// Reads a document that document_kind() has accepted. Throws Failure (unsupported) when repeating
// the operation in one request would not be the same as sending it several times.
MergeSource read_merge_source(std::string_view document, std::string_view operation);

}    // namespace gql
