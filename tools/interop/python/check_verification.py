"""Checks layout, digits and numbers of the verify_*.csv files that RTL tests read."""

import os
import re

import numpy as np
from checks import Checks, largest_difference, manifest, require

FIELD = re.compile(r"-?\d+\.\d{12}")
TRIGGER_CELLS = 48


def read(run, name, width):
    """Numbers of a file: no header, commas, twelve decimals, `run["rows"]` lines."""
    with open(os.path.join(run["exports"], name), encoding="ascii") as file:
        text = file.read()
    require(text.endswith("\n"), "the last line has no end")
    lines = text[:-1].split("\n")
    require(len(lines) == run["rows"], f"{len(lines)} rows, expected {run['rows']}")
    fields = [line.split(",") for line in lines]
    for row, line in enumerate(fields):
        require(len(line) == width, f"row {row + 1} has {len(line)} numbers, expected {width}")
        odd = [field for field in line if not FIELD.fullmatch(field)]
        require(not odd, f"row {row + 1} has '{odd[0] if odd else ''}', expected twelve decimals")
    return np.array(fields, dtype=np.float64)


def check_output(run):
    latent = np.load(run["latent"])
    output = read(run, "verify_output.csv", latent.shape[1])
    return f"largest difference {largest_difference(output, latent, run['absolute'], run['absolute']):.1e}"


def check_decoded(run):
    decoded = np.load(run["decoded"]).reshape(run["rows"], -1)
    shown = read(run, "verify_decoded.csv", decoded.shape[1])
    hidden = ((shown == 0) & (decoded > 0)).any(axis=0)
    require(hidden.sum() <= decoded.shape[1] - TRIGGER_CELLS, f"{hidden.sum()} pixels with charge are zero")
    largest = largest_difference(shown[:, ~hidden], decoded[:, ~hidden], run["absolute"], run["absolute"])
    return f"{hidden.sum()} hidden pixels, largest difference {largest:.1e}"


def check_decoded_cells(run):
    decoded = np.load(run["decoded"]).reshape(run["rows"], -1)
    cells = read(run, "verify_decoded_calQ.csv", TRIGGER_CELLS)
    for row, (values, pixels) in enumerate(zip(cells, decoded)):
        distance = np.abs(values[:, None] - np.append(pixels, 0.0)[None, :]).min(axis=1)
        require((distance <= run["absolute"]).all(), f"row {row + 1} has a number that the decoder did not give")


def check_inputs(run):
    """Charges, normalised image and image in counts (35 per transverse MIP) are one module."""
    image = np.load(run["image"]).reshape(run["rows"], -1)
    shown = read(run, "verify_input_ae.csv", image.shape[1])
    counts = read(run, "verify_input_ae_abs.csv", image.shape[1])
    charges = read(run, "verify_input_calQ.csv", TRIGGER_CELLS)
    largest_difference(shown, image, 1e-7, 0)
    largest_difference(counts.max(axis=1) / 35, charges.max(axis=1), 0, 1e-6)
    lit = shown > 0
    factors = np.where(lit, counts / np.where(lit, shown, 1), np.nan)
    spread = np.nanmax(factors, axis=1) / np.nanmin(factors, axis=1) - 1
    require((spread < 1e-4).all(), "the factor between counts and image changes within a row")


checks = Checks()
for run in manifest()["runs"]:
    for file, check in {
        "verify_input_*.csv": check_inputs,
        "verify_output.csv": check_output,
        "verify_decoded.csv": check_decoded,
        "verify_decoded_calQ.csv": check_decoded_cells,
    }.items():
        checks.run(f"{run['name']} {file}", check, run)
checks.exit()
