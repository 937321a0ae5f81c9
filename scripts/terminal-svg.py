#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Draws the text on standard input as a terminal, as an SVG on standard output (python3-rich)."""
import argparse
import io
import re
import sys

# One element for each piece of a line; the fonts are those of the reader's machine.
FORMAT = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<!-- SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause; made by scripts/terminal-svg.py -->
<style>
text {{ font: {char_height}px/{line_height}px monospace; white-space: pre; }}
{styles}
</style>
<defs>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})">
{backgrounds}
{matrix}
</g>
</svg>
"""
COLOURS_OF_TERMINAL = ((24, 24, 27), (212, 212, 216), [
    (63, 63, 70), (248, 113, 113), (74, 222, 128), (250, 204, 21),
    (96, 165, 250), (192, 132, 252), (103, 232, 249), (228, 228, 231)])
COLOURS = (
    (r"pcigate: OPEN", "bold green"),
    (r"pcigate: STOP", "bold red"),
    (r"pcigate: .*(MOVES|UNVERIFIED|\[)", "yellow"),
    (r"pcigate: ", "cyan"),
    (r"[$#] ", "bold white"),
    (r"", "white"),
)


def styled(line, text_type):
    """Styles a line. Its indentation is a piece of its own: librsvg drops the leading blanks of a piece."""
    text = line.lstrip(" ")
    style = next(style for pattern, style in COLOURS if re.match(pattern, text))
    return text_type(line[:len(line) - len(text)]).append(text, style)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--title", default="", help="title of the window")
    title = parser.parse_args().title
    draw(title)


def draw(title):
    # Imported after the arguments were checked: nothing else needs python3-rich.
    from rich.console import Console
    from rich.terminal_theme import TerminalTheme
    from rich.text import Text

    lines = sys.stdin.read().rstrip("\n").split("\n")
    console = Console(record=True, file=io.StringIO(), highlight=False, markup=False, emoji=False,
                      width=max(map(len, lines)))
    for line in lines:
        console.print(styled(line, Text))
    svg = console.export_svg(title=title, theme=TerminalTheme(*COLOURS_OF_TERMINAL), code_format=FORMAT, unique_id="t")
    sys.stdout.write(re.sub(r" +$", "", svg, flags=re.M))


main()
