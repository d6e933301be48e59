// How do the values of one row become the values of the wanted columns?
#pragma once

#include "core/arena.hpp"
#include "core/enclosing_reader.hpp"
#include "core/json_read.hpp"
#include "core/object_reader.hpp"
#include "core/query.hpp"

namespace gql
{

class RowReader
{
public:
	RowReader(const Query &query, Arena &arena);

	// One value per wanted column; those above the row are taken from `around`.
	const Value *read(JsonValue &row, const EnclosingReader &around);
	// The same where there is no row: all others are null.
	const Value *read_around(const EnclosingReader &around);

private:
	void read_object(JsonValue &row, Value *values);
	Value read_self(const Column &column, JsonValue &row);

	const Query &query_;
	Arena &arena_;
	ObjectReader reader_;
};

}    // namespace gql
