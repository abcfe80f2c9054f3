"""Training of the two small networks that Hypeclip ships: face expression and voice emotion.

Nothing in here is needed at run time: the product reads the ONNX files in ``Models/``.
"""

__version__ = "0.1.0"
