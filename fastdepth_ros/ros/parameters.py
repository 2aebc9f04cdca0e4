"""The node's parameters: one dataclass whose fields say what is allowed and what it means."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any

from rcl_interfaces.msg import IntegerRange, ParameterDescriptor
from rclpy.node import Node

from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.engines.registry import ENGINES, PRECISIONS
from fastdepth_ros.errors import UserError

LARGEST_OUTPUT = 4096  # pixels a side


def _parameter(
    default: Any,
    description: str,
    choices: tuple[str, ...] = (),
    limits: tuple[int, int] | None = None,
) -> Any:
    metadata = {'description': description, 'choices': choices, 'limits': limits}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class NodeParameters:
    """What the node was started with; read-only while it runs."""

    model: str = _parameter(
        'default', "the model to run: 'default' for the one that is shipped, or a file's path"
    )
    engine: str = _parameter(
        'auto',
        'what runs the model; auto takes the fastest engine installed that can run the file',
        choices=('auto', *ENGINES),
    )
    precision: str = _parameter(
        'auto',
        'the arithmetic of the engine; auto takes the fastest one that this CPU has',
        choices=('auto', *PRECISIONS),
    )
    num_threads: int = _parameter(
        1, 'threads that inference may use', limits=(1, available_cores())
    )
    reliability: str = _parameter(
        'auto',
        'QoS of the image subscription; auto is reliable while every publisher of the topic is, '
        'else best_effort; qos_overrides win',
        choices=('auto', 'reliable', 'best_effort'),
    )
    output_width: int = _parameter(
        0, "width of depth/image in pixels; 0 is the network's", limits=(0, LARGEST_OUTPUT)
    )
    output_height: int = _parameter(
        0, "height of depth/image in pixels; 0 is the network's", limits=(0, LARGEST_OUTPUT)
    )

    @property
    def output_size(self) -> tuple[int, int] | None:
        """(width, height) of the depth, or None for the network's."""
        if (self.output_width == 0) != (self.output_height == 0):
            raise UserError(
                f'output_width is {self.output_width} and output_height is {self.output_height}: '
                "set both, or leave both at 0 for the network's size"
            )
        return (self.output_width, self.output_height) if self.output_width else None


def declare_parameters(node: Node) -> NodeParameters:
    """Declares every field on the node and returns the values that the user gave.

    UserError names a value of the wrong type, outside the range or not among the choices; a name
    that is no parameter of this node is warned about, since it has no effect.
    """
    given = {name: p.value for name, p in node._parameter_overrides.items()}  # no public reader
    values = {}
    for spec in fields(NodeParameters):
        check_value(spec, given.get(spec.name, spec.default))
        values[spec.name] = node.declare_parameter(
            spec.name, spec.default, descriptor_of(spec)
        ).value
    return NodeParameters(**values)


def warn_of_unknown(node: Node) -> None:
    """Names the given parameters that are none of this node's; called when all are declared."""
    unknown = [name for name in node._parameter_overrides if not node.has_parameter(name)]
    if unknown:
        node.get_logger().warning(
            f'unknown parameters without effect: {", ".join(sorted(unknown))}; '
            f'known are {", ".join(spec.name for spec in fields(NodeParameters))}'
        )


def check_value(spec: Field[Any], value: Any) -> None:
    """Raises a UserError that names the value and what is allowed."""
    choices, limits = spec.metadata['choices'], spec.metadata['limits']
    right_type = type(value) is type(spec.default)
    right_choice = not choices or value in choices
    if right_type and right_choice and (limits is None or limits[0] <= value <= limits[1]):
        return
    shown = f"'{value}'" if isinstance(value, str) else value
    raise UserError(f'parameter {spec.name} is {shown}: allowed is {allowed(spec)}')


def allowed(spec: Field[Any]) -> str:
    """What a parameter may be, in words."""
    choices, limits = spec.metadata['choices'], spec.metadata['limits']
    if choices:
        return f'one of {", ".join(choices)}'
    return 'any string' if limits is None else f'an integer from {limits[0]} to {limits[1]}'


def descriptor_of(spec: Field[Any]) -> ParameterDescriptor:
    """The descriptor that `ros2 param describe` shows; rclpy enforces its range."""
    descriptor = ParameterDescriptor(description=spec.metadata['description'], read_only=True)
    if spec.metadata['choices']:
        descriptor.additional_constraints = allowed(spec)
    if spec.metadata['limits'] is not None:
        low, high = spec.metadata['limits']
        descriptor.integer_range = [IntegerRange(from_value=low, to_value=high, step=1)]
    return descriptor
