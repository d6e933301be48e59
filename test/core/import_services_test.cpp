// Are the conventions of well-known services seen, and written as options that say them?
//
// Each schema is what the service has of one or two types.

#include "import_fixture.hpp"

namespace gql::test
{

// `issue` finds archived ones, which `issues` leaves out: neither looks up for the other. Single
// teams are non-null, so one that is missing would fail a whole batch; the filter takes ID where
// the field takes String, so the type is left to be asked.
TEST(ImportServices, Linear)
{
	Imported imported(R"~(
scalar DateTime
type Query {
  issues(after: String, before: String, filter: IssueFilter, first: Int, includeArchived:
    Boolean, last: Int, orderBy: PaginationOrderBy, sort: [IssueSortInput!]): IssueConnection!
  issue(id: String!): Issue!
  teams(after: String, before: String, filter: TeamFilter, first: Int, last: Int):
    TeamConnection!
  team(id: String!): Team!
}
type Issue { id: ID! title: String! createdAt: DateTime! team: Team! comments(first: Int, after:
    String): IssueConnection! }
type IssueConnection { edges: [IssueEdge!]! nodes: [Issue!]! pageInfo: PageInfo! }
type IssueEdge { cursor: String! node: Issue! }
type Team { id: ID! key: String! }
type TeamConnection { edges: [TeamEdge!]! nodes: [Team!]! pageInfo: PageInfo! }
type TeamEdge { cursor: String! node: Team! }
type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor:
    String }
input IssueFilter { and: [IssueFilter!] or: [IssueFilter!] id: IDComparator title:
    StringComparator createdAt: DateComparator }
input TeamFilter { and: [TeamFilter!] or: [TeamFilter!] id: IDComparator key: StringComparator }
input IDComparator { eq: ID in: [ID!] neq: ID nin: [ID!] }
input StringComparator { eq: String in: [String!] neq: String nin: [String!] eqIgnoreCase:
    String null: Boolean }
scalar DateTimeOrDuration
input DateComparator { eq: DateTimeOrDuration gt: DateTimeOrDuration null: Boolean }
enum PaginationOrderBy { createdAt updatedAt }
input IssueSortInput { title: TitleSort }
input TitleSort { order: PaginationSortOrder nulls: PaginationNulls }
enum PaginationSortOrder { Ascending Descending }
enum PaginationNulls { first last }
)~");

	EXPECT_EQ(imported.options("issues"), R"~(field: issues.nodes
pagination: {"style": "relay", "size": "first", "cursor": "after"}
filter: {"argument": "filter", "type": "IssueFilter", "style": "nested", "operators": {"=": "eq", "<>": "neq", "in": "in", "not-in": "nin", "is-null": "null"}, "and": "and", "or": "or", "columns": {"id": "= <> in not-in", "title": "= <> in not-in is-null", "created_at": "is-null"}}
key: id,include_archived
lookups: [{"field": "issues.nodes", "arguments": {"filter": {"id": {"in": ["$id"]}}}}])~");
	EXPECT_EQ(imported.options("issue"), R"~(field: issue
key: id)~");
	EXPECT_EQ(imported.options("teams"), R"~(field: teams.nodes
pagination: {"style": "relay", "size": "first", "cursor": "after"}
filter: {"argument": "filter", "type": "TeamFilter", "style": "nested", "operators": {"=": "eq", "<>": "neq", "in": "in", "not-in": "nin", "is-null": "null"}, "and": "and", "or": "or", "columns": {"id": "= <> in not-in", "key": "= <> in not-in is-null"}}
key: id
lookups: [{"field": "teams.nodes", "arguments": {"filter": {"id": {"in": ["$id"]}}}}, {"field": "teams.nodes", "arguments": {"filter": {"key": {"in": ["$key"]}}}}])~");
	EXPECT_EQ(imported.options("team"), R"~(field: team
key: id
lookups: [{"field": "teams.nodes", "arguments": {"filter": {"id": {"in": ["$id"]}}}, "pagination": {"style": "relay", "size": "first", "cursor": "after"}}, {"field": "teams.nodes", "arguments": {"filter": {"key": {"in": ["$key"]}}}, "pagination": {"style": "relay", "size": "first", "cursor": "after"}}])~");
	EXPECT_EQ(imported.column("team", "id"), "id text not null, argument id");
}

