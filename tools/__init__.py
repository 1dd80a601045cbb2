"""For those who work on Footprints: benchmarks, a load test, fitting, public sets."""
