// What does an import tell whoever runs it?

#include "pg/import_report.hpp"

#include <cstring>

#include "pg/encoding.hpp"
#include "pg/nearest_name.hpp"

namespace gql::pg
{

namespace
{

// A list for a DETAIL, cut when it gets long.
struct Listed
{
	StringInfoData text;
	const char *separator;
	size_t count;
	size_t limit;
};

Listed
list_begin(const char *separator, size_t limit)
{
	Listed list = {};

	initStringInfo(&list.text);
	list.separator = separator;
	list.limit = limit;
	return list;
}

void
list_add(Listed *list, const char *item)
{
	if (list->count < list->limit)
	{
		appendStringInfo(&list->text, "%s%s", list->count == 0 ? "" : list->separator, item);
	}
	list->count++;
}

const char *
list_end(Listed *list)
{
	if (list->count > list->limit)
	{
		appendStringInfo(&list->text, "%sand %zu more", list->separator, list->count - list->limit);
	}
	return list->text.data;
}

[[noreturn]] void
raise_no_table(const ImportForeignSchemaStmt *statement, const Import *import, const char *name)
{
	NearestName nearest = nearest_name_to(name);
	Listed tables = list_begin(", ", 20);

	for (size_t i = 0; i < import_table_count(import); i++)
	{
		const char *table = from_utf8(import_table(import, i)->name);

		nearest_name_offer(&nearest, table);
		list_add(&tables, table);
	}
	ereport(ERROR,
			(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
			 errmsg("server \"%s\" has no table \"%s\" to import", statement->server_name, name),
			 errdetail("The tables are: %s.", list_end(&tables)),
			 nearest.match != nullptr
				 ? errhint("Perhaps you meant the table \"%s\".", nearest.match)
				 : 0));
	pg_unreachable();
}

bool
has_table(const Import *import, const char *name)
{
	for (size_t i = 0; i < import_table_count(import); i++)
	{
		if (strcmp(from_utf8(import_table(import, i)->name), name) == 0)
		{
			return true;
		}
	}
	return false;
}

// Would what was left out have been part of what was asked for?
bool
was_wanted(ImportForeignSchemaStmt *statement, const ImportSkip *skip)
{
	if (skip->table.empty())
	{
		return statement->list_type != FDW_IMPORT_SCHEMA_LIMIT_TO;
	}
	return IsImportableForeignTable(from_utf8(skip->table), statement);
}

// By reason, so that fields with the same one stand together.
int
compare_skips(const void *left, const void *right)
{
	const auto *a = *static_cast<const ImportSkip *const *>(left);
	const auto *b = *static_cast<const ImportSkip *const *>(right);

	return a->reason != b->reason ? a->reason.compare(b->reason) : a->what.compare(b->what);
}

// What was left out of what was asked for, sorted; the same field may be left out of many tables.
const ImportSkip **
wanted_skips(ImportForeignSchemaStmt *statement, const Import *import, size_t *count)
{
	const size_t all = import_skip_count(import);
	auto **skips = static_cast<const ImportSkip **>(palloc(sizeof(ImportSkip *) * Max(all, 1)));
	size_t kept = 0;

	*count = 0;
	for (size_t i = 0; i < all; i++)
	{
		skips[kept] = import_skip(import, i);
		kept += was_wanted(statement, skips[kept]) ? 1 : 0;
	}
	qsort(skips, kept, sizeof(ImportSkip *), compare_skips);
	for (size_t i = 0; i < kept; i++)
	{
		if (i == 0 || compare_skips(&skips[*count - 1], &skips[i]) != 0)
		{
			skips[(*count)++] = skips[i];
		}
	}
	return skips;
}

}    // namespace

void
check_limit_to(const ImportForeignSchemaStmt *statement, const Import *import)
{
	ListCell *cell;

	if (statement->list_type != FDW_IMPORT_SCHEMA_LIMIT_TO)
	{
		return;
	}
	foreach (cell, statement->table_list)
	{
		const char *name = static_cast<RangeVar *>(lfirst(cell))->relname;

		if (!has_table(import, name))
		{
			raise_no_table(statement, import, name);
		}
	}
}

void
report_schema_warnings(const ImportForeignSchemaStmt *statement, const RemoteSchema *schema)
{
	Listed warnings = list_begin("\n", 20);

	for (size_t i = 0; i < schema_warning_count(schema); i++)
	{
		list_add(&warnings, from_utf8(schema_warning(schema, i)));
	}
	if (warnings.count > 0)
	{
		ereport(WARNING,
				(errmsg("the schema of server \"%s\" contradicts itself", statement->server_name),
				 errdetail("%s", list_end(&warnings))));
	}
}

void
report_skipped(ImportForeignSchemaStmt *statement, const Import *import)
{
	size_t count = 0;
	const ImportSkip **skips = wanted_skips(statement, import, &count);
	Listed reasons = list_begin("\n", 20);

	for (size_t i = 0; i < count;)
	{
		Listed fields = list_begin(", ", 8);
		std::string_view reason = skips[i]->reason;

		for (; i < count && skips[i]->reason == reason; i++)
		{
			list_add(&fields, from_utf8(skips[i]->what));
		}
		list_add(&reasons, psprintf("%s: %s", list_end(&fields), from_utf8(reason)));
	}
	if (count > 0)
	{
		ereport(NOTICE,
				(errmsg_plural("%zu field of server \"%s\" was not imported",
							   "%zu fields of server \"%s\" were not imported", count, count,
							   statement->server_name),
				 errdetail("%s", list_end(&reasons)),
				 errhint("Options of IMPORT FOREIGN SCHEMA import more, and CREATE FOREIGN TABLE "
						 "reaches the rest.")));
	}
}

}    // namespace gql::pg
