"""The package for colcon and for pip; the Makefile installs its extras into .venv."""

from glob import glob

from setuptools import find_packages, setup

NAME = 'fastdepth_ros'
SHARE = f'share/{NAME}'

# On a robot all of this but the engine comes from apt: see package.xml and README.md.
OPENVINO_MACHINES = "'x86_64 AMD64 aarch64 arm64'"  # those with wheels on PyPI
RUN = [
    'opencv-python-headless>=4.5,<5',
    'PyYAML>=5.4',
    f'openvino>=2024.0; platform_machine in {OPENVINO_MACHINES}',
    f'onnxruntime>=1.18; platform_machine not in {OPENVINO_MACHINES}',
    'tqdm>=4.57',
]
DEMO = [
    *RUN,
    'psutil>=5.8',
    'ros-ament-index-python',
    'ros-diagnostic-msgs',
    'ros-lifecycle-msgs',
    'ros-rcl-interfaces',
    'ros-rclpy[fastrtps]',
    'ros-rosgraph-msgs',
    'ros-sensor-msgs',
    'ros-std-msgs',
]
OFFLINE = [  # evaluate, predict, record and inspect: without torch
    *RUN,
    'av>=15',
    'h5py>=3.6',
    'Jinja2>=3.0',
    'lz4>=3',
    'matplotlib>=3.5',
    'rosbags>=0.11.7',
    'safetensors>=0.4',
]
TRAIN = [
    *OFFLINE,
    'onnx>=1.16',
    'onnxruntime>=1.18',
    'onnxscript>=0.3',
    'tensorboard>=2.10',
    'torch>=2.6',
    'torchvision>=0.21',
]
SYNTHESIS = [*OFFLINE, 'embreex>=4.4', 'pyoidn>=2.5']
TEST = [
    'colcon-core',
    'colcon-python-setup-py',
    'colcon-ros',
    'cv-bridge>=1.13',
    'hypothesis>=6.70',
    'mypy>=1.10',
    'numpy<2.3',  # cv-bridge
    'onnx>=1.16',
    'onnxruntime>=1.18',
    'pytest>=7.0',
    'pytest-timeout>=2.1',
    'ruff>=0.6',
    'scipy>=1.8',
    'types-PyYAML',
    'types-tqdm',
]

setup(
    name=NAME,
    version='0.1.0',
    description='Metric depth from one camera on a CPU budget, as a ROS 2 node',
    license='Apache-2.0',
    maintainer='fastdepth_ros maintainers',
    maintainer_email='maintainers@fastdepth-ros.example',
    packages=find_packages(include=[NAME, f'{NAME}.*']),
    package_data={
        NAME: [
            'py.typed',
            'offline/cards/templates/*',
            'offline/evaluation/templates/*',
        ]
    },
    python_requires='>=3.10',
    install_requires=['numpy>=1.21'],
    extras_require={
        'run': RUN,
        'demo': DEMO,
        'offline': OFFLINE,
        'synthesis': SYNTHESIS,
        'train': TRAIN,
        'test': TEST,
    },
    zip_safe=False,
    # No console_scripts: pip would put a `train` on everybody's PATH. ros2 run and launch look in
    # lib/NAME, and ament_index and get_package_share_directory in share.
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{NAME}']),
        (f'lib/{NAME}', sorted(glob('resource/executables/*'))),
        (SHARE, ['package.xml']),
        (f'{SHARE}/launch', sorted(glob('launch/*.launch.py'))),
        (f'{SHARE}/config', sorted(glob('config/*'))),
        (f'{SHARE}/models', sorted(glob('models/*'))),
    ],
)
