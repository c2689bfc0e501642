"""What is remembered: tables, transactions, and one store of plain functions per feature."""
