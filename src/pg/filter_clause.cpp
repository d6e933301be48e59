// What would the API filter by, were it asked to check one condition?
//
// An API's filter is trusted for what it says of values that are there: it decides by two-valued
// logic, and what it makes of null differs from API to API. SQL's logic is monotonic in what is
// known, so a tree of AND and OR over comparisons that never lose a row loses none either; what it
// returns too much is checked again.

#include "pg/filter_clause.hpp"

#include "pg/keys.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// How values of a type are compared by an API, next to how PostgreSQL does it.
enum class Family
{
	integer,
	numeric,
	float8,
	boolean,
	uuid,
	enumeration,
	text,           // the API may ignore case
	date,           // checked again: what a day is depends on a time zone
	timestamptz,    // the API may cut to milliseconds
	other,
};

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
keep(FilterDraft *draft, const char *reason)
{
	draft->reason = reason;
	return false;
}

// A column as the conditions on it see it.
struct Compared
{
	int column;    // index into TableSpec::columns
	Oid type;      // domains undone
	Family family;
	bool not_null;
	bool rounded;
	const char *name;
};

bool
is_declared_not_null(const FilterDraft *draft, AttrNumber attnum)
{
	HeapTuple tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(draft->plan->options->relation_id),
									  Int16GetDatum(attnum));
	bool not_null = HeapTupleIsValid(tuple) &&
					reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple))->attnotnull;

	if (HeapTupleIsValid(tuple))
	{
		ReleaseSysCache(tuple);
	}
	return not_null;
}

// Is the expression one of the table's columns, read from its rows?
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
			compared->name = get_attname(options->relation_id, options->attnums[i], false);
			// A field that failed is NULL, whatever the column is declared.
			compared->not_null = is_declared_not_null(draft, options->attnums[i]) &&
								 options->server.on_error == ErrorPolicy::error;
			return !options->spec.columns[i].path.empty();
		}
	}
	return false;
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

int
add_value(FilterDraft *draft, Expr *value)
{
	draft->values = lappend(draft->values, value);
	draft->sole = lappend_int(draft->sole, 0);
	return list_length(draft->values) - 1;
}

bool
spells(const FilterDraft *draft, const Compared *compared, FilterOperator op)
{
	return table_compares(draft->plan->table, compared->column, op);
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

bool
keep_unspelled(FilterDraft *draft, const Compared *compared, FilterOperator op)
{
	return keep(draft, psprintf("option \"filter\" has no %s for column \"%s\"", sql_spelling(op),
								compared->name));
}

// Why an expression cannot be sent as a value; nullptr when it can.
const char *
unfit_value(const FilterDraft *draft, Node *value)
{
	if (contain_var_clause(value))
	{
		return bms_is_member(draft->rel->relid, pull_varnos(draft->root, value))
				   ? "it does not compare a column with a value"
				   : "the value comes from a row of another table";
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
	Oid base = getBaseType(type);

	return base == compared->type ||
		   (family_of(base) == compared->family &&
			(compared->family == Family::integer || compared->family == Family::text));
}

// Numbers of so many digits survive whatever an API makes of numbers in JSON.
constexpr int max_exact_digits = 15;

bool
is_plain_numeric(Numeric value)
{
	int digits = 0;

	if (numeric_is_nan(value) || numeric_is_inf(value))
	{
		return false;
	}
	for (const char *c = numeric_normalize(value); *c != '\0'; c++)
	{
		digits += (*c >= '0' && *c <= '9' && (*c != '0' || digits > 0)) ? 1 : 0;
	}
	return digits <= max_exact_digits;
}

int64
integer_of(Oid type, Datum value)
{
	return type == INT2OID   ? DatumGetInt16(value)
		   : type == INT4OID ? DatumGetInt32(value)
							 : DatumGetInt64(value);
}

bool
is_plain_element(Oid type, Datum value)
{
	switch (type)
	{
		case INT8OID:
			return integer_of(type, value) >= PG_INT32_MIN &&
				   integer_of(type, value) <= PG_INT32_MAX;
		case NUMERICOID:
			return is_plain_numeric(DatumGetNumeric(value));
		case FLOAT8OID:
			return isfinite(DatumGetFloat8(value));
		default:
			return true;
	}
}

bool
is_plain_array(Oid element, Datum array)
{
	int16 length;
	bool by_value;
	char align;
	Datum *values;
	bool *nulls;
	int count;

	get_typlenbyvalalign(element, &length, &by_value, &align);
	deconstruct_array(DatumGetArrayTypeP(array), element, length, by_value, align, &values, &nulls,
					  &count);
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i] && !is_plain_element(element, values[i]))
		{
			return false;
		}
	}
	return true;
}

