"""Every figure of the README, measured beside what a user would pick instead, in one run.

A benchmark is a module with `measure() -> list[dict]`: one row a contender, the same keys in each row; its docstring
says what is compared and on what. `python -m benchmarks [NAME ...]` runs them, prints a table each and writes
`benchmarks/results/NAME.json`; `tables` makes the README's table and docs/measured.md of these. Times are compared as
ratios inside one run: seconds say little of other machines.
"""
