"""Turn world-atlas's land into outlines for our small maps: `python -m tools.land node_modules/world-atlas/land-50m.json`.

The file it writes holds rings of points in spherical Mercator, x eastward and y southward from the middle of the world,
in millionths of the world's width. Each ring is a list of whole numbers: the first point, then the steps to the next.
"""

import json
import sys
from pathlib import Path

from toadlane.ui.places import LAND, SCALE, mercator

Point = tuple[int, int]


def arcs(topology: dict) -> list[list[tuple[float, float]]]:
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * kx + tx, y * ky + ty))
        found.append(line)
    return found


def rings(topology: dict) -> list[list[Point]]:
    lines = arcs(topology)
    found = []
    for shape in topology["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]:
            outer = polygon[0]
            points = [point for n in outer for point in (lines[n] if n >= 0 else lines[~n][::-1])]
            found.append([(round(lon / 360 * SCALE), round(-mercator(lat) * SCALE)) for lon, lat in points])
    return found


def steps(ring: list[Point]) -> list[int]:
    flat, last = [], (0, 0)
    for point in ring:
        if point != last:
            flat += [point[0] - last[0], point[1] - last[1]]
            last = point
    return flat


if __name__ == "__main__":
    written = [steps(ring) for ring in rings(json.loads(Path(sys.argv[1]).read_text()))]
    LAND.write_text(json.dumps(written, separators=(",", ":")) + "\n")
    print(f"{len(written)} rings, {LAND.stat().st_size} bytes")
