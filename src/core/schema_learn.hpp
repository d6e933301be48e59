// How is an API asked for the types of its arguments, as far as somebody needs them?
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/endpoint.hpp"
#include "core/schema.hpp"

namespace gql
{

struct Source;

// Types hold what was told of them; `query_type` is "" before the first answer.
struct Schema : SchemaTypes
{
	std::set<std::string> asked;
	bool refused = false;     // the API does not tell, ever
	bool complete = false;    // all of the schema is here already
	// After a failure that may pass no question is asked before this time.
	std::chrono::steady_clock::time_point quiet_until = {};
	uint64_t generation = 0;    // changes with every answer
};

// Looking things up in what is known (`schema` may be nullptr). What is not known, and could be
// asked for, is noted in `missing`: "" stands for the query root.
class SchemaReader
{
public:
	explicit SchemaReader(const Schema *schema) : schema_(schema) {}

	const FieldInfo *field(const std::vector<std::string> &path, size_t index);
	const InputInfo *input(const TypeRef &type, std::string_view name);
	const TypeInfo *type(const std::string &name);

	std::set<std::string> missing;

private:
	const Schema *schema_;
};

// The request body that asks for what is missing, or "" when no question would be answered.
std::string schema_question(Schema &schema, const std::set<std::string> &missing);

// Takes in the `data` of an answer. Throws JsonError for anything that is no answer.
void schema_read(Schema &schema, std::string_view data);

// What schema_learn() does with an answer, and with a failure.
void schema_learn_from(Schema &schema, const Source &source);
void schema_fail(Schema &schema, Code code);

}    // namespace gql
