"""What each platform says and how we answer it: one folder per platform, all of the same shape.

Adapters only: nothing here stores, queues or decides; ``registry`` loads a platform when its hook or poll runs.
"""
