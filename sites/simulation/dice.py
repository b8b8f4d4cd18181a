"""Chance with a seed: the same words in, the same history out."""

import math
import random
import uuid
from bisect import bisect
from datetime import datetime, timedelta
from itertools import accumulate


class Weighted:
    """Choices with their weights, e.g. Weighted({"street": 70, "shelter": 30})."""

    def __init__(self, weights: dict):
        self.choices = list(weights)
        self.steps = list(accumulate(weights.values()))


class Dice(random.Random):
    def chance(self, share: float) -> bool:
        return self.random() < share

    def pick(self, weighted: Weighted):
        return weighted.choices[bisect(weighted.steps, self.random() * weighted.steps[-1])]

    def seconds(self, low: float, high: float) -> timedelta:
        return timedelta(seconds=int(low + self.random() * (high - low)))

    def around(self, median_s: float, sigma: float) -> timedelta:
        """A duration whose logarithm is normal: many short ones, a few long ones."""
        return timedelta(seconds=int(median_s * math.exp(self.gauss(0, sigma))))

    def poisson(self, mean: float) -> int:
        if mean > 60:
            return max(0, round(self.gauss(mean, math.sqrt(mean))))
        limit, product, count = math.exp(-mean), self.random(), 0
        while product > limit:
            product *= self.random()
            count += 1
        return count

    def uuid7(self, at: datetime) -> uuid.UUID:
        bits = self.getrandbits(74)
        stamp = int(at.timestamp() * 1000) << 80
        return uuid.UUID(int=stamp | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (1 << 62) - 1)
