// Which single condition compares a column with values that can be sent in its stead?

#include "pg/keys.hpp"

#include "pg/key_table.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

enum class TypeFamily
{
	integer,
	text,
	other,
};

TypeFamily
type_family(Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return TypeFamily::integer;
		case TEXTOID:
		case VARCHAROID:
			return TypeFamily::text;
		default:
			return TypeFamily::other;
	}
}

// Values of both types are compared exactly, and turning one into the other loses nothing (integers
// out of range find no rows).
bool
types_agree(Oid column_type, Oid value_type)
{
	if (column_type == value_type)
	{
		return true;
	}
	return type_family(column_type) != TypeFamily::other &&
		   type_family(column_type) == type_family(value_type);
}

bool
is_equality(Oid operator_id, Oid column_type)
{
	TypeCacheEntry *entry = lookup_type_cache(column_type, TYPECACHE_BTREE_OPFAMILY);

	return OidIsValid(entry->btree_opf) &&
		   get_op_opfamily_strategy(operator_id, entry->btree_opf) == BTEqualStrategyNumber;
}

// Subqueries are left out: a look-ahead would run them a second time.
bool
is_value(PlannerInfo *root, RelOptInfo *rel, Node *node)
{
	return !bms_is_member(rel->relid, pull_varnos(root, node)) &&
		   !contain_volatile_functions(node) && !contain_subplans(node);
}

// What a value is called before a change of type that changes nothing.
Expr *
without_relabel(Expr *expr)
{
	while (IsA(expr, RelabelType))
	{
		Expr *inner = reinterpret_cast<RelabelType *>(expr)->arg;

		if (!types_agree(getBaseType(exprType(reinterpret_cast<Node *>(expr))),
						 getBaseType(exprType(reinterpret_cast<Node *>(inner)))))
		{
			break;
		}
		expr = inner;
	}
	return expr;
}

// A boolean column by itself, or negated, is a comparison with a constant.
bool
match_boolean(RelOptInfo *rel, Node *clause, AttrNumber attnum, KeyMatch *match)
{
	bool value = true;

	if (is_notclause(clause))
	{
		value = false;
		clause = reinterpret_cast<Node *>(get_notclausearg(clause));
	}
	if (!is_column(clause, rel, attnum) || exprType(clause) != BOOLOID)
	{
		return false;
	}
	match->value = reinterpret_cast<Expr *>(makeBoolConst(value, false));
	match->list = false;
	return true;
}

bool
match_operator(PlannerInfo *root, RelOptInfo *rel, OpExpr *op, AttrNumber attnum, Oid column_type,
			   KeyMatch *match)
{
	if (list_length(op->args) != 2 || !is_equality(op->opno, column_type))
	{
		return false;
	}
	for (int side = 0; side < 2; side++)
	{
		auto *column = static_cast<Node *>(list_nth(op->args, side));
		auto *value = static_cast<Node *>(list_nth(op->args, 1 - side));

		if (is_column(column, rel, attnum) && is_value(root, rel, value) &&
			types_agree(column_type, getBaseType(exprType(value))) &&
			(!OidIsValid(op->inputcollid) || get_collation_isdeterministic(op->inputcollid)))
		{
			match->value = without_relabel(reinterpret_cast<Expr *>(value));
			match->list = false;
			return true;
		}
	}
	return false;
}

bool
match_array(PlannerInfo *root, RelOptInfo *rel, ScalarArrayOpExpr *op, AttrNumber attnum,
			Oid column_type, KeyMatch *match)
{
	auto *value = static_cast<Node *>(lsecond(op->args));
	Oid element = get_base_element_type(exprType(value));

	if (!op->useOr || !is_equality(op->opno, column_type) ||
		!is_column(static_cast<Node *>(linitial(op->args)), rel, attnum) ||
		!is_value(root, rel, value) || !OidIsValid(element) ||
		!types_agree(column_type, getBaseType(element)) ||
		(OidIsValid(op->inputcollid) && !get_collation_isdeterministic(op->inputcollid)))
	{
		return false;
	}
	match->value = without_relabel(reinterpret_cast<Expr *>(value));
	match->list = true;
	return true;
}

