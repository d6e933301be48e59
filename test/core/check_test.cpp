// What does a check say of each way in which a schema can move away from a table, and what repairs
// it?

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/door/check.hpp"

namespace gql
{

namespace
{

const char sdl[] = R"(
type Query {
  account(id: Int!): Account
  accountsByIds(ids: [Int!]!): [Account!]!
  accounts(region: String, kind: Kind = FREE): [Account!]!
}
type Account { id: Int!  plan: String  seats: [Int!]!  owner: Owner  kind: Kind  active: Boolean  region: String! }
type Owner { name: String! }
enum Kind { FREE TEAM }
)";

std::string
replaced(std::string text, const std::string &from, const std::string &to)
{
	size_t at = text.find(from);

	EXPECT_NE(at, std::string::npos) << from;
	return text.replace(at, from.size(), to);
}

// One line for each step of a repair.
std::string
step_text(const Repair &step)
{
	static const char *const kinds[] = {"table",       "set",   "drop",   "null allowed",
										"change type", "label", "column", "drop table"};
	std::string text = kinds[static_cast<int>(step.kind)];

	for (std::string_view part : {step.option, step.value, step.type})
	{
		text.append(part.empty() ? "" : " ").append(part);
	}
	return text;
}

class CheckTest : public testing::Test
{
protected:
	CheckTest()
	{
		table.name = "account";
		table.field = "account";
		table.lookups = R"([{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}])";
		add("id", "id", ColumnKind::integer).argument = "id";
		columns.back().type = "Int!";
		checks.back().not_null = true;
		add("plan", "plan", ColumnKind::text);
		add("seats", "seats", ColumnKind::integer).array = true;
		add("owner_name", "owner.name", ColumnKind::text);
		add("kind", "kind", ColumnKind::enumeration);
		checks.back().labels = labels;
		checks.back().label_count = 2;
		add("active", "active", ColumnKind::boolean);
	}

	ColumnSpec &
	add(const char *name, const char *path, ColumnKind kind)
	{
		ColumnSpec column;

		column.name = name;
		column.path = path;
		columns.push_back(column);
		checks.push_back({kind, false, nullptr, 0});
		return columns.back();
	}

	// "severity column: message [step; step]", a line each.
	std::string
	findings(const std::string &schema_text)
	{
		static const char *const severities[] = {"error", "warning", "notice"};
		Error err;
		std::string text;
		std::unique_ptr<RemoteSchema, decltype(&schema_close)> schema(
			schema_from_text(schema_text, "test", err), schema_close);

		EXPECT_NE(schema, nullptr) << err.message;
		table.columns = columns.data();
		table.column_count = columns.size();
		std::unique_ptr<Check, decltype(&check_close)> check(
			check_open(schema.get(), table, checks.data(), err), check_close);

		EXPECT_NE(check, nullptr) << err.message;
		for (size_t i = 0; check != nullptr && i < check_finding_count(check.get()); i++)
		{
			const Finding &finding = *check_finding(check.get(), i);

			text.append(severities[static_cast<int>(finding.severity)]).append(" ");
			text.append(finding.column < 0 ? "table" : columns[finding.column].name);
			text.append(": ").append(finding.message).append(" [");
			for (size_t j = 0; j < finding.repair_count; j++)
			{
				text.append(j > 0 ? "; " : "").append(step_text(finding.repairs[j]));
			}
			text.append("]\n");
		}
		return text;
	}

	std::string
	after(const std::string &from, const std::string &to)
	{
		return findings(replaced(sdl, from, to));
	}

	const std::string_view labels[2] = {"FREE", "TEAM"};
	TableSpec table;
	std::vector<ColumnSpec> columns;
	std::vector<CheckColumn> checks;
};

}    // namespace

TEST_F(CheckTest, SaysNothingOfATableThatFits)
{
	EXPECT_EQ(findings(sdl), "");
}

