"""Twin of the autoencoder 8x8_c8_S2_tele with the telescope loss."""

import tensorflow as tf
from keras import Model, layers, optimizers

from keras_fit import SETTINGS, load, measure_fit

PIXELS = SETTINGS["pixels"]
CELLS = [group["cells"] for group in SETTINGS["superCells"]]
WEIGHTS = [group["weight"] for group in SETTINGS["superCells"]]


def telescope(target, prediction):
    """Squared errors at three magnifications, each weighted by the larger charge."""

    def regions(image):
        charges = tf.gather(tf.reshape(image, [-1, 64]), PIXELS, axis=1)
        fours = tf.reduce_sum(tf.gather(charges, CELLS, axis=1), axis=-1)
        return charges, fours, tf.reduce_sum(tf.reshape(charges, [-1, 3, 16]), axis=-1)

    def errors(t, y):
        return (t - y) ** 2 * tf.maximum(y, t)

    cells, fours, sectors = (errors(t, y) for t, y in zip(regions(target), regions(prediction)))
    terms = 4 * cells, 2 * fours * tf.constant(WEIGHTS), sectors
    return sum(tf.reduce_mean(term, axis=-1) for term in terms)


def autoencoder():
    image = layers.Input((8, 8, 1))
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(image)
    latent = layers.Dense(16, activation="relu")(layers.Flatten()(x))
    x = layers.Reshape((4, 4, 8))(layers.Dense(128, activation="relu")(latent))
    x = layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(1, 3, padding="same")(x)
    return Model(image, layers.Activation("sigmoid")(x))


model = autoencoder()
model.compile(optimizer=optimizers.Adam(SETTINGS["learningRate"]), loss=telescope)
images = load("input_1")
measure_fit(model, [images], images)
