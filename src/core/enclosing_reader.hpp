// What do the objects around the rows hold for columns that read above their row?
//
// They are read on the way, before the rows inside them, and hold for all of those.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/arena.hpp"
#include "core/json_read.hpp"
#include "core/object_reader.hpp"
#include "core/query.hpp"

namespace gql
{

class EnclosingReader
{
public:
	// Values live as long as `arena` does or, where they need not outlive their rows, until the
	// next object of the same level.
	EnclosingReader(const Query &query, Arena &arena, Lifetime lifetime);

	// Whether anything is read of the object that the path's first `level` elements lead to.
	bool wants(size_t level) const;
	void read(size_t level, ObjectReader::Object object);

	// Puts the values into their places among those of a row.
	void fill(Value *values) const;

	void set_limit(size_t limit);
	size_t bytes() const;

private:
	struct Level
	{
		Arena own;
		std::unique_ptr<ObjectReader> reader;
		const std::vector<SelectedColumn> *columns;
		std::vector<Value> values;    // one per column
	};

	const Query &query_;
	const Lifetime lifetime_;
	std::vector<std::unique_ptr<Level>> levels_;    // [0]: one level above the rows
};

}    // namespace gql
