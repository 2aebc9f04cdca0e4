"""The node's parameters: one dataclass whose fields say what is allowed and what it means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from rclpy.node import Node
from rclpy.parameter import Parameter

from fastdepth_ros.budget.scheduling import parse_cores
from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.engines.registry import ENGINES, PRECISIONS
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.distortion import RECTIFY_MODES
from fastdepth_ros.geometry.view import FITS, LONGEST_SIDE
from fastdepth_ros.ros.parameter_field import FAR, check_value, descriptor_of, parameter
from fastdepth_ros.ros.scale_parameters import ScaleParameters
from fastdepth_ros.share import NAMES

NARROWEST = 1.0  # degrees of a lens; far below, the focal length overflows


@dataclass(frozen=True)
class NodeParameters(ScaleParameters):
    """What the node was asked for. What is not read-only takes effect from the next image on."""

    model: str = parameter(
        'default', f"the model to run: {NAMES}, which are shipped, or a file's path"
    )
    engine: str = parameter(
        'auto',
        'what runs the model; auto takes the fastest engine installed that can run the file',
        choices=('auto', *ENGINES),
    )
    precision: str = parameter(
        'auto',
        'the arithmetic of the engine; auto takes the fastest one that this CPU has',
        choices=('auto', *PRECISIONS),
    )
    num_threads: int = parameter(
        1, 'threads that inference may use', limits=(1, available_cores())
    )
    max_rate: float = parameter(
        0.0, 'images a second that are processed, at most; 0 is no limit', limits=(0.0, 240.0)
    )
    cpu_budget: float = parameter(
        0.0,
        'share of one core that the process may take; images are left out evenly to hold it; 0 is '
        'no limit',
        limits=(0.0, float(available_cores())),
    )
    cpu_affinity: str = parameter(
        '', "cores for all threads of the process, such as 2,3 or 0-1; '' is all that it may use"
    )
    nice: int = parameter(
        0,
        'of all threads of the process, if it is more than they have; 0 is as it was started; '
        'only root can lower it again',
        limits=(0, 19),
    )
    autostart: bool = parameter(
        True,
        'configure and activate at the start; false under a lifecycle manager',
        read_only=True,
    )

    image_transport: str = parameter(
        'raw',
        'raw subscribes to the image topic, compressed to its /compressed (jpeg or png)',
        choices=('raw', 'compressed'),
        read_only=True,
    )
    reliability: str = parameter(
        'auto',
        'QoS of the image subscription; auto is reliable while every publisher of the topic is, '
        'else best_effort; qos_overrides win',
        choices=('auto', 'reliable', 'best_effort'),
        read_only=True,
    )
    camera_info_url: str = parameter(
        '',
        'calibration YAML that stands in while no camera_info comes: a path, file://PATH or '
        "package://NAME/PATH; '' is none",
    )
    horizontal_fov: float = parameter(
        0.0,
        'horizontal field of view in degrees, from 1, that stands in while no camera_info comes; '
        '0 is unknown',
        limits=(0.0, 170.0),
    )

    fit: str = parameter(
        'stretch',
        'how the image becomes the input of the network: stretch the whole, crop the middle, or '
        'letterbox the whole with its proportions',
        choices=FITS,
    )
    rectify: str = parameter(
        'auto',
        'undistort the image; auto does where camera_info has distortion and the topic is not '
        'named *rect*',
        choices=RECTIFY_MODES,
    )
    registered: bool = parameter(
        False,
        'depth of the size and the pixel grid of the camera image, rectified where rectify does '
        'that, NaN outside a crop',
    )
    output_width: int = parameter(
        0,
        "width of depth/image in pixels; 0 follows output_height, or is the network's",
        limits=(0, LONGEST_SIDE),
    )
    output_height: int = parameter(
        0,
        "height of depth/image in pixels; 0 follows output_width, or is the network's",
        limits=(0, LONGEST_SIDE),
    )

    flip: bool = parameter(
        False, 'the mean with the depth of the mirror image: a little better, in twice the time'
    )
    max_error: float = parameter(
        0.0,
        'relative error, as the model expects it, from which on a pixel is NaN in all outputs, '
        'such as 0.25; 0 keeps all; needs a model that tells it',
        limits=(0.0, 10.0),
    )
    min_range: float = parameter(
        0.0,
        'm from the camera, and for depth/scan from the origin of the scan_frame; nearer points '
        'and returns are left out',
        limits=(0.0, FAR),
    )
    max_range: float = parameter(
        0.0,
        'm, from where min_range counts; farther points and returns are left out; 0 is no limit',
        limits=(0.0, FAR),
    )
    edge_threshold: float = parameter(
        0.0,
        'relative jump of depth between neighbours from which on flying pixels are left out of '
        'points and scan; 0 keeps all, 0.1 is a good start',
        limits=(0.0, 10.0),
    )
    points_stride: int = parameter(
        1, 'depth/points has every n-th row and column of the depth', limits=(1, 64)
    )
    points_color: bool = parameter(False, 'depth/points with the colour of the image, as rgb')

    scan_frame: str = parameter(
        '',
        "frame of depth/scan (x forward, z up); '' is the camera's without '_optical'",
    )
    scan_min_height: float = parameter(
        -0.1, 'm, along z of the scan_frame; lower returns are the floor', limits=(-FAR, FAR)
    )
    scan_max_height: float = parameter(
        0.3, 'm, along z of the scan_frame; higher returns are passed under', limits=(-FAR, FAR)
    )
    use_tf: bool = parameter(
        False,
        'look the scan_frame up in tf (tf2_ros); false takes it at the camera, level',
        read_only=True,
    )

    color_max_depth: float = parameter(
        6.0, 'm that is yellow in depth/color; fixed: nothing flickers', limits=(0.1, FAR)
    )

    def check(self) -> NodeParameters:
        """Returns itself; UserError for values that do not go together."""
        if self.registered and (self.output_width or self.output_height):
            raise UserError(
                "parameter registered is true: the depth then has the image's size, so "
                'output_width and output_height must be 0, but they are '
                f'{self.output_width} and {self.output_height}'
            )
        if 0 < self.horizontal_fov < NARROWEST:
            raise UserError(
                f'parameter horizontal_fov is {self.horizontal_fov:g}: allowed are 0, for '
                f'unknown, and {NARROWEST:g} to 170 degrees'
            )
        for low, high in (('min_range', 'max_range'), ('scan_min_height', 'scan_max_height')):
            least, most = getattr(self, low), getattr(self, high)
            if least >= most and (high != 'max_range' or most):
                raise UserError(f'parameter {low} is {least:g}: below {high}, {most:g}, is due')
        cores = len(parse_cores(self.cpu_affinity))
        if self.num_threads > cores:
            raise UserError(
                f'parameter num_threads is {self.num_threads}: cpu_affinity '
                f"'{self.cpu_affinity}' leaves {cores}"
            )
        self.check_scale()
        return self

    def changed(self, changes: Iterable[Parameter]) -> NodeParameters:
        """With those of the changes that are fields; UserError as for values at the start."""
        specs = {spec.name: spec for spec in fields(self)}
        values = {change.name: change.value for change in changes if change.name in specs}
        for name, value in values.items():
            check_value(specs[name], value)
        return replace(self, **values).check()


def declare_parameters(node: Node) -> NodeParameters:
    """Declares every field on the node and returns the values that the user gave.

    UserError names a value of the wrong type, outside the range or not among the choices.
    """
    given = {name: p.value for name, p in node._parameter_overrides.items()}  # no public reader
    values = {}
    for spec in fields(NodeParameters):
        value = given.get(spec.name, spec.default)
        if type(spec.default) is float and type(value) is int:  # max_rate:=10
            value = float(value)
        check_value(spec, value)
        values[spec.name] = node.declare_parameter(
            spec.name, value, descriptor_of(spec), ignore_override=True
        ).value
    return NodeParameters(**values).check()


def warn_of_unknown(node: Node) -> None:
    """Names the given parameters that are none of this node's; called when all are declared."""
    unknown = [name for name in node._parameter_overrides if not node.has_parameter(name)]
    if unknown:
        node.get_logger().warning(
            f'unknown parameters without effect: {", ".join(sorted(unknown))}; '
            f'known are {", ".join(spec.name for spec in fields(NodeParameters))}'
        )