// Will every value that the expression can have arrive at the API as it is? Types that hold more
// than GraphQL's own numbers do so value by value.
bool
arrives_whole(Oid type, Expr *value)
{
	if (type != INT8OID && type != NUMERICOID && type != FLOAT8OID)
	{
		return true;
	}
	if (!IsA(value, Const) || reinterpret_cast<Const *>(value)->constisnull)
	{
		return false;
	}
	auto *constant = reinterpret_cast<Const *>(value);

	return OidIsValid(get_element_type(constant->consttype))
			   ? is_plain_array(type, constant->constvalue)
			   : is_plain_element(type, constant->constvalue);
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
		return draft_bound(draft, compared, op, value);
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
	else if (!spells(draft, compared, op))
	{
		return keep_unspelled(draft, compared, op);
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

// A column is compared with a value of this type, or with the elements of an array of it.
bool
draft_comparison(FilterDraft *draft, const Compared *compared, FilterOperator op, Oid type,
				 Expr *value, Oid collation)
{
	const char *unfit = unfit_value(draft, reinterpret_cast<Node *>(value));
	bool negative = op == FilterOperator::not_equal || op == FilterOperator::not_in;

	if (unfit != nullptr)
	{
		return keep(draft, unfit);
	}
	if (compared->family == Family::other || !types_agree(compared, type))
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
	return draft_exact(draft, compared, op, getBaseType(type), value);
}

// What the operator means to the column's type.
bool
find_operator(Oid operator_id, Oid type, FilterOperator *op)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY);
	Oid negator = get_negator(operator_id);

	if (!OidIsValid(entry->btree_opf))
	{
		return false;
	}
	switch (get_op_opfamily_strategy(operator_id, entry->btree_opf))
	{
		case BTLessStrategyNumber:
			*op = FilterOperator::less;
			return true;
		case BTLessEqualStrategyNumber:
			*op = FilterOperator::less_or_equal;
			return true;
		case BTEqualStrategyNumber:
			*op = FilterOperator::equal;
			return true;
		case BTGreaterEqualStrategyNumber:
			*op = FilterOperator::greater_or_equal;
			return true;
		case BTGreaterStrategyNumber:
			*op = FilterOperator::greater;
			return true;
		default:
			*op = FilterOperator::not_equal;
			return OidIsValid(negator) &&
				   get_op_opfamily_strategy(negator, entry->btree_opf) == BTEqualStrategyNumber;
	}
}

bool
draft_pattern(FilterDraft *draft, const Compared *compared, FilterOperator op, const OpExpr *expr)
{
	auto *pattern = static_cast<Expr *>(lsecond(expr->args));
	const char *unfit = unfit_value(draft, reinterpret_cast<Node *>(pattern));

	if (unfit != nullptr)
	{
		return keep(draft, unfit);
	}
	if (compared->family != Family::text || !get_collation_isdeterministic(expr->inputcollid))
	{
		return keep(draft, "its collation is not deterministic");
	}
	draft->recheck = true;
	return draft_bound(draft, compared, op, pattern);
}

