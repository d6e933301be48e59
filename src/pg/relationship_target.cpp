// What does a relationship look for in its target, and does it fit?

#include "core/door/check.hpp"

#include "pg/relationship_target.hpp"

#include <cstring>

#include "pg/check.hpp"
#include "pg/encoding.hpp"
#include "pg/errors.hpp"
#include "pg/nearest_name.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/relationship_value.hpp"
#include "pg/remote_schema.hpp"
#include "pg/server.hpp"

namespace gql::pg
{

namespace
{

bool
is_api_table(Relation relation)
{
	return relation->rd_rel->relkind == RELKIND_FOREIGN_TABLE &&
		   is_graphql_server(
			   GetForeignServer(GetForeignServerIdByRelId(RelationGetRelid(relation))));
}

void
read_api_table(Target *target)
{
	Oid relation_id = RelationGetRelid(target->relation);
	Error err;

	target->options = table_options(relation_id);
	target->table = own<table_close>(CurrentMemoryContext, [=](Error &failure)
									 { return table_open(target->options->spec, failure); });
	target->schema =
		try_remote_schema(target->options->server.server_id, CurrentMemoryContext, &err);
	if (target->schema == nullptr)
	{
		ereport(NOTICE,
				(errmsg("types of arguments of \"%s\" are not checked",
						RelationGetRelationName(target->relation)),
				 errdetail("%s", from_utf8(err.message)),
				 errhint("The server's option schema_file can name a file with the schema.")));
	}
	target->fit = own<fit_close>(CurrentMemoryContext, [=](Error &failure)
								 { return fit_open(target->table, target->schema, failure); });
}

[[noreturn]] void
raise_no_target(const Target *target, const char *name)
{
	NearestName nearest = nearest_name_to(name);
	StringInfoData arguments;

	if (target->options == nullptr)
	{
		raise_no_column(target->relation, name);
	}
	initStringInfo(&arguments);
	for (size_t i = 0; i < target->options->spec.column_count; i++)
	{
		const ColumnSpec *column = &target->options->spec.columns[i];

		nearest_name_offer(&nearest, from_utf8(column->name));
		nearest_name_offer(&nearest, from_utf8(column->argument));
		if (fit_sends(target->fit, static_cast<int>(i)))
		{
			appendStringInfo(&arguments, "%s\"%s\"", arguments.len > 0 ? ", " : "",
							 from_utf8(column->name));
		}
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("foreign table \"%s\" has no column and no argument \"%s\"",
					RelationGetRelationName(target->relation), name),
			 nearest.match != nullptr ? errhint("Perhaps you meant \"%s\".", nearest.match)
			 : arguments.len > 0 ? errhint("Columns that rows are found by: %s.", arguments.data)
								 : 0));
	pg_unreachable();
}

// A finding that concerns the way to the rows rather than what is read of them.
bool
concerns(const Target *target, const Finding *finding)
{
	if (finding->column < 0)
	{
		return finding->severity == Severity::error;
	}
	return finding->severity != Severity::notice &&
		   bms_is_member(target->options->attnums[finding->column], target->matched) &&
		   fit_sends(target->fit, finding->column);
}

void
check_schema(const Target *target)
{
	const CheckColumn *columns = describe_columns(target->options);
	Check *check = own<check_close>(
		CurrentMemoryContext, [=](Error &err)
		{ return check_open(target->schema, target->options->spec, columns, err); });

	for (size_t i = 0; i < check_finding_count(check); i++)
	{
		const Finding *finding = check_finding(check, i);

		if (concerns(target, finding))
		{
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INCONSISTENT_DESCRIPTOR_INFORMATION),
					 errmsg("foreign table \"%s\" does not fit its API: %s",
							RelationGetRelationName(target->relation), from_utf8(finding->message)),
					 errhint("graphql_check() shows what repairs it.")));
		}
	}
}

void
check_arguments(const Target *target)
{
	Error err;
	std::string_view missing = missing_argument(target->options, target->fit, target->matched, err);

	if (err.code != Code::none)
	{
		raise(err);
	}
	if (!missing.empty())
	{
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("argument \"%s\" of \"%s\" is required", from_utf8(missing),
							   RelationGetRelationName(target->relation)),
						errhint("Give it a value in \"mapping\" or \"arguments\".")));
	}
}

bool
covers(const Target *target, HeapTuple tuple)
{
	auto index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));

	if (!index->indisunique || !index->indisvalid ||
		!heap_attisnull(tuple, Anum_pg_index_indpred, nullptr))
	{
		return false;
	}
	for (int i = 0; i < index->indnkeyatts; i++)
	{
		if (!bms_is_member(index->indkey.values[i], target->single))
		{
			return false;
		}
	}
	return true;
}

bool
covers_declared_key(const Target *target)
{
	for (int i = 0; i < target->options->key_count; i++)
	{
		if (!bms_is_member(target->options->attnums[target->options->key[i]], target->single))
		{
			return false;
		}
	}
	return true;
}

}    // namespace

Target
target_open(Oid relation_id)
{
	Target target = {};

	target.relation = relation_open(relation_id, AccessShareLock);
	if (is_api_table(target.relation))
	{
		read_api_table(&target);
	}
	return target;
}

int
spec_column(const Target *target, AttrNumber attnum)
{
	for (size_t i = 0; target->options != nullptr && i < target->options->spec.column_count; i++)
	{
		if (target->options->attnums[i] == attnum)
		{
			return static_cast<int>(i);
		}
	}
	return -1;
}

AttrNumber
target_column(const Target *target, const char *name)
{
	AttrNumber attnum = get_attnum(RelationGetRelid(target->relation), name);

	if (attnum > 0)
	{
		return attnum;
	}
	for (size_t i = 0; target->options != nullptr && i < target->options->spec.column_count; i++)
	{
		if (strcmp(from_utf8(target->options->spec.columns[i].argument), name) == 0)
		{
			return target->options->attnums[i];
		}
	}
	raise_no_target(target, name);
}

std::string_view
missing_argument(const TableOptions *options, const Fit *fit, const Bitmapset *matched, Error &err)
{
	const size_t count = options->spec.column_count;
	int *columns = static_cast<int *>(palloc(sizeof(int) * Max(count, size_t{1})));
	size_t given = 0;

	for (size_t i = 0; i < count; i++)
	{
		if (bms_is_member(options->attnums[i], matched))
		{
			columns[given++] = static_cast<int>(i);
		}
	}
	return fit_missing_argument(fit, columns, given, err);
}

void
target_check(const Target *target)
{
	if (target->options == nullptr)
	{
		return;
	}
	check_arguments(target);
	if (target->schema != nullptr)
	{
		check_schema(target);
	}
}

Uniqueness
target_uniqueness(const Target *target)
{
	List *indexes = NIL;
	ListCell *cell;
	bool declared = false;

	if (target->options != nullptr)
	{
		return target->options->key_count == 0 ? Uniqueness::unknown
			   : covers_declared_key(target)   ? Uniqueness::known
											   : Uniqueness::refuted;
	}
	if (target->relation->rd_rel->relhasindex)
	{
		indexes = RelationGetIndexList(target->relation);
	}
	foreach (cell, indexes)
	{
		HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
		bool unique = HeapTupleIsValid(tuple) && covers(target, tuple);

		if (HeapTupleIsValid(tuple))
		{
			declared = declared || reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple))->indisunique;
			ReleaseSysCache(tuple);
		}
		if (unique)
		{
			return Uniqueness::known;
		}
	}
	return declared ? Uniqueness::refuted : Uniqueness::unknown;
}

}    // namespace gql::pg
