"""Twin of the track classifier as the reference trains it, with the metric AUC, fed by tf.data: shuffle, batch, prefetch."""

import tensorflow as tf
from keras import metrics, optimizers

from keras_fit import SETTINGS, load, measure_pipeline
from lockstep import SPEC
from track_twin import classifier

model = classifier()
model.compile(
    optimizer=optimizers.Adam(SETTINGS["learningRate"]), loss="binary_crossentropy", metrics=[metrics.AUC()]
)
inputs = (load("regular_input_layer"), load("categorical_input_layer"))
rows = (inputs, load("target"), load("sampleWeight"))


def pipeline(count):
    """Batches of the first `count` rows in an order of their own in each epoch."""
    part = tf.nest.map_structure(lambda column: column[:count], rows)
    order = tf.data.Dataset.from_tensor_slices(part).shuffle(count)
    return order.batch(SETTINGS["batchSize"]).prefetch(tf.data.AUTOTUNE)


measure_pipeline(model, pipeline, SPEC["rows"])
