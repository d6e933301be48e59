// Where does a look-ahead go, and what plan does it become?
//
// Relationships that do not depend on one another are asked for together, so look-ups go into
// look-aheads that are there already, as low as their keys allow.

#include "pg/lookahead.hpp"

#include "pg/lookahead_repeat.hpp"
#include "pg/lookahead_step.hpp"
#include "pg/pass_through.hpp"
#include "pg/plan_private.hpp"
#include "pg/plan_scan.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

namespace
{

// Keys, when the plan may stop early at nobody knows where.
constexpr int first_batch_unknown = 4;

// CustomPath::custom_private. Core copies paths by themselves, so what we add must be behind it.
enum PathPrivate
{
	path_private_targets,    // List of LookaheadTarget
	path_private_first,      // Integer: keys of the first batch, 0: full batches at once
	path_private_clause,     // Expr that rows have to pass, or nullptr
	path_private_number,     // Integer: see lookahead_private_number
};

Plan *plan_lookahead(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *target_list,
					 List *clauses, List *custom_plans);

List *reparameterize_lookahead(PlannerInfo *root, List *custom_private, RelOptInfo *child_rel);

const CustomPathMethods lookahead_path_methods = {"Remote Lookahead", plan_lookahead,
												  reparameterize_lookahead};

CustomPath *
as_lookahead(Path *path)
{
	if (!IsA(path, CustomPath) ||
		reinterpret_cast<CustomPath *>(path)->methods != &lookahead_path_methods)
	{
		return nullptr;
	}
	return reinterpret_cast<CustomPath *>(path);
}

List *
lookahead_targets(const CustomPath *path)
{
	return static_cast<List *>(list_nth(path->custom_private, path_private_targets));
}

Path *
lookahead_child(const CustomPath *path)
{
	return static_cast<Path *>(linitial(path->custom_paths));
}

bool
is_placed(Path *outer, const LookaheadTarget *target)
{
	if (CustomPath *lookahead = as_lookahead(outer))
	{
		ListCell *cell;

		foreach (cell, lookahead_targets(lookahead))
		{
			if (static_cast<LookaheadTarget *>(lfirst(cell))->channel == target->channel)
			{
				return true;
			}
		}
		return is_placed(lookahead_child(lookahead), target);
	}
	return IsA(outer, NestPath) &&
		   is_placed(reinterpret_cast<JoinPath *>(outer)->outerjoinpath, target);
}

int
first_batch(PlannerInfo *root)
{
	if (root->tuple_fraction <= 0)
	{
		return 0;
	}
	return root->limit_tuples >= 1 && root->limit_tuples < PG_INT16_MAX
			   ? static_cast<int>(root->limit_tuples)
			   : first_batch_unknown;
}

// Most outer rows survive the join, so that keys looked up below it are not looked up in vain.
bool
keeps_most_rows(const JoinPath *join)
{
	return join->jointype == JOIN_LEFT ||
		   (join->jointype == JOIN_INNER && join->path.rows >= 0.5 * join->outerjoinpath->rows);
}

// Relationships that do not depend on one another are asked for together: a target goes to the
// lowest look-ahead whose rows supply its keys, or to the one that has its source. Paths may be
// shared, so changed ones are copies.
Path *
place_target(PlannerInfo *root, Path *outer, Relids parameters, LookaheadTarget *target)
{
	if (CustomPath *lookahead = as_lookahead(outer))
	{
		if (target->source != 0
				? find_channel(lookahead_targets(lookahead), target->source) != nullptr
				: supplies(root, lookahead_child(lookahead), parameters, target->values))
		{
			CustomPath *copy = makeNode(CustomPath);

			*copy = *lookahead;
			copy->custom_private = list_copy(lookahead->custom_private);
			list_nth_cell(copy->custom_private, path_private_targets)->ptr_value =
				lappend(list_copy(lookahead_targets(lookahead)), target);
			return &copy->path;
		}
	}
	else if (IsA(outer, NestPath))
	{
		auto *join = reinterpret_cast<JoinPath *>(outer);

		if (target->source != 0 || (keeps_most_rows(join) && supplies(root, join->outerjoinpath,
																	  parameters, target->values)))
		{
			Path *below = place_target(root, join->outerjoinpath, parameters, target);

			if (below != nullptr)
			{
				auto *copy = static_cast<NestPath *>(palloc(sizeof(NestPath)));

				*copy = *reinterpret_cast<NestPath *>(outer);
				reinterpret_cast<JoinPath *>(copy)->outerjoinpath = below;
				return reinterpret_cast<Path *>(copy);
			}
		}
	}
	return nullptr;
}

// For joins of partitions: keys written for the partitioned table are rewritten for a partition.
List *
reparameterize_lookahead(PlannerInfo *root, List *custom_private, RelOptInfo *child_rel)
{
	List *targets = NIL;
	ListCell *cell;

	foreach (cell, static_cast<List *>(list_nth(custom_private, path_private_targets)))
	{
		auto *target = static_cast<LookaheadTarget *>(palloc(sizeof(LookaheadTarget)));

		*target = *static_cast<LookaheadTarget *>(lfirst(cell));
		if (target->source == 0)
		{
			target->values = reinterpret_cast<List *>(
				translate_to_child(root, reinterpret_cast<Node *>(target->values), child_rel));
		}
		targets = lappend(targets, target);
	}
	return list_make4(targets, list_nth(custom_private, path_private_first),
					  list_nth(custom_private, path_private_clause),
					  list_nth(custom_private, path_private_number));
}

// Takes a condition away from the plan that would check it. A list of it; empty where it is not
// found: then it is checked below, ahead of the look-ahead.
List *
take_clause(Plan *plan, Node *clause)
{
	ListCell *cell;

	while (clause != nullptr && plan != nullptr)
	{
		foreach (cell, plan->qual)
		{
			auto *found = static_cast<Node *>(lfirst(cell));

			if (equal(found, clause))
			{
				forget_qual(plan, foreach_current_index(cell));
				plan->qual = foreach_delete_current(plan->qual, cell);
				return list_make1(found);
			}
		}
		plan =
			IsA(plan, CustomScan)
				? static_cast<Plan *>(linitial(reinterpret_cast<CustomScan *>(plan)->custom_plans))
				: plan->lefttree;
	}
	return NIL;
}

// Look-aheads in subqueries, whose rows may depend on rows of the query around it, have numbers
// where those rows can be read twice.
Node *
number_of_path(const PlannerInfo *root, const Path *outer)
{
	bool numbered = root->parent_root != nullptr && PATH_REQ_OUTER(outer) == nullptr &&
					can_be_read_twice(root, outer->parent);

	return reinterpret_cast<Node *>(makeInteger(numbered ? new_channel() : 0));
}

Node *
number_of_plan(const CustomPath *path, Plan *child)
{
	return can_be_run_twice(child)
			   ? static_cast<Node *>(list_nth(path->custom_private, path_private_number))
			   : reinterpret_cast<Node *>(makeInteger(0));
}

Plan *
plan_lookahead(PlannerInfo *root, RelOptInfo *, CustomPath *path, List *target_list, List *,
			   List *custom_plans)
{
	auto *child = static_cast<Plan *>(linitial(custom_plans));
	CustomScan *scan =
		make_pass_through_plan(path, target_list, custom_plans, &lookahead_scan_methods);
	LookaheadSupply supply = {root, lookahead_child(path)->pathtarget};
	List *channels = NIL;
	List *counts = NIL;
	List *sources = NIL;
	List *chained = NIL;
	List *params = NIL;
	ListCell *cell;

	foreach (cell, lookahead_targets(path))
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

		params = lappend(params, target->params);
		channels = lappend_int(channels, target->channel);
		counts = lappend_int(counts, list_length(target->values));
		sources = lappend_int(sources, target->source);
		if (target->source != 0)
		{
			chained = list_concat(chained, copy_node(target->values));
		}
		else
		{
			Node *values = spell_as_supplied(reinterpret_cast<Node *>(target->values), &supply);

			scan->custom_exprs = list_concat(scan->custom_exprs, reinterpret_cast<List *>(values));
		}
	}
	fix_opfuncids(reinterpret_cast<Node *>(chained));
	scan->custom_private = list_make5(
		channels, counts, list_nth(path->custom_private, path_private_first), sources, chained);
	scan->custom_private =
		list_concat(scan->custom_private, list_make5(makeInteger(may_change_settings(root) ? 1 : 0),
													 number_of_plan(path, child), params,
													 params_outside(root), params_that_stay(root)));
	scan->scan.plan.qual = take_clause(
		child, static_cast<Node *>(list_nth(path->custom_private, path_private_clause)));
	return &scan->scan.plan;
}

}    // namespace

