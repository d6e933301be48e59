// Which remote look-ups does a path do, and can another path supply their keys?

#include "pg/lookahead.hpp"

#include "pg/keys.hpp"
#include "pg/lookahead_subplans.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

namespace
{

List *find_targets(PlannerInfo *root, Path *path);

List *
find_targets_of(PlannerInfo *root, List *paths)
{
	List *targets = NIL;
	ListCell *cell;

	foreach (cell, paths)
	{
		targets = list_concat(targets, find_targets(root, static_cast<Path *>(lfirst(cell))));
	}
	return targets;
}

// May a condition that is the same for all rows keep the query from yielding any?
bool
is_gated(const PlannerInfo *root)
{
	return root->hasPseudoConstantQuals || (root->parse->jointree->quals != nullptr &&
											!contain_var_clause(root->parse->jointree->quals));
}

// What is looked up in a subquery, as its surroundings see it.
List *
find_subquery_targets(SubqueryScanPath *path)
{
	RelOptInfo *rel = path->path.parent;
	List *targets = leave_level(find_targets(rel->subroot, path->subpath));

	// What a condition keeps from being run at all may not even bear its arguments being evaluated.
	if (is_gated(rel->subroot))
	{
		targets = drop_calls(targets);
	}

	restore_parameters(targets, rel->subplan_params);
	return targets;
}

// The conditions on the relation that can be checked on any of its rows, the leaky ones only behind
// those they must not get ahead of.
List *
row_conditions(const RelOptInfo *rel)
{
	List *conditions = NIL;
	ListCell *cell;

	foreach (cell, rel->baserestrictinfo)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));
		auto *condition = reinterpret_cast<Node *>(clause->clause);

		if ((clause->leakproof || clause->security_level <= rel->baserestrict_min_security) &&
			!clause->pseudoconstant && !contain_subplans(condition) &&
			!contain_volatile_functions(condition) && !has_exec_param(condition, nullptr))
		{
			conditions = lappend(conditions, condition);
		}
	}
	return conditions;
}

// What subqueries in conditions look up. Calls there are made for the rows that get so far only.
List *
find_condition_targets(PlannerInfo *root, List *clauses)
{
	return drop_calls(find_subplan_targets(root, extract_actual_clauses(clauses, false)));
}

List *
find_scan_targets(PlannerInfo *root, Path *path)
{
	Binding *binding = path_binding(path);

	if (binding == nullptr || binding->channel == 0)
	{
		return NIL;
	}
	auto *target = static_cast<LookaheadTarget *>(palloc0(sizeof(LookaheadTarget)));

	auto *plan = static_cast<RelationPlan *>(path->parent->fdw_private);

	target->channel = binding->channel;
	target->relation = path->parent->relid;
	target->filters = row_conditions(path->parent);
	target->request_cost = request_cost(plan);
	target->rows_cost = path->rows * plan->options->server.tuple_cost;
	target->keys_per_request = keys_per_request(plan, binding);
	for (int i = 0; i < binding->count; i++)
	{
		target->values = lappend(target->values, binding->values[i]);
	}

	List *conditions = list_copy(path->parent->baserestrictinfo);

	if (path->param_info != nullptr)
	{
		conditions = list_concat(conditions, path->param_info->ppi_clauses);
	}
	return lcons(target, find_condition_targets(root, conditions));
}

List *
find_function_targets(PlannerInfo *root, const Path *path)
{
	return path->pathtype == T_FunctionScan
			   ? find_subplan_targets(root, planner_rt_fetch(path->parent->relid, root)->functions)
			   : NIL;
}

List *
find_custom_targets(PlannerInfo *root, CustomPath *path)
{
	List *targets = find_targets_of(root, path->custom_paths);
	LookaheadTarget *target = find_inner_lookahead(&path->path);

	return target == nullptr ? targets : lappend(targets, target);
}

