# SPDX-License-Identifier: Apache-2.0
"""Tensors of a bundle: .npy files, each named in YAML with its type, shape and SHA-256."""
import hashlib
import io
import math
import warnings
from pathlib import PurePosixPath

import numpy as np

from prune.bundle.yaml_text import Flow
from prune.errors import UserError

DTYPES = ("int8", "uint8", "int16", "uint16", "int32", "int64", "float64")
_HEADERS = {  # 3.0 differs from 2.0 in names of fields only
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
    (3, 0): np.lib.format.read_array_header_2_0,
}


def write(folder, file, array):
    """Writes `array` to folder/file as .npy 1.0, little-endian, C order; returns its reference for the YAML."""
    array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    if array.dtype.name not in DTYPES:
        raise ValueError(f"{file}: {array.dtype.name} is not a type of the bundle format")
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=(1, 0), allow_pickle=False)
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(buffer.getvalue())
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    return Flow(file=file, dtype=array.dtype.name, shape=list(array.shape), sha256=digest)


def read(folder, fields):
    """The array of a tensor reference (`prune.bundle.fields.Fields`), after checking the file against it."""
    file = fields.text("file")
    dtype = fields.choice("dtype", DTYPES)
    shape = fields.integers("shape", minimum=1)
    digest = fields.text("sha256")
    fields.end()
    path = _inside(folder, file, fields.where)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError.at(
            path,
            f"cannot be read ({error.strerror}), but {fields.where} names it; restore the file"
        ) from None
    actual = hashlib.sha256(data).hexdigest()
    if actual != digest:
        raise UserError.at(
            path,
            f"its SHA-256 is {actual[:12]}..., {fields.where} says {digest[:12]}...; "
            "restore the file, or export the bundle again"
        )
    return _parse(path, data, np.dtype(dtype).newbyteorder("<"), tuple(shape), fields.where)


def _inside(folder, file, where):
    parts = PurePosixPath(file).parts
    if not parts or file.startswith("/") or ".." in parts or "\0" in file:
        raise UserError.at(where, f"file {file!r} is not a path inside the bundle; give a relative path without '..'")
    path = folder.joinpath(*parts)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise UserError.at(where, f"file {file!r} is a link to outside the bundle; copy the file into the bundle")
    return path


def _parse(path, data, dtype, shape, where):
    buffer = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(buffer)
        if version not in _HEADERS:
            raise UserError.at(path, f"is .npy version {version[0]}.{version[1]}; write it as version 1.0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the text of a damaged header
            actual_shape, fortran, actual_dtype = _HEADERS[version](buffer)
    except UserError:
        raise
    except Exception:  # NumPy raises errors of any kind over damaged bytes
        raise UserError.at(path, "is not a .npy file, or its header is damaged; write it with numpy.save") from None
    if actual_dtype != dtype or actual_dtype.byteorder == ">":
        raise UserError.at(path, f"holds {actual_dtype}, {where} says {dtype.name}; make them agree")
    if actual_shape != shape:
        raise UserError.at(path, f"has shape {list(actual_shape)}, {where} says {list(shape)}; make them agree")
    if fortran:
        raise UserError.at(path, "is stored in Fortran order; write it in C order (numpy.ascontiguousarray)")
    size = math.prod(shape) * dtype.itemsize
    if len(data) - buffer.tell() != size:
        raise UserError.at(
            path,
            f"holds {len(data) - buffer.tell()} bytes of data, its shape needs {size}; write it again"
        )
    return np.frombuffer(data, dtype=dtype, offset=buffer.tell()).reshape(shape)