TEST_F(CheckTest, LookUpsAmongObjectsOfManyTypes)
{
	const std::string whole = std::string(sdl) + R"(
extend type Query { nodes(ids: [ID!]!): [Node]!  _entities(representations: [_Any!]!): [_Entity]! }
interface Node { id: Int! }
extend type Account implements Node
scalar _Any
union _Entity = Account | Owner)";
	auto changed = [&](const char *from, const char *to)
	{ return findings(replaced(whole, from, to)); };
	const std::string rest =
		R"( [table lookups [{"field": "nodes", "typename": "Account", "arguments": {"ids": [1]}}]])";

	table.lookups =
		R"([{"field": "nodes", "typename": "Account", "arguments": {"ids": [1]}}, {"field": "_entities", "typename": "Account", "arguments": {"representations": [{"__typename": "Account", "id": "$id"}]}}])";
	EXPECT_EQ(findings(whole), "");
	EXPECT_EQ(changed("= Account | Owner", "= Owner"),
			  "error table: look-up \"_entities\": cannot return \"Account\"" + rest + "\n");
	EXPECT_EQ(changed("[_Any!]!", "_Any!"),
			  "error table: look-up \"_entities\": argument "
			  "\"representations\" of field \"_entities\" takes no list "
			  "any more" +
				  rest + "\n");
	EXPECT_NE(changed("(representations: [_Any!]!)", "").find("representations"),
			  std::string::npos);
	EXPECT_NE(changed("extend type Account implements Node", "")
				  .find("look-up \"nodes\": cannot return \"Account\""),
			  std::string::npos);

	table.lookups =
		R"([{"field": "_entities", "typename": "Account", "arguments": {"representations": [{"__typename": "Account", "uuid": "$id"}]}}])";
	EXPECT_EQ(findings(whole),
			  "error table: look-up \"_entities\": field \"uuid\" is gone from type "
			  "\"Account\" [table lookups []]\n");
	table.lookups =
		R"([{"field": "_entities", "typename": "Owner", "arguments": {"representations": [{"__typename": "Owner", "name": "$id"}]}}])";
	EXPECT_EQ(findings(whole), "error table: look-up \"_entities\": returns \"Owner\", the table's "
							   "rows are \"Account\" [table lookups []]\n");
}

TEST_F(CheckTest, AFieldThatIsGoneReadsNull)
{
	checks[1].not_null = true;
	EXPECT_EQ(after("plan: String  ", ""),
			  "error plan: field \"plan\" of type \"Account\" is gone [null allowed; set path]\n");
}

TEST_F(CheckTest, AFieldUnderANewNameIsReadThere)
{
	EXPECT_EQ(after("plan: String", "planName: String"),
			  "error plan: field \"plan\" of type \"Account\" is gone; \"planName\" may be its new "
			  "name [set path planName]\n");
	EXPECT_EQ(after("name: String!", "fullName: String!"),
			  "error owner_name: field \"name\" of type \"Owner\" is gone; \"fullName\" may be its "
			  "new name [set path owner.fullName]\n");
	// Another column reads it already.
	EXPECT_EQ(
		after("plan: String", "seatsPlan: Int"),
		"error plan: field \"plan\" of type \"Account\" is gone; \"seatsPlan\" may be its new "
		"name [set path seatsPlan]\n");
	// Not of a type that fits.
	EXPECT_EQ(after("plan: String", "plans: [String]"),
			  "error plan: field \"plan\" of type \"Account\" is gone [set path]\n");
}

