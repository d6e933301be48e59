// Are the conventions of servers that make an API out of a database or of types seen, and written
// as options that say them?
//
// Each schema is what its kind of server makes of one or two types.

#include "import_fixture.hpp"

namespace gql::test
{

TEST(ImportStyles, Hasura)
{
	Imported imported(R"~(
scalar uuid
scalar numeric
scalar timestamptz
type query_root {
  users(distinct_on: [users_select_column!], limit: Int, offset: Int, order_by:
    [users_order_by!], where: users_bool_exp): [users!]!
  users_aggregate(distinct_on: [users_select_column!], limit: Int, offset: Int, order_by:
    [users_order_by!], where: users_bool_exp): users_aggregate!
  users_by_pk(id: uuid!): users
  members_by_pk(team: Int!, user_id: uuid!): members
  members(limit: Int, offset: Int, where: members_bool_exp): [members!]!
}
schema { query: query_root }
type users { id: uuid! name: String! balance: numeric created_at: timestamptz! posts(limit: Int,
    offset: Int): [posts!]! }
type posts { id: Int! }
type members { team: Int! user_id: uuid! }
input members_bool_exp { _and: [members_bool_exp!] team: Int_comparison_exp user_id:
    uuid_comparison_exp }
input Int_comparison_exp { _eq: Int _in: [Int!] }
type users_aggregate { aggregate: users_aggregate_fields nodes: [users!]! }
type users_aggregate_fields { count(columns: [users_select_column!], distinct: Boolean): Int!
    avg: users_avg_fields max: users_max_fields min: users_min_fields sum: users_sum_fields }
type users_avg_fields { balance: Float }
type users_max_fields { balance: numeric name: String }
type users_min_fields { created_at: timestamptz id: uuid }
type users_sum_fields { balance: numeric }
enum users_select_column { id name }
input users_bool_exp { _and: [users_bool_exp!] _not: users_bool_exp _or: [users_bool_exp!] id:
    uuid_comparison_exp name: String_comparison_exp balance: numeric_comparison_exp }
input uuid_comparison_exp { _eq: uuid _gt: uuid _in: [uuid!] _is_null: Boolean _neq: uuid _nin:
    [uuid!] }
input String_comparison_exp { _eq: String _ilike: String _in: [String!] _is_null: Boolean _like:
    String _neq: String }
input numeric_comparison_exp { _eq: numeric _gt: numeric _lte: numeric }
input users_order_by { id: order_by name: order_by balance: order_by }
enum order_by { asc asc_nulls_first asc_nulls_last desc desc_nulls_first desc_nulls_last }
)~");

	EXPECT_EQ(imported.options("users"), R"~(field: users
pagination: {"style": "offset", "size": "limit", "offset": "offset"}
filter: {"argument": "where", "type": "users_bool_exp", "style": "nested", "operators": {"=": "_eq", "<>": "_neq", "<=": "_lte", ">": "_gt", "in": "_in", "not-in": "_nin", "is-null": "_is_null", "like": "_like", "ilike": "_ilike"}, "and": "_and", "or": "_or", "not": "_not", "columns": {"id": "= <> > in not-in is-null", "name": "= <> in is-null like ilike", "balance": "= <= >"}}
order: {"argument": "order_by", "style": "map", "asc": {"first": "asc_nulls_first", "last": "asc_nulls_last"}, "desc": {"first": "desc_nulls_first", "last": "desc_nulls_last"}, "list": true, "columns": {"id": "id", "name": "name", "balance": "balance"}}
count: users_aggregate(where).aggregate.count
aggregates: {"field": "users_aggregate(where).aggregate", "functions": {"count": "count(columns)", "distinct": "count(columns, distinct)", "sum": "sum", "min": "min", "max": "max"}, "columns": {"id": "count distinct", "name": "count", "balance": "sum max", "created_at": "min"}}
key: id
lookups: [{"field": "users", "arguments": {"where": {"id": {"_in": ["$id"]}}}}, {"field": "users_by_pk", "arguments": {"id": "$id"}}])~");
	EXPECT_EQ(imported.options("users_by_pk"), R"~(field: users_by_pk
key: id
lookups: [{"field": "users", "arguments": {"where": {"id": {"_in": ["$id"]}}}, "pagination": {"style": "offset", "size": "limit", "offset": "offset"}}])~");
	EXPECT_EQ(imported.options("members"), R"~(field: members
pagination: {"style": "offset", "size": "limit", "offset": "offset"}
filter: {"argument": "where", "type": "members_bool_exp", "style": "nested", "operators": {"=": "_eq", "<>": "_neq", ">": "_gt", "in": "_in", "not-in": "_nin", "is-null": "_is_null"}, "and": "_and", "columns": {"team": "= in", "user_id": "= <> > in not-in is-null"}}
key: team,user_id
lookups: [{"field": "members", "arguments": {"where": {"user_id": {"_in": ["$user_id"]}}}}, {"field": "members_by_pk", "arguments": {"team": "$team", "user_id": "$user_id"}}])~");
	EXPECT_EQ(imported.columns("users"), R"(id uuid not null, type uuid
name text not null
balance numeric
created_at timestamptz not null)");
	EXPECT_EQ(imported.column("users_by_pk", "id"), "id uuid not null, argument id, type uuid!");
}

TEST(ImportStyles, PostGraphile)
{
	Imported imported(R"~(
scalar Cursor
scalar BigFloat
type Query implements Node {
  query: Query!
  nodeId: ID!
  node(nodeId: ID!): Node
  allProducts(first: Int, last: Int, offset: Int, before: Cursor, after: Cursor, orderBy:
    [ProductsOrderBy!] = [PRIMARY_KEY_ASC], condition: ProductCondition, filter: ProductFilter):
    ProductsConnection
  productById(id: Int!): Product
  productBySku(sku: String!): Product
  product(nodeId: ID!): Product
}
interface Node { nodeId: ID! }
type Product implements Node { nodeId: ID! id: Int! sku: String! price: BigFloat }
type ProductsConnection { nodes: [Product]! edges: [ProductsEdge!]! pageInfo: PageInfo!
    totalCount: Int! }
type ProductsEdge { cursor: Cursor node: Product }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: Cursor endCursor:
    Cursor }
input ProductCondition { id: Int sku: String price: BigFloat }
input ProductFilter { id: IntFilter sku: StringFilter price: BigFloatFilter and:
    [ProductFilter!] or: [ProductFilter!] not: ProductFilter }
input IntFilter { isNull: Boolean equalTo: Int notEqualTo: Int distinctFrom: Int in: [Int!]
    notIn: [Int!] lessThan: Int lessThanOrEqualTo: Int greaterThan: Int greaterThanOrEqualTo:
    Int }
input StringFilter { isNull: Boolean equalTo: String in: [String!] includes: String }
input BigFloatFilter { equalTo: BigFloat lessThan: BigFloat }
enum ProductsOrderBy { NATURAL ID_ASC ID_DESC PRICE_ASC PRICE_DESC PRIMARY_KEY_ASC
    PRIMARY_KEY_DESC }
)~");

