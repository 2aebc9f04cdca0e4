"""One parameter of the node: a dataclass field with its description, choices and range."""

from __future__ import annotations

from dataclasses import Field, field
from typing import Any

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor

from fastdepth_ros.errors import UserError

FAR = 100.0  # m: more than any depth of a room, for the ranges of what is in metres
TYPES = {bool: 'true or false', int: 'an integer', float: 'a number', str: 'any string'}


def parameter(
    default: Any,
    description: str,
    choices: tuple[str, ...] = (),
    limits: tuple[float, float] | None = None,
    read_only: bool = False,
) -> Any:
    """A dataclass field whose metadata says what is allowed and what it means."""
    if read_only:
        description += '; read-only while the node runs'
    metadata = {
        'description': description,
        'choices': choices,
        'limits': limits,
        'read_only': read_only,
    }
    return field(default=default, metadata=metadata)


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
    kind = TYPES[type(spec.default)]
    return kind if limits is None else f'{kind} from {limits[0]:g} to {limits[1]:g}'


def descriptor_of(spec: Field[Any]) -> ParameterDescriptor:
    """The descriptor that `ros2 param describe` shows; rclpy enforces its range."""
    descriptor = ParameterDescriptor(
        description=spec.metadata['description'], read_only=spec.metadata['read_only']
    )
    if spec.metadata['choices']:
        descriptor.additional_constraints = allowed(spec)
    if spec.metadata['limits'] is not None:
        low, high = spec.metadata['limits']
        if type(spec.default) is int:
            descriptor.integer_range = [IntegerRange(from_value=low, to_value=high, step=1)]
        else:
            descriptor.floating_point_range = [FloatingPointRange(from_value=low, to_value=high)]
    return descriptor
