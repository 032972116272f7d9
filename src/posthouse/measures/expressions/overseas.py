"""快递出海: volumes abroad, trade supported, channels, operators and hubs."""

from typing import TYPE_CHECKING

from posthouse.measures.expressions.parks import valid_parks
from posthouse.measures.expressions.projects import done_projects
from posthouse.measures.expressions.returns import growth, returned
from posthouse.measures.forms import By, Parameters, Tables, flag, integer, months_to_date, valid_at_end
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


def cross_border_volume(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Cross-border volume returned, January to the last month of the period."""
    return returned(tables, period, "cross_border_volume", months_to_date(period))


def cross_border_volume_growth(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Cross-border volume to date less that of the same months of the base year, over the latter."""
    return growth(tables, period, "cross_border_volume", int(parameters["base_year"]))


def cross_border_trade_value(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Cross-border trade supported, January to the last month of the period."""
    return returned(tables, period, "cross_border_value_yuan", months_to_date(period))


def open_channels(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per channel, of one mode if `mode` names it: whether it is open."""
    channels = valid_at_end(tables["channels"], period)
    if "mode" in parameters:
        channels = channels.filter(channels.mode == str(parameters["mode"]))
    return channels.select(item="channel_id", numerator=flag(channels.is_open))


def international_backbone_operators(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per operator: whether it is recognised as an international backbone (empty: it is not)."""
    operators = valid_at_end(tables["operators"], period)
    return operators.select("brand", item="operator_id", numerator=flag(operators.is_international_backbone))


def cross_border_demonstration_projects(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per demonstration project done."""
    return done_projects(tables, period, "cross_border_demonstration")


def cross_border_hubs(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per hub for cross-border parcels."""
    return valid_parks(tables, period, "cross_border_hub").select("place", "item", numerator=integer(1))
