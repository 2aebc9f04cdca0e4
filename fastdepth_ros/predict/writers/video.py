"""The pictures of a source as an MP4 (H.264), every one at its own time, by PyAV."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream

from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.depth_picture import DepthPicture
from fastdepth_ros.predict.prediction import Prediction
from fastdepth_ros.predict.sources.source import Source
from fastdepth_ros.predict.writers.writer import Writer

ENCODER = 'libx264'  # what 'h264' is encoded by where it is there
# No B-frames: times begin at 0 without an edit list, which not every player heeds.
OPTIONS = {'preset': 'superfast', 'crf': '20', 'bf': '0', 'g': '30'}
# In fragments while it is being written, so that a kill or a full disk leaves what came before;
# an ordinary MP4 once it is closed (FFmpeg 7.1).
MOVFLAGS = {'movflags': '+hybrid_fragmented'}
BT601, LIMITED = 6, 1  # SMPTE 170M, MPEG range: what OpenCV makes of BGR, said in the file


class VideoWriter(Writer):
    """Writes PATH.part, which becomes PATH when it is closed."""

    def __init__(self, path: Path, picture: DepthPicture, source: Source) -> None:
        self._path, self._picture = path, picture
        self._part = path.with_name(path.name + '.part')
        self._rate, self._time_base = source.rate, source.time_base
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._size = (0, 0)
        self._last = -1  # pts

    def write(self, prediction: Prediction) -> None:
        """Opened by the first picture, whose size all others get."""
        bgr = even(self._picture.draw(prediction.rgb, prediction.depth))
        try:
            if self._container is None or self._stream is None:
                self._container, self._stream = self._open(bgr)
            if bgr.shape[1::-1] != self._size:
                bgr = fit_into(bgr, self._size)
            # 0.4 ms where swscale takes 11
            yuv: np.ndarray = cv2.cvtColor(bgr, cv2.COLOR_BGR2YUV_I420)
            frame = av.VideoFrame.from_ndarray(yuv, format='yuv420p')
            frame.time_base = self._time_base
            frame.pts = self._last = max(self._last + 1, round(prediction.time / self._time_base))
            self._mux(frame)
        except (av.error.FFmpegError, OSError) as error:
            raise self._failed(error) from error
        self.written += 1

    def _open(self, bgr: np.ndarray) -> tuple[OutputContainer, VideoStream]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if ENCODER not in av.codecs_available:
            raise UserError(f'PyAV has no {ENCODER} here: pip install av, or --write another kind')
        container = av.open(str(self._part), 'w', format='mp4', container_options=MOVFLAGS)
        stream = container.add_stream('h264', rate=self._rate, options=OPTIONS)
        height, width = bgr.shape[:2]
        self._size = width, height
        stream.width, stream.height, stream.pix_fmt = width, height, 'yuv420p'
        context = stream.codec_context
        context.time_base = stream.time_base = self._time_base
        context.colorspace, context.color_range = BT601, LIMITED
        return container, stream

    def _mux(self, frame: av.VideoFrame | None) -> None:
        assert self._container is not None
        assert self._stream is not None
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Leaves a video of what was written, or none if that was nothing."""
        if self._container is None:
            return
        try:
            try:
                self._mux(None)
            finally:
                self._container.close()
        except (av.error.FFmpegError, OSError) as error:
            raise self._failed(error) from error
        finally:
            self._container = None
            self._part.replace(self._path)

    def _failed(self, error: Exception) -> UserError:
        reason = getattr(error, 'strerror', None) or error
        return UserError(
            f"cannot write '{self._path}': {reason}; its first seconds are kept, as far as they "
            'were on the disk'
        )


def even(bgr: np.ndarray) -> np.ndarray:
    """Without the last row and column where those are odd: yuv420p halves both sides."""
    height, width = (max(2, side // 2 * 2) for side in bgr.shape[:2])
    if min(bgr.shape[:2]) < 2:
        bgr = cv2.resize(bgr, (width, height))
    return np.ascontiguousarray(bgr[:height, :width])


def fit_into(bgr: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Resized in its own proportions and centred on black."""
    width, height = size
    scale = min(width / bgr.shape[1], height / bgr.shape[0])
    inner = max(1, round(bgr.shape[1] * scale)), max(1, round(bgr.shape[0] * scale))
    canvas = np.zeros((height, width, 3), np.uint8)
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    canvas[top : top + inner[1], left : left + inner[0]] = cv2.resize(bgr, inner)
    return canvas
