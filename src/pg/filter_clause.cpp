// What would the API filter by, were it asked to check one condition?
//
// An API's filter is trusted for what it says of values that are there: it decides by two-valued
// logic, and what it makes of null differs from API to API. SQL's logic is monotonic in what is
// known, so a tree of AND and OR over comparisons that never lose a row loses none either; what it
// returns too much is checked again.

#include "pg/filter_clause.hpp"

#include <utility>

#include "pg/filter_compare.hpp"
#include "pg/filter_parts.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

constexpr char not_a_comparison[] = "it does not compare a column with a value";

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
draft_operator(FilterDraft *draft, const OpExpr *expr)
{
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
		return draft_pattern(draft, &compared,
							 operator_id == OID_TEXT_LIKE_OP ? FilterOperator::like
															 : FilterOperator::ilike,
							 static_cast<Expr *>(lsecond(expr->args)), expr->inputcollid);
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
		!find_column(draft, static_cast<Node *>(linitial(expr->args)), &compared))
	{
		return keep(draft, not_a_comparison);
	}
	if (!find_operator(expr->opno, compared.type, &op) ||
		op != (expr->useOr ? FilterOperator::equal : FilterOperator::not_equal))
	{
		return keep(draft, psprintf("operator %s %s is checked locally", get_opname(expr->opno),
									expr->useOr ? "ANY" : "ALL"));
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
		return keep(draft, not_a_comparison);
	}
	return draft_null(draft, &compared, test->nulltesttype == IS_NULL);
}

// IS DISTINCT FROM a value that is not NULL is also true of rows without a value.
bool
draft_distinct(FilterDraft *draft, const DistinctExpr *expr, bool distinct)
{
	auto *column = static_cast<Node *>(linitial(expr->args));
	auto *value = static_cast<Node *>(lsecond(expr->args));
	Compared compared;
	FilterOperator op;

	if (!find_column(draft, column, &compared))
	{
		std::swap(column, value);
		if (!find_column(draft, column, &compared))
		{
			return keep(draft, not_a_comparison);
		}
	}
	if (!IsA(value, Const) || castNode(Const, value)->constisnull)
	{
		return keep(draft, "the value may be NULL");
	}
	if (!find_operator(expr->opno, compared.type, &op) || op != FilterOperator::equal)
	{
		return keep(draft, psprintf("operator %s is checked locally", get_opname(expr->opno)));
	}
	auto *operand = reinterpret_cast<Expr *>(value);

	if (!distinct || compared.not_null)
	{
		return draft_comparison(draft, &compared, distinct ? FilterOperator::not_equal : op,
								exprType(value), operand, expr->inputcollid);
	}
	if (!table_joins(draft->plan->table, FilterOperator::disjunction))
	{
		return keep(draft, "option \"filter\" has no OR");
	}
	add_node(draft, FilterOperator::disjunction, -1, -1, 2);
	return draft_comparison(draft, &compared, FilterOperator::not_equal, exprType(value), operand,
							expr->inputcollid) &&
		   draft_null(draft, &compared, true);
}

// A boolean column by itself, or negated.
bool
draft_boolean(FilterDraft *draft, Node *node, bool value)
{
	Compared compared;

	if (exprType(node) != BOOLOID || !find_column(draft, node, &compared))
	{
		return keep(draft, not_a_comparison);
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
		return keep(draft, not_a_comparison);
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
			draft->part++;
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
					   : keep(draft, not_a_comparison);
	}
}

// A part that is not sent, nor what was left out of it, of which there is none beyond `cuts`.
void
note_cut(FilterDraft *draft, int part, int cuts)
{
	draft->cut = lappend_int(list_truncate(draft->cut, cuts), part);
	draft->cut_reasons =
		lappend(list_truncate(draft->cut_reasons, cuts), makeString(pstrdup(draft->reason)));
}

// What cannot be sent of an AND inside an OR is left to the check afterwards.
bool
draft_and(FilterDraft *draft, List *conditions)
{
	int conjunction = add_node(draft, FilterOperator::conjunction, -1, -1, 0);
	int part = draft->part + 1;
	ListCell *cell;

	foreach (cell, conditions)
	{
		auto *condition = static_cast<Node *>(lfirst(cell));
		int nodes = draft->count;
		int values = list_length(draft->values);
		int cuts = list_length(draft->cut);

		draft->part = part;
		if (draft_condition(draft, condition))
		{
			draft->nodes[conjunction].count++;
		}
		else
		{
			draft_cut(draft, nodes, values);
			note_cut(draft, part, cuts);
			draft->recheck = draft->partial = true;
		}
		part += count_parts(condition);
	}
	return draft->nodes[conjunction].count > 0;
}

bool
draft_or(FilterDraft *draft, List *conditions)
{
	int part = draft->part + 1;
	ListCell *cell;

	if (!table_joins(draft->plan->table, FilterOperator::disjunction))
	{
		return keep(draft, "option \"filter\" has no OR");
	}
	add_node(draft, FilterOperator::disjunction, -1, -1, list_length(conditions));
	foreach (cell, conditions)
	{
		auto *condition = static_cast<Node *>(lfirst(cell));

		draft->part = part;
		if (!draft_condition(draft, condition))
		{
			return false;
		}
		part += count_parts(condition);
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
		{
			auto *arg = static_cast<Node *>(linitial(expr->args));

			return IsA(arg, DistinctExpr)
					   ? draft_distinct(draft, reinterpret_cast<DistinctExpr *>(arg), false)
					   : draft_boolean(draft, arg, false);
		}
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
		case T_DistinctExpr:
			return draft_distinct(draft, reinterpret_cast<DistinctExpr *>(node), true);
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
	draft->part = 0;
	draft->cut = draft->cut_reasons = NIL;
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
