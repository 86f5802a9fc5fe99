"""Twin of the track classifier, as a model of Keras."""

import tensorflow as tf
from keras import Model, initializers, layers, optimizers, regularizers

from keras_fit import SETTINGS

ITERATION_CODES = 25


class Sanitise(layers.Layer):
    """|x| and log(1 + |x|) of the leading features, clipped to their ranges and mapped onto [-1, 1]."""

    def call(self, x):
        low, high = (tf.constant(SETTINGS[bound], tf.float32) for bound in ("minimum", "maximum"))
        positive, logs = SETTINGS["absolute"], SETTINGS["logs"]
        absolute = tf.abs(x[:, :positive])
        parts = [tf.math.log1p(absolute[:, :logs]), absolute[:, logs:], x[:, positive:]]
        clipped = tf.minimum(tf.maximum(tf.concat(parts, axis=1), low), high)
        return 2 * (clipped - low) / (high - low) - 1


class OneHot(layers.Layer):
    def call(self, x):
        return tf.one_hot(tf.cast(x[:, 0], tf.int32), ITERATION_CODES)


def classifier():
    features, iteration = layers.Input((len(SETTINGS["minimum"]),)), layers.Input((1,))
    x = layers.Concatenate()([Sanitise()(features), OneHot()(iteration)])
    for units in (256, 128, 64, 32, 32):
        x = layers.Dense(
            units, activation="relu", kernel_initializer="lecun_normal", kernel_regularizer=regularizers.L2(0.0)
        )(x)
        x = layers.BatchNormalization()(x)
    score = layers.Dense(
        1, activation="sigmoid", kernel_initializer="lecun_normal", bias_initializer=initializers.Constant(0.5)
    )
    return Model([features, iteration], score(x))
