"""The shared-memory profile for Fast DDS: docs/transport.md."""

from __future__ import annotations

import os

PROFILE = 'config/fastdds_shm.xml'  # of the share directory
OLD_VARIABLE = 'FASTRTPS_DEFAULT_PROFILES_FILE'  # on Humble and Jazzy; later ones warn of it
NEW_VARIABLE = 'FASTDDS_DEFAULT_PROFILES_FILE'


def profile_variable() -> str:
    """The environment variable that names the profile to the Fast DDS of this ROS."""
    old = os.environ.get('ROS_DISTRO') in ('humble', 'jazzy')
    return OLD_VARIABLE if old else NEW_VARIABLE
