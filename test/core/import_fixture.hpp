// How do the tests of imports see what becomes of a schema?
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "core/door/import.hpp"
#include "core/door/schema.hpp"

namespace gql::test
{

class Imported
{
public:
	explicit Imported(std::string_view sdl, ImportSettings settings = {});

	// "accounts account": the tables in their order.
	std::string tables() const;
	// "key: id", one option a line.
	std::string options(std::string_view table) const;
	// The value of one option, "" where it is not written.
	std::string option(std::string_view table, std::string_view name) const;
	// "id int4 not null", one column a line, with a path only where it is not the column's name.
	std::string columns(std::string_view table) const;
	// One of these lines.
	std::string column(std::string_view table, std::string_view name) const;
	std::string comment(std::string_view table, std::string_view column = {}) const;
	// "habitat: LAND WATER AIR", one a line.
	std::string enums() const;
	// "accounts: Account.orders is a list in pages", one a line.
	std::string skipped() const;
	const ImportedTable *find(std::string_view table) const;

private:
	std::string column_text(const ImportedColumn &column) const;

	std::unique_ptr<RemoteSchema, decltype(&schema_close)> schema_;
	std::unique_ptr<Import, decltype(&import_close)> import_;
};

inline ImportSettings
settings(std::string_view object_type = "Query")
{
	ImportSettings settings;

	settings.object_type = object_type;
	return settings;
}

}    // namespace gql::test
