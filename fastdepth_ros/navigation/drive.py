"""The drive through the simulated room that fills the costmaps."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.files import write_atomically
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.point_cloud import CloudOptions, PointCloudBuilder
from fastdepth_ros.geometry.pose import up_of_mount
from fastdepth_ros.navigation.costmap import Costmap, CostmapOptions
from fastdepth_ros.navigation.obstacle_score import TOLERANCE, ObstacleScore, score_obstacles
from fastdepth_ros.navigation.picture import draw_costmaps
from fastdepth_ros.scale.evidence import Evidence, KnownFloor
from fastdepth_ros.scale.measurement import GROUND
from fastdepth_ros.scale.tracker import ScaleTracker, TrackerOptions
from fastdepth_ros.simulation.room.path import Pose, robot_path
from fastdepth_ros.simulation.room.render import RoomRenderer
from fastdepth_ros.simulation.room.scene import Room, build_room
from fastdepth_ros.simulation.sensors import SensorOptions, lidar_row

CAMERA = Intrinsics.from_hfov(640, 480, 63.0)
NETWORK, SCALED, CONSTANT, TRUE = 'network', 'network, scaled', 'constant', 'true depth'
BY_HEIGHT = 'network, by height'  # as the node with camera_height
BY_LIDAR = 'network, by lidar'  # as the node with scan_topic, a level lidar at the camera
ORDER = (NETWORK, BY_HEIGHT, BY_LIDAR, SCALED, CONSTANT, TRUE)
RATE = 10.0  # images a second, for the running scale


def report_costmaps(args: argparse.Namespace) -> None:
    """Drives through each room and prints what was found."""
    estimator = DepthEstimator(args.model, num_threads=args.threads)
    options = CostmapOptions()
    totals: dict[str, ObstacleScore] = {}
    maps: dict[str, Costmap] = {}
    errors: dict[str, list[float]] = {}
    for seed in args.seeds:
        print(f'driving through the room of seed {seed}', file=sys.stderr, flush=True)
        maps = fill_costmaps(args, estimator, seed, options, errors)
        for name, costmap in maps.items():
            score = score_obstacles(costmap.cells, maps[TRUE].cells)
            totals[name] = totals[name] + score if name in totals else score
    settings = {
        'model': args.model,
        'seeds': args.seeds,
        'frames': args.frames,
        'camera_height': args.camera_height,
        'edge_threshold': args.edge_threshold,
        'tolerance_cells': TOLERANCE,
        **asdict(options),
    }
    if args.json:
        rows = {
            name: {**score.to_json(), 'absrel': float(np.mean(errors[name]))}
            for name, score in totals.items()
        }
        print(json.dumps({'settings': settings, 'maps': rows}, indent=2))
    else:
        print(to_table(totals, errors, settings))
    if args.picture:
        write_atomically(args.picture, draw_costmaps({n: m.cells for n, m in maps.items()}))
        print('wrote', args.picture, file=sys.stderr)


def fill_costmaps(
    args: argparse.Namespace,
    estimator: DepthEstimator,
    seed: int,
    options: CostmapOptions,
    errors: dict[str, list[float]],
) -> dict[str, Costmap]:
    """One map for each kind of depth, after one round through the room of this seed.

    `errors` gets each image's AbsRel.
    """
    room = build_room(seed)
    builder = PointCloudBuilder(CloudOptions(edge_threshold=args.edge_threshold))
    floor = Evidence(KnownFloor(up_of_mount(0.0, 0.0), args.camera_height))
    by_height, by_lidar = NodeScale(GROUND), NodeScale('scan')
    rng = np.random.default_rng(seed)
    maps: dict[str, Costmap] = {}
    for pose, image, truth in views(room, seed, args.frames, args.camera_height):
        depths = dict(depths_of(estimator, image, truth))
        scan = Evidence(points={'scan': lidar_row(truth, CAMERA, SensorOptions(), rng)})
        depths[BY_HEIGHT] = by_height(depths[NETWORK], floor)
        depths[BY_LIDAR] = by_lidar(depths[NETWORK], scan)
        for name in sorted(depths, key=ORDER.index):
            depth = depths[name]
            errors.setdefault(name, []).append(absrel(depth, depths[TRUE]))
            costmap = maps.setdefault(name, Costmap(room.size[:2], options))
            costmap.update(points_in_room(builder, depth, pose), np.array(pose.position))
    return maps


def views(
    room: Room, seed: int, frames: int, height: float
) -> Iterator[tuple[Pose, np.ndarray, np.ndarray]]:
    """(pose, image, true depth) of one round through the room, CAMERA at `height` m."""
    renderer = RoomRenderer(room, CAMERA, seed)
    for pose in robot_path(room.size, frames, height):
        image, truth = renderer.render(pose)
        yield pose, image, truth


def depths_of(
    estimator: DepthEstimator, image: np.ndarray, truth: np.ndarray
) -> Iterator[tuple[str, np.ndarray]]:
    """Name and (h, w) float32 metres, all at the network's size."""
    depth = estimator.estimate(image, CAMERA)
    rows = (np.arange(depth.shape[0]) + 0.5) * truth.shape[0] / depth.shape[0]
    columns = (np.arange(depth.shape[1]) + 0.5) * truth.shape[1] / depth.shape[1]
    true = truth[np.ix_(rows.astype(int), columns.astype(int))]
    yield NETWORK, depth
    yield SCALED, depth * np.float32(np.nanmedian(true) / np.nanmedian(depth))
    median = estimator.metadata.training.get('median_depth')
    if median is not None:
        yield CONSTANT, np.full_like(depth, median)
    yield TRUE, true


