"""The files of config/ that this project's own programs do not read."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from fastdepth_ros.ros.parameter_field import check_value
from fastdepth_ros.ros.parameters import NodeParameters

CONFIG = Path(__file__).parents[2] / 'config'
# what nav2_costmap_2d declares in Humble, Jazzy and Kilted alike
LAYER = {
    *('plugin', 'enabled', 'observation_sources', 'publish_voxel_map', 'origin_z'),
    *('z_resolution', 'z_voxels', 'max_obstacle_height', 'mark_threshold', 'inflation_radius'),
    'cost_scaling_factor',
}
SOURCE = {
    *('topic', 'data_type', 'marking', 'clearing', 'inf_is_valid', 'expected_update_rate'),
    *('min_obstacle_height', 'max_obstacle_height', 'obstacle_min_range', 'obstacle_max_range'),
    *('raytrace_min_range', 'raytrace_max_range'),
}
TOPICS = {'PointCloud2': '/depth/points', 'LaserScan': '/depth/scan'}


def load(name: str) -> Any:
    yaml = pytest.importorskip('yaml')
    return yaml.safe_load((CONFIG / name).read_text())


def layers(name: str) -> dict[str, dict[str, Any]]:
    costmap = load(name)['local_costmap']['local_costmap']['ros__parameters']
    return {plugin: costmap[plugin] for plugin in costmap['plugins']}


def sources(name: str) -> list[dict[str, Any]]:
    return [
        layer[source]
        for layer in layers(name).values()
        for source in layer.get('observation_sources', '').split()
    ]


COSTMAPS = ['nav2_costmap.yaml', 'nav2_costmap_scan.yaml']


@pytest.mark.parametrize('name', COSTMAPS)
def test_the_costmap_reads_a_topic_of_the_node_by_keys_that_nav2_has(name: str) -> None:
    assert sources(name)
    for source in sources(name):
        assert source['topic'] == TOPICS[source['data_type']]
        assert set(source) <= SOURCE
    for layer in layers(name).values():
        used = layer.get('observation_sources', '').split()
        assert set(layer) - set(used) <= LAYER


@pytest.mark.parametrize('name', COSTMAPS)
def test_all_that_is_marked_can_be_cleared(name: str) -> None:
    marked = [s['obstacle_max_range'] for s in sources(name) if s['marking']]
    cleared = [s['raytrace_max_range'] for s in sources(name) if s['clearing']]
    assert max(marked) < max(cleared)


def test_the_floor_clears_and_is_not_marked() -> None:
    mark, clear = sources('nav2_costmap.yaml')
    assert mark['marking']
    assert not mark['clearing']
    assert mark['min_obstacle_height'] > 0
    assert clear['clearing']
    assert not clear['marking']
    assert clear['min_obstacle_height'] < 0


def test_the_parameters_of_two_cameras_are_allowed() -> None:
    specs = {spec.name: spec for spec in fields(NodeParameters)}
    given = load('two_cameras.yaml')['/**']['ros__parameters']
    assert given
    for name, value in given.items():
        check_value(specs[name], value)


def test_the_fast_dds_profile_is_the_default_of_every_participant() -> None:
    root = ElementTree.parse(CONFIG / 'fastdds_shm.xml').getroot()
    space = {'d': root.tag.partition('}')[0].removeprefix('{')}
    (participant,) = root.findall('.//d:participant', space)
    assert participant.get('is_default_profile') == 'true'
    descriptors = {
        d.findtext('d:transport_id', '', space): d
        for d in root.findall('.//d:transport_descriptor', space)
    }
    used = [e.text for e in participant.findall('.//d:userTransports/d:transport_id', space)]
    assert used == list(descriptors)
    shm, udp = descriptors.values()
    assert shm.findtext('d:type', '', space) == 'SHM'
    assert udp.findtext('d:type', '', space) == 'UDPv4'
    size = int(shm.findtext('d:segment_size', '0', space))
    assert 2 * 1920 * 1080 * 3 < size < 2**24 + 1  # two in flight; three processes in Docker


def test_a_process_with_the_profile_tells_of_itself_until_a_busy_one_hears_it() -> None:
    root = ElementTree.parse(CONFIG / 'fastdds_shm.xml').getroot()
    space = {'d': root.tag.partition('}')[0].removeprefix('{')}
    found = './/d:rtps/d:builtin/d:discovery_config/'
    count = int(root.findtext(f'{found}d:initialAnnouncements/d:count', '5', space))
    period = int(root.findtext(f'{found}d:initialAnnouncements/d:period/d:nanosec', '0', space))
    again = int(root.findtext(f'{found}d:leaseAnnouncement/d:sec', '3', space))
    assert count * period >= 3e9
    assert again == 1


def test_the_cyclone_dds_profile_is_xml_of_its_namespace() -> None:
    root = ElementTree.parse(CONFIG / 'cyclonedds.xml').getroot()
    assert root.tag == '{https://cdds.io/config}CycloneDDS'


def test_rviz_shows_topics_that_the_node_and_the_camera_publish() -> None:
    topics = re.findall(r'Value: (/\S+)', (CONFIG / 'depth.rviz').read_text())
    assert topics == ['/camera/image_raw', '/depth/color', '/depth/points', '/depth/scan']
    assert load('depth.rviz')['Visualization Manager']['Displays']