LookaheadTarget *
make_inner_target(int number)
{
	auto *target = static_cast<LookaheadTarget *>(palloc0(sizeof(LookaheadTarget)));

	target->channel = number;
	target->inner = true;
	target->keys_per_request = 1;
	target->values = list_make1(makeBoolConst(true, false));
	return target;
}

LookaheadTarget *
find_inner_lookahead(const Path *path)
{
	const CustomPath *lookahead = as_lookahead(const_cast<Path *>(path));
	int number =
		lookahead == nullptr ? 0 : intVal(list_nth(lookahead->custom_private, path_private_number));

	if (number == 0)
	{
		return nullptr;
	}
	LookaheadTarget *target = make_inner_target(number);
	ListCell *cell;

	target->inner_rows = path->rows;
	foreach (cell, lookahead_targets(lookahead))
	{
		auto *below = static_cast<LookaheadTarget *>(lfirst(cell));

		target->request_cost += below->request_cost;
		target->keys_per_request = Max(target->keys_per_request, below->keys_per_request);
	}
	return target;
}

Path *
make_lookahead(PlannerInfo *root, Path *outer, List *targets, Expr *clause)
{
	return &make_pass_through_path(outer, &lookahead_path_methods,
								   list_make4(targets, makeInteger(first_batch(root)), clause,
											  number_of_path(root, outer)))
				->path;
}

