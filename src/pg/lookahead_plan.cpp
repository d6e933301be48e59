// When does a nested loop over remote look-ups get a look-ahead, and what does that save?
//
// Join search offers nested loops whose inner side needs keys of the outer side. For each such pair
// the join hook offers one more nested loop with a look-ahead over the outer path and the price of
// batches; and where a plain nested loop stays cheapest (estimates of few outer rows), it is given
// a look-ahead all the same, for estimates err and the look-ahead costs nothing.

#include "pg/lookahead.hpp"

#include "pg/handler.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"
#include "pg/unbatched.hpp"

namespace gql::pg
{

namespace
{

constexpr int first_batch_unknown =
	4;    // keys, when the plan may stop early at nobody knows where

set_join_pathlist_hook_type previous_join_hook = nullptr;

// CustomPath::custom_private. Core copies paths by themselves, so what we add must be behind it.
enum PathPrivate
{
	path_private_targets,    // List of LookaheadTarget
	path_private_first,      // Integer: keys of the first batch, 0: full batches at once
	path_private_clause,     // Expr that rows have to pass, or nullptr
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

// The number of different keys in so many outer rows.
double
count_keys(PlannerInfo *root, const LookaheadTarget *target, double rows)
{
	if (target->source != 0)
	{
		return ceil(rows / target->keys_per_request);
	}
	List *columns =
		pull_var_clause(reinterpret_cast<Node *>(target->values), PVC_RECURSE_PLACEHOLDERS);

	return estimate_num_groups(root, columns, rows, nullptr, nullptr);
}

// Core has counted one request per outer row and target, and the rows that come back each time.
void
adjust_cost(PlannerInfo *root, Path *join, const Path *outer, List *targets)
{
	ListCell *cell;
	Cost saved = 0;
	Cost requests = 0;

	foreach (cell, targets)
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));
		double keys = count_keys(root, target, outer->rows);
		double batches = ceil(keys / target->keys_per_request);

		requests += batches * target->request_cost;
		saved += Max(0, outer->rows - batches) * target->request_cost +
				 Max(0, outer->rows - keys) * target->rows_cost;
	}
	join->total_cost = Max(outer->total_cost + requests, join->total_cost - saved);
	join->startup_cost = Min(join->startup_cost, join->total_cost);
}

bool
is_parameterised_by(const Path *path, const RelOptInfo *rel)
{
	return path->param_info != nullptr && bms_overlap(PATH_REQ_OUTER(path), rel->relids);
}

Relids
real_relids(const RelOptInfo *rel)
{
	return rel->top_parent_relids != nullptr ? rel->top_parent_relids : rel->relids;
}

// Core's rules for joins that still need parameters: only where a join above can supply them in one
// step, or where inner keys come from two outer relations that are not joined to one another.
bool
may_stay_parameterised(PlannerInfo *root, Relids outer_relids, const Path *inner, Relids required,
					   const JoinPathExtraData *extra)
{
	Relids parameters = PATH_REQ_OUTER(inner);

	if (!bms_overlap(required, extra->param_source_rels) &&
		!(bms_overlap(parameters, outer_relids) &&
		  bms_nonempty_difference(parameters, outer_relids)))
	{
		return false;
	}
	return !parameter_is_dangerous(root, outer_relids, parameters);
}

void
add_batched_join(PlannerInfo *root, RelOptInfo *join_rel, Path *outer, Path *inner,
				 JoinType join_type, JoinPathExtraData *extra)
{
	Relids outer_relids = real_relids(outer->parent);
	Relids required = calc_nestloop_required_outer(
		outer_relids, PATH_REQ_OUTER(outer), real_relids(inner->parent), PATH_REQ_OUTER(inner));
	List *targets = usable_targets(root, inner, outer, required);
	JoinCostWorkspace workspace;

	if (targets == NIL || depends_on_join(outer, extra->sjinfo) ||
		depends_on_join(inner, extra->sjinfo) ||
		(required != nullptr &&
		 !may_stay_parameterised(root, outer_relids, inner, required, extra)))
	{
		return;
	}
	Path *decorated = decorate(root, outer, required, targets);

	initial_cost_nestloop(root, &workspace, join_type, decorated, inner, extra);
	NestPath *join = create_nestloop_path(
		root, join_rel, join_type, &workspace, extra, decorated, inner, extra->restrictlist,
		build_join_pathkeys(root, join_rel, join_type, outer->pathkeys), required);

	adjust_cost(root, reinterpret_cast<Path *>(join), outer, targets);
	add_path(join_rel, reinterpret_cast<Path *>(join));
}