bool
draft_operator(FilterDraft *draft, const OpExpr *expr)
{
	static const char not_a_comparison[] = "it does not compare a column with a value";
	Oid operator_id = expr->opno;
	Compared compared;
	FilterOperator op;
	int side = 0;

	if (list_length(expr->args) != 2)
	{
		return keep(draft, not_a_comparison);
	}
	if (!find_column(draft, static_cast<Node *>(linitial(expr->args)), &compared))
	{
		side = 1;
		operator_id = get_commutator(operator_id);
		if (!OidIsValid(operator_id) ||
			!find_column(draft, static_cast<Node *>(lsecond(expr->args)), &compared))
		{
			return keep(draft, not_a_comparison);
		}
	}
	if (operator_id == OID_TEXT_LIKE_OP || operator_id == OID_TEXT_ICLIKE_OP)
	{
		return draft_pattern(
			draft, &compared,
			operator_id == OID_TEXT_LIKE_OP ? FilterOperator::like : FilterOperator::ilike, expr);
	}
	if (!find_operator(operator_id, compared.type, &op))
	{
		return keep(draft, psprintf("operator %s is checked locally", get_opname(expr->opno)));
	}
	auto *value = static_cast<Expr *>(list_nth(expr->args, 1 - side));

	return draft_comparison(draft, &compared, op, exprType(reinterpret_cast<Node *>(value)), value,
							expr->inputcollid);
}

bool
draft_array(FilterDraft *draft, const ScalarArrayOpExpr *expr)
{
	auto *value = static_cast<Expr *>(lsecond(expr->args));
	Oid element = get_base_element_type(exprType(reinterpret_cast<Node *>(value)));
	Compared compared;
	FilterOperator op;

	if (!OidIsValid(element) ||
		!find_column(draft, static_cast<Node *>(linitial(expr->args)), &compared) ||
		!find_operator(expr->opno, compared.type, &op) ||
		op != (expr->useOr ? FilterOperator::equal : FilterOperator::not_equal))
	{
		return keep(draft, "it does not compare a column with a value");
	}
	return draft_comparison(draft, &compared,
							expr->useOr ? FilterOperator::in : FilterOperator::not_in, element,
							value, expr->inputcollid);
}

// A field that failed reads as NULL as well, of which the API's filter knows nothing.
bool
draft_null(FilterDraft *draft, const Compared *compared, bool is_null)
{
	if (draft->plan->options->server.on_error != ErrorPolicy::error)
	{
		return keep(draft, "failed fields are NULL, too (option \"on_error\")");
	}
	if (compared->family == Family::other &&
		(type_is_array(compared->type) || compared->type == JSONOID || compared->type == JSONBOID ||
		 type_is_rowtype(compared->type)))
	{
		return keep(draft, psprintf("type %s is compared locally", format_type_be(compared->type)));
	}
	if (!spells(draft, compared, FilterOperator::is_null))
	{
		return keep_unspelled(draft, compared, FilterOperator::is_null);
	}
	add_node(draft, is_null ? FilterOperator::is_null : FilterOperator::is_not_null,
			 compared->column, -1, 0);
	return true;
}

bool
draft_null_test(FilterDraft *draft, const NullTest *test)
{
	Compared compared;

	if (test->argisrow || !find_column(draft, reinterpret_cast<Node *>(test->arg), &compared))
	{
		return keep(draft, "it does not compare a column with a value");
	}
	return draft_null(draft, &compared, test->nulltesttype == IS_NULL);
}

// A boolean column by itself, or negated.
bool
draft_boolean(FilterDraft *draft, Node *node, bool value)
{
	Compared compared;

	if (exprType(node) != BOOLOID || !find_column(draft, node, &compared))
	{
		return keep(draft, "it does not compare a column with a value");
	}
	return draft_comparison(draft, &compared, FilterOperator::equal, BOOLOID,
							reinterpret_cast<Expr *>(makeBoolConst(value, false)), InvalidOid);
}

bool draft_condition(FilterDraft *draft, Node *node);

// IS NOT TRUE is also true of rows without a value.
bool
draft_boolean_or_null(FilterDraft *draft, Node *node, bool value)
{
	Compared compared;

	if (!find_column(draft, node, &compared))
	{
		return keep(draft, "it does not compare a column with a value");
	}
	if (compared.not_null)
	{
		return draft_boolean(draft, node, value);
	}
	if (!table_joins(draft->plan->table, FilterOperator::disjunction))
	{
		return keep(draft, "option \"filter\" has no OR");
	}
	add_node(draft, FilterOperator::disjunction, -1, -1, 2);
	return draft_boolean(draft, node, value) && draft_null(draft, &compared, true);
}

