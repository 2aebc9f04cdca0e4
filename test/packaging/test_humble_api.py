"""What is used of rclpy is in Humble's, too, which cannot be run here."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Read in rclpy 3.3 (branch humble); what is not used by the package is left out.
NAMES = {
    'rclpy': {'init', 'shutdown', 'spin', 'spin_once', 'try_shutdown', 'ok'},
    'rclpy.callback_groups': {'CallbackGroup'},
    'rclpy.client': {'Client'},
    'rclpy.clock': {'Clock', 'ClockType', 'ROSClock'},
    'rclpy.context': {'Context'},
    'rclpy.exceptions': {'ParameterException'},
    'rclpy.executors': {'Executor', 'ExternalShutdownException', 'SingleThreadedExecutor'},
    'rclpy.impl.implementation_singleton': {'rclpy_implementation'},
    'rclpy.impl.rcutils_logger': {'RcutilsLogger'},
    'rclpy.lifecycle': {'LifecycleNode', 'LifecycleState', 'TransitionCallbackReturn'},
    'rclpy.logging': {'get_logger'},
    'rclpy.node': {'Node'},
    'rclpy.parameter': {'Parameter'},
    'rclpy.publisher': {'Publisher'},
    'rclpy.qos': {
        *('DurabilityPolicy', 'HistoryPolicy', 'QoSPolicyKind', 'QoSProfile'),
        *('ReliabilityPolicy', 'qos_profile_sensor_data'),
    },
    'rclpy.qos_event': {
        *('PublisherEventCallbacks', 'SubscriptionEventCallbacks', 'UnsupportedEventTypeError'),
    },
    'rclpy.qos_overriding_options': {'InvalidQosOverridesError', 'QoSOverridingOptions'},
    'rclpy.serialization': {'deserialize_message'},
    'rclpy.service': {'Service'},
    'rclpy.signals': {'SignalHandlerOptions'},
    'rclpy.subscription': {'Subscription'},
    'rclpy.time': {'Time'},
    'rclpy.waitable': {'Waitable'},
}
# Methods, properties and members of these, and of what they give.
ATTRIBUTES = {
    *('KEEP_ALL', 'call_async', 'create_client', 'destroy_client', 'result', 'service_is_ready'),
    *('debug', 'to_parameter_msg'),
    *('BEST_EFFORT', 'DURABILITY', 'FAILURE', 'KEEP_LAST', 'NO', 'RCLError', 'RELIABILITY'),
    *('RELIABLE', 'STEADY_TIME', 'SUCCESS', 'SYSTEM_DEFAULT', 'TRANSIENT_LOCAL', 'add_node'),
    *('add_on_set_parameters_callback', 'callback', 'can_execute', 'count_subscribers'),
    *('create_publisher', 'create_subscription', 'create_timer', 'declare_parameter', 'depth'),
    *('destroy', 'destroy_node', 'destroy_publisher', 'destroy_subscription', 'done', 'error'),
    *('fatal', 'from_msg', 'get_clock', 'get_fully_qualified_name', 'get_logger'),
    *('get_publishers_info_by_topic', 'get_subscription_count', 'get_topic_names_and_types'),
    *('handle', 'has_parameter', 'info', 'init', 'last_policy_kind', 'name', 'nanoseconds', 'now'),
    *('ok', 'publish', 'qos_profile', 'reliability', 'resolve_topic_name', 'ros_time_is_active'),
    *('shutdown', 'sleep'),
    *('spin', 'spin_once', 'to_msg', 'topic_name', 'total_count_change', 'trigger_activate'),
    *('trigger_configure', 'try_shutdown', 'value', 'values', 'warning', 'with_default_policies'),
}
KEYWORDS = {
    'Clock': {'clock', 'clock_type'},  # the first is of rosgraph_msgs' Clock
    'PublisherEventCallbacks': {'incompatible_qos', 'use_default_callbacks'},
    'QoSProfile': {'depth', 'durability', 'history', 'reliability'},
    'SubscriptionEventCallbacks': {'incompatible_qos', 'message_lost', 'use_default_callbacks'},
    'create_publisher': {'callback_group', 'event_callbacks', 'qos_overriding_options'},
    'create_subscription': {
        *('callback_group', 'event_callbacks', 'qos_overriding_options', 'raw'),
    },
    'create_timer': {'callback_group', 'clock'},
    'declare_parameter': {'descriptor', 'ignore_override', 'value'},
    'destroy_subscription': set(),
    'init': {'args', 'context', 'domain_id', 'signal_handler_options'},
    'spin_once': {'executor', 'timeout_sec'},
    'with_default_policies': {'callback', 'entity_id'},
}
POSITIONAL = {  # as many at most, where a newer rclpy takes more
    'create_publisher': 3,
    'create_subscription': 4,
    'create_timer': 4,
    'declare_parameter': 4,
    'get_logger': 0,
    'get_publishers_info_by_topic': 2,
}
ELSEWHERE = {
    'ExitStack',
    'call',
    'status',
    'SIGINT',
    'SIGTERM',
    'array',
    'cast',
    'stamp',
    'time',
    'version',
    'wraps',
}  # other things'


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """Each file of the package that has to do with rclpy, and the launch files."""
    for path in sorted([*ROOT.glob('fastdepth_ros/**/*.py'), *ROOT.glob('launch/*.py')]):
        text = path.read_text(encoding='utf-8')
        if 'rclpy' in text or 'ros' in path.relative_to(ROOT).parts:
            yield path, ast.parse(text)


def imported(tree: ast.Module) -> set[tuple[str, str]]:
    """(module, name) of rclpy, but for those that `except ImportError` replaces."""
    tried = [node for node in ast.walk(tree) if isinstance(node, ast.Try) and falls_back(node)]
    optional = {id(inner) for node in tried for inner in node.body}
    return {
        (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and id(node) not in optional
        for alias in node.names
        if node.module and node.module.split('.')[0] == 'rclpy'
    }


def falls_back(node: ast.Try) -> bool:
    return any(isinstance(h.type, ast.Name) and h.type.id == 'ImportError' for h in node.handlers)


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, 'id', '')


def known_here() -> set[str]:
    """Every name that the installed rclpy has on a class or module of its own."""
    rclpy = pytest.importorskip('rclpy')
    names: set[str] = set()
    for info in pkgutil.walk_packages(rclpy.__path__, 'rclpy.'):
        if '._' in info.name or info.name == 'rclpy.qos_event':  # the latter warns that it is old
            continue
        module = importlib.import_module(info.name)
        classes = [v for v in vars(module).values() if isinstance(v, type)]
        own = [c for c in classes if c.__module__.startswith('rclpy')]
        names.update(vars(module), *(set(dir(c)) for c in own))
    return {name for name in names if not name.startswith('_')}


def wrong_calls(tree: ast.AST) -> list[str]:
    """Calls that Humble's rclpy would refuse."""
    wrong = []
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = called(node)
        given = {keyword.arg for keyword in node.keywords if keyword.arg}
        extra = given - KEYWORDS[name] if name in KEYWORDS else set()
        wrong += [f'{name}({keyword}=) in line {node.lineno}' for keyword in sorted(extra)]
        method = isinstance(node.func, ast.Attribute)
        if method and len(node.args) > POSITIONAL.get(name, 99):
            wrong.append(f'{name} of {len(node.args)} arguments in line {node.lineno}')
    return wrong


