// Which parts of a condition does the API's filter say?
//
// Of an AND inside an OR only what can be sent is. Parts are told by their number: the condition
// itself is 0, and what AND, OR and IS TRUE join is counted in the order in which it is written.
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// How many parts a condition has, itself among them.
int count_parts(const Node *condition);

Node *find_part(Node *condition, int part);

// The condition without some of its parts, at least one of each AND being left. `parts`: IntList.
Node *without_parts(Node *condition, const List *parts);

}    // namespace gql::pg