	EXPECT_EQ(imported.options("all_products"), R"~(field: allProducts.nodes
pagination: {"style": "relay", "size": "first", "cursor": "after"}
filter: {"argument": "filter", "type": "ProductFilter", "style": "nested", "operators": {"=": "equalTo", "<>": "notEqualTo", "<": "lessThan", "<=": "lessThanOrEqualTo", ">": "greaterThan", ">=": "greaterThanOrEqualTo", "in": "in", "not-in": "notIn", "is-null": "isNull"}, "and": "and", "or": "or", "not": "not", "columns": {"id": "= <> < <= > >= in not-in is-null", "sku": "= in is-null", "price": "= <"}}
order: {"argument": "orderBy", "style": "enum", "list": true, "columns": {"id": {"asc": "ID_ASC", "desc": "ID_DESC"}, "price": {"asc": "PRICE_ASC", "desc": "PRICE_DESC"}}}
count: allProducts.totalCount
key: id
lookups: [{"field": "allProducts.nodes", "arguments": {"filter": {"id": {"in": ["$id"]}}}}, {"field": "allProducts.nodes", "arguments": {"filter": {"sku": {"in": ["$sku"]}}}}, {"field": "productById", "arguments": {"id": "$id"}}, {"field": "productBySku", "arguments": {"sku": "$sku"}}, {"field": "product", "arguments": {"nodeId": "$node_id"}}])~");
	EXPECT_EQ(imported.options("product_by_sku"), R"~(field: productBySku
key: sku
lookups: [{"field": "allProducts.nodes", "arguments": {"filter": {"id": {"in": ["$id"]}}}, "pagination": {"style": "relay", "size": "first", "cursor": "after"}}, {"field": "allProducts.nodes", "arguments": {"filter": {"sku": {"in": ["$sku"]}}}, "pagination": {"style": "relay", "size": "first", "cursor": "after"}}, {"field": "productById", "arguments": {"id": "$id"}}, {"field": "product", "arguments": {"nodeId": "$node_id"}}])~");
	EXPECT_EQ(imported.options("product"), R"~(field: product
key: node_id
lookups: [{"field": "allProducts.nodes", "arguments": {"filter": {"id": {"in": ["$id"]}}}, "pagination": {"style": "relay", "size": "first", "cursor": "after"}}, {"field": "allProducts.nodes", "arguments": {"filter": {"sku": {"in": ["$sku"]}}}, "pagination": {"style": "relay", "size": "first", "cursor": "after"}}, {"field": "productById", "arguments": {"id": "$id"}}, {"field": "productBySku", "arguments": {"sku": "$sku"}}])~");
	EXPECT_EQ(imported.skipped(), R"(Query.query is the query root again
all_products: Query.allProducts(condition) filters, as argument "filter" does)");
}

