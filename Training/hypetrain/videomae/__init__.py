"""VideoMAE: people's own weights to ONNX, and emotion heads trained on films of faces."""
