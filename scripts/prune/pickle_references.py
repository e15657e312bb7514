# SPDX-License-Identifier: Apache-2.0
"""What a PyTorch file refers to, read from its bytes alone: nothing of it is executed or built, and no PyTorch is needed."""
import io
import pickletools
import tarfile
import zipfile

_ARCHIVE = b"PK\x03\x04"  # how PyTorch, too, tells an archive from a stream of pickles
_STREAM_PICKLES = 5  # magic number, version, system, content, keys of the storages; raw numbers follow
_MAGIC = 0x1950A86A20F9469CFC6C
_EXTENSIONS = ("EXT1", "EXT2", "EXT4")
_STORE = ("PUT", "BINPUT", "LONG_BINPUT")
_NO_CHANGE = ("FRAME", "PROTO")  # of the stack
_FETCH = ("GET", "BINGET", "LONG_BINGET")


class NotTensors(Exception):
    """What is wrong with a file, as words for the middle of a sentence."""


def check(content, allowed):
    """Raises NotTensors unless the bytes are those of a PyTorch file all of whose references `allowed(module, name)`."""
    if not content:
        raise NotTensors("it is empty")
    pickles = _of_archive(content) if content.startswith(_ARCHIVE) else _of_stream(content)
    for stream in pickles:
        for module, name in _references(stream):
            if not allowed(module, name):
                raise NotTensors(f"it refers to {module}.{name}")


def _of_archive(content):
    """Streams of the pickles in a zip archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if any(name.rpartition("/")[2] == "constants.pkl" for name in names):
                raise NotTensors("it holds a TorchScript program")
            pickles = {name: archive.read(name) for name in names if name.endswith(".pkl")}
    except NotTensors:
        raise
    except Exception:  # zipfile raises errors of many kinds over damaged bytes
        raise NotTensors("its archive is damaged or cut off") from None
    if not any(name.rpartition("/")[2] == "data.pkl" for name in pickles):
        raise NotTensors("its archive holds no data.pkl")
    return [io.BytesIO(one) for one in pickles.values()]


def _of_stream(content):
    """The stream before each of its pickles; the first one must hold PyTorch's magic number."""
    if _is_tar(content):
        raise NotTensors("it is a tar archive, as PyTorch wrote before version 0.1.10")
    stream = io.BytesIO(content)
    for count in range(_STREAM_PICKLES):
        yield stream
        if count == 0 and not _begins_with_magic(content[: stream.tell()]):
            raise NotTensors("it begins with another pickle than PyTorch's")


def _begins_with_magic(first):
    return _MAGIC in (argument for _, argument, _ in pickletools.genops(first) if isinstance(argument, int))


def _is_tar(content):
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:"):
            return True
    except Exception:  # tarfile, too, raises errors of several kinds over other bytes
        return False


def _references(stream):
    """(module, name) of all that the pickle at the stream's place names; the stream is behind the pickle afterwards."""
    texts, memo = [], {}  # the last texts on the stack (None: something else), and those that the pickle stored
    for code, argument, _ in _codes(stream):
        if code.name in ("GLOBAL", "INST"):
            module, _, name = argument.partition(" ")
            yield module, name
        elif code.name == "STACK_GLOBAL":
            yield _on_stack(texts)
        elif code.name in _EXTENSIONS:
            raise NotTensors(f"it refers to the extension {argument} of pickle")
        if code.name == "MEMOIZE":
            memo[len(memo)] = texts[-1] if texts else None
        elif code.name in _STORE:
            memo[int(argument)] = texts[-1] if texts else None
        elif code.name not in _NO_CHANGE:
            texts = [*texts[-1:], memo.get(int(argument)) if code.name in _FETCH else _text(code, argument)]


def _codes(stream):
    try:
        yield from pickletools.genops(stream)
    except Exception:  # pickletools raises errors of several kinds over damaged bytes
        raise NotTensors("it is no pickle, or a damaged one or one that is cut off") from None


def _text(code, argument):
    return argument if isinstance(argument, str) and "UNICODE" in code.name else None


def _on_stack(texts):
    if len(texts) < 2 or None in texts:
        raise NotTensors("it refers to something that it works out itself")
    return tuple(texts)