// Does the table's field show no rows without a value for this column?
bool
is_needed(const RelationPlan *plan, int column)
{
	const Access *own = table_access(plan->table, table_access_count(plan->table) - 1);

	for (size_t i = 0; i < own->argument_count; i++)
	{
		if (own->arguments[i].column == column)
		{
			return own->arguments[i].need != Need::optional;
		}
	}
	return false;
}

// May rows that the API finds by the column's value not be all that have it?
bool
finds_too_few(const RelationPlan *plan, int column)
{
	return is_rounded(plan->options, column) && !plan->options->spec.columns[column].path.empty() &&
		   !is_needed(plan, column);
}

}    // namespace

bool
has_exec_param(Node *node, void *context)
{
	if (node == nullptr)
	{
		return false;
	}
	if (IsA(node, Param) && reinterpret_cast<Param *>(node)->paramkind == PARAM_EXEC)
	{
		return true;
	}
	return walk_expression(node, has_exec_param, context);
}

bool
is_safe_to_send(const RelOptInfo *rel, const RestrictInfo *clause)
{
	return clause->security_level <= rel->baserestrict_min_security || clause->leakproof;
}

bool
is_statement_constant(Node *value)
{
	return !contain_var_clause(value) && !has_exec_param(value, nullptr);
}

bool
is_column(Node *node, RelOptInfo *rel, AttrNumber attnum)
{
	while (node != nullptr && IsA(node, RelabelType))
	{
		node = reinterpret_cast<Node *>(reinterpret_cast<RelabelType *>(node)->arg);
	}
	if (node == nullptr || !IsA(node, Var))
	{
		return false;
	}
	auto *var = reinterpret_cast<Var *>(node);

	return var->varno == static_cast<int>(rel->relid) && var->varattno == attnum &&
		   var->varlevelsup == 0;
}

bool
clause_mentions(RelOptInfo *rel, RestrictInfo *clause, AttrNumber attnum)
{
	Bitmapset *attributes = nullptr;

	pull_varattnos(reinterpret_cast<Node *>(clause->clause), rel->relid, &attributes);
	return bms_is_member(attnum - FirstLowInvalidHeapAttributeNumber, attributes);
}

bool
is_null_test(RelOptInfo *rel, RestrictInfo *clause, AttrNumber attnum, NullTestType kind)
{
	if (!IsA(clause->clause, NullTest))
	{
		return false;
	}
	auto *test = reinterpret_cast<NullTest *>(clause->clause);

	return test->nulltesttype == kind && !test->argisrow &&
		   is_column(reinterpret_cast<Node *>(test->arg), rel, attnum);
}

bool
match_key_clause(PlannerInfo *root, RelOptInfo *rel, RestrictInfo *clause, int column,
				 KeyMatch *match)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	Oid type = getBaseType(plan->options->types[column]);
	AttrNumber attnum = plan->options->attnums[column];
	auto *expr = reinterpret_cast<Node *>(clause->clause);

	if (!is_key_type(type) || clause->pseudoconstant || finds_too_few(plan, column) ||
		!is_safe_to_send(rel, clause))
	{
		return false;
	}
	if (IsA(expr, OpExpr))
	{
		return match_operator(root, rel, reinterpret_cast<OpExpr *>(expr), attnum, type, match);
	}
	if (IsA(expr, ScalarArrayOpExpr))
	{
		return match_array(root, rel, reinterpret_cast<ScalarArrayOpExpr *>(expr), attnum, type,
						   match);
	}
	return type == BOOLOID && match_boolean(rel, expr, attnum, match);
}

}    // namespace gql::pg
