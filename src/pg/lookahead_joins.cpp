// When does a nested loop over remote look-ups get a look-ahead, and what does that save?
//
// Join search offers nested loops whose inner side needs keys of the outer side. For each such pair
// the join hook offers one more nested loop with a look-ahead over the outer path and the price of
// batches; and where a plain nested loop stays cheapest (estimates of few outer rows), it is given
// a look-ahead all the same, for estimates err and the look-ahead costs nothing.

#include "pg/handler.hpp"
#include "pg/lookahead.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"
#include "pg/unbatched.hpp"

namespace gql::pg
{

namespace
{

set_join_pathlist_hook_type previous_join_hook = nullptr;

// The number of different keys in so many outer rows.
double
count_keys(PlannerInfo *root, const LookaheadTarget *target, double rows)
{
	if (target->inner)
	{
		return rows * target->inner_rows;
	}
	if (target->source != 0)
	{
		return ceil(rows / target->keys_per_request);
	}
	List *columns =
		pull_var_clause(reinterpret_cast<Node *>(target->values), PVC_RECURSE_PLACEHOLDERS);

	return estimate_num_groups(root, columns, rows, nullptr, nullptr);
}

// Core has counted one request per outer row and target, or the batches that an inner look-ahead
// would make for that row, and the rows that come back each time.
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
		double counted = outer->rows * Max(1, ceil(target->inner_rows / target->keys_per_request));

		requests += batches * target->request_cost;
		saved += Max(0, counted - batches) * target->request_cost +
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
	List *targets = usable_targets(root, inner, outer, required, extra->restrictlist);
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
		List *targets = usable_targets(root, join->innerjoinpath, join->outerjoinpath, parameters,
									   join->joinrestrictinfo);

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

}    // namespace

void
lookahead_joins_init()
{
	RegisterCustomScanMethods(&lookahead_scan_methods);
	previous_join_hook = set_join_pathlist_hook;
	set_join_pathlist_hook = join_pathlist_hook;
}

}    // namespace gql::pg
