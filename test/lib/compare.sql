-- What does a test ask of a statement: how often it asked the API, what that computed, and whether its rows are right?
-- In the schema with the copies of the API's data.

-- One counter of a statement, added up over its plan.
CREATE FUNCTION local.counter(statement text, name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, FORMAT JSON) ' || statement INTO plan;
    RETURN (SELECT sum(v::bigint) FROM jsonb_path_query(plan, 'strict $.**') AS j(node),
            LATERAL jsonb_each_text(CASE jsonb_typeof(node) WHEN 'object' THEN node END) AS e(k, v)
            WHERE k = name);
END $$;

-- Rows that one of two statements returns and the other does not.
CREATE FUNCTION local.difference(a text, b text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)) d',
                   '(' || a || ')', '(' || b || ')') INTO n;
    RETURN n;
END $$;

-- Does the API compute an aggregate of the statement?
CREATE FUNCTION local.by_api(statement text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
        IF line ~ 'Remote Aggregate' THEN RETURN true; END IF;
    END LOOP;
    RETURN false;
END $$;
