// Which SQL statements make what is imported?

#include "pg/import_sql.hpp"

#include "pg/encoding.hpp"

namespace gql::pg
{

namespace
{

// A name of the API's, quoted where it needs to be.
const char *
name_of(std::string_view name)
{
	return quote_identifier(from_utf8(name));
}

const char *
name_in(const char *schema, std::string_view name)
{
	return quote_qualified_identifier(schema, from_utf8(name));
}

const char *
literal_of(std::string_view text)
{
	return quote_literal_cstr(from_utf8(text));
}

const char *
type_name(SqlType type)
{
	switch (type)
	{
		case SqlType::text:
			return "text";
		case SqlType::boolean:
			return "bool";
		case SqlType::int4:
			return "int4";
		case SqlType::int8:
			return "int8";
		case SqlType::numeric:
			return "numeric";
		case SqlType::float8:
			return "float8";
		case SqlType::uuid:
			return "uuid";
		case SqlType::date:
			return "date";
		case SqlType::time:
			return "time";
		case SqlType::timestamp:
			return "timestamp";
		case SqlType::timestamptz:
			return "timestamptz";
		case SqlType::interval:
			return "interval";
		case SqlType::bytea:
			return "bytea";
		case SqlType::jsonb:
			return "jsonb";
		case SqlType::enumeration:
			break;
	}
	pg_unreachable();
}

// OPTIONS (field 'account', ...), or nothing.
void
append_options(StringInfo sql, const ImportedOption *options, size_t count)
{
	for (size_t i = 0; i < count; i++)
	{
		appendStringInfo(sql, "%s%s %s", i == 0 ? " OPTIONS (" : ", ", name_of(options[i].name),
						 literal_of(options[i].value));
	}
	if (count > 0)
	{
		appendStringInfoChar(sql, ')');
	}
}

void
append_column(StringInfo sql, const Import *import, const ImportedColumn &column,
			  const char *schema)
{
	// pg_catalog, lest a type of the user's own be meant.
	const char *type = column.type == SqlType::enumeration
						   ? name_in(schema, import_enum(import, column.enumeration)->name)
						   : quote_qualified_identifier("pg_catalog", type_name(column.type));

	appendStringInfo(sql, "%s %s%s", name_of(column.name), type, column.array ? "[]" : "");
	if (column.not_null)
	{
		appendStringInfoString(sql, " NOT NULL");
	}
}

}    // namespace

const char *
create_table_sql(const Import *import, const ImportedTable *table, const char *schema,
				 const char *server)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE FOREIGN TABLE %s (", name_in(schema, table->name));
	for (size_t i = 0; i < table->column_count; i++)
	{
		appendStringInfoString(&sql, i == 0 ? "\n    " : ",\n    ");
		append_column(&sql, import, table->columns[i], schema);
	}
	appendStringInfo(&sql, "\n) SERVER %s", quote_identifier(server));
	append_options(&sql, table->options, table->option_count);
	return sql.data;
}

const char *
create_enum_sql(const ImportedEnum *type, const char *schema)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE TYPE %s AS ENUM (", name_in(schema, type->name));
	for (size_t i = 0; i < type->value_count; i++)
	{
		appendStringInfo(&sql, "%s%s", i == 0 ? "" : ", ", literal_of(type->values[i]));
	}
	appendStringInfoChar(&sql, ')');
	return sql.data;
}

const char *
table_comments_sql(const ImportedTable *table, const char *schema)
{
	const char *name = name_in(schema, table->name);
	StringInfoData sql;

	initStringInfo(&sql);
	if (!table->comment.empty())
	{
		appendStringInfo(&sql, "COMMENT ON FOREIGN TABLE %s IS %s;\n", name,
						 literal_of(table->comment));
	}
	for (size_t i = 0; i < table->column_count; i++)
	{
		const ImportedColumn &column = table->columns[i];

		if (!column.comment.empty())
		{
			appendStringInfo(&sql, "COMMENT ON COLUMN %s.%s IS %s;\n", name, name_of(column.name),
							 literal_of(column.comment));
		}
	}
	return sql.len > 0 ? sql.data : nullptr;
}

const char *
enum_comment_sql(const ImportedEnum *type, const char *schema)
{
	return type->comment.empty() ? nullptr
								 : psprintf("COMMENT ON TYPE %s IS %s", name_in(schema, type->name),
											literal_of(type->comment));
}

}    // namespace gql::pg
