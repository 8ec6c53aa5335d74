"""A series with its band, drawn for the terminal or as PNG or SVG."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

Line = Mapping[date, tuple[int | None, int | None, int | None]]
"""low, best, high by day."""


def draw_file(lines: Mapping[str, Line], file: Path, title: str) -> None:
    """By the file's ending: PNG, SVG or PDF. The band runs from low to high."""
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
    """For the terminal, 78 columns wide."""
    import plotext

    figure = plotext.figure
    figure.clear()
    figure.plot_size(78, 18)
    shown = sorted({day for line in lines.values() for day in line})
    for label, marker in zip(lines, "•x+o*#", strict=False):
        days = sorted(lines[label])
        signal = figure.signal([d.toordinal() for d in days], [lines[label][d][1] or 0 for d in days], marker=marker)
        signal.lines()
        signal.label(label)
        figure.draw(signal)
    ticks = shown[:: max(1, len(shown) // 6)]
    figure.ruler("x").ticks([d.toordinal() for d in ticks], [f"{d:%-d %b}" for d in ticks])
    figure.title(title)
    return str(figure.build().string(colorless=not in_colour))
