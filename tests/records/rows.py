"""Small files of scans and channels that tests change in one place."""

import csv
import io

SCAN_HEADINGS = "event_id,waybill,brand,step,event_at,recorded_at,site,village,how,corrects"
CHANNEL_HEADINGS = "channel_id,name,mode,customs_modes,destination,is_open,departures_per_week"
CHANNEL = "C1,义新欧,rail,9710,ES,是,2"


def scan(
    event_id="1",
    *,
    waybill="YT7000000000001",
    brand="示例",
    step="accepted",
    event_at="2021-06-05 08:00:00",
    recorded_at=None,
    site="",
    village="",
    how="",
    corrects="",
):
    """One scan as a line of CSV; recorded when it happened unless said otherwise."""
    line = io.StringIO()
    cells = (event_id, waybill, brand, step, event_at, recorded_at or event_at, site, village, how, corrects)
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def scan_file(*lines, headings=SCAN_HEADINGS):
    return "\n".join((headings, *lines)) + "\n"
