"""What ten thousand rows cost: the same memory from the first batch to the last."""

import time
import tracemalloc

import pytest
import time_machine

from sites.imports import services
from sites.imports.running import step
from tests.factories import at
from tests.imports.bringing import bring
from tests.imports.test_running import many

ROWS = 10_000
MIB = 1024 * 1024


@pytest.mark.full
def test_ten_thousand_rows_in_flat_memory(site):
    with time_machine.travel(at("2026-11-22 17:00"), tick=True):
        tracemalloc.start()
        imported = bring(site, "visits", many(ROWS))
        services.start(imported, by="s01-01")
        begun, peaks = time.perf_counter(), []
        while step(site):
            peaks.append(tracemalloc.get_traced_memory()[1] / MIB)
            tracemalloc.reset_peak()
        took = time.perf_counter() - begun
        tracemalloc.stop()
    imported.refresh_from_db()
    assert imported.written == ROWS
    print(f"{ROWS / took:.0f} rows/s, peaks {peaks[0]:.0f} to {max(peaks[1:]):.0f} MiB")
    assert max(peaks[1:]) < max(peaks[:20]) + 20
