"""The autoencoder's twin with the telescope loss."""

import tensorflow as tf
from keras import optimizers

from autoencoder_twin import autoencoder
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


model = autoencoder()
model.compile(optimizer=optimizers.Adam(SETTINGS["learningRate"]), loss=telescope)
images = load("input_1")
measure_fit(model, [images], images)