TEST(ImportServices, Saleor)
{
	Imported imported(R"~(
type Query {
  products(filter: ProductFilterInput, where: ProductWhereInput, sortBy: ProductOrder, search:
    String, channel: String, before: String, after: String, first: Int, last: Int):
    ProductCountableConnection
  product(id: ID, slug: String, externalReference: String, channel: String): Product
  _entities(representations: [_Any]): [_Entity]
  _service: _Service
}
scalar _Any
union _Entity = Product
type _Service { sdl: String }
type Product { id: ID! slug: String! name: String! externalReference: String rating: Float
    variant(id: ID!): Product metafield(key: String!): String }
type ProductCountableConnection { pageInfo: PageInfo! edges: [ProductCountableEdge!]!
    totalCount: Int }
type ProductCountableEdge { node: Product! cursor: String! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor:
    String }
input ProductFilterInput { isPublished: Boolean ids: [ID!] search: String slugs: [String!] }
input ProductWhereInput { ids: [ID!] name: StringFilterInput slug: StringFilterInput AND:
    [ProductWhereInput!] OR: [ProductWhereInput!] }
input StringFilterInput { eq: String oneOf: [String!] }
input ProductOrder { direction: OrderDirection! channel: String attributeId: ID field:
    ProductOrderField }
enum OrderDirection { ASC DESC }
enum ProductOrderField { NAME RANK RATING }
)~");

	EXPECT_EQ(imported.options("products"), R"~(field: products.edges.node
pagination: {"style": "relay", "size": "first", "cursor": "after"}
filter: {"argument": "where", "type": "ProductWhereInput", "style": "nested", "operators": {"=": "eq", "in": "oneOf"}, "and": "AND", "or": "OR", "columns": {"slug": "= in", "name": "= in"}}
order: {"argument": "sortBy", "style": "object", "field": "field", "direction": "direction", "asc": "ASC", "desc": "DESC", "columns": {"name": "NAME", "rating": "RATING"}}
count: products.totalCount
key: id,search,channel
lookups: [{"field": "products.edges.node", "arguments": {"where": {"slug": {"oneOf": ["$slug"]}}}}, {"field": "products.edges.node", "arguments": {"where": {"ids": ["$id"]}}}, {"field": "product", "arguments": {"id": "$id"}}, {"field": "product", "arguments": {"slug": "$slug"}}])~");
	EXPECT_EQ(imported.options("product"), R"~(field: product
key: id,channel
lookups: [{"field": "products.edges.node", "arguments": {"where": {"slug": {"oneOf": ["$slug"]}}}, "pagination": {"style": "relay", "size": "first", "cursor": "after"}}, {"field": "products.edges.node", "arguments": {"where": {"ids": ["$id"]}}, "pagination": {"style": "relay", "size": "first", "cursor": "after"}}])~");
	EXPECT_EQ(imported.column("products", "channel"),
			  "channel text, path '', argument channel, type String");
}

TEST(ImportServices, Countries)
{
	Imported imported(R"~(
type Query {
  countries(filter: CountryFilterInput = {}): [Country!]!
  country(code: ID!): Country
}
type Country { code: ID! name(lang: String): String! currency: String continent: Continent! }
type Continent { code: ID! name: String! countries: [Country!]! }
input CountryFilterInput { code: StringQueryOperatorInput continent: StringQueryOperatorInput
    currency: StringQueryOperatorInput name: StringQueryOperatorInput }
input StringQueryOperatorInput { eq: String in: [String!] ne: String nin: [String!] regex:
    String }
)~");

	EXPECT_EQ(imported.options("countries"), R"~(field: countries
filter: {"argument": "filter", "type": "CountryFilterInput", "style": "nested", "operators": {"=": "eq", "<>": "ne", "in": "in", "not-in": "nin"}, "columns": {"code": "= <> in not-in", "name": "= <> in not-in", "currency": "= <> in not-in"}}
key: code
lookups: [{"field": "countries", "arguments": {"filter": {"code": {"in": ["$code"]}}}}])~");
	EXPECT_EQ(imported.options("country"), R"~(field: country
key: code
lookups: [{"field": "countries", "arguments": {"filter": {"code": {"in": ["$code"]}}}}])~");
}

