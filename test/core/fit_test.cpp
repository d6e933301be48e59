// Which values does a table need, by its options and by the API's schema?

#include "core/door/fit.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace gql
{

namespace
{

const char sdl[] = R"(
type Query {
  account(id: ID!): Account
  accounts(tenant: Int!, filter: AccountFilter, first: Int! = 10): [Account!]!
}
input AccountFilter { region: Region!  plan: String }
enum Region { EU US }
type Account { id: ID!  region: Region }
)";

class FitTest : public testing::Test
{
protected:
	FitTest()
	{
		table.name = "account";
		table.field = "accounts";
		table.lookups = R"([{"field": "account", "arguments": {"id": "$id"}}])";
		columns.resize(4);
		columns[0].name = columns[0].path = "id";
		columns[1].name = columns[1].argument = "tenant";
		columns[2].name = columns[2].path = "region";
		columns[2].argument = "filter.region";
		columns[3].name = "plan";
		columns[3].argument = "filter.plan";
		for (ColumnSpec &column : columns)
		{
			column.default_type = "String";
		}
	}

	const Fit *
	open(bool with_schema)
	{
		table.columns = columns.data();
		table.column_count = columns.size();
		remote.reset(table_open(table, err));
		schema.reset(schema_from_text(sdl, "test", err));
		fit.reset(fit_open(remote.get(), with_schema ? schema.get() : nullptr, err));
		EXPECT_NE(fit, nullptr) << err.message << err.detail;
		return fit.get();
	}

	std::string
	missing(const std::vector<int> &given)
	{
		return std::string(fit_missing_argument(fit.get(), given.data(), given.size(), err));
	}

	std::vector<ColumnSpec> columns;
	TableSpec table;
	Error err;
	std::unique_ptr<RemoteTable, decltype(&table_close)> remote{nullptr, table_close};
	std::unique_ptr<RemoteSchema, decltype(&schema_close)> schema{nullptr, schema_close};
	std::unique_ptr<Fit, decltype(&fit_close)> fit{nullptr, fit_close};
};

TEST_F(FitTest, OneWayToTheRowsIsEnough)
{
	open(true);
	EXPECT_EQ(missing({0}), "");
	EXPECT_EQ(missing({1}), "");
	EXPECT_EQ(missing({0, 3}), "");
}

TEST_F(FitTest, WhatIsMissingIsNamed)
{
	open(true);
	EXPECT_EQ(missing({}), "tenant");
	EXPECT_EQ(missing({2}), "tenant");
	EXPECT_EQ(missing({1, 3}), "region");
	EXPECT_EQ(missing({1, 2}), "");
}

TEST_F(FitTest, WithoutASchemaTheOptionsSayIt)
{
	open(false);
	EXPECT_EQ(missing({}), "");
	columns[1].type = "Int!";
	open(false);
	EXPECT_EQ(missing({}), "tenant");
	EXPECT_EQ(missing({0}), "");
}

TEST_F(FitTest, TypesAreThoseOfTheArguments)
{
	open(true);
	EXPECT_EQ(fit_argument_type(fit.get(), 0, err), "ID");
	EXPECT_EQ(fit_argument_type(fit.get(), 2, err), "Region");
	open(false);
	EXPECT_EQ(fit_argument_type(fit.get(), 0, err), "");
	columns[2].type = "String!";
	open(true);
	EXPECT_EQ(fit_argument_type(fit.get(), 2, err), "String");
}

TEST_F(FitTest, ColumnsThatOnlyAreReadAreNotSent)
{
	columns[2].argument = "";
	open(true);
	EXPECT_TRUE(fit_sends(fit.get(), 0));
	EXPECT_FALSE(fit_sends(fit.get(), 2));
}

}    // namespace

}    // namespace gql
