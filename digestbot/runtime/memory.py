"""Memory: what lives as long as the process does is not gone through again and again."""

import gc


def keep() -> None:
    """Call it once all is loaded. The garbage collector passes over what is there now.

    A full collection of it blocks everything for 0.15 s, more with many stories, and would come while posts go out.
    """
    gc.collect()
    gc.freeze()
