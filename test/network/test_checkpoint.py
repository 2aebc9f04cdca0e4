"""Checkpoints of both formats are read as arrays, and no file can do more than be refused."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import tracemalloc
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import examples

from fastdepth_ros.errors import UserError
from fastdepth_ros.network import checkpoint, torch_file
from fastdepth_ros.network.checkpoint import Checkpoint, read_checkpoint

torch = pytest.importorskip('torch')
Save = Callable[..., Path]


def expected(module: Any) -> dict[str, np.ndarray]:
    return {name: t.numpy().astype(np.float32) for name, t in module.state_dict().items()}


def check_equal(found: dict[str, np.ndarray], wanted: dict[str, np.ndarray]) -> None:
    assert found.keys() == wanted.keys()
    for name, array in found.items():
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, wanted[name])


def refused(path: Path) -> str:
    """The one line that says why `path` cannot be read."""
    with pytest.raises(UserError) as error:
        read_checkpoint(path)
    message = str(error.value)
    assert str(path) in message
    assert '\n' not in message
    assert message.isascii()
    return message


def test_a_module_is_read_as_its_tensors_and_classes(published: Any, saved: Save) -> None:
    network = published.network('MobileNet')
    found = read_checkpoint(saved(network))
    check_equal(found.tensors, expected(network))
    assert found.classes[''] == 'MobileNet'
    assert found.classes['mobilenet'] == 'Sequential'
    assert found.classes['mobilenet.0.1'] == 'BatchNorm2d'
    assert found.classes['decoder'] == 'NNConv'


@pytest.mark.parametrize('key', checkpoint.ENTRIES)
def test_a_dict_may_hold_the_module_or_its_state(published: Any, saved: Save, key: str) -> None:
    network = published.network()
    module = read_checkpoint(saved({'epoch': 3, key: network, 'best_result': Evil(int, 'x')}))
    state = read_checkpoint(saved({'epoch': 3, key: network.state_dict()}))
    check_equal(module.tensors, expected(network))
    check_equal(state.tensors, expected(network))
    assert module.classes['decode_conv1'] == 'Sequential'
    assert state.classes == {}


def test_a_bare_state_dict_and_a_parallel_module_are_read(published: Any, saved: Save) -> None:
    network = published.network()
    check_equal(read_checkpoint(saved(network.state_dict())).tensors, expected(network))
    parallel = torch.nn.DataParallel(network)
    found = read_checkpoint(saved(parallel))
    check_equal(found.tensors, expected(parallel))
    assert found.classes['module'] == 'MobileNetSkipAdd'


def test_views_and_other_number_types_come_as_float32(saved: Save) -> None:
    base = torch.arange(24.0).reshape(2, 3, 4)
    tensors = {
        'transposed': base.permute(2, 0, 1),
        'part': base[1, 1:, ::2],
        'channels_last': torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
        'half': base.half(),
        'double': base.double() / 3,
        'long': torch.tensor(7),
        'parameter': torch.nn.Parameter(base + 1),
    }
    found = read_checkpoint(saved(tensors)).tensors
    check_equal(found, {n: t.detach().numpy().astype(np.float32) for n, t in tensors.items()})


def test_a_python_2_ordered_dict_is_read(tmp_path: Path) -> None:
    pairs = [['a', tensor(Storage('0', 2), 0, (2,), (1,))]]
    path = write_legacy(tmp_path, Evil(OrderedDict, pairs), {'0': floats(1, 2)})
    assert read_checkpoint(path).tensors['a'].tolist() == [1, 2]


def test_tensors_of_a_gpu_are_read(tmp_path: Path) -> None:
    on_gpu = Storage('0', 2, torch.cuda.FloatStorage)
    path = write_legacy(tmp_path, {'a': tensor(on_gpu, 0, (2,), (1,))}, {'0': floats(1, 2)})
    assert read_checkpoint(path).tensors['a'].tolist() == [1, 2]


def test_a_big_endian_zip_is_read(tmp_path: Path, published: Any) -> None:
    path = published.save({'a': torch.tensor([1.0, 2.0])}, tmp_path / 'big.pt', 'zip')
    swap = {'byteorder': b'big', 'data/0': np.array([3, 4], '>f4').tobytes()}
    rewrite_zip(path, swap)
    assert read_checkpoint(path).tensors['a'].tolist() == [3, 4]


# Nothing runs


class Evil:
    """Pickles as a call of `function`."""

    def __init__(self, function: object, *args: object) -> None:
        self.call = (function, args)

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize('place', ['beside', 'in the model', 'as a tensor', 'as everything'])
def test_no_code_in_a_checkpoint_runs(
    published: Any, saved: Save, tmp_path: Path, place: str
) -> None:
    trap = tmp_path / 'trap'
    evil = [
        Evil(os.system, f'mkdir {trap}'),
        Evil(eval, f'__import__("os").mkdir({str(trap)!r})'),
        Evil(os.mkdir, str(trap)),
    ]
    network = published.network()
    if place == 'in the model':
        network.extra = evil
    value: object = {'model': network, 'evil': evil} if place == 'beside' else {'model': network}
    if place == 'as a tensor':
        value = {'a': evil[0]}
    elif place == 'as everything':
        value = evil[1]
    path = saved(value)
    if place in ('beside', 'in the model'):
        check_equal(read_checkpoint(path).tensors, expected(network))
    else:
        refused(path)
    assert not trap.exists()


def test_neither_torch_nor_the_file_s_modules_are_imported(
    published: Any, saved: Save, tmp_path: Path
) -> None:
    path = saved(published.network())
    (tmp_path / 'models.py').write_text('raise SystemExit("models was imported")')
    code = (
        'import sys; from pathlib import Path; '
        'from fastdepth_ros.network.checkpoint import read_checkpoint; '
        f'print(len(read_checkpoint(Path({str(path)!r})).tensors)); '
        'sys.exit(sorted({"torch", "models"} & set(sys.modules)) or 0)'
    )
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, 'PYTHONPATH': f'{tmp_path}{os.pathsep}{root}'}
    done = subprocess.run(
        [sys.executable, '-c', code], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(published.network().state_dict())


# Files that are not whole checkpoints


def test_a_truncated_file_is_refused_wherever_it_ends(saved: Save, tmp_path: Path) -> None:
    network = torch.nn.Sequential(torch.nn.Conv2d(2, 2, 1), torch.nn.BatchNorm2d(2))
    path = saved({'epoch': 1, 'model': network})
    check_equal(read_checkpoint(path).tensors, expected(network))
    data = path.read_bytes()
    part = tmp_path / 'part.pth.tar'
    for size in {*range(0, len(data), 41), *range(60), *range(len(data) - 60, len(data))}:
        part.write_bytes(data[:size])
        refused(part)


FOREIGN = {
    'empty': b'',
    'text': b'hello\n' * 1000,
    'number': pickle.dumps(5),
    'plain pickle': pickle.dumps({'model': [1, 2]}, 2),
    'image': b'\xff\xd8\xff\xe0\x00\x10JFIF' + bytes(1000),
    'zeros': bytes(5000),
    'zip start': b'PK\x03\x04' + bytes(1000),
    'safetensors': b'\x02\x00\x00\x00\x00\x00\x00\x00{}',
}


@pytest.mark.parametrize('data', FOREIGN.values(), ids=FOREIGN.keys())
def test_a_foreign_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / 'foreign.pth.tar'
    path.write_bytes(data)
    assert 'cannot be read as a PyTorch checkpoint' in refused(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert 'does not exist' in refused(tmp_path / 'none.pth.tar')
    assert 'is no file' in refused(tmp_path)


def test_a_zip_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / 'other.zip'
    with zipfile.ZipFile(path, 'w') as archive:
        archive.writestr('other/readme', 'hello')
    assert "no 'data.pkl'" in refused(path)


@pytest.mark.parametrize('value', [5, [1], {}, {'model': None}, {'epoch': 3}, {'model': {}}])
def test_a_checkpoint_without_a_network_is_refused(saved: Save, value: object) -> None:
    assert 'state_dict' in refused(saved(value)) or 'not a tensor' in refused(saved(value))


def test_elements_that_no_fastdepth_has_are_refused(saved: Save) -> None:
    assert "'a' has elements of a type" in refused(saved({'a': torch.ones(2).bfloat16()}))


@pytest.mark.parametrize('name', ['a\nb', 'x' * 201, '\x1b[31m', ''])
def test_a_name_that_is_not_fit_to_be_shown_is_refused(saved: Save, name: str) -> None:
    assert 'is not the name of a tensor' in refused(saved({name: torch.ones(2)}))


# Files that claim more than they have


class Storage:
    """What a persistent id will say of a storage."""

    def __init__(self, key: object, numel: object, kind: object = None, *view: object) -> None:
        self.id = ('storage', kind or torch.FloatStorage, key, 'cpu', numel, *(view or (None,)))


def tensor(storage: object, offset: object, size: object, stride: object) -> Evil:
    return Evil(torch._utils._rebuild_tensor_v2, storage, offset, size, stride, False, {})


def floats(*values: float) -> bytes:
    return len(values).to_bytes(8, 'little') + np.array(values, '<f4').tobytes()


class _Pickler(pickle.Pickler):
    def persistent_id(self, value: object) -> object:
        return value.id if isinstance(value, Storage) else None


def write_legacy(folder: Path, value: object, storages: dict[str, bytes]) -> Path:
    """A legacy checkpoint with any pickled value and any bytes behind it."""
    stream = io.BytesIO()
    for part in (torch_file.LEGACY_MAGIC, torch_file.LEGACY_VERSION, {}, value, list(storages)):
        _Pickler(stream, 2).dump(part)
    path = folder / 'made.pth.tar'
    path.write_bytes(stream.getvalue() + b''.join(storages.values()))
    return path


def rewrite_zip(path: Path, changes: dict[str, bytes], compression: int = 0) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, 'w', compression) as archive:
        for name, data in members.items():
            archive.writestr(name, changes.get(name.partition('/')[2], data))


LAYOUTS = {
    'too large': (0, (1000,), (1,)),
    'repeated without end': (0, (10**12,), (0,)),
    'repeated': (0, (3, 3), (0, 1)),
    'behind the end': (2, (2,), (1,)),
    'steps behind the end': (0, (2,), (3,)),
    'before the start': (-1, (2,), (1,)),
    'backwards': (2, (2,), (-1,)),
    'no elements': (0, (0, 10**12), (1, 1)),
    'negative': (0, (-1,), (1,)),
    'beyond 64 bits': (2**70, (2**70,), (2**70,)),
    'fractions': (0, (1.5,), (1,)),
    'flags': (True, (1,), (1,)),
    'texts': (0, ('2',), ('1',)),
    'sizes without steps': (0, (2,), ()),
    'many dimensions': (0, (1,) * 50, (1,) * 50),
    'no sizes': (0, None, None),
}


@pytest.mark.parametrize('layout', LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_tensor_that_is_not_in_its_storage_is_refused(tmp_path: Path, layout: Any) -> None:
    value = {'a': tensor(Storage('0', 3), *layout)}
    assert "'a' " in refused(write_legacy(tmp_path, value, {'0': floats(1, 2, 3)}))


STORAGES = {
    'more than the file': Storage('0', 10**15),
    'negative': Storage('0', -3),
    'a fraction': Storage('0', 3.0),
    'a key of no text': Storage(7, 3),
    'another one': Storage('1', 3),
    'unknown type': Storage('0', 3, torch.storage.TypedStorage),
    'no storage type': Storage('0', 3, os.system),
    'a part': Storage('0', 3, None, ('9', 0, 2)),
}


@pytest.mark.parametrize('storage', STORAGES.values(), ids=STORAGES.keys())
def test_a_storage_that_is_not_in_the_file_is_refused(tmp_path: Path, storage: Storage) -> None:
    value = {'a': tensor(storage, 0, (3,), (1,))}
    assert 'storage' in refused(write_legacy(tmp_path, value, {'0': floats(1, 2, 3)}))


def test_a_storage_told_in_two_ways_is_refused(tmp_path: Path) -> None:
    value = [Storage('0', 3), Storage('0', 2)]
    assert 'in two ways' in refused(write_legacy(tmp_path, value, {'0': floats(1, 2, 3)}))


def test_tensors_that_share_a_storage_cannot_fill_the_memory(tmp_path: Path) -> None:
    storage = Storage('0', 1000)
    value = {f'w{i}': tensor(storage, 0, (1000,), (1,)) for i in range(10_000)}
    path = write_legacy(tmp_path, value, {'0': floats(*range(1000))})
    assert 'together larger' in peak_below(30e6, lambda: refused(path))


def test_a_compressed_zip_is_refused(tmp_path: Path, published: Any) -> None:
    path = published.save({'a': torch.zeros(10_000_000)}, tmp_path / 'bomb.pt', 'zip')
    rewrite_zip(path, {}, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 1e5
    assert 'is compressed' in peak_below(1e6, lambda: refused(path))


def test_a_zip_that_uses_its_bytes_twice_is_refused(tmp_path: Path, published: Any) -> None:
    value = {'a': torch.zeros(100_000), 'b': torch.zeros(100_000)}
    path = published.save(value, tmp_path / 'twice.pt', 'zip')
    with zipfile.ZipFile(path) as archive:  # both storages' entries point to the first one's bytes
        first = next(i for i in archive.infolist() if i.filename.endswith('data/0'))
        others = [i for i in archive.infolist() if not i.filename.endswith('data/1')]
        members = {i.filename: archive.read(i) for i in others}
    with zipfile.ZipFile(path, 'w') as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        twin = archive.getinfo(first.filename)
        archive.filelist.extend([twin] * 50)
    assert 'claims more bytes' in refused(path)


def test_a_module_in_itself_ends(published: Any, saved: Save) -> None:
    network = published.network()
    network._modules['again'] = network
    check_equal(read_checkpoint(saved(network)).tensors, expected(published.network()))


def test_a_tree_without_end_in_depth_is_refused(tmp_path: Path) -> None:
    # {'_modules': {'m': {'_modules': ...}}} 20,000 deep, written as opcodes.
    opening = b'cmodels\nM\n)\x81}U\x08_modules}U\x01m'
    pickled = b'\x80\x02' + opening * 20_000 + b'N' + b'ssb' * 20_000 + b'.'
    start = [torch_file.LEGACY_MAGIC, torch_file.LEGACY_VERSION, {}]
    path = tmp_path / 'deep.pth.tar'
    path.write_bytes(b''.join(pickle.dumps(p, 2) for p in start) + pickled + pickle.dumps([], 2))
    assert 'is not the name of a tensor' in refused(path)


def peak_below(limit: float, action: Callable[[], str]) -> str:
    """What `action` returns; its Python objects and arrays take less than `limit` bytes."""
    tracemalloc.start()
    try:
        result = action()
        assert tracemalloc.get_traced_memory()[1] < limit
    finally:
        tracemalloc.stop()
    return result


@pytest.mark.parametrize('chosen', ['legacy', 'zip'])
@settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_changed_bytes_give_arrays_or_a_clear_error(
    published: Any, tmp_path: Path, chosen: str, changes: list[tuple[float, int]]
) -> None:
    whole = tmp_path / 'whole.pth.tar'
    if not whole.exists():
        published.save({'model': torch.nn.Conv2d(2, 2, 1), 'epoch': 1}, whole, chosen)
    data = bytearray(whole.read_bytes())
    for place, value in changes:
        data[int(place * (len(data) - 1))] = value
    path = tmp_path / 'changed.pth.tar'
    path.write_bytes(data)
    try:
        found = read_checkpoint(path)
    except UserError:
        refused(path)
    else:
        assert isinstance(found, Checkpoint)
        assert all(array.dtype == np.float32 for array in found.tensors.values())
