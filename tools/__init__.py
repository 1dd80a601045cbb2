"""For those who work on Footprints: benchmarks, a load test, fitting, public sets."""

# Before numpy is loaded, which then has as few threads as where somebody asks.
import footprints  # noqa: F401
