"""Twin of the EMD network [32, 5, 256, 1, 3]."""

from keras import Model, layers, optimizers, regularizers

from keras_fit import SETTINGS, load, measure_fit


def block(x, layer):
    return layers.ReLU()(layers.BatchNormalization()(layer(x)))


def emd_network():
    first, second = layers.Input((4, 4, 3)), layers.Input((4, 4, 3))
    penalty = {"kernel_regularizer": regularizers.L2(1e-4)}
    x = layers.Concatenate()([first, second])
    for _ in range(3):
        x = block(x, layers.Conv2D(32, 5, padding="same", **penalty))
    x = block(layers.Flatten()(x), layers.Dense(256, **penalty))
    base = Model([first, second], layers.Dense(1)(x))
    return Model([first, second], layers.Average()([base([first, second]), base([second, first])]))


model = emd_network()
model.compile(optimizer=optimizers.Adam(SETTINGS["learningRate"]), loss="mse")
measure_fit(model, [load("input_1"), load("input_2")], load("target"))
