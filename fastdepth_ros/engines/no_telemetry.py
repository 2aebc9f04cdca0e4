"""Imported before OpenVINO, which otherwise tells Google Analytics of every import.

From 2023 on `import openvino` sends an event and keeps an identity in ~/intel where the package
openvino_telemetry is installed, which pip does. A robot's node opens no such connection.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import cast

# As if it were not installed: OpenVINO then takes a stand-in of its own that does nothing.
sys.modules.setdefault('openvino_telemetry', cast(ModuleType, None))
