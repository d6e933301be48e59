// How do rows whose expressions run subqueries, or call graphql_query(), get a look-ahead?
//
// Those that a SELECT list (or a list of aggregates) is computed from get one just below: their
// expressions are evaluated only when nothing can take a row away any more. Rows of a table that
// have to pass conditions with subqueries get one each; the condition moves up to it from the
// table's scan.

#include "pg/handler.hpp"
#include "pg/keys.hpp"
#include "pg/lookahead.hpp"
#include "pg/prelude.hpp"
#include "pg/unbatched.hpp"

namespace gql::pg
{

namespace
{

create_upper_paths_hook_type previous_upper_hook = nullptr;
set_rel_pathlist_hook_type previous_rel_hook = nullptr;

// Rows that all make the same call need it once.
bool
is_constant_call(const LookaheadTarget *target, const Path *input)
{
	return target->channel < 0 && input->pathtype != T_Result &&
		   !contain_var_clause(reinterpret_cast<Node *>(target->values));
}

// The look-ups that evaluating the expressions over rows of `input` does.
List *
expression_targets(PlannerInfo *root, List *exprs, Path *input)
{
	List *usable = NIL;
	List *chained = NIL;
	ListCell *cell;

	foreach (cell, find_subplan_targets(root, exprs))
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

		if (target->source != 0)
		{
			chained = lappend(chained, target);
		}
		else if (is_row_computation(target->values) &&
				 (supplies(root, input, nullptr, target->values) ||
				  is_constant_call(target, input)))
		{
			usable = lappend(usable, target);
		}
	}
	return chain_targets(usable, chained);
}

int
count_target_waits(List *targets, const LookaheadTarget *target)
{
	return target->source == 0 ? count_waits(target->values)
							   : count_target_waits(targets, find_channel(targets, target->source));
}

// Takes out the targets whose keys take the fewest subqueries to compute.
List *
take_first_layer(List **targets)
{
	List *all = *targets;
	List *layer = NIL;
	int fewest = PG_INT32_MAX;
	ListCell *cell;

	foreach (cell, all)
	{
		fewest = Min(fewest, count_target_waits(all, static_cast<LookaheadTarget *>(lfirst(cell))));
	}
	*targets = NIL;
	foreach (cell, all)
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));
		List **list = count_target_waits(all, target) == fewest ? &layer : targets;

		*list = lappend(*list, target);
	}
	return layer;
}

// The path with a look-ahead for each layer of the targets: whether a subquery is run at all may be
// said by another one, whose look-ups have to be on their way by then. `apart`: not in look-aheads
// that are there already, which may check something first. The last look-ahead checks `clause`, if
// there is one.
Path *
add_layers(PlannerInfo *root, Path *path, List *targets, bool apart, Expr *clause)
{
	while (targets != NIL)
	{
		List *layer = take_first_layer(&targets);
		auto *first = static_cast<LookaheadTarget *>(linitial(layer));

		path = !apart && count_waits(first->values) == 0
				   ? decorate(root, path, nullptr, layer)
				   : make_lookahead(root, path, layer, targets == NIL ? clause : nullptr);
	}
	return path;
}

void
decorate_input(PlannerInfo *root, const PathTarget *target, Path **input)
{
	List *exprs = list_difference(target->exprs, (*input)->pathtarget->exprs);
	List *targets = expression_targets(root, exprs, *input);

	*input = note_unbatched(add_layers(root, *input, targets, false, nullptr), exprs);
}

void decorate_projections(PlannerInfo *root, Path **place);

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

// Where core has scans or joins compute the expressions themselves, as it does behind an index in
// the order of a LIMIT, they are computed above.
void
separate_projection(PlannerInfo *root, Path **place)
{
	Path *rows = *place;
	PathTarget *target = rows->pathtarget;
	PathTarget *read = rows->parent->reltarget;

	if (target == read || (!IS_SIMPLE_REL(rows->parent) && !IS_JOIN_REL(rows->parent)))
	{
		return;
	}
	rows->pathtarget = read;

	Path *input = rows;

	if (supplies(root, rows, nullptr, target->exprs))
	{
		decorate_input(root, target, &input);
	}
	if (input == rows)
	{
		rows->pathtarget = target;
		return;
	}
	*place = reinterpret_cast<Path *>(create_projection_path(root, rows->parent, input, target));
}