void
add_batched_joins(PlannerInfo *root, RelOptInfo *join_rel, RelOptInfo *outer_rel,
				  RelOptInfo *inner_rel, JoinType join_type, JoinPathExtraData *extra)
{
	ListCell *outer_cell;
	ListCell *inner_cell;

	foreach (outer_cell, outer_rel->pathlist)
	{
		auto *outer = static_cast<Path *>(lfirst(outer_cell));

		if (is_parameterised_by(outer, inner_rel))
		{
			continue;
		}
		if (join_type == JOIN_UNIQUE_OUTER)
		{
			outer = outer == outer_rel->cheapest_total_path
						? reinterpret_cast<Path *>(
							  create_unique_path(root, outer_rel, outer, extra->sjinfo))
						: nullptr;
			if (outer == nullptr)
			{
				continue;
			}
		}
		foreach (inner_cell, inner_rel->cheapest_parameterized_paths)
		{
			auto *inner = static_cast<Path *>(lfirst(inner_cell));

			if (is_parameterised_by(inner, outer_rel))
			{
				add_batched_join(root, join_rel, outer, inner,
								 join_type == JOIN_UNIQUE_OUTER ? JOIN_INNER : join_type, extra);
			}
		}
	}
}

// The functions that PostgreSQL has not taken apart, where the path scans such.
List *
scanned_functions(PlannerInfo *root, Path *path)
{
	if (IsA(path, MemoizePath))
	{
		path = reinterpret_cast<MemoizePath *>(path)->subpath;
	}
	return path->pathtype == T_FunctionScan ? root->simple_rte_array[path->parent->relid]->functions
											: NIL;
}

// Nested loops that core made and that are still in the race.
void
decorate_plain_joins(PlannerInfo *root, RelOptInfo *join_rel)
{
	ListCell *cell;

	foreach (cell, join_rel->pathlist)
	{
		if (!IsA(lfirst(cell), NestPath))
		{
			continue;
		}
		auto *join = static_cast<JoinPath *>(lfirst(cell));
		Relids parameters = PATH_REQ_OUTER(&join->path);
		List *targets = usable_targets(root, join->innerjoinpath, join->outerjoinpath, parameters);

		// A cache above ours would hide from the look-ahead which keys are still of use.
		if (targets != NIL && IsA(join->innerjoinpath, MemoizePath))
		{
			join->innerjoinpath = reinterpret_cast<MemoizePath *>(join->innerjoinpath)->subpath;
		}
		join->outerjoinpath =
			note_unbatched(decorate(root, join->outerjoinpath, parameters, targets),
						   scanned_functions(root, join->innerjoinpath));
	}
}

void
join_pathlist_hook(PlannerInfo *root, RelOptInfo *join_rel, RelOptInfo *outer_rel,
				   RelOptInfo *inner_rel, JoinType join_type, JoinPathExtraData *extra)
{
	if (previous_join_hook != nullptr)
	{
		previous_join_hook(root, join_rel, outer_rel, inner_rel, join_type, extra);
	}
	if (!enable_lookahead)
	{
		return;
	}
	if (join_type == JOIN_INNER || join_type == JOIN_LEFT || join_type == JOIN_SEMI ||
		join_type == JOIN_ANTI || join_type == JOIN_UNIQUE_OUTER)
	{
		add_batched_joins(root, join_rel, outer_rel, inner_rel, join_type, extra);
	}
	decorate_plain_joins(root, join_rel);
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
	return list_make3(targets, list_nth(custom_private, path_private_first),
					  list_nth(custom_private, path_private_clause));
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

Plan *
plan_lookahead(PlannerInfo *root, RelOptInfo *, CustomPath *path, List *target_list, List *,
			   List *custom_plans)
{
	auto *child = static_cast<Plan *>(linitial(custom_plans));
	CustomScan *scan = makeNode(CustomScan);
	LookaheadSupply supply = {root, lookahead_child(path)->pathtarget};
	List *channels = NIL;
	List *counts = NIL;
	List *sources = NIL;
	List *chained = NIL;
	ListCell *cell;

	// The conditions are the child's, which has checked them already, but for the one that is ours.
	scan->scan.plan.targetlist = target_list;
	scan->flags = path->flags;
	scan->custom_plans = custom_plans;
	scan->custom_scan_tlist = copy_node(child->targetlist);
	scan->methods = &lookahead_scan_methods;
	foreach (cell, lookahead_targets(path))
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

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
	scan->scan.plan.qual = take_clause(
		child, static_cast<Node *>(list_nth(path->custom_private, path_private_clause)));
	return &scan->scan.plan;
}

}    // namespace

Path *
make_lookahead(PlannerInfo *root, Path *outer, List *targets, Expr *clause)
{
	CustomPath *path = makeNode(CustomPath);

	path->path = *outer;
	path->path.type = T_CustomPath;
	path->path.pathtype = T_CustomScan;
	path->path.parallel_aware = false;
	path->path.parallel_safe = false;
	path->path.parallel_workers = 0;
	path->flags = CUSTOMPATH_SUPPORT_PROJECTION;
	path->custom_paths = list_make1(outer);
	path->custom_private = list_make3(targets, makeInteger(first_batch(root)), clause);
	path->methods = &lookahead_path_methods;
	return &path->path;
}

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

void
lookahead_plan_init()
{
	RegisterCustomScanMethods(&lookahead_scan_methods);
	previous_join_hook = set_join_pathlist_hook;
	set_join_pathlist_hook = join_pathlist_hook;
}

}    // namespace gql::pg
