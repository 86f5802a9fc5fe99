"""Twin of the jet tagger and of its adversary."""

from keras import layers, regularizers

PENALTY = {"kernel_regularizer": regularizers.L1L2(1e-11, 1e-11)}
DROPOUT = 0.2
BRANCHES = {
    "constit": ((64, 32, 32, 16), 10),
    "track": ((64, 32, 32, 16), 10),
    "MSeg": ((32, 16, 8), 5),
}


def _chain(x, parts):
    for part in parts:
        x = part(x)
    return x


def _branch(filters, units):
    convolutions = [layers.Conv1D(count, 1, activation="relu", **PENALTY) for count in filters]
    parts = convolutions[:1]
    for convolution in convolutions[1:]:
        parts += [convolution, layers.Dropout(DROPOUT)]
    return [*parts, layers.LSTM(units, **PENALTY), layers.Dropout(DROPOUT)]


class Tagger:
    """Layers that are made once; a call connects them to inputs and gives the class probabilities."""

    def __init__(self, classes):
        self._branches = {name: _branch(*sizes) for name, sizes in BRANCHES.items()}
        self._head = []
        for units in (512, 64):
            self._head += [layers.Dense(units, activation="relu", **PENALTY), layers.Dropout(DROPOUT)]
        self._head.append(layers.Dense(classes, activation="softmax", name="main_output"))

    def __call__(self, inputs):
        summaries = [_chain(inputs[name], parts) for name, parts in self._branches.items()]
        return _chain(layers.Concatenate()([*summaries, inputs["jet"]]), self._head)


class Adversary:
    """Layers that are made once; a call gives the probability that a jet is data."""

    def __init__(self):
        parts = []
        for i, units in enumerate((24, 12, 6), 1):
            norm = layers.BatchNormalization(name=f"adversary_norm_{i}")
            parts += [norm, layers.Dense(units, activation="tanh", name=f"adversary_{i}")]
        self._parts = [
            *parts,
            layers.BatchNormalization(name="adversary_norm_4"),
            layers.Dense(1, activation="sigmoid", name="adversary_out"),
        ]

    def __call__(self, probabilities):
        return _chain(probabilities, self._parts)