TEST(ImportServices, GitHub)
{
	Imported imported(R"~(
scalar URI
type Query {
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
  user(login: String!): User
  viewer: User!
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  search(query: String!, type: SearchType!, first: Int, after: String, last: Int, before:
    String): SearchResultItemConnection!
  marketplaceListings(first: Int, after: String, last: Int, before: String, slugs: [String],
    withFreeTrialsOnly: Boolean = false): MarketplaceListingConnection!
  marketplaceListing(slug: String!): MarketplaceListing
}
interface Node { id: ID! }
enum SearchType { USER REPOSITORY }
union SearchResultItem = Repository | User
type Repository implements Node { id: ID! name: String! owner: User! url: URI! issues(first:
    Int, after: String, last: Int, before: String, states: [IssueState!], orderBy: IssueOrder):
    IssueConnection! issue(number: Int!): Issue }
type User implements Node { id: ID! login: String! name: String }
type Issue implements Node { id: ID! number: Int! title: String! createdAt: String! }
enum IssueState { OPEN CLOSED }
input IssueOrder { field: IssueOrderField! direction: OrderDirection! }
enum IssueOrderField { CREATED_AT COMMENTS }
enum OrderDirection { ASC DESC }
type IssueConnection { edges: [IssueEdge] nodes: [Issue] pageInfo: PageInfo! totalCount: Int! }
type IssueEdge { cursor: String! node: Issue }
type SearchResultItemConnection { edges: [SearchResultItemEdge] nodes: [SearchResultItem]
    pageInfo: PageInfo! issueCount: Int! }
type SearchResultItemEdge { cursor: String! node: SearchResultItem }
type MarketplaceListing implements Node { id: ID! slug: String! }
type MarketplaceListingConnection { edges: [MarketplaceListingEdge] nodes: [MarketplaceListing]
    pageInfo: PageInfo! totalCount: Int! }
type MarketplaceListingEdge { cursor: String! node: MarketplaceListing }
type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor:
    String }
)~");

	EXPECT_EQ(imported.options("repository"), R"~(field: repository
key: name,owner,follow_renames)~");
	EXPECT_EQ(imported.options("user"), R"~(field: user
key: login
lookups: [{"field": "nodes", "typename": "User", "arguments": {"ids": ["$id"]}}])~");
	EXPECT_EQ(imported.options("node"), R"~(field: node
key: id
lookups: [{"field": "nodes", "arguments": {"ids": ["$id"]}}])~");
	EXPECT_EQ(imported.options("search"), R"~(field: search.nodes
pagination: {"style": "relay", "size": "first", "cursor": "after"})~");
	EXPECT_EQ(imported.options("marketplace_listings"), R"~(field: marketplaceListings.nodes
pagination: {"style": "relay", "size": "first", "cursor": "after"}
count: marketplaceListings.totalCount
key: id,with_free_trials_only
lookups: [{"field": "marketplaceListings.nodes", "arguments": {"slugs": ["$slug"]}}])~");
	EXPECT_EQ(imported.column("repository", "owner"),
			  "owner text, path '', argument owner, type String!");
	EXPECT_EQ(imported.column("repository", "name"),
			  "name text not null, argument name, type String!");
}

