"""What is in a data root, in figures and pictures, and which of its files are bad.

Every frame is read (--frames reads some, evenly taken). Exit code 1 if any of them is bad.
"""

from fastdepth_ros.offline.data.inspection.command import EXAMPLES, add_arguments, run

__all__ = ['EXAMPLES', 'add_arguments', 'run']
