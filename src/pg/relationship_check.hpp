// What no longer fits of a relationship?
#pragma once

#include "core/door/schema.hpp"

#include "pg/prelude.hpp"
#include "pg/relationship.hpp"

namespace gql::pg
{

struct RelationshipFinding
{
	const char *message;    // nullptr: it fits
	const char *fix;        // statements, nullptr: only a person can know
	bool fails;             // queries fail; else they run without batches
};

// `schema` is that of the target's server, nullptr where the target is no table of an API or its
// schema cannot be had. Uses the current memory context.
RelationshipFinding check_relationship(const Relationship *relationship,
									   const RemoteSchema *schema);

bool is_table_of(Oid relation_id, Oid server_id);

}    // namespace gql::pg
