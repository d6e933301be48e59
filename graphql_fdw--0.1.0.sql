-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION graphql_fdw" to load this file. \quit

CREATE FUNCTION graphql_fdw_handler() RETURNS fdw_handler
    LANGUAGE C STRICT AS 'MODULE_PATHNAME';
CREATE FUNCTION graphql_fdw_validator(text[], oid) RETURNS void
    LANGUAGE C STRICT AS 'MODULE_PATHNAME';
CREATE FOREIGN DATA WRAPPER graphql_fdw
    HANDLER graphql_fdw_handler VALIDATOR graphql_fdw_validator;
COMMENT ON FOREIGN DATA WRAPPER graphql_fdw IS 'tables of GraphQL APIs';

CREATE FUNCTION graphql_fdw_version() RETURNS text
    LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION graphql_fdw_version() IS
    'version of graphql_fdw, of libcurl and of the libraries libcurl uses';

CREATE FUNCTION graphql_query_support(internal) RETURNS internal
    LANGUAGE C STRICT AS 'MODULE_PATHNAME';

CREATE FUNCTION graphql_query(server name, document text,
                              variables jsonb DEFAULT '{}', operation text DEFAULT NULL)
    RETURNS jsonb
    LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 SUPPORT graphql_query_support
    AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION graphql_query(name, text, jsonb, text) IS
    'runs a GraphQL query on a foreign server and returns its data';

CREATE FUNCTION graphql_execute(server name, document text,
                                variables jsonb DEFAULT '{}', operation text DEFAULT NULL)
    RETURNS jsonb
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000
    AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION graphql_execute(name, text, jsonb, text) IS
    'runs a GraphQL mutation on a foreign server, at most once, and returns its data';

CREATE FUNCTION graphql_schema(server name) RETURNS text
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100000 AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION graphql_schema(name) IS
    'schema of the API of a foreign server, in the GraphQL schema definition language';

CREATE FUNCTION graphql_types(server name)
    RETURNS TABLE (name text, kind text, fields int, description text)
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100000 AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION graphql_types(name) IS
    'types of the API of a foreign server';

CREATE FUNCTION graphql_fields(server name, type_name text)
    RETURNS TABLE (name text, type text, arguments text, description text, deprecation text)
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100000 AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION graphql_fields(name, text) IS
    'fields of a type of the API of a foreign server; of other kinds of types: input fields, enum values, possible types';

CREATE FUNCTION graphql_check(server name DEFAULT NULL)
    RETURNS TABLE (server name, object text, severity text, message text, fix text)
    LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 100000 AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION graphql_check(name) IS
    'what no longer fits between foreign tables and the schemas of their APIs, and statements that repair it';

CREATE FUNCTION graphql_create_relationship(source regclass, name text, target regclass, mapping jsonb,
                                            cardinality text DEFAULT NULL, arguments jsonb DEFAULT '{}')
    RETURNS regprocedure
    LANGUAGE C VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION graphql_create_relationship(regclass, text, regclass, jsonb, text, jsonb) IS
    'creates the function <source>_<name>, which returns the rows of the target that belong to a row of the source';

CREATE FUNCTION graphql_drop_relationship(source regclass, name text) RETURNS void
    LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION graphql_drop_relationship(regclass, text) IS
    'drops the function of a relationship';

CREATE FUNCTION graphql_list_relationships()
    RETURNS TABLE (source regclass, name text, target regclass, function regprocedure, mapping jsonb,
                   cardinality text, problem text)
    LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
CREATE VIEW graphql_relationships AS
    SELECT source, name, target, function, mapping, cardinality, problem IS NULL AS valid, problem
    FROM graphql_list_relationships();
COMMENT ON VIEW graphql_relationships IS
    'relationships: what they map, and whether they can be used in batches';
GRANT SELECT ON graphql_relationships TO PUBLIC;

-- Functions of relationships go with the columns of what they return.
CREATE FUNCTION graphql_follow_columns() RETURNS event_trigger
    LANGUAGE C AS 'MODULE_PATHNAME';
CREATE EVENT TRIGGER graphql_fdw_before_columns_change ON ddl_command_start
    WHEN TAG IN ('ALTER TABLE', 'ALTER FOREIGN TABLE', 'ALTER TYPE', 'ALTER DOMAIN')
    EXECUTE FUNCTION graphql_follow_columns();
CREATE EVENT TRIGGER graphql_fdw_after_columns_change ON ddl_command_end
    WHEN TAG IN ('ALTER TABLE', 'ALTER FOREIGN TABLE', 'ALTER TYPE', 'ALTER DOMAIN', 'ALTER VIEW', 'CREATE VIEW')
    EXECUTE FUNCTION graphql_follow_columns();

-- Sending requests from the database host is a right to be granted.
REVOKE EXECUTE ON FUNCTION graphql_query(name, text, jsonb, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION graphql_execute(name, text, jsonb, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION graphql_schema(name) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION graphql_types(name) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION graphql_fields(name, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION graphql_check(name) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION graphql_query_support(internal) FROM PUBLIC;
