// What does a Query hold? (Inside the core; the door is core/door/query.hpp.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/arguments.hpp"
#include "core/door/query.hpp"
#include "core/filter.hpp"
#include "core/selection.hpp"
#include "core/table.hpp"

namespace gql
{

struct Query
{
	const RemoteTable *table;
	const AccessPlan *plan;
	AccessPlan ordered;    // with the arguments of an order; else not used
	bool loose_order = false;
	size_t parents = 0;        // as in QuerySpec
	uint32_t list_size = 0;    // rows to ask for of each list inside an object
	Method method;
	std::vector<int> bound;
	std::vector<FilterNode> filter;
	AccessPlan filtered;       // with the filter among its arguments; not used without one
	FilterText filter_text;    // what is sent for it
	// Where keys go into the filter: what else it compares with.
	std::vector<std::pair<FilterTruth, std::string>> filter_values;
	bool filter_known = true;
	Selection selection;

	// The last document made, and what it was made for.
	std::string document;
	std::vector<Variable> variables;
	std::vector<std::string> names;    // of the variables, slot by slot; "" none of its own
	size_t slots = 0;                  // 0: there is none
	bool unsaid = false;
	const Schema *schema = nullptr;
	uint64_t generation = 0;

	std::string question;
	std::string body;
};

// How many aliases a document for `keys` keys has: few sizes, so that servers can keep documents.
size_t alias_slots(size_t keys) noexcept;

// What is sent for a filter that takes keys: a JSON list of them or, where it compares with one, a
// JSON value. "" leaves them out.
FilterText filter_of_keys(const Query &query, std::string_view keys);

// What writes the arguments of the query, as far as the schema (which may be nullptr) is known.
ArgumentWriter make_writer(const Query &query, const Schema *schema);

// What the door functions do, given the schema instead of the endpoint.
const std::string &make_question(Query &query, Schema &schema);
const std::string &make_document(Query &query, size_t keys, const Schema *schema);
const std::string &make_body(Query &query, const std::string_view *values, size_t keys,
							 const PageRequest *page, const Schema *schema);
std::string_view missing_argument(const Query &query, const Schema *schema);

}    // namespace gql
