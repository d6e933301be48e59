// How do tests get a join of two tables?
#pragma once

#include "core/door/join.hpp"

#include "fixture.hpp"

namespace gql::test
{

// Parents whose first column is their key, and what lists inside them hold, as one table; nullptr
// where they are not nested.
inline TablePointer
make_join(const TablePointer &parents, const TablePointer &children, bool filters_parent)
{
	const JoinKey key = {0, 0};
	JoinSpec spec;
	Error err;

	spec.parent = parents.get();
	spec.child = children.get();
	spec.keys = &key;
	spec.key_count = 1;
	spec.filters_parent = filters_parent;

	TablePointer joined(join_table_open(spec, err), &table_close);

	EXPECT_EQ(err.code, Code::none) << err.message;
	return joined;
}

}    // namespace gql::test
