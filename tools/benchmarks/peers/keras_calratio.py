"""Twin of the jet tagger's main network."""

from keras import Model, layers, optimizers, regularizers

from keras_fit import SETTINGS, load, measure_fit

PENALTY = {"kernel_regularizer": regularizers.L1L2(1e-11, 1e-11)}
DROPOUT = 0.2
BRANCHES = {
    "constit": ((64, 32, 32, 16), 10),
    "track": ((64, 32, 32, 16), 10),
    "MSeg": ((32, 16, 8), 5),
}


def branch(x, filters, units):
    for i, count in enumerate(filters):
        x = layers.Conv1D(count, 1, activation="relu", **PENALTY)(x)
        x = x if i == 0 else layers.Dropout(DROPOUT)(x)
    return layers.Dropout(DROPOUT)(layers.LSTM(units, **PENALTY)(x))


def tagger():
    inputs = {name: layers.Input(shape) for name, shape in SETTINGS["shapes"].items()}
    x = layers.Concatenate()([*(branch(inputs[name], *BRANCHES[name]) for name in BRANCHES), inputs["jet"]])
    for units in (512, 64):
        x = layers.Dropout(DROPOUT)(layers.Dense(units, activation="relu", **PENALTY)(x))
    return Model(list(inputs.values()), layers.Dense(SETTINGS["classes"], activation="softmax")(x))


model = tagger()
model.compile(optimizer=optimizers.Nadam(SETTINGS["learningRate"]), loss="categorical_crossentropy")
measure_fit(model, [load(name) for name in SETTINGS["shapes"]], load("target"))