TEST(ImportServices, Shopify)
{
	Imported imported(R"~(
type Query {
  products(first: Int, after: String, last: Int, before: String, reverse: Boolean = false,
    sortKey: ProductSortKeys = ID, query: String): ProductConnection!
  product(handle: String, id: ID): Product
  productByHandle(handle: String!): Product @deprecated(reason: "Use product")
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
}
interface Node { id: ID! }
type Product implements Node { id: ID! handle: String! title: String! variants(first: Int,
    after: String): ProductConnection! metafield(key: String!): String }
type Shop implements Node { id: ID! name: String! title: Int }
type ProductConnection { edges: [ProductEdge!]! nodes: [Product!]! pageInfo: PageInfo! }
type ProductEdge { cursor: String! node: Product! }
type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor:
    String }
enum ProductSortKeys { ID TITLE RELEVANCE }
)~");

	EXPECT_EQ(imported.options("products"), R"~(field: products.nodes
pagination: {"style": "relay", "size": "first", "cursor": "after"}
order: {"argument": "sortKey", "style": "arguments", "direction": "reverse", "asc": false, "desc": true, "columns": {"id": "ID", "title": "TITLE"}}
key: id,query
lookups: [{"field": "nodes", "typename": "Product", "arguments": {"ids": ["$id"]}}, {"field": "product", "arguments": {"handle": "$handle"}}, {"field": "product", "arguments": {"id": "$id"}}])~");
	EXPECT_EQ(imported.options("product"), R"~(field: product
key: id
lookups: [{"field": "nodes", "typename": "Product", "arguments": {"ids": ["$id"]}}])~");
	EXPECT_EQ(imported.options("node"), R"~(field: node
key: id
lookups: [{"field": "nodes", "arguments": {"ids": ["$id"]}}])~");
}

// An argument filmID beside id is something else than the id.
TEST(ImportServices, Swapi)
{
	Imported imported(R"~(
schema { query: Root }
type Root {
  allFilms(after: String, first: Int, before: String, last: Int): FilmsConnection
  film(id: ID, filmID: ID): Film
  allPeople(after: String, first: Int, before: String, last: Int): PeopleConnection
  person(id: ID, personID: ID): Person
  node(id: ID!): Node
}
interface Node { id: ID! }
type Film implements Node { id: ID! title: String episodeID: Int producers: [String] }
type Person implements Node { id: ID! name: String }
type FilmsConnection { pageInfo: PageInfo! edges: [FilmsEdge] totalCount: Int films: [Film] }
type FilmsEdge { node: Film cursor: String! }
type PeopleConnection { pageInfo: PageInfo! edges: [PeopleEdge] totalCount: Int people: [Person]
    }
type PeopleEdge { node: Person cursor: String! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor:
    String }
)~");

	EXPECT_EQ(imported.options("all_films"), R"~(field: allFilms.edges.node
pagination: {"style": "relay", "size": "first", "cursor": "after"}
count: allFilms.totalCount
key: id
lookups: [{"field": "film", "arguments": {"id": "$id"}}])~");
	EXPECT_EQ(imported.options("film"), R"~(field: film
key: id,film_id)~");
	EXPECT_EQ(imported.options("all_people"), R"~(field: allPeople.edges.node
pagination: {"style": "relay", "size": "first", "cursor": "after"}
count: allPeople.totalCount
key: id
lookups: [{"field": "person", "arguments": {"id": "$id"}}])~");
}

TEST(ImportServices, RickAndMorty)
{
	Imported imported(R"~(
type Query {
  character(id: ID!): Character
  characters(page: Int, filter: FilterCharacter): Characters
  charactersByIds(ids: [ID!]!): [Character]
}
type Character { id: ID name: String status: String location: Location episode: [Episode]! }
type Location { id: ID name: String residents: [Character]! }
type Episode { id: ID name: String }
type Characters { info: Info results: [Character] }
type Info { count: Int pages: Int next: Int prev: Int }
input FilterCharacter { name: String status: String species: String }
)~");

	EXPECT_EQ(imported.options("characters"), R"~(field: characters.results
pagination: {"style": "page", "page": "page", "base": 1, "next": "info.next"}
filter: {"argument": "filter", "type": "FilterCharacter", "style": "equality", "columns": {"name": "=", "status": "="}}
count: characters.info.count
key: id
lookups: [{"field": "charactersByIds", "arguments": {"ids": ["$id"]}}, {"field": "character", "arguments": {"id": "$id"}}])~");
	EXPECT_EQ(imported.options("character"), R"~(field: character
key: id
lookups: [{"field": "charactersByIds", "arguments": {"ids": ["$id"]}}])~");
	EXPECT_EQ(imported.tables(), "character characters");
}