TEST(ImportStyles, PgGraphql)
{
	Imported imported(R"~(
scalar Cursor
scalar BigInt
type Query {
  accountCollection(first: Int, last: Int, before: Cursor, after: Cursor, offset: Int, filter:
    AccountFilter, orderBy: [AccountOrderBy!]): AccountConnection
  node(nodeId: ID!): Node
}
interface Node { nodeId: ID! }
type Account implements Node { nodeId: ID! id: BigInt! email: String! }
type AccountConnection { edges: [AccountEdge!]! pageInfo: PageInfo! }
type AccountEdge { cursor: String! node: Account! }
type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor:
    String }
input AccountFilter { id: BigIntFilter email: StringFilter nodeId: IDFilter and:
    [AccountFilter!] or: [AccountFilter!] not: AccountFilter }
input BigIntFilter { eq: BigInt gt: BigInt gte: BigInt in: [BigInt!] is: FilterIs lt: BigInt
    lte: BigInt neq: BigInt }
input StringFilter { eq: String in: [String!] is: FilterIs ilike: String like: String neq:
    String startsWith: String }
input IDFilter { eq: ID }
enum FilterIs { NULL NOT_NULL }
input AccountOrderBy { id: OrderByDirection email: OrderByDirection }
enum OrderByDirection { AscNullsFirst AscNullsLast DescNullsFirst DescNullsLast }
)~");

	EXPECT_EQ(imported.options("account_collection"), R"~(field: accountCollection.edges.node
pagination: {"style": "relay", "size": "first", "cursor": "after"}
filter: {"argument": "filter", "type": "AccountFilter", "style": "nested", "operators": {"=": "eq", "<>": "neq", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "in": "in", "is-null": {"operator": "is", "null": "NULL", "not null": "NOT_NULL"}, "like": "like", "ilike": "ilike"}, "and": "and", "or": "or", "not": "not", "columns": {"node_id": "=", "id": "= <> < <= > >= in is-null", "email": "= <> in is-null like ilike"}}
order: {"argument": "orderBy", "style": "map", "asc": {"first": "AscNullsFirst", "last": "AscNullsLast"}, "desc": {"first": "DescNullsFirst", "last": "DescNullsLast"}, "list": true, "columns": {"id": "id", "email": "email"}}
key: node_id
lookups: [{"field": "accountCollection.edges.node", "arguments": {"filter": {"id": {"in": ["$id"]}}}}, {"field": "accountCollection.edges.node", "arguments": {"filter": {"email": {"in": ["$email"]}}}}])~");
}

