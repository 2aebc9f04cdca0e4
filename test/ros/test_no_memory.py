from __future__ import annotations

import errno
import os

import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.ros import pipeline
from fastdepth_ros.ros.parameters import NodeParameters


@pytest.mark.parametrize('error', [MemoryError(), OSError(errno.ENOMEM, os.strerror(12))])
def test_a_model_that_there_is_no_memory_for_is_refused(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, 'DepthEstimator', no_memory)
    with pytest.raises(UserError, match=r"model 'default' cannot be loaded: .*memory"):
        pipeline.load_estimator(NodeParameters())