TEST_F(CheckTest, ATypeThatNoLongerFits)
{
	EXPECT_EQ(
		after("active: Boolean", "active: Int"),
		"error active: field \"active\" of type \"Account\" is of type \"Int\" now, which the "
		"column cannot hold [set path; change type Int]\n");
	EXPECT_EQ(after("plan: String", "plan: Owner"),
			  "error plan: field \"plan\" of type \"Account\" is an object now [set path]\n");
	EXPECT_EQ(after("plan: String", "plan: [String]"),
			  "error plan: field \"plan\" of type \"Account\" is a list now [set path; change type "
			  "[String]]\n");
	EXPECT_EQ(after("seats: [Int!]!", "seats: Int"),
			  "error seats: field \"seats\" of type \"Account\" is no list any more [set path; "
			  "change type Int]\n");
	EXPECT_EQ(after("seats: [Int!]!", "seats: [Float!]!"),
			  "warning seats: field \"seats\" of type \"Account\" is of type \"Float\": fractions "
			  "do not fit the column []\n");
	// A text column takes any scalar.
	EXPECT_EQ(after("plan: String", "plan: Float"), "");
}

TEST_F(CheckTest, NullWhereTheColumnPromisesNone)
{
	checks[3].not_null = true;
	EXPECT_EQ(findings(sdl),
			  "warning owner_name: field \"name\" of type \"Owner\" may be null, and "
			  "the column is NOT NULL [null allowed]\n");
}

TEST_F(CheckTest, AnArgumentOfAnotherType)
{
	EXPECT_EQ(after("account(id: Int!)", "account(id: ID!)"),
			  "error id: argument \"id\" of field \"account\" is of type \"ID!\" now, declared as "
			  "\"Int!\" [set type ID!]\n"
			  "error table: look-up \"accountsByIds\": argument \"ids\" of field \"accountsByIds\" "
			  "is of type \"Int!\" now, declared as \"ID!\" [table lookups []]\n");
}

TEST_F(CheckTest, AnArgumentThatIsGone)
{
	EXPECT_EQ(
		after("account(id: Int!)", "account"),
		"error id: argument \"id\" of field \"account\" is gone [drop argument; drop type]\n");
	// Nothing would be left to compare with.
	columns[0].path = "";
	EXPECT_EQ(after("account(id: Int!)", "account"),
			  "error id: argument \"id\" of field \"account\" is gone []\n");
}

TEST_F(CheckTest, AnArgumentThatIsRequiredNow)
{
	EXPECT_EQ(
		after("account(id: Int!)", "account(id: Int!, tenant: String!)"),
		"error table: argument \"tenant\" of field \"account\" is required now [column tenant "
		"tenant String!]\n");
	table.field = "accounts";
	table.lookups = "";
	columns[0].argument = columns[0].type = "";
	add("region", "region", ColumnKind::text).argument = "region";
	columns.back().type = "String";
	EXPECT_EQ(after("accounts(region: String,", "accounts(region: String!,"),
			  "error region: argument \"region\" of field \"accounts\" is required now [set type "
			  "String!]\n");
}

TEST_F(CheckTest, ALookUpThatNoLongerFitsIsDropped)
{
	table.lookups = R"([{"field": "gone", "arguments": {"ids": ["$id"]}},
		{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}])";
	EXPECT_EQ(findings(sdl),
			  "error table: look-up \"gone\": field \"gone\" is gone from type \"Query\" [table "
			  "lookups [{\"field\": \"accountsByIds\", \"arguments\": {\"ids\": [\"$id\"]}}]]\n");
}

TEST_F(CheckTest, TheFieldItselfIsGone)
{
	EXPECT_EQ(after("  account(id: Int!): Account\n", "  accountById(id: Int!): Account\n"),
			  "error table: field \"account\" is gone from type \"Query\" []\n");
	table.lookups = "";
	EXPECT_EQ(findings(replaced(replaced(sdl, "accountsByIds(ids: [Int!]!): [Account!]!", ""),
								"  account(id: Int!)", "  accountById(id: Int!)")),
			  "error table: field \"account\" is gone from type \"Query\" []\n");
}

