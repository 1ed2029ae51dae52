"""All methods by their names in survey files and receipts."""

from .balanced import BALANCED_METHODS
from .methods import PROTOCOL_METHODS
from .pps import PPS_METHODS

METHODS = {**PROTOCOL_METHODS, **PPS_METHODS, **BALANCED_METHODS}
