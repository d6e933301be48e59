// Which look-ups get their keys from rows that other look-ups find?
//
// Below a join or in a subquery a look-up may depend on another one: account -> its orders -> their
// products. Rows of the outer side say only what the first of them is to ask for. The rest is
// chained to it: once the first one's answers are there, the look-ahead reads the next keys from
// their rows.

#include "pg/lookahead.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

constexpr int source_relation = 1;    // in the expressions of a chained target

// The only relation that an expression refers to, or 0. Columns alone count: a placeholder of an
// outer join says when its expression is NULL, and then there is no row to look anything up for.
Index
only_relation(Node *node)
{
	List *columns = pull_var_clause(node, PVC_RECURSE_AGGREGATES | PVC_RECURSE_WINDOWFUNCS |
											  PVC_RECURSE_PLACEHOLDERS);
	Index relation = 0;
	ListCell *cell;

	foreach (cell, columns)
	{
		auto *column = static_cast<Var *>(lfirst(cell));

		if (relation != 0 && static_cast<int>(relation) != column->varno)
		{
			return 0;
		}
		relation = column->varno;
	}
	return relation;
}

// Spells columns as those of the source's rows. A tree mutator; `context` is not used.
Node *
spell_as_source(Node *node, void *context)
{
	if (node == nullptr)
	{
		return nullptr;
	}
	if (IsA(node, PlaceHolderVar))
	{
		return spell_as_source(
			reinterpret_cast<Node *>(reinterpret_cast<PlaceHolderVar *>(node)->phexpr), context);
	}
	if (IsA(node, Var))
	{
		auto *column = reinterpret_cast<Var *>(node);

		return reinterpret_cast<Node *>(makeVar(source_relation, column->varattno, column->vartype,
												column->vartypmod, column->varcollid, 0));
	}
	return mutate_expression(node, spell_as_source, context);
}

LookaheadTarget *
find_relation(List *targets, Index relation)
{
	ListCell *cell;

	foreach (cell, targets)
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

		if (relation != 0 && target->relation == relation)
		{
			return target;
		}
	}
	return nullptr;
}

// The target as one that follows one of `found`, or nullptr.
LookaheadTarget *
chain_target(List *found, LookaheadTarget *target)
{
	if (target->source != 0)
	{
		return find_channel(found, target->source) != nullptr ? target : nullptr;
	}
	LookaheadTarget *source =
		find_relation(found, only_relation(reinterpret_cast<Node *>(target->values)));

	if (source == nullptr || target->channel < 0 || target->inner ||
		!is_row_expression(target->values))
	{
		return nullptr;
	}
	auto *chained = static_cast<LookaheadTarget *>(palloc(sizeof(LookaheadTarget)));

	*chained = *target;
	chained->source = source->channel;
	chained->values = copy_node(target->values);
	if (source->filters != NIL)
	{
		guard_values(chained->values, make_ands_explicit(copy_node(source->filters)));
	}
	chained->values = reinterpret_cast<List *>(
		spell_as_source(reinterpret_cast<Node *>(chained->values), nullptr));
	return chained;
}

}    // namespace

LookaheadTarget *
find_channel(List *targets, int channel)
{
	ListCell *cell;

	foreach (cell, targets)
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

		if (target->channel == channel)
		{
			return target;
		}
	}
	return nullptr;
}

List *
chain_targets(List *found, List *others)
{
	int before;

	found = list_copy(found);
	others = list_copy(others);
	do
	{
		ListCell *cell;

		before = list_length(found);
		foreach (cell, others)
		{
			LookaheadTarget *target =
				chain_target(found, static_cast<LookaheadTarget *>(lfirst(cell)));

			if (target != nullptr)
			{
				found = lappend(found, target);
				others = foreach_delete_current(others, cell);
			}
		}
	} while (list_length(found) > before);
	return found;
}

List *
leave_level(List *targets)
{
	List *left = NIL;
	List *others = NIL;
	ListCell *cell;

	foreach (cell, targets)
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

		if (target->source == 0 && !contain_var_clause(reinterpret_cast<Node *>(target->values)) &&
			count_waits(target->values) == 0)
		{
			left = lappend(left, target);
		}
		else
		{
			others = lappend(others, target);
		}
	}
	left = chain_targets(left, others);
	foreach (cell, left)
	{
		static_cast<LookaheadTarget *>(lfirst(cell))->relation = 0;
	}
	return left;
}

void
guard_values(List *values, Expr *condition)
{
	ListCell *cell;

	foreach (cell, values)
	{
		auto *value = static_cast<Node *>(lfirst(cell));
		CaseExpr *guarded = makeNode(CaseExpr);
		CaseWhen *when = makeNode(CaseWhen);

		when->expr = condition;
		when->result = reinterpret_cast<Expr *>(value);
		when->location = -1;
		guarded->casetype = exprType(value);
		guarded->casecollid = exprCollation(value);
		guarded->args = list_make1(when);
		guarded->defresult =
			reinterpret_cast<Expr *>(makeNullConst(exprType(value), -1, exprCollation(value)));
		guarded->location = -1;
		lfirst(cell) = guarded;
	}
}

}    // namespace gql::pg
