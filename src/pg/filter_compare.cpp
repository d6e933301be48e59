// What would the API filter by, were it asked to compare one column with one value?

#include "pg/filter_compare.hpp"

#include "pg/encoding.hpp"
#include "pg/filter_exact.hpp"
#include "pg/filter_pattern.hpp"
#include "pg/keys.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

Family
family_of(Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return Family::integer;
		case NUMERICOID:
			return Family::numeric;
		case FLOAT8OID:
			return Family::float8;
		case BOOLOID:
			return Family::boolean;
		case UUIDOID:
			return Family::uuid;
		case TEXTOID:
		case VARCHAROID:
			return Family::text;
		case DATEOID:
			return Family::date;
		case TIMESTAMPTZOID:
			return Family::timestamptz;
		default:
			return type_is_enum(type) ? Family::enumeration : Family::other;
	}
}

bool
is_exact(Family family)
{
	return family != Family::text && family != Family::date && family != Family::timestamptz;
}

bool
has_order(Family family)
{
	return family == Family::integer || family == Family::numeric || family == Family::float8 ||
		   family == Family::date || family == Family::timestamptz;
}

bool
is_ordering(FilterOperator op)
{
	return op == FilterOperator::less || op == FilterOperator::less_or_equal ||
		   op == FilterOperator::greater || op == FilterOperator::greater_or_equal;
}

bool
is_list(FilterOperator op)
{
	return op == FilterOperator::in || op == FilterOperator::not_in;
}

int
add_value(FilterDraft *draft, Expr *value)
{
	draft->values = lappend(draft->values, value);
	draft->sole = lappend_int(draft->sole, 0);
	return list_length(draft->values) - 1;
}

const char *
sql_spelling(FilterOperator op)
{
	switch (op)
	{
		case FilterOperator::equal:
			return "=";
		case FilterOperator::not_equal:
			return "<>";
		case FilterOperator::less:
			return "<";
		case FilterOperator::less_or_equal:
			return "<=";
		case FilterOperator::greater:
			return ">";
		case FilterOperator::greater_or_equal:
			return ">=";
		case FilterOperator::in:
			return "IN";
		case FilterOperator::not_in:
			return "NOT IN";
		case FilterOperator::like:
			return "LIKE";
		case FilterOperator::ilike:
			return "ILIKE";
		default:
			return "IS NULL";
	}
}

// Why an expression cannot be sent as a value; nullptr when it can.
const char *
unfit_value(const FilterDraft *draft, Node *value)
{
	if (bms_is_member(draft->rel->relid, pull_varnos(draft->root, value)))
	{
		return "it does not compare a column with a value";
	}
	if (!bms_is_subset(pull_varnos(draft->root, value), draft->outer))
	{
		return "the value comes from a row of another table";
	}
	if (contain_volatile_functions(value))
	{
		return "the value is volatile";
	}
	if (contain_subplans(value))
	{
		return "the value is a subquery";
	}
	if (!draft->per_scan && has_exec_param(value, nullptr))
	{
		return "the value changes while the look-ups are kept";
	}
	return nullptr;
}

bool
types_agree(const Compared *compared, Oid type)
{
	return type == compared->type ||
		   (family_of(type) == compared->family &&
			(compared->family == Family::integer || compared->family == Family::text));
}

// Is the value one of another type that becomes the column's when the statement runs? A day is
// another one than a point in time that is not its midnight, but not before or after it.
bool
is_converted(const Compared *compared, FilterOperator op, Oid type)
{
	switch (compared->family)
	{
		case Family::timestamptz:
			return !is_list(op) && (type == DATEOID || type == TIMESTAMPOID);
		case Family::date:
			return !is_list(op) && op != FilterOperator::not_equal &&
				   (type == TIMESTAMPTZOID || type == TIMESTAMPOID);
		default:
			return false;
	}
}

// Everything is different from all elements of an empty array, also what is not known.
bool
may_be_empty(const Expr *array)
{
	auto *constant = reinterpret_cast<const Const *>(array);

	return !IsA(array, Const) || constant->constisnull ||
		   ArrayGetNItems(ARR_NDIM(DatumGetArrayTypeP(constant->constvalue)),
						  ARR_DIMS(DatumGetArrayTypeP(constant->constvalue))) == 0;
}

