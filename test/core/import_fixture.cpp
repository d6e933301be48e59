// How do the tests of imports see what becomes of a schema?

#include "import_fixture.hpp"

#include <utility>
#include <vector>

#include "core/door/table.hpp"

namespace gql::test
{

namespace
{

constexpr std::string_view type_names[] = {"text",        "boolean",  "int4",  "int8",  "numeric",
										   "float8",      "uuid",     "date",  "time",  "timestamp",
										   "timestamptz", "interval", "bytea", "jsonb", "enum"};

template <typename T>
std::string
value_of(const T &holder, std::string_view name)
{
	for (size_t i = 0; i < holder.option_count; i++)
	{
		if (holder.options[i].name == name)
		{
			return std::string(holder.options[i].value);
		}
	}
	return {};
}

void
add_line(std::string &text, const std::string &line)
{
	text.append(text.empty() ? "" : "\n").append(line);
}

// Whatever an import writes, the executor must take.
void
check_table(const ImportedTable &table)
{
	std::vector<std::string> texts;
	std::vector<ColumnSpec> columns;
	TableSpec spec;
	Error err;

	texts.reserve(table.column_count * 3 + 3);

	auto keep = [&](std::string text) -> std::string_view
	{ return texts.emplace_back(std::move(text)); };

	spec.name = table.name;
	spec.field = keep(value_of(table, "field"));
	spec.lookups = keep(value_of(table, "lookups"));
	spec.pagination = keep(value_of(table, "pagination"));
	for (size_t i = 0; i < table.column_count; i++)
	{
		const ImportedColumn &column = table.columns[i];
		ColumnSpec column_spec;

		column_spec.name = column.name;
		column_spec.path = keep(value_of(column, "path"));
		column_spec.argument = keep(value_of(column, "argument"));
		column_spec.type = keep(value_of(column, "type"));
		column_spec.default_type = "String";
		column_spec.leaf = column.type == SqlType::jsonb ? Leaf::json : Leaf::scalar;
		column_spec.array = column.array;
		columns.push_back(column_spec);
	}
	spec.columns = columns.data();
	spec.column_count = columns.size();

	for (auto [option, check] :
		 {std::pair("filter", check_filter), {"order", check_order}, {"count", check_count}})
	{
		std::string value = value_of(table, option);

		EXPECT_TRUE(value.empty() || check(value, err)) << table.name << ": " << err.message;
	}

	std::unique_ptr<RemoteTable, decltype(&table_close)> opened(table_open(spec, err),
																&table_close);

	EXPECT_NE(opened, nullptr) << table.name << ": " << err.message;
}

}    // namespace

Imported::Imported(std::string_view sdl, ImportSettings given)
	: schema_(nullptr, &schema_close), import_(nullptr, &import_close)
{
	Error err;

	given.object_type = given.object_type.empty() ? "Query" : given.object_type;
	schema_.reset(schema_from_text(sdl, "the test", err));
	EXPECT_NE(schema_, nullptr) << err.message << ' ' << err.detail;
	import_.reset(import_open(schema_.get(), given, err));
	EXPECT_NE(import_, nullptr) << err.message;
	for (size_t i = 0; i < import_table_count(import_.get()); i++)
	{
		check_table(*import_table(import_.get(), i));
	}
}

const ImportedTable *
Imported::find(std::string_view table) const
{
	for (size_t i = 0; i < import_table_count(import_.get()); i++)
	{
		if (import_table(import_.get(), i)->name == table)
		{
			return import_table(import_.get(), i);
		}
	}
	ADD_FAILURE() << "no table " << table;
	return import_table(import_.get(), 0);
}

std::string
Imported::tables() const
{
	std::string text;

	for (size_t i = 0; i < import_table_count(import_.get()); i++)
	{
		text.append(i == 0 ? "" : " ").append(import_table(import_.get(), i)->name);
	}
	return text;
}

std::string
Imported::options(std::string_view table) const
{
	const ImportedTable *found = find(table);
	std::string text;

	for (size_t i = 0; i < found->option_count; i++)
	{
		add_line(text,
				 std::string(found->options[i].name) + ": " + std::string(found->options[i].value));
	}
	return text;
}

std::string
Imported::option(std::string_view table, std::string_view name) const
{
	return value_of(*find(table), name);
}

std::string
Imported::column_text(const ImportedColumn &column) const
{
	std::string text(column.name);

	text += ' ';
	text += column.type == SqlType::enumeration
				? import_enum(import_.get(), column.enumeration)->name
				: type_names[static_cast<size_t>(column.type)];
	text += column.array ? "[]" : "";
	text += column.not_null ? " not null" : "";
	for (size_t i = 0; i < column.option_count; i++)
	{
		const ImportedOption &option = column.options[i];

		if (option.name != "path" || option.value != column.name)
		{
			text.append(", ").append(option.name).append(" ");
			text.append(option.value.empty() ? "''" : option.value);
		}
	}
	return text;
}

std::string
Imported::columns(std::string_view table) const
{
	const ImportedTable *found = find(table);
	std::string text;

	for (size_t i = 0; i < found->column_count; i++)
	{
		add_line(text, column_text(found->columns[i]));
	}
	return text;
}

std::string
Imported::column(std::string_view table, std::string_view name) const
{
	const ImportedTable *found = find(table);

	for (size_t i = 0; i < found->column_count; i++)
	{
		if (found->columns[i].name == name)
		{
			return column_text(found->columns[i]);
		}
	}
	return {};
}

std::string
Imported::comment(std::string_view table, std::string_view column) const
{
	const ImportedTable *found = find(table);

	for (size_t i = 0; i < found->column_count; i++)
	{
		if (found->columns[i].name == column)
		{
			return std::string(found->columns[i].comment);
		}
	}
	return std::string(column.empty() ? found->comment : "no such column");
}

std::string
Imported::enums() const
{
	std::string text;

	for (size_t i = 0; i < import_enum_count(import_.get()); i++)
	{
		const ImportedEnum *type = import_enum(import_.get(), i);
		std::string line(type->name);

		line += ':';
		for (size_t j = 0; j < type->value_count; j++)
		{
			line.append(" ").append(type->values[j]);
		}
		add_line(text, line);
	}
	return text;
}

std::string
Imported::skipped() const
{
	std::string text;

	for (size_t i = 0; i < import_skip_count(import_.get()); i++)
	{
		const ImportSkip *skip = import_skip(import_.get(), i);

		add_line(text, std::string(skip->table) + (skip->table.empty() ? "" : ": ") +
						   std::string(skip->what) + ' ' + std::string(skip->reason));
	}
	return text;
}

}    // namespace gql::test