def test_what_is_imported_is_in_humble() -> None:
    found = {pair: path for path, tree in trees() for pair in imported(tree)}
    assert ('rclpy.node', 'Node') in found
    for (module, name), path in found.items():
        assert name in NAMES.get(module, ()), f'{module}.{name} in {path}'


def test_what_is_accessed_is_in_humble() -> None:
    ours = {
        node.attr: path
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
    }
    plain = {name for kind in (str, bytes, list, dict, set, int) for name in dir(kind)}
    suspects = (ours.keys() & known_here()) - plain - ELSEWHERE
    assert 'create_subscription' in suspects
    for name in sorted(suspects - ATTRIBUTES):
        pytest.fail(f'{name} in {ours[name]} is in rclpy here; if in Humble, too, list it')


def test_calls_are_as_in_humble() -> None:
    for path, tree in trees():
        assert not wrong_calls(tree), path


@pytest.mark.parametrize('text', [
    'node.create_timer(1.0, tick, autostart=False)',  # since Jazzy
    "node.get_logger('child')",
    "self.create_subscription(Image, 'image', use, 1, content_filter_options=options)",
])  # fmt: skip
def test_newer_calls_are_found(text: str) -> None:
    assert len(wrong_calls(ast.parse(text))) == 1


def test_newer_imports_are_found_unless_there_is_another_way() -> None:
    line = 'from rclpy.event_handler import EventHandler'
    assert imported(ast.parse(line)) == {('rclpy.event_handler', 'EventHandler')}
    tried = f'try:\n    {line}\nexcept ImportError:\n    from rclpy.qos_event import Old\n'
    assert imported(ast.parse(tried)) == {('rclpy.qos_event', 'Old')}