TEST(ImportStyles, Prisma)
{
	Imported imported(R"~(
type Query {
  findManyUser(where: UserWhereInput, orderBy: [UserOrderBy!], cursor: UserWhereUniqueInput,
    take: Int, skip: Int, distinct: [UserField!]): [User!]!
  findUniqueUser(where: UserWhereUniqueInput!): User
  aggregateUser(where: UserWhereInput): AggregateUser!
}
type User { id: Int! email: String! age: Int }
type AggregateUser { _count: UserCount }
type UserCount { _all: Int! }
input UserWhereInput { AND: [UserWhereInput!] OR: [UserWhereInput!] NOT: [UserWhereInput!] id:
    IntFilter email: StringFilter }
input IntFilter { equals: Int in: [Int!] notIn: [Int!] lt: Int lte: Int gt: Int gte: Int not:
    NestedIntFilter }
input NestedIntFilter { equals: Int }
input StringFilter { equals: String in: [String!] contains: String }
input UserWhereUniqueInput { id: Int email: String }
input UserOrderBy { id: SortOrder email: SortOrder }
enum SortOrder { asc desc }
enum UserField { id email age }
)~");

	EXPECT_EQ(imported.options("find_many_user"), R"~(field: findManyUser
pagination: {"style": "offset", "size": "take", "offset": "skip"}
filter: {"argument": "where", "type": "UserWhereInput", "style": "nested", "operators": {"=": "equals", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "in": "in", "not-in": "notIn"}, "and": "AND", "or": "OR", "not": "NOT", "columns": {"id": "= < <= > >= in not-in", "email": "= in"}}
order: {"argument": "orderBy", "style": "map", "asc": "asc", "desc": "desc", "list": true, "columns": {"id": "id", "email": "email"}}
count: aggregateUser(where)._count._all
key: id
lookups: [{"field": "findManyUser", "arguments": {"where": {"id": {"in": ["$id"]}}}}, {"field": "findManyUser", "arguments": {"where": {"email": {"in": ["$email"]}}}}, {"field": "findUniqueUser", "arguments": {"where": {"id": "$id"}}}, {"field": "findUniqueUser", "arguments": {"where": {"email": "$email"}}}])~");
	EXPECT_EQ(imported.options("find_unique_user"), R"~(field: findUniqueUser
key: id
lookups: [{"field": "findManyUser", "arguments": {"where": {"id": {"in": ["$id"]}}}, "pagination": {"style": "offset", "size": "take", "offset": "skip"}}, {"field": "findManyUser", "arguments": {"where": {"email": {"in": ["$email"]}}}, "pagination": {"style": "offset", "size": "take", "offset": "skip"}}])~");
	EXPECT_EQ(imported.column("find_unique_user", "id"),
			  "id int4 not null, argument where.id, type Int");
}

