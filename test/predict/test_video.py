from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from predict_files import read_video, write_video

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.frames import Frame
from fastdepth_ros.predict.sources import open_sources

pytest.importorskip('av')
SMALL = (64, 48)
STEADY = [512 * n for n in range(100)]  # 25 a second, 4 s


@pytest.mark.parametrize('ticks', [STEADY[:10], [0, 512, 900, 4000, 4001, 12800]])
def test_a_video_keeps_the_time_of_every_picture(
    predict: Any, tmp_path: Path, ticks: list[int]
) -> None:
    video = write_video(tmp_path / 'drive.mp4', ticks)
    result = predict(video, '--hfov', 60)
    times, pictures = read_video(tmp_path / 'out/video/drive.mp4')
    assert times == [tick / 12800 for tick in ticks]
    assert result['inputs'][0]['frames'] == len(ticks)
    assert result['inputs'][0]['written'] == {'video': str(tmp_path / 'out/video/drive.mp4')}
    image, depth = pictures[-1][:, :160], pictures[-1][:, 160:320]
    assert image.std() < 3
    assert image.mean() == pytest.approx(read_video(video)[1][-1].mean(), abs=3)
    assert depth.std(axis=(0, 1)).max() < 3


def test_the_rate_of_the_file_is_the_sources(predict: Any, tmp_path: Path) -> None:
    import av

    predict(write_video(tmp_path / 'drive.mp4', STEADY[:50]))
    with av.open(str(tmp_path / 'out/video/drive.mp4')) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == 25
        assert stream.codec_context.name == 'h264'
        assert stream.codec_context.pix_fmt == 'yuv420p'
        assert stream.duration * stream.time_base == 2  # the last picture lasts as long


def test_the_colours_mean_the_same_metres_in_every_picture(predict: Any, tmp_path: Path) -> None:
    """Grey 255 is 4.5 m: at --max-depth 4.5 yellow in the video, whatever else it shows."""
    from fastdepth_ros.pictures.depth_colours import DepthColours

    predict(write_video(tmp_path / 'drive.mp4', STEADY[:20]), '--max-depth', 4.5)
    colours = DepthColours(4.5)
    for picture in read_video(tmp_path / 'out/video/drive.mp4')[1][::6]:
        metres = np.full((1, 1), 0.5 + 4 * picture[:, :160].mean() / 255, np.float32)
        assert picture[30:90, 190:300].mean((0, 1)) == pytest.approx(colours(metres)[0, 0], abs=12)


def test_odd_sizes_become_even(predict: Any, photos: Path, tmp_path: Path) -> None:
    image = np.zeros((121, 163, 3), np.uint8)
    image[:, :80] = 200
    for name in 'abc':
        (photos / f'{name}.jpg').unlink(missing_ok=True)
        cv2.imwrite(str(photos / f'{name}.png'), image)
    predict(photos, '--write', 'video')
    picture = read_video(tmp_path / 'out/video/photos.mp4')[1][0]
    assert [side % 2 for side in picture.shape[:2]] == [0, 0]
    assert np.abs(picture[:100, :70].mean((0, 1)) - 200).max() < 4  # no sheared planes
    assert np.abs(picture[:100, 90:150].mean((0, 1))).max() < 4


