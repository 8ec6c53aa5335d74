"""The demo's totals as a chart: a PNG, and one in the terminal."""

from pathlib import Path

import matplotlib as mpl
import plotext

from demo.totals import Series

mpl.use("Agg")  # draws without a screen
from matplotlib import dates as axis_dates
from matplotlib import pyplot

CHARTED = ("killed", "missing", "injured")
WIDTH, HEIGHT = 78, 18
MARKERS = "•x+o*#"


def draw_image(series: list[Series], file: Path) -> None:
    """A panel a situation; the band is where sources differ."""
    names = sorted({s.situation for s in series})
    figure, panels = pyplot.subplots(1, len(names), figsize=(5.2 * len(names), 4.2), squeeze=False)
    for panel, name in zip(panels[0], names, strict=True):
        for line in charted(series, name):
            days = sorted(line.days)
            best = [line.days[d][1] for d in days]
            low = [line.days[d][0] or line.days[d][1] for d in days]
            high = [line.days[d][2] or line.days[d][1] for d in days]
            panel.plot(days, best, marker="o", label=line.label)
            panel.fill_between(days, low, high, alpha=0.2)
        panel.set_title(name)
        panel.set_ylim(bottom=0)
        panel.xaxis.set_major_formatter(axis_dates.DateFormatter("%-d %b"))
        panel.grid(alpha=0.3)
        panel.legend()
    figure.suptitle("Running totals as reported, by day")
    figure.tight_layout()
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


def draw_text(series: list[Series], situation: str, in_colour: bool) -> str:
    """One situation, for the terminal."""
    lines = charted(series, situation)
    shown = sorted({day for line in lines for day in line.days})
    figure = plotext.figure
    figure.clear()
    figure.plot_size(WIDTH, HEIGHT)
    for line, marker in zip(lines, MARKERS, strict=False):
        days = sorted(line.days)
        signal = figure.signal([d.toordinal() for d in days], [line.days[d][1] for d in days], marker=marker)
        signal.lines()
        signal.label(line.label)
        figure.draw(signal)
    figure.ruler("x").ticks([d.toordinal() for d in shown], [f"{d:%-d %b}" for d in shown])
    figure.ruler("y").lim(0, max(best or 0 for line in lines for _, best, _ in line.days.values()))
    figure.title(situation)
    return str(figure.build().string(colorless=not in_colour))


def charted(series: list[Series], situation: str) -> list[Series]:
    """The lines worth drawing together: counts of people that have a like scale."""
    return [s for s in series if s.situation == situation and s.metric in CHARTED and s.unit == "person"]