class NodeScale:
    """What the node makes of the depth with one source of scale."""

    def __init__(self, source: str) -> None:
        self._tracker = ScaleTracker(TrackerOptions(sources={source: ''}))
        self._time = 0.0

    def __call__(self, depth: np.ndarray, evidence: Evidence) -> np.ndarray:
        """(h, w) float32 metres of the next image, a buffer that is kept."""
        self._time += 1 / RATE
        camera = CAMERA.resized(depth.shape[1], depth.shape[0])
        return self._tracker.correct(depth, camera, self._time, evidence, self._time)


def absrel(depth: np.ndarray, true: np.ndarray) -> float:
    """Mean |depth - true| / true where there is depth."""
    return float(np.nanmean(np.abs(depth / true - 1)))


def points_in_room(builder: PointCloudBuilder, depth: np.ndarray, pose: Pose) -> np.ndarray:
    """(h, w, 3) metres in the room, by the arithmetic of depth/points."""
    points = np.empty(builder.shape(depth), np.float32)
    builder.write(depth, CAMERA.resized(depth.shape[1], depth.shape[0]), points)
    return points @ pose.axes().T.astype(np.float32) + np.array(pose.position, np.float32)


def to_table(
    totals: dict[str, ObstacleScore], errors: dict[str, list[float]], settings: dict[str, object]
) -> str:
    """At most 80 characters a line."""
    shown = {k: settings[k] for k in ('seeds', 'frames', 'camera_height', 'edge_threshold')}
    lines = [
        ', '.join(f'{key} {value}' for key, value in shown.items()),
        'resolution {resolution} m, obstacles {min_obstacle_height} to {max_obstacle_height} m '
        'high,'.format(**settings),
        'marked up to {obstacle_max_range} m, cleared up to {raytrace_max_range} m, '
        'within {tolerance_cells} cells'.format(**settings),
        '',
        f'{"obstacle cells":<18}{"found":>8}{"missed":>8}{"recall":>8}'
        f'{"invented":>10}{"blocked":>9}{"of free":>9}{"AbsRel":>8}',
    ]
    for name, s in totals.items():
        lines.append(
            f'{name:<18}{s.found:8}{s.missed:8}{s.recall:8.3f}'
            f'{s.invented:10}{s.blocked:9}{s.blocked_share:9.3f}{np.mean(errors[name]):8.3f}'
        )
    lines.append("scaled: each image's depth by the median of the truth; by height, by lidar: as")
    lines.append('the node scales it that is told camera_height, or hears a level lidar')
    return '\n'.join(lines)
