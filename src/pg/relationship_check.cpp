// What no longer fits of a relationship?

#include "core/door/fit.hpp"

#include "pg/relationship_check.hpp"

#include "pg/encoding.hpp"
#include "pg/options.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/relationship_body.hpp"
#include "pg/relationship_target.hpp"

namespace gql::pg
{

namespace
{

Bitmapset *
matched_columns(const Relationship *relationship)
{
	Bitmapset *columns = nullptr;
	ListCell *cell;

	foreach (cell, relationship->conditions)
	{
		columns =
			bms_add_member(columns, static_cast<RelationshipCondition *>(lfirst(cell))->column);
	}
	return columns;
}

// Options that make no sense are a finding of the table.
std::string_view
missing_now(const Relationship *relationship, const RemoteSchema *schema)
{
	Error err;
	const TableOptions *options = try_table_options(relationship->target, &err);

	if (options == nullptr)
	{
		return {};
	}
	RemoteTable *table = try_own<table_close>(
		CurrentMemoryContext, [=](Error &failure) { return table_open(options->spec, failure); },
		&err);
	Fit *fit = table == nullptr
				   ? nullptr
				   : try_own<fit_close>(
						 CurrentMemoryContext,
						 [=](Error &failure) { return fit_open(table, schema, failure); }, &err);

	return fit == nullptr ? std::string_view()
						  : missing_argument(options, fit, matched_columns(relationship), err);
}

}    // namespace

RelationshipFinding
check_relationship(const Relationship *relationship, const RemoteSchema *schema)
{
	if (relationship->problem != nullptr)
	{
		return {relationship->problem, relationship->fix, relationship->fails};
	}
	std::string_view missing =
		schema == nullptr ? std::string_view() : missing_now(relationship, schema);

	if (missing.empty())
	{
		return {nullptr, nullptr, false};
	}
	return {
		psprintf("gives no value for argument \"%s\", which is required now", from_utf8(missing)),
		nullptr, true};
}

bool
is_table_of(Oid relation_id, Oid server_id)
{
	return get_rel_relkind(relation_id) == RELKIND_FOREIGN_TABLE &&
		   GetForeignServerIdByRelId(relation_id) == server_id;
}

}    // namespace gql::pg
