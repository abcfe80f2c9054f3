"""Face expression: a grey 48×48 crop to seven emotions."""
