"""Writes golden numbers of weighted statistics, from scikit-learn and SciPy: `make_statistics.py OUTPUT`.

Two classes of scores with ties and weights that are no whole numbers, and one sample without weights.
"""

import json
import sys

import numpy as np
from scipy import stats
from sklearn.metrics import roc_auc_score, roc_curve

COUNT = 60
PROBABILITIES = [0.01, 0.2, 0.5, 0.83, 1.0, 1.36, 1.63, 2.5]


def main(output):
    random = np.random.default_rng(7)
    labels = (random.random(COUNT) < 0.4).astype(int)
    # Two digits only, so that scores of both classes are equal.
    scores = np.clip(np.round(random.normal(0.35 + 0.3 * labels, 0.2), 2), 0, 1)
    weights = np.round(random.gamma(2, 1, COUNT), 3)
    false_rate, true_rate, thresholds = roc_curve(labels, scores, sample_weight=weights, drop_intermediate=False)
    edges = [0.0, 0.1, 0.25, 0.5, 0.51, 1.0]
    contents, _ = np.histogram(scores, edges, weights=weights)
    squares, _ = np.histogram(scores, edges, weights=weights**2)
    intervals = [
        stats.binomtest(k, n).proportion_ci(1 - 2 * stats.norm.sf(1), "wilson") for k, n in ((0, 5), (3, 7), (20, 20))
    ]
    golden = {
        "scores": scores.tolist(),
        "labels": labels.tolist(),
        "weights": weights.tolist(),
        "roc": {
            "thresholds": thresholds[1:].tolist(),
            "true": true_rate.tolist(),
            "false": false_rate.tolist(),
            "auc": roc_auc_score(labels, scores, sample_weight=weights),
            "aucUnweighted": roc_auc_score(labels, scores),
        },
        "histogram": {"edges": edges, "contents": contents.tolist(), "errors": np.sqrt(squares).tolist()},
        "wilson": [[i.low, i.high] for i in intervals],
        "kolmogorov": {"x": PROBABILITIES, "p": stats.kstwobign.sf(PROBABILITIES).tolist()},
    }
    with open(output, "w") as file:
        json.dump(golden, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
