from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from rclpy.context import Context
from rclpy.node import Node
from rclpy.parameter import Parameter
from ros_harness import NodeProcess

from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.errors import UserError
from fastdepth_ros.ros.parameters import NodeParameters, declare_parameters

CONFIG = Path(__file__).parents[2] / 'config' / 'depth.yaml'


@pytest.fixture
def context() -> Iterator[Context]:
    made = Context()
    made.init()
    yield made
    made.try_shutdown()


def node_with(context: Context, **values: object) -> Node:
    overrides = [Parameter(name, value=value) for name, value in values.items()]
    return Node('n', context=context, parameter_overrides=overrides)


def test_what_is_not_given_has_its_default(context: Context) -> None:
    found = declare_parameters(node_with(context, engine='torch', output_width=64))
    assert found == NodeParameters(engine='torch', output_width=64)


@pytest.mark.parametrize(
    ('name', 'value', 'message'),
    [
        ('engine', 'tensorrt', "engine is 'tensorrt': allowed is one of auto, "),
        ('precision', 'int4', "precision is 'int4': allowed is one of auto, f32"),
        ('reliability', 'best', "is 'best': allowed is one of auto, reliable, best_effort"),
        (
            'num_threads',
            0,
            f'is 0: allowed is an integer from 1 to {available_cores()}',
        ),
        ('num_threads', 4097, 'num_threads is 4097'),
        ('num_threads', 1.0, 'num_threads is 1.0: allowed is an integer'),
        ('num_threads', True, 'num_threads is True: allowed is an integer'),
        ('num_threads', 'two', "num_threads is 'two': allowed is an integer"),
        ('output_width', -1, 'output_width is -1: allowed is an integer from 0 to 4096'),
        ('model', 5, 'model is 5: allowed is any string'),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    context: Context, name: str, value: object, message: str
) -> None:
    with pytest.raises(UserError, match=f'parameter.*{message}'):
        declare_parameters(node_with(context, **{name: value}))


@pytest.mark.parametrize(
    ('values', 'message'),
    [
        ({'registered': True, 'output_width': 64}, 'registered is true: .* output_width and'),
        ({'min_range': 3.0, 'max_range': 2.0}, 'min_range is 3: below max_range, 2, is due'),
        ({'horizontal_fov': 5e-324}, 'horizontal_fov is 4.94.*e-324: allowed are 0, .* 1 to 170'),
        ({'horizontal_fov': 0.9}, 'horizontal_fov is 0.9: allowed are 0, for unknown, and 1 to'),
        ({'scan_min_height': 0.3}, 'scan_min_height is 0.3: below scan_max_height, 0.3'),
    ],
)
def test_values_that_do_not_go_together_are_refused(
    context: Context, values: dict[str, object], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        declare_parameters(node_with(context, **values))
    assert declare_parameters(node_with(context, min_range=3.0)).min_range == 3, 'no limit'
    assert declare_parameters(node_with(context, horizontal_fov=1.0)).horizontal_fov == 1


def test_a_whole_number_will_do_for_a_fraction(context: Context) -> None:
    assert declare_parameters(node_with(context, max_rate=10)).max_rate == 10.0


def test_parameters_are_described(context: Context) -> None:
    node = node_with(context)
    declare_parameters(node)
    for name in vars(NodeParameters()):
        descriptor = node.describe_parameter(name)
        assert descriptor.description
        assert descriptor.read_only == ('read-only' in descriptor.description)
    assert node.describe_parameter('autostart').read_only
    assert not node.describe_parameter('fit').read_only
    limits = node.describe_parameter('max_rate').floating_point_range[0]
    assert (limits.from_value, limits.to_value) == (0, 240)
    limits = node.describe_parameter('num_threads').integer_range[0]
    assert (limits.from_value, limits.to_value) == (1, available_cores())
    choices = node.describe_parameter('reliability').additional_constraints
    assert choices == 'one of auto, reliable, best_effort'


@pytest.mark.ros
@pytest.mark.parametrize(
    ('argument', 'message'),
    [
        ('engine:=tensorrt', "parameter engine is 'tensorrt': allowed is one of auto"),
        ('num_threads:=9999', 'parameter num_threads is 9999: allowed is an integer from 1 to'),
        ('min_range:=101.0', 'min_range is 101.0: allowed is a number from 0 to 100'),
        ('registered:=1', 'registered is 1: allowed is true or false'),
        ('use_sim_time:=maybe', "'use_sim_time' to 'maybe'"),
        ('qos_overrides./image.subscription.depth:=-1', 'depth is -1'),
        ('qos_overrides./image.subscription.reliability:=maybe', 'reliable, best_effort'),
    ],
)
def test_the_node_exits_with_one_line(argument: str, message: str, stub_onnx: Path) -> None:
    root = ('-r', '__ns:=/', '-p', f'model:={stub_onnx}')  # where the topic is /image
    node = NodeProcess(*root, '-p', argument)
    assert node.wait() == 2
    assert len(node.lines) == 1, node.output
    assert node.lines[0].startswith('error: ')
    assert message in node.lines[0]


@pytest.mark.ros
def test_unreadable_ros_arguments_are_one_error(tmp_path: Path) -> None:
    node = NodeProcess('--params-file', str(tmp_path / 'none.yaml'))
    assert node.wait() == 2
    assert 'error: ROS arguments:' in node.lines[-1]
    assert 'none.yaml' in node.lines[-1]
    assert 'Traceback' not in node.output


@pytest.mark.ros
def test_a_name_that_is_no_parameter_is_warned_about(start) -> None:
    node, _ = start('-p', 'modle:=default')
    assert 'modle; known are ' in node.wait_for('unknown parameters without effect')


@pytest.mark.ros
def test_the_installed_params_file_holds_the_defaults(start) -> None:
    yaml = pytest.importorskip('yaml')
    values = yaml.safe_load(CONFIG.read_text())['/**']['ros__parameters']
    assert values == vars(NodeParameters())
    for spec in fields(NodeParameters):
        for choice in spec.metadata['choices']:
            assert choice in CONFIG.read_text(), spec.name
    node, _ = start('--params-file', str(CONFIG), '-p', 'model:=/none.onnx')
    assert '/none.onnx' in node.wait_for('error: ')
