"""Bounds against every possible world, counted one by one."""

from itertools import product
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from sites.releases import apart
from sites.releases.apart import bounds_apart
from sites.releases.bounds import bounds
from sites.releases.system import NOTHING_LATE, SAME_EVENTS, System


def exact(system: System) -> list[tuple[int, int]] | None:
    """Least and greatest value of each number over all whole worlds that hold every row."""
    worlds = [
        world
        for world in product(*(range(int(low), int(high) + 1) for low, high in system.numbers))
        if all(row.low <= sum(a * world[n] for n, a in row.terms.items()) <= row.high for row in system.rows)
    ]
    return [(min(its), max(its)) for its in zip(*worlds, strict=True)] if worlds else None


boxes = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), min_size=2, max_size=5)


@settings(max_examples=150, deadline=None)
@given(boxes, st.data())
def test_bounds_of_totals_cut_in_two_ways_are_exact(its, data):
    system = System()
    numbers = [system.number(low, low + width) for low, width in its]
    for _ in range(data.draw(st.integers(1, 2))):
        start = data.draw(st.integers(0, len(numbers) - 1))
        middle = data.draw(st.integers(start, len(numbers) - 1))
        terms = dict.fromkeys(numbers[start:middle], 1) | dict.fromkeys(numbers[middle:], -1)
        system.tie(terms, data.draw(st.sampled_from([0, -inf])), 0)
    found, expected = bounds(system, numbers).bounds, exact(system)
    if expected is not None:
        assert [found[n] for n in numbers] == expected


@settings(max_examples=150, deadline=None)
@given(boxes, st.data())
def test_bounds_never_leave_a_possible_world_out(its, data):
    system = System()
    numbers = [system.number(low, low + width) for low, width in its]
    for _ in range(2):
        terms = {n: data.draw(st.integers(-2, 2)) for n in numbers}
        low = data.draw(st.integers(-6, 6))
        system.tie(terms, low, low + data.draw(st.integers(0, 6)))
    found, expected = bounds(system, numbers).bounds, exact(system)
    if expected is not None:
        assert all(
            found[n][0] <= low and high <= found[n][1]
            for n, (low, high) in zip(numbers, expected, strict=True)
        )


def test_a_number_under_no_row_is_bounded_without_a_program():
    system = System()
    one = system.number(0, 4)
    found = bounds(system, [one])
    assert (found.bounds[one], found.programs, found.rows) == ((0, 4), 0, 0)


def test_what_is_not_known_yet_takes_up_whatever_is_missing():
    """Half a table says nothing: the parts that are not sealed may hold anything."""
    system = System()
    total, part, unknown = system.number(10, 18), system.number(0, 4), system.number()
    system.tie({total: 1, part: -1, unknown: -1})
    found = bounds(system, [total, part])
    assert found.bounds == {total: (10, 18), part: (0, 4)}
    assert found.programs == 0
    system = System()
    total, part, unknown = system.number(0, 4), system.number(1, 9), system.number()
    system.tie({total: 1, part: -1, unknown: -1})
    assert bounds(system, [total, part]).bounds == {total: (1, 4), part: (1, 4)}


def test_a_chain_through_something_never_published_binds():
    system = System()
    one, between, other = system.number(0, 4), system.number(), system.number(4, 12)
    system.tie({one: 1, between: -1})
    system.tie({between: 1, other: -1})
    assert bounds(system, [one, other]).bounds == {one: (4, 4), other: (4, 4)}


def test_a_row_in_doubt_that_is_refuted_tells_nothing_and_the_sure_ones_stay():
    system = System()
    one, other, third = system.number(1, 9), system.number(0, 4), system.number(50, 58)
    system.tie({one: 1, other: -1})
    system.tie({one: 1, third: -1}, doubt=NOTHING_LATE)
    assert bounds(system, [one, other, third]).bounds == {one: (1, 4), other: (1, 4), third: (50, 58)}


def test_the_row_most_in_doubt_goes_first():
    system = System()
    one, other, third = system.number(1, 9), system.number(0, 4), system.number(50, 58)
    system.tie({one: 1, other: -1}, doubt=NOTHING_LATE)
    system.tie({one: 1, third: -1}, doubt=SAME_EVENTS)
    assert bounds(system, [one, other]).bounds == {one: (1, 4), other: (1, 4)}


def test_without_an_upper_bound_there_is_none():
    system = System()
    one, other = system.number(), system.number(0, 4)
    system.tie({one: 1, other: -1}, 0, inf)
    assert bounds(system, [one, other]).bounds == {one: (0, inf), other: (0, 4)}


def test_numbers_that_may_change_places_share_their_programs():
    few, many = System(), System()
    for system, days in ((few, 3), (many, 90)):
        its = [system.number(96, 104) for _ in range(days)]
        part = system.number(100 * days - 4 * days, 100 * days - 4 * days + 8)
        system.tie(dict.fromkeys(its, 1) | {part: -1})
        assert bounds(system, [*its, part]).bounds[its[0]] == (96, 104)
    asked = [[*range(len(system.numbers))] for system in (few, many)]
    assert bounds(few, asked[0]).programs == bounds(many, asked[1]).programs == 5


def test_a_process_of_its_own_finds_the_same():
    tied, endless, free = System(), System(), System()
    parts = [tied.number(0, 4), tied.number(6, 14), tied.number(11, 13)]
    tied.tie({parts[0]: 1, parts[1]: 1, parts[2]: -1}, doubt=NOTHING_LATE)
    more = [endless.number(0, 4), endless.number()]
    endless.tie({more[0]: 1, more[1]: -1}, -inf, -2)
    problems = [(tied, parts), (free, [free.number(0, 9)]), (endless, more)]
    here = [[bounds(system, asked).bounds[n] for n in asked] for system, asked in problems]
    assert bounds_apart(problems) == here
    assert here[0][1] == (7, 13)
    assert here[2][1] == (2, inf)


def test_where_nothing_binds_no_process_is_started(monkeypatch):
    monkeypatch.setattr(apart, "SOLVER", "sites.releases.nowhere")
    system = System()
    pair = [system.number(0, 4), system.number(0, 9)]
    system.tie({pair[0]: 1, pair[1]: -1}, -inf, 20)
    assert bounds_apart([(system, pair)]) == [[(0, 4), (0, 9)]]
