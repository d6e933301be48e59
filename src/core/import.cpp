// How is what an import makes handed out?

#include "core/door/import.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/import_tables.hpp"
#include "core/remote_schema.hpp"

namespace gql
{

struct Import
{
	ImportRules rules;
	ImportPlan plan;
	// What the views below point into; a deque keeps its elements where they are.
	std::deque<std::vector<ImportedOption>> options;
	std::deque<std::vector<ImportedColumn>> columns;
	std::deque<std::vector<std::string_view>> values;
	std::deque<std::string> texts;
	std::vector<ImportedTable> tables;
	std::vector<ImportedEnum> enums;
	std::vector<ImportSkip> skips;
};

namespace
{

class ImportWriter
{
public:
	explicit ImportWriter(Import &import) : import_(import) {}

	void
	write()
	{
		for (const TableDraft &table : import_.plan.tables)
		{
			write_table(table);
		}
		for (const Skipped &skipped : import_.plan.skipped)
		{
			import_.skips.push_back({skipped.table, skipped.what, skipped.reason});
		}
	}

private:
	void
	write_table(const TableDraft &table)
	{
		ImportedTable written = {};
		std::vector<ImportedOption> &options = new_options();
		std::vector<ImportedColumn> &columns = import_.columns.emplace_back();

		import_.texts.push_back(table.field->source.text());
		add(options, "field", import_.texts.back());
		add(options, "pagination", table.field->pages.option);
		add(options, "filter", table.filter);
		add(options, "order", table.order);
		add(options, "count", table.count);
		add(options, "aggregates", table.aggregates);
		add(options, "key", table.key);
		add(options, "lookups", table.lookups);
		for (const ColumnDraft &column : table.columns)
		{
			columns.push_back(write_column(column));
		}
		written.name = table.name;
		written.comment = table.comment;
		written.options = options.data();
		written.option_count = options.size();
		written.columns = columns.data();
		written.column_count = columns.size();
		import_.tables.push_back(written);
	}

	ImportedColumn
	write_column(const ColumnDraft &column)
	{
		ImportedColumn written = {};
		std::vector<ImportedOption> &options = new_options();

		// Always, so that the column can be renamed.
		options.push_back({"path", column.path});
		add(options, "argument", column.argument);
		add(options, "type", column.type_varies ? std::string_view() : column.type);
		written.name = column.name;
		written.type = column.sql;
		written.array = column.array;
		written.not_null = column.not_null;
		written.enumeration =
			column.sql == SqlType::enumeration ? enum_index(column.value_type.name) : 0;
		written.comment = column.comment;
		written.options = options.data();
		written.option_count = options.size();
		return written;
	}

	std::vector<ImportedOption> &
	new_options()
	{
		return import_.options.emplace_back();
	}

	static void
	add(std::vector<ImportedOption> &options, std::string_view name, std::string_view value)
	{
		if (!value.empty())
		{
			options.push_back({name, value});
		}
	}

	// Enum types share their names with the row types of tables.
	size_t
	enum_index(const std::string &name)
	{
		auto [entry, added] = enum_indexes_.emplace(name, import_.enums.size());
		const TypeInfo *type = find_type(*import_.rules.schema, name);

		if (added)
		{
			NameSet &names = import_.plan.names;
			std::string sql_name = import_.rules.prefix + import_.rules.name_of(name);
			std::vector<std::string_view> &values = import_.values.emplace_back();

			for (const EnumValueInfo &value : type->values)
			{
				values.push_back(value.name);
			}
			import_.texts.push_back(
				names.take(names.has(sql_name) ? sql_name + "_enum" : sql_name));
			import_.enums.push_back(
				{import_.texts.back(), type->description, values.data(), values.size()});
		}
		return entry->second;
	}

	Import &import_;
	std::map<std::string, size_t> enum_indexes_;
};

}    // namespace

Import *
import_open(const RemoteSchema *schema, const ImportSettings &settings, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   auto import = std::make_unique<Import>();

					   import->rules = {&schema->types,
										std::string(settings.object_type),
										settings.max_depth,
										settings.children,
										settings.enums,
										settings.deprecated,
										settings.not_null,
										settings.snake_case,
										std::string(settings.prefix)};
					   import->plan = plan_import(import->rules);
					   ImportWriter(*import).write();
					   return import.release();
				   });
}

void
import_close(Import *import) noexcept
{
	delete import;
}

size_t
import_table_count(const Import *import) noexcept
{
	return import->tables.size();
}

const ImportedTable *
import_table(const Import *import, size_t index) noexcept
{
	return &import->tables[index];
}

size_t
import_enum_count(const Import *import) noexcept
{
	return import->enums.size();
}

const ImportedEnum *
import_enum(const Import *import, size_t index) noexcept
{
	return &import->enums[index];
}

size_t
import_skip_count(const Import *import) noexcept
{
	return import->skips.size();
}

const ImportSkip *
import_skip(const Import *import, size_t index) noexcept
{
	return &import->skips[index];
}

}    // namespace gql
