"""Metric depth from one camera on a CPU budget: network, engines, ROS 2 node, offline tools."""

__version__ = '0.1.0'