TEST_F(CheckTest, ValuesOfEnums)
{
	EXPECT_EQ(after("FREE TEAM", "FREE TEAM HUGE"),
			  "warning kind: field \"kind\" of type \"Account\" can have the value \"HUGE\", which "
			  "the column's type lacks [label HUGE]\n");
	// A label that is gone matters only where it is sent.
	EXPECT_EQ(after("FREE TEAM", "FREE"), "");
	table.field = "accounts";
	table.lookups = "";
	columns[0].argument = columns[0].type = "";
	columns[4].argument = "kind";
	columns[4].type = "Kind";
	EXPECT_EQ(
		after("FREE TEAM", "FREE"),
		"warning kind: value \"TEAM\" of enum \"Kind\" is gone: comparing with it is refused by "
		"the API as long as it is sent as argument \"kind\" of field \"accounts\" [drop "
		"argument; drop type]\n");
	columns[4].argument = columns[4].type = "";
	table.arguments = R"({"kind": "TEAM"})";
	EXPECT_EQ(after("FREE TEAM", "FREE"),
			  "error table: value \"TEAM\" of enum \"Kind\", sent as argument \"kind\" of field "
			  "\"accounts\", is gone []\n");
}

TEST_F(CheckTest, CountsAndAggregates)
{
	std::string schema = std::string(sdl) + R"(
type Total { count(columns: [Part!]): Int!  sum: Sums }
type Sums { seats: Int  id: Int }
enum Part { id }
)";
	auto broken = [&](const char *from, const char *to)
	{ return findings(replaced(schema, from, to)); };
	const std::string fix = " [drop table aggregates]\n";

	schema =
		replaced(schema, "type Query {", "type Query { total(kind: Kind, region: String): Total");
	table.count = "total(kind).count";
	table.aggregates = R"~({"field": "total(kind)", "functions": {"count": "count(columns)",
		"sum": "sum"}, "columns": {"id": "count sum", "owner_name": {"field": "seats",
		"functions": "sum"}}})~";
	EXPECT_EQ(findings(schema), "");
	EXPECT_EQ(broken("type Query { total(kind: Kind, ", "type Query { total("),
			  "error table: option \"count\": argument \"kind\" of field \"total\" is gone [drop "
			  "table count]\n"
			  "error table: option \"aggregates\": argument \"kind\" of field \"total\" is gone" +
				  fix);
	EXPECT_EQ(broken("Query { total(kind: Kind, region: String)",
					 "Query { total(kind: Kind, region: String!)"),
			  "error table: option \"count\": argument \"region\" of field \"total\" is required "
			  "now [drop table count]\n"
			  "error table: option \"aggregates\": argument \"region\" of field \"total\" is "
			  "required now" +
				  fix);
	EXPECT_EQ(
		broken("count(columns: [Part!]): Int!", "count(of: [Part!]): Int!"),
		"error table: option \"aggregates\": argument \"columns\" of field \"count\" is gone" +
			fix);
	EXPECT_EQ(broken("seats: Int  id", "id"),
			  "error table: option \"aggregates\": field \"seats\" is gone from type \"Sums\"" +
				  fix);
	EXPECT_EQ(broken("seats: Int  id", "seats: Float  id"),
			  "warning table: option \"aggregates\": the sum of field \"seats\" is of type "
			  "\"Float\", which has not all digits []\n");
	EXPECT_EQ(broken("sum: Sums", "sums: Sums"),
			  "error table: option \"aggregates\": field \"sum\" is gone from type \"Total\"" +
				  fix);
	EXPECT_EQ(broken("[Part!]): Int!", "[Part!]): [Int!]"),
			  "error table: option \"count\": field \"count\" is no single value [drop table "
			  "count]\n"
			  "error table: option \"aggregates\": field \"count\" is no single value" +
				  fix);
}

TEST_F(CheckTest, WhatIsGoingAway)
{
	EXPECT_EQ(after("plan: String", "plan: String @deprecated(reason: \"See tier.\")"),
			  "notice plan: field \"plan\" of type \"Account\" is deprecated: See tier. []\n");
}

}    // namespace gql
