// What does the planner know about a foreign table?

#include "pg/relation.hpp"

#include "pg/handler.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

RelationPlan *
relation_plan(RelOptInfo *rel, Oid relation_id)
{
	if (rel->fdw_private == nullptr)
	{
		auto *plan = static_cast<RelationPlan *>(palloc0(sizeof(RelationPlan)));

		plan->options = table_options(relation_id);
		plan->table = own<table_close>(CurrentMemoryContext, [&](Error &err)
									   { return table_open(plan->options->spec, err); });
		rel->fdw_private = plan;
	}
	return static_cast<RelationPlan *>(rel->fdw_private);
}

bool
is_argument(const RelationPlan *plan, int column)
{
	for (size_t i = 0; i < table_access_count(plan->table); i++)
	{
		const Access *access = table_access(plan->table, i);

		for (size_t j = 0; j < access->argument_count; j++)
		{
			if (access->arguments[j].column == column)
			{
				return true;
			}
		}
	}
	return false;
}

bool
is_graphql_relation(const RelOptInfo *rel)
{
	return rel->fdwroutine != nullptr && rel->fdwroutine->GetForeignPaths == graphqlGetForeignPaths;
}

Binding *
path_binding(Path *path)
{
	if (!IsA(path, ForeignPath) || !IS_SIMPLE_REL(path->parent) ||
		!is_graphql_relation(path->parent))
	{
		return nullptr;
	}
	auto *plan = static_cast<RelationPlan *>(path->parent->fdw_private);
	int index = intVal(linitial(reinterpret_cast<ForeignPath *>(path)->fdw_private));

	return static_cast<Binding *>(list_nth(plan->bindings, index));
}

List *
remember_binding(RelationPlan *plan, Binding *binding)
{
	plan->bindings = lappend(plan->bindings, binding);
	return list_make1(makeInteger(list_length(plan->bindings) - 1));
}

double
request_cost(const RelationPlan *plan)
{
	return plan->options->server.startup_cost;
}

int
keys_per_request(const RelationPlan *plan, const Binding *binding)
{
	return binding->method == Method::single ? 1 : plan->options->server.key_batch_size;
}

}    // namespace gql::pg
