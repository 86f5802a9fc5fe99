"""The autoencoder's twin with a frozen EMD network as its loss."""

import os

import tensorflow as tf
from keras import models, optimizers

from autoencoder_twin import autoencoder
from keras_fit import SETTINGS, SPEC, load, measure_fit

PLACES = SETTINGS["places"]

network = models.load_model(os.path.join(SPEC["folder"], "network.h5"))
network.trainable = False


def emd(target, prediction):
    def pattern(image):
        charges = tf.gather(tf.reshape(image, [-1, 64]), PLACES, axis=1)
        shares = charges / tf.maximum(tf.reduce_sum(charges, axis=1, keepdims=True), 1e-7)
        return tf.reshape(shares, [-1, 4, 4, 3])

    return network([pattern(target), pattern(prediction)], training=False)[:, 0]


model = autoencoder()
model.compile(optimizer=optimizers.Adam(SETTINGS["learningRate"]), loss=emd)
images = load("input_1")
measure_fit(model, [images], images)
