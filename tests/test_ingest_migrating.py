"""The numbered files that make a store's schema."""

from importlib import resources


def test_each_migration_has_a_number_of_its_own():
    names = [file.name for file in resources.files("ingest.migrations").iterdir() if file.name.endswith(".sql")]
    numbers = [name.split("_")[0] for name in names]
    assert len(numbers) == len(set(numbers))
