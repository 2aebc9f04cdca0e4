"""Where the depth sensor is, seen from the colour camera: given by the user, or the bag's tf."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fastdepth_ros.bags.static_transforms import StaticTransforms
from fastdepth_ros.documents import MOST_YAML, parse_yaml_documents, read_text
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry import pose
from fastdepth_ros.geometry.quaternion import transform_matrix

NEEDED = (
    "--extrinsics takes x y z roll pitch yaw as the node's parameters, x y z qx qy qz qw of the "
    "optical frame, or a YAML file with 'translation' and 'rotation', or "
    "with the 'transforms' that `ros2 topic echo --once /tf_static` prints"
)
POSE = 7  # numbers
Given = np.ndarray | StaticTransforms | None  # what the user says of the extrinsics


def parse_extrinsics(words: Sequence[str]) -> Given:
    """(4, 4) pose of the depth sensor in the colour camera's frame, or a tree of frames.

    UserError says what is allowed.
    """
    if not words:
        return None
    numbers = ' '.join(words).replace(',', ' ').split()
    try:
        values = [float(number) for number in numbers]
    except ValueError:
        if len(words) == 1:
            return read_yaml(Path(words[0]))
        raise UserError(f"--extrinsics is '{' '.join(words)}': {NEEDED}") from None
    if len(values) == pose.POSE:
        return pose.in_optical_frame(pose.parse_pose('--extrinsics', ' '.join(words)))
    return checked_pose(values[:3], values[3:], f"'{' '.join(words)}'")


def read_yaml(path: Path) -> np.ndarray | StaticTransforms:
    """What a file says."""
    try:
        text = read_text(path, MOST_YAML)
        documents = [d for d in parse_yaml_documents(text) if d is not None]
    except (OSError, ValueError) as error:
        raise UserError(f"cannot read the extrinsics '{path}': {error}: {NEEDED}") from error
    if len(documents) == 1 and is_pose(documents[0]):
        return pose_of(documents[0], path)
    tree = StaticTransforms()
    for document in documents:
        items = document.get('transforms') if isinstance(document, dict) else None
        if not isinstance(items, list):
            raise UserError(f"'{path}' has no extrinsics: {NEEDED}")
        for item in items:
            add_transform(tree, item, path)
    return tree


def add_transform(tree: StaticTransforms, item: Any, path: Path) -> None:
    """One geometry_msgs/TransformStamped as YAML."""
    try:
        parent, child, pose = item['header']['frame_id'], item['child_frame_id'], item['transform']
    except (TypeError, KeyError) as error:
        raise UserError(f"'{path}' has a transform without frames: {NEEDED}") from error
    tree.add(str(parent), str(child), pose_of(pose, path))


def is_pose(values: Any) -> bool:
    """Whether it has a translation and a rotation."""
    return isinstance(values, dict) and {'translation', 'rotation'} <= values.keys()


def pose_of(values: Any, path: Path) -> np.ndarray:
    """(4, 4) of a translation and a rotation, each a list or by axis."""
    if not is_pose(values):
        raise UserError(f"'{path}' has a transform without translation and rotation: {NEEDED}")
    parts: list[list[float]] = []
    for key, axes in (('translation', 'xyz'), ('rotation', 'xyzw')):
        part = values[key]
        part = [part.get(axis) for axis in axes] if isinstance(part, dict) else part
        if not isinstance(part, list) or not all(type(x) in (int, float) for x in part):
            raise UserError(f"'{path}': {key} is {str(part)[:60]}: {NEEDED}")
        parts.append(part)
    return checked_pose(parts[0], parts[1], f"'{path}'")


def checked_pose(translation: list[float], rotation: list[float], what: str) -> np.ndarray:
    """(4, 4); UserError for another count of numbers, NaN, or a rotation of length 0."""
    count = len(translation) + len(rotation)
    if count != POSE or len(translation) != 3 or not np.isfinite([*translation, *rotation]).all():
        raise UserError(f'the extrinsics {what} are {count} numbers: {NEEDED}')
    if abs(float(np.linalg.norm(rotation)) - 1) > 0.01:
        raise UserError(
            f'the extrinsics {what} have a rotation that is no unit quaternion: {NEEDED}'
        )
    return transform_matrix(translation, rotation)


def find_extrinsics(
    given: Given, tf: StaticTransforms, image: str, depth: str
) -> tuple[np.ndarray, str] | None:
    """((4, 4) from the frame `depth` to the frame `image`, where it is from), or None."""
    if isinstance(given, np.ndarray):
        return given, '--extrinsics'
    for tree, name in ((given, '--extrinsics'), (tf, '/tf_static')):
        found = tree.find(image, depth) if tree is not None else None
        if found is not None:
            return found, name
    return None