// Arguments with defaults that leave rows out are columns of their own, and parts of the key.
TEST(ImportStyles, Hygraph)
{
	Imported imported(R"~(
type Query {
  posts(where: PostWhereInput, orderBy: PostOrderByInput, skip: Int, after: String, before:
    String, first: Int, last: Int, stage: Stage! = PUBLISHED, locales: [Locale!]! = [en]):
    [Post!]!
  postsConnection(where: PostWhereInput, orderBy: PostOrderByInput, skip: Int, after: String,
    before: String, first: Int, last: Int, stage: Stage! = PUBLISHED, locales: [Locale!]! =
    [en]): PostConnection!
  post(where: PostWhereUniqueInput!, stage: Stage! = PUBLISHED, locales: [Locale!]! = [en]):
    Post
}
enum Stage { PUBLISHED DRAFT }
enum Locale { en de }
type Post { stage: Stage! id: ID! slug: String title: String }
type PostConnection { pageInfo: PageInfo! edges: [PostEdge!]! aggregate: Aggregate! }
type PostEdge { node: Post! cursor: String! }
type Aggregate { count: Int! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor:
    String pageSize: Int }
input PostWhereInput { AND: [PostWhereInput!] OR: [PostWhereInput!] NOT: [PostWhereInput!] id:
    ID id_not: ID id_in: [ID] id_not_in: [ID] id_contains: ID slug: String slug_not: String
    slug_in: [String] title: String title_contains: String }
input PostWhereUniqueInput { id: ID slug: String }
enum PostOrderByInput { id_ASC id_DESC title_ASC title_DESC }
)~");

	EXPECT_EQ(imported.options("posts"), R"~(field: posts
pagination: {"style": "offset", "size": "first", "offset": "skip"}
filter: {"argument": "where", "type": "PostWhereInput", "style": "flat", "operators": {"=": "", "<>": "_not", "in": "_in", "not-in": "_not_in"}, "and": "AND", "or": "OR", "not": "NOT", "columns": {"id": "= <> in not-in", "slug": "= <> in", "title": "="}}
order: {"argument": "orderBy", "style": "enum", "columns": {"id": {"asc": "id_ASC", "desc": "id_DESC"}, "title": {"asc": "title_ASC", "desc": "title_DESC"}}}
count: postsConnection(where, stage, locales).aggregate.count
key: id,stage_argument,locales
lookups: [{"field": "posts", "arguments": {"where": {"id_in": ["$id"]}}}, {"field": "posts", "arguments": {"where": {"slug_in": ["$slug"]}}}, {"field": "post", "arguments": {"where": {"id": "$id"}}}, {"field": "post", "arguments": {"where": {"slug": "$slug"}}}])~");
	EXPECT_EQ(imported.options("posts_connection"), R"~(field: postsConnection.edges.node
pagination: {"style": "relay", "size": "first", "cursor": "after"}
filter: {"argument": "where", "type": "PostWhereInput", "style": "flat", "operators": {"=": "", "<>": "_not", "in": "_in", "not-in": "_not_in"}, "and": "AND", "or": "OR", "not": "NOT", "columns": {"id": "= <> in not-in", "slug": "= <> in", "title": "="}}
order: {"argument": "orderBy", "style": "enum", "columns": {"id": {"asc": "id_ASC", "desc": "id_DESC"}, "title": {"asc": "title_ASC", "desc": "title_DESC"}}}
count: postsConnection.aggregate.count
key: id,stage_argument,locales
lookups: [{"field": "postsConnection.edges.node", "arguments": {"where": {"id_in": ["$id"]}}}, {"field": "postsConnection.edges.node", "arguments": {"where": {"slug_in": ["$slug"]}}}, {"field": "post", "arguments": {"where": {"id": "$id"}}}, {"field": "post", "arguments": {"where": {"slug": "$slug"}}}])~");
	EXPECT_EQ(imported.options("post"), R"~(field: post
key: id,stage_argument,locales
lookups: [{"field": "posts", "arguments": {"where": {"id_in": ["$id"]}}, "pagination": {"style": "offset", "size": "first", "offset": "skip"}}, {"field": "posts", "arguments": {"where": {"slug_in": ["$slug"]}}, "pagination": {"style": "offset", "size": "first", "offset": "skip"}}])~");
	EXPECT_EQ(imported.column("posts", "stage"), "stage text not null");
	EXPECT_EQ(imported.column("posts", "stage_argument"),
			  "stage_argument text, path '', argument stage, type Stage");
}

TEST(ImportStyles, Strapi)
{
	Imported imported(R"~(
type Query {
  restaurants(filters: RestaurantFiltersInput, pagination: PaginationArg = {}, sort: [String] =
    [], status: PublicationStatus = PUBLISHED): [Restaurant]!
  restaurants_connection(filters: RestaurantFiltersInput, pagination: PaginationArg = {}, sort:
    [String] = [], status: PublicationStatus = PUBLISHED): RestaurantEntityResponseCollection
  restaurant(documentId: ID!, status: PublicationStatus = PUBLISHED): Restaurant
}
enum PublicationStatus { DRAFT PUBLISHED }
input PaginationArg { page: Int pageSize: Int start: Int limit: Int }
type Restaurant { documentId: ID! name: String }
type RestaurantEntityResponseCollection { nodes: [Restaurant!]! pageInfo: Pagination! }
type Pagination { total: Int! page: Int! pageSize: Int! pageCount: Int! }
input RestaurantFiltersInput { documentId: IDFilterInput name: StringFilterInput and:
    [RestaurantFiltersInput] or: [RestaurantFiltersInput] not: RestaurantFiltersInput }
input IDFilterInput { and: [ID] or: [ID] not: IDFilterInput eq: ID eqi: ID ne: ID in: [ID]
    notIn: [ID] null: Boolean notNull: Boolean }
input StringFilterInput { eq: String ne: String in: [String] containsi: String }
)~");

	EXPECT_EQ(imported.options("restaurants"), R"~(field: restaurants
pagination: {"style": "offset", "size": "pagination.limit", "offset": "pagination.start"}
filter: {"argument": "filters", "type": "RestaurantFiltersInput", "style": "nested", "operators": {"=": "eq", "<>": "ne", "in": "in", "not-in": "notIn", "is-null": "null"}, "and": "and", "or": "or", "not": "not", "columns": {"document_id": "= <> in not-in is-null", "name": "= <> in"}}
count: restaurants_connection(filters, status).pageInfo.total
key: document_id,status
lookups: [{"field": "restaurants", "arguments": {"filters": {"documentId": {"in": ["$document_id"]}}}}, {"field": "restaurant", "arguments": {"documentId": "$document_id"}}])~");
	EXPECT_EQ(imported.options("restaurants_connection"), R"~(field: restaurants_connection.nodes
pagination: {"style": "offset", "size": "pagination.limit", "offset": "pagination.start"}
filter: {"argument": "filters", "type": "RestaurantFiltersInput", "style": "nested", "operators": {"=": "eq", "<>": "ne", "in": "in", "not-in": "notIn", "is-null": "null"}, "and": "and", "or": "or", "not": "not", "columns": {"document_id": "= <> in not-in is-null", "name": "= <> in"}}
count: restaurants_connection.pageInfo.total
key: document_id,status
lookups: [{"field": "restaurants_connection.nodes", "arguments": {"filters": {"documentId": {"in": ["$document_id"]}}}}, {"field": "restaurant", "arguments": {"documentId": "$document_id"}}])~");
	EXPECT_EQ(imported.options("restaurant"), R"~(field: restaurant
key: document_id,status
lookups: [{"field": "restaurants", "arguments": {"filters": {"documentId": {"in": ["$document_id"]}}}, "pagination": {"style": "offset", "size": "pagination.limit", "offset": "pagination.start"}}])~");
}

