"""What an operator reads on /diagnostics while things go right and wrong."""

from __future__ import annotations

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from ros_harness import BEST_EFFORT, Peer, make_image, make_info
from sensor_msgs.msg import Image, LaserScan, PointCloud2

pytestmark = pytest.mark.ros

OK, WARN, ERROR = DiagnosticStatus.OK, DiagnosticStatus.WARN, DiagnosticStatus.ERROR


def frame() -> Image:
    return make_image(np.tile(np.arange(40, 200, 2, dtype=np.uint8), (48, 1)), 'mono8')


def stream(peer: Peer, image: Image, level: bytes, text: str) -> dict[str, str]:
    """Sends images and their info until the status is of this level and says this; its values."""
    peer.statuses.clear()

    def told() -> list[DiagnosticStatus]:
        return [s for s in peer.statuses if s.level == level and text in s.message]

    for _ in range(600):
        peer.repeat_info()
        image.header.stamp = peer.node.get_clock().now().to_msg()
        peer.image.publish(image)
        if peer.spin_until(lambda: bool(told()), 0.1):
            return {v.key: v.value for v in told()[0].values}
    raise AssertionError({s.message for s in peer.statuses})


def test_a_camera_that_is_missing_comes_stops_and_returns(start) -> None:
    _, peer = start()
    assert 'no image has come on' in peer.diagnosis(lambda s, _: s.level == ERROR)
    peer.send_info(make_info(80, 48, 100.0))
    peer.spin_until(lambda: peer.image.get_subscription_count() > 0)
    stream(peer, frame(), OK, 'publishing depth')  # of one image, perhaps: no rate yet
    values = stream(peer, frame(), OK, 'publishing depth')
    assert values['state'] == 'active'
    assert values['camera_info'] == 'calibrated'
    assert values['engine'] in ('openvino', 'onnxruntime')
    assert (values['precision'], values['num_threads']) == ('f32', '1')
    assert float(values['latency p50 (ms)']) > 0
    assert float(values['input rate (Hz)']) > 0
    assert float(values['CPU (cores)']) > 0
    message = peer.diagnosis(lambda s, _: s.level == ERROR)
    assert 'the camera has stopped' in message
    values = stream(peer, frame(), OK, 'publishing depth')
    assert values['camera returned'] == '1'


def test_what_is_wrong_with_the_camera_is_said_with_the_remedy(start) -> None:
    _, peer = start()
    peer.spin_until(lambda: peer.image.get_subscription_count() > 0)
    stream(peer, frame(), WARN, 'set camera_info_url or horizontal_fov')
    peer.send_info(make_info(80, 48, 0.0))
    stream(peer, frame(), WARN, 'camera_info is uncalibrated')
    peer.send_info(make_info(80, 48, 100.0))
    stream(peer, frame(), OK, 'publishing depth')
    peer.send_info(make_info(80, 48, np.nan))
    stream(peer, frame(), WARN, 'camera_info is uncalibrated')
    peer.send_info(make_info(160, 96, 100.0))
    stream(peer, frame(), WARN, 'of another size than the image')
    peer.send_info(make_info(80, 48, 100.0))
    bad = frame()
    bad.step = 79
    stream(peer, bad, WARN, 'malformed images: it has 3840 bytes of data')
    values = stream(peer, frame(), OK, 'publishing depth')
    assert int(values['malformed']) >= 1
    assert '3840 bytes' in values['last malformed']


def test_a_distortion_that_cannot_be_undone_is_said_once_and_costs_no_depth(start) -> None:
    node, peer = start()
    peer.spin_until(lambda: peer.image.get_subscription_count() > 0)
    info = make_info(80, 48, 100.0)
    info.d = [np.nan] * 5
    peer.send_info(info)
    stream(peer, frame(), WARN, 'not rectified: camera_info has 5 distortion coefficients [nan')
    peer.depth_of(peer.image, frame())
    assert node.output.count('not rectified') == 1, 'not with each camera_info'
    info.d, info.distortion_model = [0.1] * 5, 'mystic'
    peer.send_info(info)
    stream(peer, frame(), WARN, "not rectified: camera_info has distortion_model 'mystic'")
    peer.send_info(make_info(80, 48, 100.0))
    stream(peer, frame(), OK, 'publishing depth')