namespace
{

// Inside a subquery that is run for each outer row, look-ups whose keys others bring are best
// chained to those: then they, too, can be asked for from outside.
LookaheadTarget *
chain_to_inner(Path *outer, LookaheadTarget *target)
{
	CustomPath *lookahead = as_lookahead(outer);

	if (lookahead == nullptr)
	{
		return IsA(outer, NestPath)
				   ? chain_to_inner(reinterpret_cast<JoinPath *>(outer)->outerjoinpath, target)
				   : nullptr;
	}
	if (find_inner_lookahead(outer) == nullptr)
	{
		return chain_to_inner(lookahead_child(lookahead), target);
	}
	List *targets = lookahead_targets(lookahead);
	List *chained = target->source == 0 ? chain_targets(targets, list_make1(target)) : targets;

	return list_length(chained) == list_length(targets)
			   ? nullptr
			   : static_cast<LookaheadTarget *>(llast(chained));
}

}    // namespace

Path *
decorate(PlannerInfo *root, Path *outer, Relids parameters, List *targets)
{
	List *above = NIL;
	ListCell *cell;

	foreach (cell, targets)
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

		if (is_placed(outer, target))
		{
			continue;
		}
		if (LookaheadTarget *chained = chain_to_inner(outer, target))
		{
			target = chained;
		}
		// Arguments of calls may fail to be evaluated for rows that a join drops.
		bool here = target->channel < 0
						? as_lookahead(outer) == nullptr
						: target->source != 0 && find_channel(above, target->source) != nullptr;
		Path *placed = here ? nullptr : place_target(root, outer, parameters, target);

		if (placed != nullptr)
		{
			outer = placed;
		}
		else if (find_channel(above, target->channel) == nullptr)
		{
			above = lappend(above, target);
		}
	}
	return above == NIL ? outer : make_lookahead(root, outer, above, nullptr);
}

}    // namespace gql::pg
