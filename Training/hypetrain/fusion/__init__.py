"""Face and voice judged together: a weighted pool of both answers (late) and one head over both embeddings (early)."""
