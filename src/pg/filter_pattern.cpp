// What does a pattern tell of the texts that are like it?

#include "pg/filter_pattern.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

Expr *
part_of_pattern(Expr *pattern, FilterOperator *op)
{
	auto *constant = reinterpret_cast<Const *>(pattern);

	if (!IsA(pattern, Const) || constant->constisnull)
	{
		return nullptr;
	}
	char *letters = TextDatumGetCString(constant->constvalue);
	size_t first = strcspn(letters, "%_");
	size_t last = strlen(letters);

	if (strchr(letters, '\\') != nullptr)
	{
		return nullptr;
	}
	while (last > first && letters[last - 1] != '%' && letters[last - 1] != '_')
	{
		last--;
	}
	*op = letters[first] == '\0'  ? FilterOperator::equal
		  : first > 0             ? FilterOperator::starts_with
		  : letters[last] != '\0' ? FilterOperator::ends_with
								  : FilterOperator::contains;
	if (*op == FilterOperator::ends_with)
	{
		letters += last;
	}
	else if (*op == FilterOperator::contains)
	{
		letters += strspn(letters, "%_");
		first = strcspn(letters, "%_");
	}
	if (*op != FilterOperator::ends_with)
	{
		letters[first] = '\0';
	}
	if (letters[0] == '\0')
	{
		return nullptr;
	}
	constant = copy_node(constant);
	constant->constvalue = CStringGetTextDatum(letters);
	return reinterpret_cast<Expr *>(constant);
}

}    // namespace gql::pg
