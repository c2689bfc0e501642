"""Use cases: open a transaction, apply the rules, return a value. A class per feature, a method per thing done."""
