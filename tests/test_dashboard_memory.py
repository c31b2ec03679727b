"""What the server asks of its allocators."""

import subprocess
import sys

ASKED = """
import pyarrow
from dashboard import memory
memory.keep_small()
print(pyarrow.default_memory_pool().backend_name, sum(pyarrow.array(range(1000)).to_pylist()))
"""


def test_arrow_takes_its_memory_from_where_everything_else_does():
    asked = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)
    assert asked.stdout.split() == ["system", "499500"]