def test_changes_of_the_stream_are_counted_and_survived(start) -> None:
    _, peer = start()
    peer.send_info(make_info(80, 48, 100.0))
    peer.spin_until(lambda: peer.image.get_subscription_count() > 0)
    other = make_image(np.full((24, 40, 3), 51, np.uint8))
    other.header.frame_id = 'elsewhere'
    wanted = ('stamps jumped back', 'frame_id changed', 'size or encoding changed')

    def counted() -> bool:
        values = {v.key: v.value for s in peer.statuses[-1:] for v in s.values}
        return all(int(values.get(name, 0)) >= 1 for name in wanted)

    for second in range(300):  # any image may be overwritten by the next
        image = (frame(), other)[second % 2]
        image.header.stamp.sec = 1000 - second
        peer.image.publish(image)
        if peer.spin_until(counted, 0.2):
            break
    assert counted()
    peer.depth_of(peer.image, frame())


def test_nobody_subscribes_nothing_is_computed(start) -> None:
    _, peer = start(listening=False)
    peer.spin_until(lambda: peer.image.get_subscription_count() > 0)
    values = stream(peer, frame(), WARN, 'no camera_info')
    assert int(values['without a subscriber']) > 0
    peer.send_info(make_info(80, 48, 100.0))
    values = stream(peer, frame(), OK, 'nobody subscribes, nothing is computed')
    assert values['depth images'] == '0'
    assert values['inference p50 (ms)'] == 'unknown'
    peer.node.create_subscription(PointCloud2, 'depth/points', [].append, 10)
    stream(peer, frame(), OK, 'publishing depth')


def test_an_output_that_cannot_be_made_is_said_with_the_remedy(start) -> None:
    _, peer = start('-p', 'horizontal_fov:=60.0', listening=False)
    peer.node.create_subscription(LaserScan, 'depth/scan', [].append, 10)
    peer.send_info(make_info(80, 48, 100.0))
    image = frame()
    image.header.frame_id = 'camera_link'
    values = stream(peer, image, WARN, "no depth/scan: the camera's frame 'camera_link'")
    assert values['depth images'] == '0'
    stream(peer, frame(), OK, 'publishing depth')


def test_a_publisher_that_is_not_heard_is_an_error_until_it_is(start) -> None:
    node, peer = start('-p', 'reliability:=reliable')
    deaf = peer.camera(BEST_EFFORT)
    assert 'to best_effort' in node.wait_for('another RELIABILITY is not heard')
    message = peer.diagnosis(lambda s, _: s.level == ERROR and 'RELIABILITY' in s.message)
    assert "set the subscriber's reliability to best_effort" in message
    peer.node.destroy_publisher(deaf)
    peer.diagnosis(lambda s, _: 'RELIABILITY' not in s.message)


def test_an_unconfigured_node_says_what_it_waits_for(start) -> None:
    _, peer = start('-p', 'autostart:=false')
    assert peer.diagnosis(lambda s, _: s.level == OK) == 'unconfigured: waiting to be activated'


def test_a_covered_lens_is_said_though_depth_is_published(start) -> None:
    _, peer = start()
    peer.send_info(make_info(80, 48, 100.0))
    peer.spin_until(lambda: peer.image.get_subscription_count() > 0)
    covered = make_image(np.full((48, 80), 3, np.uint8), 'mono8')
    values = stream(peer, covered, WARN, 'the picture is dark')
    assert values['picture'] == 'mean 3, contrast 0 of 255'
    stream(peer, frame(), OK, 'publishing depth')
