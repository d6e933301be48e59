// How do rows whose expressions run subqueries, or call graphql_query(), get a look-ahead?
//
// Those that a SELECT list (or a list of aggregates) is computed from get one just below: their
// expressions are evaluated only when nothing can take a row away any more. Rows of a table that
// have to pass conditions with subqueries get one each; the condition moves up to it from the
// table's scan.

#include "pg/handler.hpp"
#include "pg/keys.hpp"
#include "pg/lookahead.hpp"
#include "pg/lookahead_layers.hpp"
#include "pg/prelude.hpp"
#include "pg/unbatched.hpp"

namespace gql::pg
{

namespace
{

create_upper_paths_hook_type previous_upper_hook = nullptr;
set_rel_pathlist_hook_type previous_rel_hook = nullptr;

void
decorate_input(PlannerInfo *root, const PathTarget *target, Path **input)
{
	List *exprs = list_difference(target->exprs, (*input)->pathtarget->exprs);
	List *targets = expression_targets(root, exprs, *input);

	*input = note_unbatched(add_layers(root, *input, targets, false, nullptr), exprs);
}

// Of a scan or join that computes what is selected by itself.
void
decorate_rows(PlannerInfo *root, Path **path)
{
	PathTarget *target = (*path)->pathtarget;
	PathTarget *plain = plain_target(root, target->exprs, PVC_INCLUDE_PLACEHOLDERS);
	auto *rows =
		reinterpret_cast<Path *>(create_projection_path(root, (*path)->parent, *path, plain));

	decorate_input(root, target, &rows);
	if (IsA(rows, CustomPath))
	{
		rows->pathtarget = target;
		*path = rows;
	}
}

void decorate_projections(PlannerInfo *root, Path **path);

void
decorate_all(PlannerInfo *root, List *paths)
{
	ListCell *cell;

	foreach (cell, paths)
	{
		auto *path = static_cast<Path *>(lfirst(cell));

		decorate_projections(root, &path);
		lfirst(cell) = path;
	}
}

// Where the rows come from that the node's expressions are computed from.
Path **
computing_input(Path *path)
{
	switch (nodeTag(path))
	{
		case T_ProjectionPath:
			return &reinterpret_cast<ProjectionPath *>(path)->subpath;
		case T_ProjectSetPath:
			return &reinterpret_cast<ProjectSetPath *>(path)->subpath;
		case T_AggPath:
			return &reinterpret_cast<AggPath *>(path)->subpath;
		case T_GroupPath:
			return &reinterpret_cast<GroupPath *>(path)->subpath;
		case T_GroupingSetsPath:
			return &reinterpret_cast<GroupingSetsPath *>(path)->subpath;
		case T_WindowAggPath:
			return &reinterpret_cast<WindowAggPath *>(path)->subpath;
		default:
			return nullptr;
	}
}

// Where the rows come from that the node only passes on.
Path **
passing_input(Path *path)
{
	switch (nodeTag(path))
	{
		case T_LimitPath:
			return &reinterpret_cast<LimitPath *>(path)->subpath;
		case T_LockRowsPath:
			return &reinterpret_cast<LockRowsPath *>(path)->subpath;
		case T_SortPath:
		case T_IncrementalSortPath:
			return &reinterpret_cast<SortPath *>(path)->subpath;
		case T_UpperUniquePath:
			return &reinterpret_cast<UpperUniquePath *>(path)->subpath;
		case T_ModifyTablePath:
			return &reinterpret_cast<ModifyTablePath *>(path)->subpath;
		default:
			return nullptr;
	}
}

bool
is_scan_or_join(const Path *path)
{
	switch (nodeTag(path))
	{
		case T_Path:
		case T_IndexPath:
		case T_BitmapHeapPath:
		case T_TidPath:
		case T_TidRangePath:
		case T_SubqueryScanPath:
		case T_ForeignPath:
		case T_NestPath:
		case T_HashPath:
		case T_MergePath:
			return true;
		default:
			return false;
	}
}

// Down to all that compute something.
void
decorate_projections(PlannerInfo *root, Path **path)
{
	if (Path **input = computing_input(*path))
	{
		decorate_input(root, (*path)->pathtarget, input);
		decorate_projections(root, input);
	}
	else if (Path **below = passing_input(*path))
	{
		decorate_projections(root, below);
	}
	else if (IsA(*path, AppendPath))
	{
		decorate_all(root, reinterpret_cast<AppendPath *>(*path)->subpaths);
	}
	else if (IsA(*path, MergeAppendPath))
	{
		decorate_all(root, reinterpret_cast<MergeAppendPath *>(*path)->subpaths);
	}
	else if (IsA(*path, CustomPath))
	{
		decorate_all(root, reinterpret_cast<CustomPath *>(*path)->custom_paths);
	}
	else if (is_scan_or_join(*path))
	{
		decorate_rows(root, path);
	}
}

// Conditions that may be checked after all others: nobody else's are behind them.
bool
may_be_last(const List *clauses, const RestrictInfo *last)
{
	ListCell *cell;

	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		if (clause->security_level > last->security_level && !clause->leakproof)
		{
			return false;
		}
	}
	return true;
}

// Does computing the rows of the relation, from its own columns alone, run something?
bool
computes_something(PlannerInfo *root, const RelOptInfo *rel)
{
	bool computes = false;
	ListCell *cell;

	foreach (cell, rel->reltarget->exprs)
	{
		auto *expr = static_cast<Node *>(lfirst(cell));

		if (runs_something(expr))
		{
			List *columns = pull_var_clause(expr, PVC_RECURSE_PLACEHOLDERS);

			if (!bms_is_subset(pull_varnos(root, reinterpret_cast<Node *>(columns)), rel->relids))
			{
				return false;
			}
			computes = true;
		}
	}
	return computes;
}

// The path with a look-ahead for each of the conditions, which check it there: the keys of one are
// those of rows that passed the ones before. And with one for what its rows are computed from.
Path *
lift_expressions(PlannerInfo *root, RelOptInfo *rel, Path *path, List *clauses)
{
	bool computes = computes_something(root, rel);
	PathTarget *plain = computes
							? plain_target(root, rel->reltarget->exprs, PVC_RECURSE_PLACEHOLDERS)
							: copy_pathtarget(rel->reltarget);
	ListCell *cell;

	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		add_new_columns_to_pathtarget(
			plain,
			pull_var_clause(reinterpret_cast<Node *>(clause->clause), PVC_INCLUDE_PLACEHOLDERS));
	}
	auto *lifted = reinterpret_cast<Path *>(create_projection_path(root, rel, path, plain));