// Joins "is not null" to a comparison that APIs make differently for rows without a value.
// False: such rows have to be checked again.
bool
add_not_null(FilterDraft *draft, const Compared *compared)
{
	if (compared->not_null)
	{
		return true;
	}
	if (!draft->says_not_null || !spells(draft, compared, FilterOperator::is_null))
	{
		return false;
	}
	add_node(draft, FilterOperator::is_not_null, compared->column, -1, 0);
	return true;
}

// What the API can be asked instead of an operator that it has no word for, so that no row is lost:
// its neighbour, which keeps the bound itself.
FilterOperator
wider(const FilterDraft *draft, const Compared *compared, FilterOperator op)
{
	FilterOperator other = op == FilterOperator::less      ? FilterOperator::less_or_equal
						   : op == FilterOperator::greater ? FilterOperator::greater_or_equal
														   : op;

	return !spells(draft, compared, op) && spells(draft, compared, other) ? other : op;
}

bool
draft_bound(FilterDraft *draft, const Compared *compared, FilterOperator op, Expr *value)
{
	if (!spells(draft, compared, op))
	{
		return keep_unspelled(draft, compared, op);
	}
	add_node(draft, op, compared->column, add_value(draft, value), 0);
	return true;
}

// A moment is two bounds around it, a bound is one a little further away: the API may know the time
// more exactly than it says it, or less exactly than it is told.
bool
draft_time(FilterDraft *draft, const Compared *compared, FilterOperator op, Expr *value)
{
	draft->recheck = true;
	if (is_ordering(op))
	{
		return draft_bound(draft, compared, wider(draft, compared, op), value);
	}
	if (op != FilterOperator::equal)
	{
		return keep(draft, "points in time may be cut to milliseconds by the API");
	}
	add_node(draft, FilterOperator::conjunction, -1, -1, 2);
	return draft_bound(draft, compared, FilterOperator::greater_or_equal, value) &&
		   draft_bound(draft, compared, FilterOperator::less_or_equal, value);
}

// The opposite under NOT, where the API has no word for the operator itself.
bool
draft_exact(FilterDraft *draft, const Compared *compared, FilterOperator op, Oid type, Expr *value)
{
	bool negative = op == FilterOperator::not_equal || op == FilterOperator::not_in;
	bool careful = negative || is_ordering(op);
	bool null_may_pass = op == FilterOperator::not_in && may_be_empty(value);
	FilterOperator said = wider(draft, compared, op);
	int conjunction = -1;
	int index;

	if (careful && !compared->not_null)
	{
		conjunction = add_node(draft, FilterOperator::conjunction, -1, -1, 1);
	}
	if (negative && !spells(draft, compared, op) &&
		table_joins(draft->plan->table, FilterOperator::negation))
	{
		FilterOperator positive =
			op == FilterOperator::not_equal ? FilterOperator::equal : FilterOperator::in;

		if (!spells(draft, compared, positive))
		{
			return keep_unspelled(draft, compared, op);
		}
		add_node(draft, FilterOperator::negation, -1, -1, 1);
		op = positive;
	}
	else if (!spells(draft, compared, said))
	{
		return keep_unspelled(draft, compared, op);
	}
	else
	{
		draft->recheck = draft->recheck || said != op;
		op = said;
	}
	index = add_value(draft, value);
	add_node(draft, op, compared->column, index, 0);
	lfirst_int(list_nth_cell(draft->sole, index)) = 1;
	if (!arrives_whole(type, value) || !is_exact(compared->family))
	{
		draft->recheck = true;
	}
	if (conjunction >= 0)
	{
		int before = draft->count;

		draft->recheck = null_may_pass || !add_not_null(draft, compared) || draft->recheck;
		draft->nodes[conjunction].count += draft->count - before;
	}
	return true;
}

}    // namespace