TEST(ImportStyles, TheGraph)
{
	Imported imported(R"~(
scalar BigInt
scalar BigDecimal
scalar Bytes
type Query {
  token(id: ID!, block: Block_height, subgraphError: _SubgraphErrorPolicy_! = deny): Token
  tokens(skip: Int = 0, first: Int = 100, orderBy: Token_orderBy, orderDirection:
    OrderDirection, where: Token_filter, block: Block_height, subgraphError:
    _SubgraphErrorPolicy_! = deny): [Token!]!
}
input Block_height { hash: Bytes number: Int }
enum _SubgraphErrorPolicy_ { allow deny }
enum OrderDirection { asc desc }
enum Token_orderBy { id symbol totalSupply owner__id }
type Token { id: ID! symbol: String! totalSupply: BigInt! volume: BigDecimal! owner: Owner! }
type Owner { id: ID! }
input Token_filter { id: ID id_not: ID id_gt: ID id_in: [ID!] id_not_in: [ID!] symbol: String
    symbol_in: [String!] symbol_contains: String totalSupply: BigInt totalSupply_gte: BigInt
    totalSupply_lt: BigInt owner: String owner_: Owner_filter and: [Token_filter] or:
    [Token_filter] }
input Owner_filter { id: ID }
)~");

	EXPECT_EQ(imported.options("tokens"), R"~(field: tokens
pagination: {"style": "offset", "size": "first", "offset": "skip"}
filter: {"argument": "where", "type": "Token_filter", "style": "flat", "operators": {"=": "", "<>": "_not", "<": "_lt", ">": "_gt", ">=": "_gte", "in": "_in", "not-in": "_not_in"}, "and": "and", "or": "or", "columns": {"id": "= <> > in not-in", "symbol": "= in", "total_supply": "= < >="}}
order: {"argument": "orderBy", "style": "arguments", "direction": "orderDirection", "asc": "asc", "desc": "desc", "columns": {"id": "id", "symbol": "symbol", "total_supply": "totalSupply"}}
key: id,block,subgraph_error
lookups: [{"field": "tokens", "arguments": {"where": {"id_in": ["$id"]}}}, {"field": "token", "arguments": {"id": "$id"}}])~");
	EXPECT_EQ(imported.options("token"), R"~(field: token
key: id,block,subgraph_error
lookups: [{"field": "tokens", "arguments": {"where": {"id_in": ["$id"]}}, "pagination": {"style": "offset", "size": "first", "offset": "skip"}}])~");
}

