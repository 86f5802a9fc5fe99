"""Layers that neither Keras nor QKeras has; a reader of their files must bring them along."""

import keras
import numpy as np
import tensorflow as tf


class MaskLayer(keras.layers.Layer):
    """Keeps the features of the pixels that `arrMask` marks: [B, pixels * nFilter] to [B, kept * nFilter]."""

    def __init__(self, nFilter, arrMask, **options):
        super().__init__(**options)
        self.kept = np.flatnonzero(np.repeat(np.ravel(arrMask), nFilter))

    def call(self, x):
        return tf.gather(x, self.kept, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], len(self.kept))


class Truncation(keras.layers.Layer):
    """Latent vector of the conditional autoencoder cut to `bits` bits; the gradient passes through."""

    def __init__(self, bits, **options):
        super().__init__(**options)
        self.bits = bits

    def call(self, z):
        scale = 2.0 ** (self.bits - 1)
        cut = tf.minimum(tf.floor(z * scale) / scale, 2 - 1 / scale)
        return z + tf.stop_gradient(cut - z)

    def compute_output_shape(self, input_shape):
        return input_shape


CUSTOM_LAYERS = {"MaskLayer": MaskLayer, "Truncation": Truncation}