bool
find_column(const FilterDraft *draft, Node *node, Compared *compared)
{
	const TableOptions *options = draft->plan->options;

	for (size_t i = 0; i < options->spec.column_count; i++)
	{
		if (is_column(node, draft->rel, options->attnums[i]))
		{
			compared->column = static_cast<int>(i);
			compared->type = getBaseType(options->types[i]);
			compared->family = family_of(compared->type);
			compared->rounded = is_rounded(options, compared->column);
			compared->name = from_utf8(options->spec.columns[i].name);
			// A field that failed is NULL, whatever the column is declared.
			compared->not_null =
				options->not_null[i] && options->server.on_error == ErrorPolicy::error;
			return !options->spec.columns[i].path.empty();
		}
	}
	return false;
}

bool
keep(FilterDraft *draft, const char *reason)
{
	draft->reason = reason;
	return false;
}

bool
keep_unspelled(FilterDraft *draft, const Compared *compared, FilterOperator op)
{
	return keep(draft, psprintf("option \"filter\" has no %s for column \"%s\"", sql_spelling(op),
								compared->name));
}

bool
spells(const FilterDraft *draft, const Compared *compared, FilterOperator op)
{
	return table_compares(draft->plan->table, compared->column, op);
}

int
add_node(FilterDraft *draft, FilterOperator op, int column, int value, int count)
{
	if (draft->count == draft->capacity)
	{
		Size size = sizeof(FilterNode) * draft->capacity;

		draft->nodes = static_cast<FilterNode *>(repalloc(draft->nodes, size * 2));
		draft->capacity *= 2;
	}
	draft->nodes[draft->count] = {op, column, value, count};
	return draft->count++;
}

bool
draft_comparison(FilterDraft *draft, const Compared *compared, FilterOperator op, Oid type,
				 Expr *value, Oid collation)
{
	const char *unfit = unfit_value(draft, reinterpret_cast<Node *>(value));
	bool negative = op == FilterOperator::not_equal || op == FilterOperator::not_in;
	Oid base = getBaseType(type);

	if (unfit != nullptr)
	{
		return keep(draft, unfit);
	}
	if (compared->family == Family::other ||
		(!types_agree(compared, base) && !is_converted(compared, op, base)))
	{
		return keep(draft, psprintf("type %s is compared locally", format_type_be(type)));
	}
	if (compared->rounded)
	{
		return keep(draft, psprintf("column \"%s\" holds rounded values", compared->name));
	}
	if (OidIsValid(collation) && !get_collation_isdeterministic(collation))
	{
		return keep(draft, "its collation is not deterministic");
	}
	if (is_ordering(op) && !has_order(compared->family))
	{
		return keep(draft, psprintf("the API may order type %s differently", format_type_be(type)));
	}
	if (compared->family == Family::timestamptz)
	{
		return draft_time(draft, compared, op, value);
	}
	if (compared->family == Family::text && negative)
	{
		return keep(draft, "the API may ignore case, and leave out rows that differ only by it");
	}
	// Before a moment of the day is also the day itself.
	if (compared->family == Family::date && base != DATEOID && op == FilterOperator::less)
	{
		op = FilterOperator::less_or_equal;
	}
	return draft_exact(draft, compared, op, base, value);
}

bool
draft_pattern(FilterDraft *draft, const Compared *compared, FilterOperator op, Expr *pattern,
			  Oid collation)
{
	const char *unfit = unfit_value(draft, reinterpret_cast<Node *>(pattern));

	if (unfit != nullptr)
	{
		return keep(draft, unfit);
	}
	if (compared->family != Family::text || !get_collation_isdeterministic(collation))
	{
		return keep(draft, "its collation is not deterministic");
	}
	if (op == FilterOperator::like && !spells(draft, compared, op))
	{
		FilterOperator part;
		Expr *text = part_of_pattern(pattern, &part);

		if (text != nullptr && spells(draft, compared, part))
		{
			op = part;
			pattern = text;
		}
	}
	draft->recheck = true;
	return draft_bound(draft, compared, op, pattern);
}

}    // namespace gql::pg