// Pages count from 0.
TEST(ImportStyles, JsonGraphqlServer)
{
	Imported imported(R"~(
scalar Date
type Query {
  Post(id: ID!): Post
  allPosts(page: Int, perPage: Int, sortField: String, sortOrder: String, filter: PostFilter):
    [Post]
  _allPostsMeta(page: Int, perPage: Int, filter: PostFilter): ListMetadata
}
type Post { id: ID! title: String! views: Int! user_id: ID! at: Date! User: User Comments: [Comment] }
type User { id: ID! name: String! }
type Comment { id: ID! }
type ListMetadata { count: Int! }
input PostFilter { q: String ids: [ID] id: ID id_neq: ID title: String title_neq: String views:
    Int views_lt: Int views_lte: Int views_gt: Int views_gte: Int }
)~");

	EXPECT_EQ(imported.options("all_posts"), R"~(field: allPosts
pagination: {"style": "page", "size": "perPage", "page": "page", "base": 0}
filter: {"argument": "filter", "type": "PostFilter", "style": "flat", "operators": {"=": "", "<>": "_neq", "<": "_lt", "<=": "_lte", ">": "_gt", ">=": "_gte"}, "columns": {"id": "= <>", "title": "= <>", "views": "= < <= > >="}}
order: {"argument": "sortField", "style": "arguments", "direction": "sortOrder", "asc": "asc", "desc": "desc", "columns": {"id": "id", "title": "title", "views": "views", "user_id": "user_id", "at": "at"}}
count: _allPostsMeta(filter).count
key: id
lookups: [{"field": "allPosts", "arguments": {"filter": {"ids": ["$id"]}}}, {"field": "Post", "arguments": {"id": "$id"}}])~");
	EXPECT_EQ(imported.options("post"), R"~(field: Post
key: id
lookups: [{"field": "allPosts", "arguments": {"filter": {"ids": ["$id"]}}, "pagination": {"style": "page", "size": "perPage", "page": "page", "base": 0}}])~");
	// Its dates are points in time.
	EXPECT_NE(imported.columns("post").find("\nat timestamptz not null"), std::string::npos);
}

TEST(ImportStyles, AppSync)
{
	Imported imported(R"~(
scalar AWSDateTime
type Query {
  getTodo(id: ID!): Todo
  listTodos(filter: ModelTodoFilterInput, limit: Int, nextToken: String): ModelTodoConnection
}
type Todo { id: ID! title: String! createdAt: AWSDateTime! }
type ModelTodoConnection { items: [Todo]! nextToken: String }
input ModelTodoFilterInput { id: ModelIDInput title: ModelStringInput and:
    [ModelTodoFilterInput] or: [ModelTodoFilterInput] not: ModelTodoFilterInput }
input ModelIDInput { ne: ID eq: ID le: ID lt: ID ge: ID gt: ID contains: ID }
input ModelStringInput { ne: String eq: String }
)~");

	EXPECT_EQ(imported.options("list_todos"), R"~(field: listTodos.items
pagination: {"style": "token", "size": "limit", "cursor": "nextToken", "next": "nextToken"}
filter: {"argument": "filter", "type": "ModelTodoFilterInput", "style": "nested", "operators": {"=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}, "and": "and", "or": "or", "not": "not", "columns": {"id": "= <> < <= > >=", "title": "= <>"}}
key: id
lookups: [{"field": "getTodo", "arguments": {"id": "$id"}}])~");
	EXPECT_EQ(imported.options("get_todo"), R"~(field: getTodo
key: id)~");
}

TEST(ImportStyles, PartsOfTexts)
{
	Imported imported(R"~(
type Query { people(filter: PersonFilter): [Person!]! }
type Person { name: String! motto: String! code: String! age: Int }
input PersonFilter { name: NameFilter motto: MottoFilter code: CodeFilter age: AgeFilter }
input NameFilter { eq: String startsWith: String endsWith: String contains: String }
input MottoFilter { eq: String contains: String }
input CodeFilter { eq: String like: String startsWith: String }
input AgeFilter { eq: Int range: AgeRange }
input AgeRange { gte: Int lt: Int ne: Int }
)~");

	EXPECT_EQ(imported.options("people"), R"~(field: people
filter: {"argument": "filter", "type": "PersonFilter", "style": "nested", "operators": {"=": "eq", "<": "range.lt", ">=": "range.gte", "like": "like", "starts-with": "startsWith", "ends-with": "endsWith", "contains": "contains"}, "columns": {"name": "= starts-with ends-with contains", "motto": "=", "code": "= like", "age": "= < >="}})~");
}

}    // namespace gql::test
