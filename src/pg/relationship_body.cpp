// What does the body of a relationship's function say?

#include "pg/relationship_body.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

Node *
without_cast(Node *node)
{
	for (;;)
	{
		if (IsA(node, RelabelType))
		{
			node = reinterpret_cast<Node *>(reinterpret_cast<RelabelType *>(node)->arg);
		}
		else if (IsA(node, FuncExpr) &&
				 reinterpret_cast<FuncExpr *>(node)->funcformat == COERCE_IMPLICIT_CAST)
		{
			node = static_cast<Node *>(linitial(reinterpret_cast<FuncExpr *>(node)->args));
		}
		else
		{
			return node;
		}
	}
}

bool
add_condition(List **conditions, Node *clause)
{
	List *sides = IsA(clause, OpExpr) ? reinterpret_cast<OpExpr *>(clause)->args
				  : IsA(clause, ScalarArrayOpExpr)
					  ? reinterpret_cast<ScalarArrayOpExpr *>(clause)->args
					  : NIL;
	Node *column =
		list_length(sides) == 2 ? without_cast(static_cast<Node *>(linitial(sides))) : nullptr;

	// Neither the whole row nor what the system says of it.
	if (column == nullptr || !IsA(column, Var) || reinterpret_cast<Var *>(column)->varattno <= 0)
	{
		return false;
	}
	auto *condition = static_cast<RelationshipCondition *>(palloc(sizeof(RelationshipCondition)));

	*condition = {reinterpret_cast<Var *>(column)->varattno, static_cast<Node *>(lsecond(sides))};
	*conditions = lappend(*conditions, condition);
	return true;
}

// Does the query return columns of its table as they are? What else a body may do, to order rows or
// to compute, is lost when it is told other columns to return.
bool
returns_plain_columns(const Query *query)
{
	ListCell *cell;

	if (query->hasAggs || query->hasWindowFuncs || query->hasTargetSRFs || query->hasSubLinks ||
		query->cteList != NIL || query->groupClause != NIL || query->groupingSets != NIL ||
		query->havingQual != nullptr || query->distinctClause != NIL || query->sortClause != NIL ||
		query->limitCount != nullptr || query->rowMarks != NIL)
	{
		return false;
	}
	foreach (cell, query->targetList)
	{
		auto *entry = lfirst_node(TargetEntry, cell);

		if (!IsA(entry->expr, Var) || reinterpret_cast<Var *>(entry->expr)->varattno <= 0)
		{
			return false;
		}
	}
	return true;
}

bool
holds_record(Node *node, void *context)
{
	return node != nullptr &&
		   ((IsA(node, Param) && reinterpret_cast<Param *>(node)->paramtype == RECORDOID) ||
			walk_expression(node, holds_record, context));
}

}    // namespace

bool
read_body(HeapTuple function, RelationshipBody *body)
{
	auto form = reinterpret_cast<Form_pg_proc>(GETSTRUCT(function));
	bool isnull;
	Datum tree = SysCacheGetAttr(PROCOID, function, Anum_pg_proc_prosqlbody, &isnull);
	auto *stored = isnull ? nullptr : static_cast<Node *>(stringToNode(TextDatumGetCString(tree)));

	if (stored == nullptr || !IsA(stored, List))
	{
		return false;
	}
	body->stored = reinterpret_cast<List *>(stored);
	auto *statements = linitial_node(List, body->stored);

	if (list_length(statements) != 1)
	{
		return false;
	}
	body->query = linitial_node(Query, statements);
	if (body->query->commandType != CMD_SELECT || list_length(body->query->rtable) != 1)
	{
		return false;
	}
	body->table = linitial_node(RangeTblEntry, body->query->rtable);
	return body->table->rtekind == RTE_RELATION && returns_plain_columns(body->query) &&
		   body->table->relid == get_typ_typrelid(form->prorettype);
}

bool
read_conditions(const RelationshipBody *body, List **conditions)
{
	ListCell *cell;

	foreach (cell, make_ands_implicit(reinterpret_cast<Expr *>(body->query->jointree->quals)))
	{
		if (!add_condition(conditions, static_cast<Node *>(lfirst(cell))))
		{
			return false;
		}
	}
	return *conditions != NIL;
}

bool
takes_record(const RelationshipBody *body)
{
	return holds_record(body->query->jointree->quals, nullptr);
}

List *
body_columns(Relation target, const Bitmapset *hidden)
{
	TupleDesc columns = RelationGetDescr(target);
	List *list = NIL;

	for (int i = 0; i < columns->natts; i++)
	{
		const FormData_pg_attribute *column = TupleDescAttr(columns, i);

		if (!column->attisdropped && !bms_is_member(column->attnum, hidden))
		{
			list = lappend(list, makeVar(1, column->attnum, column->atttypid, column->atttypmod,
										 column->attcollation, 0));
		}
	}
	return list;
}

bool
returns_columns(const RelationshipBody *body, List *columns)
{
	if (list_length(body->query->targetList) != list_length(columns))
	{
		return false;
	}
	for (int i = 0; i < list_length(columns); i++)
	{
		auto *target = list_nth_node(TargetEntry, body->query->targetList, i);

		// Positions in the text are of no account to equal().
		if (!equal(target->expr, list_nth(columns, i)))
		{
			return false;
		}
	}
	return true;
}

}    // namespace gql::pg
