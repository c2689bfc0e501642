"""What a database itself says of its tables, in a form in which two of them can be compared."""

import re

from sqlalchemy import Connection, text

# What PostgreSQL itself says of every column, constraint and index.
POSTGRESQL_SCHEMA = """
    SELECT format('%s.%s %s null=%s default=%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0
    UNION SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
"""
# SQLite keeps the statements, in which the order of columns and constraints may differ, and quotes what it has copied.
SQLITE_SCHEMA = "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
CLAUSES = re.compile(r"\n\s*|, (?=CONSTRAINT )|, (?=[a-z_]+ [A-Z])|,\s*$", re.MULTILINE)
QUOTED = re.compile(r'^CREATE TABLE "(\w+)"')


def schema_of(connection: Connection) -> set[str]:
    """Return every column, constraint and index."""
    if connection.dialect.name == "sqlite":
        rows = [
            (name, clause)
            for name, sql in connection.execute(text(SQLITE_SCHEMA))
            for clause in CLAUSES.split(QUOTED.sub(r"CREATE TABLE \1", sql))
        ]
        lines = [f"{name}: {clause.strip()}" for name, clause in rows]
    else:
        lines = list(connection.scalars(text(POSTGRESQL_SCHEMA)))
    return {line for line in lines if "alembic_version" not in line}
