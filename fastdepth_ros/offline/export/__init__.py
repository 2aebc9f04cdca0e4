"""A trained model as ONNX: in float, in int8, and what each precision costs and gives."""

from fastdepth_ros.offline.export.command import EXAMPLES, add_arguments, export, run

__all__ = ['EXAMPLES', 'add_arguments', 'export', 'run']
