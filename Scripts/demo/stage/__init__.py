"""Makes streams out of nothing: picture, webcam, voice, music and chat, with the moments written down."""