List *
find_targets(PlannerInfo *root, Path *path)
{
	switch (nodeTag(path))
	{
		case T_Path:
			return find_function_targets(root, path);
		case T_GroupResultPath:
			return find_subplan_targets(root, path->pathtarget->exprs);
		case T_ForeignPath:
			return find_scan_targets(root, path);
		case T_NestPath:
		case T_HashPath:
		case T_MergePath:
		{
			auto *join = reinterpret_cast<JoinPath *>(path);

			return list_concat(list_concat(find_targets(root, join->outerjoinpath),
										   find_targets(root, join->innerjoinpath)),
							   find_condition_targets(root, join->joinrestrictinfo));
		}
		case T_SubqueryScanPath:
			return find_subquery_targets(reinterpret_cast<SubqueryScanPath *>(path));
		case T_MemoizePath:
			return find_targets(root, reinterpret_cast<MemoizePath *>(path)->subpath);
		case T_MaterialPath:
			return find_targets(root, reinterpret_cast<MaterialPath *>(path)->subpath);
		case T_ProjectionPath:
			return list_concat(
				find_targets(root, reinterpret_cast<ProjectionPath *>(path)->subpath),
				find_subplan_targets(root, path->pathtarget->exprs));
		case T_ProjectSetPath:
			return list_concat(
				find_targets(root, reinterpret_cast<ProjectSetPath *>(path)->subpath),
				find_subplan_targets(root, path->pathtarget->exprs));
		case T_LimitPath:
			return find_targets(root, reinterpret_cast<LimitPath *>(path)->subpath);
		case T_SortPath:
		case T_IncrementalSortPath:
			return find_targets(root, reinterpret_cast<SortPath *>(path)->subpath);
		case T_AggPath:
			return list_concat(find_targets(root, reinterpret_cast<AggPath *>(path)->subpath),
							   find_subplan_targets(root, path->pathtarget->exprs));
		case T_GroupPath:
			return find_targets(root, reinterpret_cast<GroupPath *>(path)->subpath);
		case T_GroupingSetsPath:
			return find_targets(root, reinterpret_cast<GroupingSetsPath *>(path)->subpath);
		case T_SetOpPath:
			return find_targets_of(root, setop_inputs(reinterpret_cast<SetOpPath *>(path)));
		case T_WindowAggPath:
			return find_targets(root, reinterpret_cast<WindowAggPath *>(path)->subpath);
		case T_UniquePath:
			return find_targets(root, reinterpret_cast<UniquePath *>(path)->subpath);
		case T_UpperUniquePath:
			return find_targets(root, reinterpret_cast<UpperUniquePath *>(path)->subpath);
		case T_AppendPath:
			return find_targets_of(root, reinterpret_cast<AppendPath *>(path)->subpaths);
		case T_MergeAppendPath:
			return find_targets_of(root, reinterpret_cast<MergeAppendPath *>(path)->subpaths);
		case T_CustomPath:
			return find_custom_targets(root, reinterpret_cast<CustomPath *>(path));
		default:
			return NIL;
	}
}

Expr *
find_in_target(Node *wanted, const PathTarget *target)
{
	ListCell *cell;

	foreach (cell, target->exprs)
	{
		auto *expr = static_cast<Node *>(lfirst(cell));

		if (IsA(wanted, Var) && IsA(expr, Var))
		{
			// Above an outer join the same column may differ in varnullingrels, and a placeholder
			// in phnullingrels.
			auto *left = reinterpret_cast<Var *>(wanted);
			auto *right = reinterpret_cast<Var *>(expr);

			if (left->varno == right->varno && left->varattno == right->varattno)
			{
				return reinterpret_cast<Expr *>(expr);
			}
		}
		else if (IsA(wanted, PlaceHolderVar) && IsA(expr, PlaceHolderVar))
		{
			if (reinterpret_cast<PlaceHolderVar *>(wanted)->phid ==
				reinterpret_cast<PlaceHolderVar *>(expr)->phid)
			{
				return reinterpret_cast<Expr *>(expr);
			}
		}
		else if (equal(wanted, expr))
		{
			return reinterpret_cast<Expr *>(expr);
		}
	}
	return nullptr;
}

// A tree walker; `context` is an int.
bool
count_wait(Node *node, void *context)
{
	if (node == nullptr)
	{
		return false;
	}
	if (IsA(node, SubPlan) || is_call(node))
	{
		(*static_cast<int *>(context))++;
	}
	return walk_expression(node, count_wait, context);
}

