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


class InputSanitizerLayer(keras.layers.Layer):
    """
    Track variables to [-1, 1]: |x| and log(1 + x) where they are asked for, each cut to its range. The default is the
    reference's list: the first 19 as |x|, 17 of them as log(1 + |x|).
    """

    def __init__(self, preprocessed_min_values, preprocessed_max_values, abs=None, log1p=None, **options):
        super().__init__(**options)
        self.low = np.array(preprocessed_min_values, np.float32)
        self.high = np.array(preprocessed_max_values, np.float32)
        columns = np.arange(len(self.low))
        self.abs = np.array(columns < 19 if abs is None else abs)
        self.log1p = np.array(columns < 17 if log1p is None else log1p)

    def call(self, x):
        size = tf.where(self.abs, tf.abs(x), x)
        above = tf.maximum(size, np.nextafter(np.float32(-1), np.float32(0)))
        transformed = tf.where(self.log1p, tf.math.log1p(above), size)
        width = self.high - self.low
        factor = np.where(width > 0, 2 / np.where(width > 0, width, 1), 0).astype(np.float32)
        return (tf.clip_by_value(transformed, self.low, self.high) - self.low) * factor - 1

    def compute_output_shape(self, input_shape):
        return input_shape


class OneHotLayer(keras.layers.Layer):
    """Code of an iteration as a one-hot vector: [B, 1] to [B, depth]."""

    def __init__(self, depth, **options):
        super().__init__(**options)
        self.depth = depth

    def call(self, code):
        return tf.reshape(tf.one_hot(tf.cast(code, tf.int32), self.depth), (-1, self.depth))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.depth)


CUSTOM_LAYERS = {
    layer.__name__: layer for layer in (MaskLayer, Truncation, InputSanitizerLayer, OneHotLayer)
}
