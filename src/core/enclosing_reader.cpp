// What do the objects around the rows hold for columns that read above their row?

#include "core/enclosing_reader.hpp"

namespace gql
{

EnclosingReader::EnclosingReader(const Query &query, Arena &arena, Lifetime lifetime)
	: query_(query), lifetime_(lifetime)
{
	for (const Enclosing &enclosing : query.selection.enclosing)
	{
		auto level = std::make_unique<Level>();

		level->reader = std::make_unique<ObjectReader>(
			query, enclosing.object, lifetime == Lifetime::row ? level->own : arena);
		level->columns = &enclosing.columns;
		level->values.resize(enclosing.columns.size());
		levels_.push_back(std::move(level));
	}
}

bool
EnclosingReader::wants(size_t level) const
{
	size_t above = query_.plan->field.size() - level;

	return above > 0 && above <= levels_.size() && !levels_[above - 1]->values.empty();
}

void
EnclosingReader::read(size_t level, ObjectReader::Object object)
{
	Level &target = *levels_[query_.plan->field.size() - level - 1];

	if (lifetime_ == Lifetime::row)
	{
		target.own.reset();
	}
	target.reader->read(object);
	for (size_t i = 0; i < target.values.size(); i++)
	{
		target.values[i] = target.reader->value((*target.columns)[i]);
	}
}

void
EnclosingReader::fill(Value *values) const
{
	const std::vector<SelectedColumn> &columns = query_.selection.columns;
	std::vector<size_t> next(levels_.size());

	for (size_t i = 0; i < columns.size() && !levels_.empty(); i++)
	{
		size_t above = columns[i].column->levels;

		if (above > 0)
		{
			values[i] = levels_[above - 1]->values[next[above - 1]++];
		}
	}
}

void
EnclosingReader::set_limit(size_t limit)
{
	for (std::unique_ptr<Level> &level : levels_)
	{
		level->own.set_limit(limit);
	}
}

size_t
EnclosingReader::bytes() const
{
	size_t bytes = 0;

	for (const std::unique_ptr<Level> &level : levels_)
	{
		bytes += level->own.bytes();
	}
	return bytes;
}

}    // namespace gql