def test_pictures_of_another_size_fit_into_the_first_ones(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    cv2.imwrite(str(photos / 'c.png'), np.full((50, 90, 3), 120, np.uint8))
    predict(photos, '--write', 'video')
    assert (
        len({picture.shape for picture in read_video(tmp_path / 'out/video/photos.mp4')[1]}) == 1
    )


def test_a_telephones_video_stands_upright(tmp_path: Path) -> None:
    """The matrix in the header asks for a quarter turn; OpenCV heeds it, too."""
    path = write_video(tmp_path / 'tall.mp4', STEADY[:3], content='corner')
    data = path.read_bytes()
    at = data.index(b'tkhd') + 4 + 40  # version 0: the matrix follows 40 bytes
    quarter = [0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30]
    matrix = b''.join(value.to_bytes(4, 'big', signed=True) for value in quarter)
    path.write_bytes(data[:at] + matrix + data[at + 36 :])
    (source,) = open_sources([str(path)], 15)
    rgb = next(source.samples(BadFrames(False))).rgb
    good, bgr = cv2.VideoCapture(str(path)).read()
    assert good
    if bgr.shape == (120, 160, 3):  # OpenCV 4.11 and older does not
        bgr = cv2.rotate(bgr, cv2.ROTATE_90_CLOCKWISE)
    assert rgb.shape == bgr.shape == (160, 120, 3)
    assert np.abs(rgb[..., ::-1].astype(float) - bgr).mean() < 3


def test_a_video_that_is_cut_off_is_named_and_the_rest_is_written(
    predict: Any, tmp_path: Path
) -> None:
    video = write_video(tmp_path / 'drive.mp4', STEADY, SMALL, 'noise')
    video.write_bytes(video.read_bytes()[: video.stat().st_size // 2])
    errors = predict(video, expect=2)['stderr'].splitlines()
    (line,) = (line for line in errors if line.startswith('error'))
    assert 'drive.mp4' in line
    times, _ = read_video(tmp_path / 'out/video/drive.mp4')
    assert 30 < len(times) < 60
    result = predict(video, '--skip-bad', '--overwrite')
    assert result['inputs'][0]['skipped'] >= 1
    assert len(read_video(tmp_path / 'out/video/drive.mp4')[0]) >= len(times)


def test_a_matroska_that_is_cut_off_is_named(predict: Any, tmp_path: Path) -> None:
    import av

    video = write_video(tmp_path / 'drive.mp4', STEADY, SMALL, 'noise')
    path = tmp_path / 'drive.mkv'
    with av.open(str(video)) as source, av.open(str(path), 'w') as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                container.mux(packet)
    assert predict(path)['inputs'][0]['frames'] == 100
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 'is cut off' in predict(path, '--overwrite', expect=2)['stderr']


def test_a_picture_that_cannot_be_decoded_is_named_or_skipped(
    predict: Any, tmp_path: Path
) -> None:
    video = write_video(tmp_path / 'drive.mp4', STEADY[:60], SMALL, 'noise')
    data = bytearray(video.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = bytes(range(1, 201)) * 10
    video.write_bytes(data)
    error = predict(video, expect=2)['stderr']
    assert "drive.mp4' is damaged after " in error
    (summary,) = predict(video, '--skip-bad', '--overwrite')['inputs']
    assert summary['skipped'] >= 1
    assert summary['frames'] + summary['skipped'] == 60
    assert len(read_video(tmp_path / 'out/video/drive.mp4')[0]) == summary['frames']


@pytest.mark.parametrize('content', [b'', b'no video at all'])
def test_what_is_no_video_is_named(predict: Any, tmp_path: Path, content: bytes) -> None:
    (tmp_path / 'junk.mp4').write_bytes(content)
    error = predict(tmp_path / 'junk.mp4', expect=2)['stderr']
    assert error.startswith('error: ')
    assert "junk.mp4' cannot be played" in error
    assert error.count('\n') == 1
    assert not (tmp_path / 'out').exists()


def test_a_video_without_frames_is_named(predict: Any, tmp_path: Path) -> None:
    video = write_video(tmp_path / 'none.mp4', STEADY[:9])
    data = video.read_bytes()
    video.write_bytes(data[: data.index(b'mdat') + 4])
    error = predict(video, '--skip-bad', expect=2)['stderr']
    assert "none.mp4' cannot be played: no frame" in error
    assert not (tmp_path / 'out/video/none.mp4').exists()


def webcam_until(number: int, pictures: int) -> Any:
    """Stands in for a camera: after some pictures the signal comes, and then more pictures."""

    def webcam(index: int) -> Iterator[Frame]:
        assert index == 3
        for n in range(1000):
            if n == pictures:
                signal.raise_signal(number)
            yield Frame(np.full((48, 64, 3), 90, np.uint8))
        raise AssertionError('the signal was not heeded')

    return webcam


@pytest.mark.parametrize('name', ['3', '/dev/video3'])
def test_ctrl_c_leaves_a_whole_video_of_a_webcam(
    predict: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    pytest.importorskip('av')
    from fastdepth_ros.predict.sources import webcam as module

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(module, 'webcam', webcam_until(signal.SIGINT, 10))
    result = predict(name, '--write', 'video,npy', expect=130)
    times, _ = read_video(tmp_path / 'out/video/video3.mp4')
    assert len(times) == len(set(times)) == 10
    assert result['inputs'][0]['frames'] == 10
    assert len(list((tmp_path / 'out/npy/video3').iterdir())) == 10
    assert not list((tmp_path / 'out/video').glob('*.part'))
    assert signal.getsignal(signal.SIGINT) is before


def test_a_webcam_ends_after_the_frames_asked(
    predict: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastdepth_ros.predict.sources import webcam as module

    monkeypatch.setattr(module, 'webcam', webcam_until(signal.SIGINT, 100))
    assert predict('3', '--max-frames', 4)['inputs'][0]['frames'] == 4


def test_a_webcam_that_is_not_there_is_named(predict: Any) -> None:
    assert 'camera 97 cannot be opened' in predict('97', expect=2)['stderr']
    with pytest.raises(UserError, match='camera 98 cannot be opened'):
        open_sources(['/dev/video98'], 15)


def test_a_full_disk_leaves_the_beginning(stub_onnx: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk."""
    video = write_video(tmp_path / 'drive.mp4', STEADY, SMALL, 'noise')
    command = ['predict', str(video), '--out', str(tmp_path / 'out'), '--model', str(stub_onnx)]
    code = f"""
import resource, sys
from fastdepth_ros.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({video.stat().st_size // 2},) * 2)
sys.exit(main({command!r}))
"""
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.count('error: ') == 1
    assert 'Traceback' not in done.stderr
    assert 'File too large' in done.stderr
    assert len(read_video(tmp_path / 'out/video/drive.mp4')[0]) >= 20


def test_an_input_is_never_overwritten(predict: Any, tmp_path: Path) -> None:
    (tmp_path / 'out/video').mkdir(parents=True)
    video = write_video(tmp_path / 'out/video/drive.mp4', STEADY[:3])
    before = video.read_bytes()
    assert 'is an input' in predict(video, '--overwrite', expect=2)['stderr']
    assert video.read_bytes() == before
