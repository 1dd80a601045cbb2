"""How many threads the linear algebra under numpy and FAISS uses, which each door sets."""

from __future__ import annotations


def one_blas_thread() -> None:
    """Let a BLAS that is loaded use one thread from now on.

    After a product of its own, one with several keeps them spinning for a while, and the encoder's
    threads wait behind them: ten times slower on two cores.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")
