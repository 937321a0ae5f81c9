#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A card with a bridge is plugged in, in front of the recorded ones, after the image was loaded: stop."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated
from harness.gated import BEHIND_CARD, FRONT_SLOT, plugged_in_front


def test(tap):
    gated.stops_in_front(tap, gated.run(tap, name="gated-in-front", **plugged_in_front()))

    # What Linux does without the stage.
    truth = checks.run(tap, **gated.settings(name="gated-in-front-truth", words="pcigate=off", **plugged_in_front()))
    checks.linux_moves(tap, truth, {BEHIND_CARD: f"{FRONT_SLOT}/0000:02:00.0/0000:03:00.0/{BEHIND_CARD}"})


checks.main(test)
