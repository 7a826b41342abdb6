"""Metrics: what is counted while the bot runs, for Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, PlatformCollector, ProcessCollector


class Metrics:
    """Counters and gauges in a registry of their own; names are listed in docs/settings.md."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._attempts = Counter(
            "digestbot_delivery_attempts",
            "Attempts at deliveries by platform and the state that they ended in",
            ["platform", "state"],
            registry=self.registry,
        )
        self._reserved = Counter(
            "digestbot_deliveries_reserved", "Deliveries written to the ledger by the planner", registry=self.registry
        )

    def attempted(self, platform: str, state: str) -> None:
        self._attempts.labels(platform, state).inc()

    def reserved(self, count: int) -> None:
        self._reserved.inc(count)

    def watch(self, name: str, words: str, value: Callable[[], float]) -> None:
        """A gauge that is read when somebody asks."""
        Gauge(f"digestbot_{name}", words, registry=self.registry).set_function(value)
