"""`python -m posthouse_web.vendor [NODE_MODULES]`: copy the front-end files that the console serves into static/vendor.

They come from the packages pinned in package-lock.json (`npm ci`), never from a network at run time. Where they are
missing the console works on, without charts and without the moving map: the tables and the drawn map say the same.
"""

import shutil
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent / "static" / "vendor"
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.js": "echarts/dist/echarts.common.min.js",
    "maplibre.js": "maplibre-gl/dist/maplibre-gl-csp.js",
    "maplibre-worker.js": "maplibre-gl/dist/maplibre-gl-csp-worker.js",
    "maplibre.css": "maplibre-gl/dist/maplibre-gl.css",
    "LICENSE-htmx.txt": "htmx.org/LICENSE",
    "LICENSE-echarts.txt": "echarts/LICENSE",
    "LICENSE-maplibre.txt": "maplibre-gl/dist/LICENSE.txt",
}
"""Name in static/vendor: file in node_modules. The csp builds of MapLibre need no script made at run time."""


def copy_files(modules: Path, target: Path = TARGET) -> list[str]:
    """Copy the files that are there and return the names of those that are not."""
    missing = [name for name, file in FILES.items() if not (modules / file).is_file()]
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES.keys() - set(missing):
        shutil.copyfile(modules / FILES[name], target / name)
    return missing


def main() -> int:
    """Copy, say what is missing, and return the exit code."""
    modules = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("node_modules")
    missing = copy_files(modules)
    if missing:
        print(
            f"{modules} 中缺少 {'、'.join(sorted(missing))}。控制台照常可用，没有图表。请运行 npm ci 后重试。",
            file=sys.stderr,
        )
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