// Down to the projection, through what only passes rows on.
void
decorate_projections(PlannerInfo *root, Path **place)
{
	Path *path = *place;

	switch (nodeTag(path))
	{
		case T_ProjectionPath:
			decorate_input(root, path->pathtarget,
						   &reinterpret_cast<ProjectionPath *>(path)->subpath);
			break;
		case T_AggPath:
			decorate_input(root, path->pathtarget, &reinterpret_cast<AggPath *>(path)->subpath);
			decorate_projections(root, &reinterpret_cast<AggPath *>(path)->subpath);
			break;
		case T_ProjectSetPath:
			decorate_input(root, path->pathtarget,
						   &reinterpret_cast<ProjectSetPath *>(path)->subpath);
			decorate_projections(root, &reinterpret_cast<ProjectSetPath *>(path)->subpath);
			break;
		case T_GroupingSetsPath:
			decorate_input(root, path->pathtarget,
						   &reinterpret_cast<GroupingSetsPath *>(path)->subpath);
			decorate_projections(root, &reinterpret_cast<GroupingSetsPath *>(path)->subpath);
			break;
		case T_GroupPath:
			decorate_input(root, path->pathtarget, &reinterpret_cast<GroupPath *>(path)->subpath);
			decorate_projections(root, &reinterpret_cast<GroupPath *>(path)->subpath);
			break;
		case T_WindowAggPath:
			decorate_input(root, path->pathtarget,
						   &reinterpret_cast<WindowAggPath *>(path)->subpath);
			decorate_projections(root, &reinterpret_cast<WindowAggPath *>(path)->subpath);
			break;
		case T_UpperUniquePath:
			decorate_projections(root, &reinterpret_cast<UpperUniquePath *>(path)->subpath);
			break;
		case T_AppendPath:
			decorate_all(root, reinterpret_cast<AppendPath *>(path)->subpaths);
			break;
		case T_CustomPath:
			decorate_all(root, reinterpret_cast<CustomPath *>(path)->custom_paths);
			break;
		case T_MergeAppendPath:
			decorate_all(root, reinterpret_cast<MergeAppendPath *>(path)->subpaths);
			break;
		case T_LimitPath:
			decorate_projections(root, &reinterpret_cast<LimitPath *>(path)->subpath);
			break;
		case T_LockRowsPath:
			decorate_projections(root, &reinterpret_cast<LockRowsPath *>(path)->subpath);
			break;
		case T_SortPath:
		case T_IncrementalSortPath:
			decorate_projections(root, &reinterpret_cast<SortPath *>(path)->subpath);
			break;
		case T_ModifyTablePath:
			decorate_projections(root, &reinterpret_cast<ModifyTablePath *>(path)->subpath);
			break;
		default:
			separate_projection(root, place);
			break;
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

bool
runs_something(Node *expr)
{
	return contain_subplans(expr) || has_calls(list_make1(expr));
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

// What rows have to hold for the conditions to be checked on them and, where `computes`, all to be
// computed from them that runs something.
PathTarget *
plain_target(PlannerInfo *root, const RelOptInfo *rel, List *clauses, bool computes)
{
	PathTarget *plain = create_empty_pathtarget();
	ListCell *cell;

	foreach (cell, rel->reltarget->exprs)
	{
		auto *expr = static_cast<Node *>(lfirst(cell));

		if (computes && runs_something(expr))
		{
			add_new_columns_to_pathtarget(plain, pull_var_clause(expr, PVC_RECURSE_PLACEHOLDERS));
		}
		else
		{
			add_new_column_to_pathtarget(plain, reinterpret_cast<Expr *>(expr));
		}
	}
	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		add_new_columns_to_pathtarget(
			plain,
			pull_var_clause(reinterpret_cast<Node *>(clause->clause), PVC_INCLUDE_PLACEHOLDERS));
	}
	return set_pathtarget_cost_width(root, plain);
}

// The path with a look-ahead for each of the conditions, which check it there: the keys of one are
// those of rows that passed the ones before. And with one for what its rows are computed from.
Path *
lift_expressions(PlannerInfo *root, RelOptInfo *rel, Path *path, List *clauses)
{
	bool computes = computes_something(root, rel);
	auto *lifted = reinterpret_cast<Path *>(
		create_projection_path(root, rel, path, plain_target(root, rel, clauses, computes)));
	ListCell *cell;

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