// Parameters by which a subquery is handed its rows' values are its own. A tree walker; `context`
// is a List of such parameters.
bool
has_foreign_param(Node *node, void *context)
{
	if (node == nullptr)
	{
		return false;
	}
	if (IsA(node, SubPlan))
	{
		auto *subplan = reinterpret_cast<SubPlan *>(node);
		List *own = list_concat_copy(static_cast<List *>(context), subplan->paramIds);

		return has_foreign_param(subplan->testexpr, own) ||
			   has_foreign_param(reinterpret_cast<Node *>(subplan->args), context);
	}
	if (IsA(node, Param))
	{
		auto *param = reinterpret_cast<Param *>(node);

		return param->paramkind == PARAM_EXEC &&
			   !list_member_int(static_cast<List *>(context), param->paramid);
	}
	return walk_expression(node, has_foreign_param, context);
}

}    // namespace

Node *
restore_outer_columns(Node *node, void *context)
{
	if (node == nullptr)
	{
		return nullptr;
	}
	if (IsA(node, Param) && reinterpret_cast<Param *>(node)->paramkind == PARAM_EXEC)
	{
		ListCell *cell;

		foreach (cell, static_cast<List *>(context))
		{
			auto *item = static_cast<PlannerParamItem *>(lfirst(cell));

			if (item->paramId == reinterpret_cast<Param *>(node)->paramid)
			{
				return copy_node(item->item);
			}
		}
	}
	return mutate_expression(node, restore_outer_columns, context);
}

int
count_waits(List *values)
{
	int count = 0;

	count_wait(reinterpret_cast<Node *>(values), &count);
	return count;
}

bool
is_row_expression(List *values)
{
	return count_waits(values) == 0 && is_row_computation(values);
}

bool
is_row_computation(List *values)
{
	auto *node = reinterpret_cast<Node *>(values);

	return !has_foreign_param(node, NIL) && !contain_agg_clause(node) &&
		   !contain_window_function(node);
}

bool
supplies(PlannerInfo *root, const Path *path, Relids parameters, List *values)
{
	List *columns = pull_var_clause(reinterpret_cast<Node *>(values), PVC_INCLUDE_PLACEHOLDERS);
	bool any = false;
	ListCell *cell;

	foreach (cell, columns)
	{
		auto *column = static_cast<Node *>(lfirst(cell));

		if (find_in_target(column, path->pathtarget) != nullptr)
		{
			any = true;
		}
		else if (!bms_is_subset(pull_varnos(root, column), parameters))
		{
			return false;
		}
	}
	return any;
}

Node *
spell_as_supplied(Node *node, void *context)
{
	auto *supply = static_cast<LookaheadSupply *>(context);

	if (node == nullptr)
	{
		return nullptr;
	}
	if (!IsA(node, Var) && !IsA(node, PlaceHolderVar))
	{
		return mutate_expression(node, spell_as_supplied, context);
	}
	if (Expr *found = find_in_target(node, supply->target))
	{
		return reinterpret_cast<Node *>(copy_node(found));
	}
	return reinterpret_cast<Node *>(
		IsA(node, Var) ? replace_nestloop_param_var(supply->root, reinterpret_cast<Var *>(node))
					   : replace_nestloop_param_placeholdervar(
							 supply->root, reinterpret_cast<PlaceHolderVar *>(node)));
}

List *
usable_targets(PlannerInfo *root, Path *inner, Path *outer, Relids parameters, List *conditions)
{
	List *usable = NIL;
	List *others = NIL;
	ListCell *cell;

	foreach (cell, list_concat(find_targets(root, inner), find_condition_targets(root, conditions)))
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

		if (target->source != 0)
		{
			others = lappend(others, target);
			continue;
		}
		// Where partitions are joined one by one, the inner path still names the whole table's
		// columns.
		if (outer->parent->top_parent_relids != nullptr)
		{
			target->values = reinterpret_cast<List *>(
				translate_to_child(root, reinterpret_cast<Node *>(target->values), outer->parent));
		}
		if ((target->relation == 0 && !is_row_expression(target->values)) ||
			!supplies(root, outer, parameters, target->values))
		{
			others = lappend(others, target);
			continue;
		}
		usable = lappend(usable, target);
	}
	return chain_targets(usable, others);
}

}    // namespace gql::pg
