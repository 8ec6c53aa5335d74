"""A series with its band, drawn for the terminal or as PNG or SVG."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

ENDINGS = (".png", ".svg")
"""Of the files that are drawn."""

Line = Mapping[date, tuple[int | None, int | None, int | None]]
"""low, best, high by day."""


def draw_file(lines: Mapping[str, Line], file: Path, title: str) -> None:
    """By the file's ending: PNG or SVG. The band runs from low to high."""
    import matplotlib as mpl  # takes a second, which no other command needs to spend

    mpl.use("Agg")  # draws without a screen
    from matplotlib import pyplot
    from matplotlib.dates import date2num

    figure, panel = pyplot.subplots(figsize=(8, 4.5))
    for label, line in lines.items():
        days = sorted(day for day in line if line[day][1] is not None)
        at = date2num(days)
        panel.plot(at, [_or(line[d], 1) for d in days], marker="o", markersize=3, label=label)
        panel.fill_between(at, [_or(line[d], 0) for d in days], [_or(line[d], 2) for d in days], alpha=0.2)
    panel.set_title(title)
    panel.set_ylim(bottom=0)
    panel.grid(alpha=0.3)
    panel.legend()
    panel.xaxis_date()
    figure.autofmt_xdate()
    figure.tight_layout()
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


def _or(values: Sequence[int | None], which: int) -> int:
    """Low or high, or best where there is none."""
    value = values[1] if values[which] is None else values[which]
    return value or 0


def draw_text(lines: Mapping[str, Line], title: str, in_colour: bool) -> str:
    """For the terminal, 78 columns wide. Low and high are dotted beside the best."""
    import plotext

    figure = plotext.figure
    figure.clear()
    figure.plot_size(78, 18)
    shown = sorted({day for line in lines.values() for day in line})
    markers = dict(zip(lines, "•x+o*#", strict=False))
    for label, marker in markers.items():
        days = sorted(lines[label])
        for which in (0, 2):
            if any(_or(lines[label][day], which) != _or(lines[label][day], 1) for day in days):
                _draw_line(days, [_or(lines[label][day], which) for day in days], "·")
        _draw_line(days, [_or(lines[label][day], 1) for day in days], marker)
    ticks = shown[:: max(1, len(shown) // 6)]
    figure.ruler("x").ticks([d.toordinal() for d in ticks], [f"{d:%-d %b}" for d in ticks])
    figure.title(title)
    # Under the chart: plotext's own legend covers lines.
    legend = [f"  {marker} {label}" for label, marker in markers.items()]
    return "\n".join([str(figure.build().string(colorless=not in_colour)), *legend])


def _draw_line(days: Sequence[date], values: Sequence[int], marker: str) -> None:
    import plotext

    signal = plotext.figure.signal([day.toordinal() for day in days], list(values), marker=marker)
    signal.lines()
    plotext.figure.draw(signal)
