"""The SROS 2 policy allows what a running node uses, no more and no less."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

POLICY = Path(__file__).resolve().parents[2] / 'config' / 'sros2.policy.xml'
CHILDREN = {  # element: (what may be in it, its attributes), as sros2's policy.xsd 0.2.0
    'policy': ({'enclaves'}, {'version'}),
    'enclaves': ({'enclave'}, set()),
    'enclave': ({'profiles'}, {'path'}),
    'profiles': ({'profile'}, set()),
    'profile': ({'topics', 'services'}, {'ns', 'node'}),
    'topics': ({'topic'}, {'publish', 'subscribe'}),
    'services': ({'service'}, {'reply', 'request'}),
    'topic': (set(), set()),
    'service': (set(), set()),
}


def allowed(kind: str, verb: str, namespace: str) -> set[str]:
    """Absolute names that the policy allows to a node in this namespace."""
    root = ElementTree.parse(POLICY).getroot()
    names = [
        (item.text or '').strip()
        for group in root.iter(f'{kind}s')
        if group.get(verb) == 'ALLOW'
        for item in group
    ]
    own = f'{namespace}/depth_node'
    named = (name.replace('~', own) for name in names)
    return {name if name.startswith('/') else f'{namespace}/{name}' for name in named}


def test_the_policy_is_of_the_schema() -> None:
    root = ElementTree.parse(POLICY).getroot()
    assert root.attrib == {'version': '0.2.0'}
    for element in root.iter():
        children, attributes = CHILDREN[element.tag]
        assert {child.tag for child in element} <= children
        assert set(element.attrib) <= attributes
        assert set(element.attrib) or element.tag not in ('topics', 'services')
        assert all(v == 'ALLOW' for k, v in element.attrib.items() if element.tag.endswith('s'))


@pytest.mark.ros
def test_it_is_what_a_running_node_uses(running) -> None:
    node, peer = running
    node.wait_for('depth')  # its first line
    ask, place = peer.node, ('depth_node', node.namespace)

    def names(get: Callable[..., list[tuple[str, list[str]]]]) -> set[str]:
        return {name for name, _ in get(*place)}

    uses = {
        ('topic', 'publish'): ask.get_publisher_names_and_types_by_node,
        ('topic', 'subscribe'): ask.get_subscriber_names_and_types_by_node,
        ('service', 'reply'): ask.get_service_names_and_types_by_node,
        ('service', 'request'): ask.get_client_names_and_types_by_node,
    }
    for (kind, verb), get in uses.items():
        due = allowed(kind, verb, node.namespace)
        peer.spin_until(lambda get=get, due=due: names(get) == due)
        assert names(get) == due, f'{verb} {kind}'
