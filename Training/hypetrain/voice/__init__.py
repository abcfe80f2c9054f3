"""Voice emotion: log-mel windows of 2 s to eight emotions and arousal."""
