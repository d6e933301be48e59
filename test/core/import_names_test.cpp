// Are GraphQL names made into the SQL names that people expect?

#include "core/import_names.hpp"

#include <gtest/gtest.h>

namespace gql::test
{

TEST(ImportNames, SnakeCase)
{
	EXPECT_EQ(snake_case("accountId"), "account_id");
	EXPECT_EQ(snake_case("AccountID"), "account_id");
	EXPECT_EQ(snake_case("account_id"), "account_id");
	EXPECT_EQ(snake_case("XMLHttpRequest"), "xml_http_request");
	EXPECT_EQ(snake_case("artistIDs"), "artist_ids");
	EXPECT_EQ(snake_case("URLsOfPages"), "urls_of_pages");
	EXPECT_EQ(snake_case("line2Text"), "line2_text");
	EXPECT_EQ(snake_case("sha256"), "sha256");
	EXPECT_EQ(snake_case("HTTP2Server"), "http2_server");
	EXPECT_EQ(snake_case("__typename"), "typename");
	EXPECT_EQ(snake_case("_allPostsMeta"), "all_posts_meta");
	EXPECT_EQ(snake_case("a__b_"), "a_b");
	EXPECT_EQ(snake_case("_2x"), "_2x");
	EXPECT_EQ(snake_case("__"), "_");
}

TEST(ImportNames, PluralsAreOfTheLastWord)
{
	auto plural = [](std::string_view many, std::string_view one)
	{ return is_plural(words_of(many), words_of(one)); };

	EXPECT_TRUE(plural("ids", "id"));
	EXPECT_TRUE(plural("IDs", "ID"));
	EXPECT_TRUE(plural("accountIds", "accountId"));
	EXPECT_TRUE(plural("countries", "Country"));
	EXPECT_TRUE(plural("boxes", "box"));
	EXPECT_TRUE(plural("shelves", "shelf"));
	EXPECT_TRUE(plural("people", "person"));
	EXPECT_FALSE(plural("id", "id"));
	EXPECT_FALSE(plural("excludeIds", "id"));
	EXPECT_FALSE(plural("accountsId", "accountId"));
}

TEST(ImportNames, FieldsThatYieldATypeForWhatItIs)
{
	for (const char *field :
		 {"account", "accounts", "allAccounts", "accountsConnection", "accounts_connection",
		  "accountCollection", "accountsByIds", "account_by_pk", "findManyAccount",
		  "findUniqueAccount", "listAccounts", "getAccount", "accountsPaged", "Account"})
	{
		EXPECT_TRUE(names_type(field, "Account")) << field;
	}
	for (const char *field : {"topAccounts", "accountsPast", "myAccount", "searchAccounts",
							  "accountStrict", "nodes", "accountOwners", "by"})
	{
		EXPECT_FALSE(names_type(field, "Account")) << field;
	}
	EXPECT_TRUE(names_type("users_by_pk", "users"));
	EXPECT_TRUE(names_type("allPeople", "Person"));
	EXPECT_TRUE(names_type("nodes", "Node"));
	EXPECT_TRUE(names_type("blogPosts", "BlogPost"));
}

TEST(ImportNames, AreUniqueAndFit)
{
	NameSet names = {"ctid"};
	std::string long_name(70, 'a');

	EXPECT_EQ(names.take("id"), "id");
	EXPECT_EQ(names.take("id"), "id_2");
	EXPECT_EQ(names.take("id"), "id_3");
	EXPECT_EQ(names.take("ctid"), "ctid_2");
	EXPECT_EQ(names.take(std::string(63, 'b')), std::string(63, 'b'));

	std::string cut = names.take(long_name);

	EXPECT_EQ(cut.size(), 63u);
	EXPECT_EQ(cut.substr(0, 55), std::string(54, 'a') + '_');
	// What only differs behind the cut stays apart without being numbered.
	EXPECT_NE(names.take(long_name + 'b'), cut);
	EXPECT_EQ(names.take(long_name).size(), 63u);
	EXPECT_EQ(names.take(long_name).substr(61), "_3");
	// Never inside a character.
	EXPECT_EQ(names.take(std::string(53, 'c') + "\xc3\xa4" + long_name).substr(0, 54),
			  std::string(53, 'c') + '_');
}

}    // namespace gql::test