	// Core makes projections above everything that takes parameters.
	lifted->param_info = path->param_info;
	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));
		List *targets = expression_targets(root, list_make1(clause->clause), lifted);

		if (targets != NIL && may_be_last(rel->baserestrictinfo, clause) &&
			(path->param_info == nullptr || may_be_last(path->param_info->ppi_clauses, clause)))
		{
			lifted = add_layers(root, lifted, targets, true, clause->clause);
		}
	}
	if (computes)
	{
		lifted = add_layers(root, lifted, expression_targets(root, rel->reltarget->exprs, lifted),
							true, nullptr);
	}
	if (IsA(lifted, ProjectionPath))
	{
		return path;
	}
	lifted->pathtarget = rel->reltarget;
	return lifted;
}

void
rel_pathlist_hook(PlannerInfo *root, RelOptInfo *rel, Index relation, RangeTblEntry *entry)
{
	List *clauses = NIL;
	ListCell *cell;

	if (previous_rel_hook != nullptr)
	{
		previous_rel_hook(root, rel, relation, entry);
	}
	if (!enable_lookahead || entry->inh)
	{
		return;
	}
	foreach (cell, rel->baserestrictinfo)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		if (runs_something(reinterpret_cast<Node *>(clause->clause)) &&
			!contain_volatile_functions(reinterpret_cast<Node *>(clause->clause)))
		{
			clauses = lappend(clauses, clause);
		}
	}
	if (clauses == NIL && !computes_something(root, rel))
	{
		return;
	}
	foreach (cell, rel->pathlist)
	{
		lfirst(cell) = lift_expressions(root, rel, static_cast<Path *>(lfirst(cell)), clauses);
	}
}

void
upper_paths_hook(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input_rel,
				 RelOptInfo *output_rel, void *extra)
{
	if (previous_upper_hook != nullptr)
	{
		previous_upper_hook(root, stage, input_rel, output_rel, extra);
	}
	if (enable_lookahead && stage == UPPERREL_FINAL)
	{
		decorate_all(root, output_rel->pathlist);
	}
}

}    // namespace

void
lookahead_rows_init()
{
	previous_upper_hook = create_upper_paths_hook;
	create_upper_paths_hook = upper_paths_hook;
	previous_rel_hook = set_rel_pathlist_hook;
	set_rel_pathlist_hook = rel_pathlist_hook;
}

}    // namespace gql::pg
