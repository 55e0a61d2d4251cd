"""The geometry of the charts."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.shop.home import chart


def days(amounts, before=0):
    """So many days with these amounts."""
    start = date(2026, 11, 1)
    return [
        chart.Day(start + timedelta(days=place), f"{place}", amount, before, 1) for place, amount in enumerate(amounts)
    ]


def test_a_period_without_sales_is_a_flat_line_at_the_bottom():
    drawn = chart.draw(days([0, 0, 0]))

    assert {point.y for point in drawn.points} == {chart.BOTTOM}
    assert [tick.amount for tick in drawn.ticks] == [0, 100, 200, 300, 400]


def test_a_better_day_stands_higher_and_says_by_how_much():
    low, high = chart.draw(days([100, 400], before=200)).points

    assert high.y < low.y
    assert (low.change, high.change) == (-50, 100)


def test_a_day_is_not_compared_with_nothing():
    assert chart.draw(days([100])).points[0].change is None


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=90))
def test_everything_stays_inside_the_picture(amounts):
    drawn = chart.draw(days(amounts))

    assert all(chart.TOP <= point.y <= chart.BOTTOM for point in drawn.points)
    assert all(chart.LEFT <= point.x <= chart.RIGHT + 0.1 for point in drawn.points)
    assert all(point.tip_x >= chart.LEFT and point.tip_x + chart.TIP_WIDTH <= chart.RIGHT for point in drawn.points)
    assert drawn.ticks[-1].amount >= max(amounts)


def test_a_small_line_has_a_place_for_each_value():
    assert chart.spark([1, 2, 3]).count("C") == 2
    assert chart.spark([]) == ""
