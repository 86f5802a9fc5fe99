"""Layers of the Ecoder study that Keras does not have; a reader of their files must bring them along."""

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


CUSTOM_LAYERS = {"MaskLayer": MaskLayer}
