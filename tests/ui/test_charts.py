"""The geometry of the charts."""

from hypothesis import given
from hypothesis import strategies as st

from app.ui import charts


def entries(amounts, before=0):
    """So many steps with these amounts."""
    return [charts.Entry(f"{place}", f"Day {place}", amount, before) for place, amount in enumerate(amounts)]


def test_a_period_without_sales_is_a_flat_line_at_the_bottom():
    drawn = charts.area(entries([0, 0, 0]))

    assert {point.y for point in drawn.points} == {charts.BOTTOM}
    assert [tick.amount for tick in drawn.ticks] == [0, 1, 2, 3, 4]
    assert drawn.is_empty


def test_a_better_day_stands_higher_and_says_by_how_much():
    low, high = charts.area(entries([100, 400], before=200)).points

    assert high.y < low.y
    assert (low.entry.change, high.entry.change) == (-50, 100)


def test_a_day_is_not_compared_with_nothing():
    assert charts.area(entries([100])).points[0].entry.change is None


def test_hours_that_have_not_come_are_not_drawn():
    drawn = charts.area(entries([100, 200, None], before=50))

    assert drawn.line.count("C") == 1
    assert drawn.before.count("C") == 2


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=90))
def test_everything_stays_inside_the_picture(amounts):
    for drawn in (charts.area(entries(amounts)), charts.bars(entries(amounts, before=5))):
        assert all(charts.TOP <= point.y <= charts.BOTTOM for point in drawn.points)
        assert all(charts.LEFT <= point.x <= charts.RIGHT + 0.1 for point in drawn.points)
        assert all(point.tip_x + charts.TIP_WIDTH <= charts.RIGHT for point in drawn.points)
        assert drawn.ticks[-1].amount >= max(amounts)


def test_a_small_line_has_a_place_for_each_value():
    assert charts.spark([1, 2, 3]).count("C") == 2
    assert charts.spark([]) == ""


def test_the_best_of_a_ranking_takes_all_the_room():
    assert [share.length for share in charts.ranking([400, 100, 0])] == [100, 25, 0]
    assert [share.length for share in charts.ranking([0])] == [0]