bool
draft_boolean_test(FilterDraft *draft, const BooleanTest *test)
{
	auto *arg = reinterpret_cast<Node *>(test->arg);
	Compared compared;

	switch (test->booltesttype)
	{
		case IS_TRUE:
			return draft_condition(draft, arg);
		case IS_FALSE:
			return draft_boolean(draft, arg, false);
		case IS_NOT_TRUE:
			return draft_boolean_or_null(draft, arg, false);
		case IS_NOT_FALSE:
			return draft_boolean_or_null(draft, arg, true);
		default:
			return find_column(draft, arg, &compared)
					   ? draft_null(draft, &compared, test->booltesttype == IS_UNKNOWN)
					   : keep(draft, "it does not compare a column with a value");
	}
}

// What cannot be sent of an AND inside an OR is left to the check afterwards.
bool
draft_and(FilterDraft *draft, List *conditions)
{
	int conjunction = add_node(draft, FilterOperator::conjunction, -1, -1, 0);
	ListCell *cell;

	foreach (cell, conditions)
	{
		int nodes = draft->count;
		int values = list_length(draft->values);

		if (draft_condition(draft, static_cast<Node *>(lfirst(cell))))
		{
			draft->nodes[conjunction].count++;
		}
		else
		{
			draft_cut(draft, nodes, values);
			draft->recheck = draft->partial = true;
		}
	}
	return draft->nodes[conjunction].count > 0;
}

bool
draft_or(FilterDraft *draft, List *conditions)
{
	ListCell *cell;

	if (!table_joins(draft->plan->table, FilterOperator::disjunction))
	{
		return keep(draft, "option \"filter\" has no OR");
	}
	add_node(draft, FilterOperator::disjunction, -1, -1, list_length(conditions));
	foreach (cell, conditions)
	{
		if (!draft_condition(draft, static_cast<Node *>(lfirst(cell))))
		{
			return false;
		}
	}
	return true;
}

bool
draft_logic(FilterDraft *draft, const BoolExpr *expr)
{
	switch (expr->boolop)
	{
		case AND_EXPR:
			return draft_and(draft, expr->args);
		case OR_EXPR:
			return draft_or(draft, expr->args);
		default:
			return draft_boolean(draft, static_cast<Node *>(linitial(expr->args)), false);
	}
}

bool
draft_condition(FilterDraft *draft, Node *node)
{
	switch (nodeTag(node))
	{
		case T_BoolExpr:
			return draft_logic(draft, reinterpret_cast<BoolExpr *>(node));
		case T_OpExpr:
			return draft_operator(draft, reinterpret_cast<OpExpr *>(node));
		case T_ScalarArrayOpExpr:
			return draft_array(draft, reinterpret_cast<ScalarArrayOpExpr *>(node));
		case T_NullTest:
			return draft_null_test(draft, reinterpret_cast<NullTest *>(node));
		case T_BooleanTest:
			return draft_boolean_test(draft, reinterpret_cast<BooleanTest *>(node));
		default:
			return draft_boolean(draft, node, true);
	}
}

}    // namespace

void
draft_cut(FilterDraft *draft, int nodes, int values)
{
	draft->count = nodes;
	draft->values = list_truncate(draft->values, values);
	draft->sole = list_truncate(draft->sole, values);
}

bool
draft_clause(FilterDraft *draft, Node *clause)
{
	int nodes = draft->count;
	int values = list_length(draft->values);

	// Rows whose fields failed are there although the API compared what is not.
	draft->recheck = draft->plan->options->server.on_error != ErrorPolicy::error;
	draft->partial = false;
	draft->reason = nullptr;
	if (!draft_condition(draft, clause))
	{
		draft_cut(draft, nodes, values);
		return false;
	}
	for (int i = values; draft->recheck && i < list_length(draft->values); i++)
	{
		lfirst_int(list_nth_cell(draft->sole, i)) = 0;
	}
	return true;
}

}    // namespace gql::pg