// Past launches are not all: no look-up of launches finds them.
TEST(ImportServices, SpaceX)
{
	Imported imported(R"~(
scalar Date
scalar ObjectID
type Query {
  launches(find: LaunchFind, limit: Int, offset: Int, order: String, sort: String): [Launch]
  launchesPast(find: LaunchFind, limit: Int, offset: Int, order: String, sort: String): [Launch]
  launchesPastResult(find: LaunchFind, limit: Int, offset: Int, order: String, sort: String):
    LaunchesPastResult
  launch(id: ID!): Launch
  launchLatest(offset: Int): Launch
  company: Info
}
type Launch { id: ID mission_name: String launch_success: Boolean mission_id: [String] }
type LaunchesPastResult { data: [Launch] result: Result }
type Result { totalCount: Int }
type Info { ceo: String headquarters: Address }
type Address { city: String }
input LaunchFind { id: ID mission_name: String launch_success: String mission_id: String }
)~");

	EXPECT_EQ(imported.options("launches"), R"~(field: launches
pagination: {"style": "offset", "size": "limit", "offset": "offset"}
filter: {"argument": "find", "type": "LaunchFind", "style": "equality", "columns": {"id": "=", "mission_name": "="}}
key: id
lookups: [{"field": "launch", "arguments": {"id": "$id"}}])~");
	EXPECT_EQ(imported.options("launches_past"), R"~(field: launchesPast
pagination: {"style": "offset", "size": "limit", "offset": "offset"}
filter: {"argument": "find", "type": "LaunchFind", "style": "equality", "columns": {"id": "=", "mission_name": "="}}
key: id)~");
	EXPECT_EQ(imported.options("launches_past_result"), R"~(field: launchesPastResult.data
pagination: {"style": "offset", "size": "limit", "offset": "offset"}
filter: {"argument": "find", "type": "LaunchFind", "style": "equality", "columns": {"id": "=", "mission_name": "="}}
count: launchesPastResult.result.totalCount
key: id)~");
	EXPECT_EQ(imported.options("launch_latest"), R"~(field: launchLatest
key: id,offset)~");
}

// One page around many lists.
TEST(ImportServices, AniList)
{
	Imported imported(R"~(
type Query {
  Page(page: Int, perPage: Int): Page
  Media(id: Int, idMal: Int, search: String, id_in: [Int], sort: [MediaSort]): Media
}
type Page { pageInfo: PageInfo users(id: Int, search: String): [User] media(id: Int,
    averageScore: Int, search: String, id_not: Int, id_in: [Int], averageScore_greater: Int,
    averageScore_lesser: Int, sort: [MediaSort]): [Media] }
type PageInfo { total: Int perPage: Int currentPage: Int lastPage: Int hasNextPage: Boolean }
type Media { id: Int! idMal: Int averageScore: Int }
type User { id: Int! name: String! }
enum MediaSort { ID ID_DESC }
)~");

	EXPECT_EQ(imported.options("page_users"), R"~(field: Page.users
pagination: {"style": "page", "size": "Page(perPage)", "page": "Page(page)", "base": 1})~");
	EXPECT_EQ(imported.options("page_media"), R"~(field: Page.media
pagination: {"style": "page", "size": "Page(perPage)", "page": "Page(page)", "base": 1}
filter: {"style": "arguments", "operators": {"=": "", "<>": "_not", "<": "_lesser", ">": "_greater", "in": "_in"}, "columns": {"id": "= <> in", "average_score": "= < >"}}
lookups: [{"field": "Page.media", "arguments": {"id_in": ["$id"]}}])~");
}

}    // namespace gql::test
