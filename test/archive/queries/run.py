"""
Runs queries of Athena by DuckDB: reads one line of JSON with the folder of the archive, the columns, and the queries with their parameters, and
prints the rows of each. sqlglot reads the dialect of Athena, in which a query that it can't read is an error, and writes that of DuckDB.
"""

import json
import sys

import duckdb
import sqlglot
from sqlglot import exp

given = json.loads(sys.stdin.readline())


def type_of(column):
    if isinstance(column, str):
        return {"string": "VARCHAR", "bigint": "BIGINT", "boolean": "BOOLEAN"}[column]
    if set(column) == {"each"}:
        return type_of(column["each"]) + "[]"
    fields = ", ".join(f'"{name}" {type_of(of)}' for name, of in column.items())
    return f"STRUCT({fields})"


connection = duckdb.connect()
# What Athena has and DuckDB calls otherwise.
connection.execute("CREATE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ)")
columns = ", ".join(f"'{name}': '{type_of(of)}'" for name, of in given["columns"].items())
connection.execute(
    f"CREATE VIEW log AS SELECT * FROM read_json('{given['folder']}/log/*/*.jsonl', format = 'newline_delimited', "
    f"columns = {{{columns}}}, hive_partitioning = true, hive_types = {{'day': VARCHAR}})"
)


def run(query):
    tree = sqlglot.parse_one(query["sql"], read="athena", error_level=sqlglot.ErrorLevel.RAISE)
    # A table or a column that is not there is an error of DuckDB.
    if {table.name for table in tree.find_all(exp.Table)} - {"log", "severities", "fixed"}:
        raise ValueError(f"{query['name']} reads another table.")
    cursor = connection.execute(tree.sql(dialect="duckdb"), query.get("parameters", []))
    names = [one[0] for one in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


results = {}
for query in given["queries"]:
    try:
        results[query["name"]] = run(query)
    except Exception as error:
        results[query["name"]] = {"error": f"{type(error).__name__}: {error}"}
print(json.dumps(results, default=str))
