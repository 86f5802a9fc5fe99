"""The reference recipe of the Ecoder study in QKeras: 8x8_c8_S2_qK, Adam 1e-3, batch 500, early stopping after 30."""

import json
import os
import sys
import time

import numpy as np

SPEC = json.loads(sys.argv[1])

import tensorflow as tf  # noqa: E402
import keras  # noqa: E402
from keras import Model, callbacks, layers, optimizers  # noqa: E402
from qkeras import QActivation, QConv2D, QDense, quantized_bits, quantized_relu  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(SPEC["threads"])
tf.config.threading.set_inter_op_parallelism_threads(SPEC["threads"])
tf.keras.utils.set_random_seed(SPEC["seed"])

PIXELS = SPEC["pixels"]
CELLS = [group["cells"] for group in SPEC["superCells"]]
WEIGHTS = [group["weight"] for group in SPEC["superCells"]]


def charges(image):
    return tf.gather(tf.reshape(image, [-1, 64]), PIXELS, axis=1)


def weighted_mse(target, prediction):
    return tf.reduce_mean((target - prediction) ** 2 * tf.maximum(prediction, target), axis=-1)


def telescope(target, prediction):
    def regions(image):
        cells = charges(image)
        fours = tf.reduce_sum(tf.gather(cells, CELLS, axis=1), axis=-1)
        return cells, fours, tf.reduce_sum(tf.reshape(cells, [-1, 3, 16]), axis=-1)

    def errors(t, y):
        return (t - y) ** 2 * tf.maximum(y, t)

    cells, fours, sectors = (errors(t, y) for t, y in zip(regions(target), regions(prediction)))
    terms = 4 * cells, 2 * fours * tf.constant(WEIGHTS), sectors
    return sum(tf.reduce_mean(term, axis=-1) for term in terms)


def emd_network():
    """The frozen network as the study uses it: patterns are not divided by their sums."""
    network = keras.models.load_model(SPEC["emdNetwork"], compile=False)
    network.trainable = False
    order = [16 * sector + cell for cell in range(16) for sector in range(3)]

    def image(pattern):
        return tf.reshape(tf.gather(charges(pattern), order, axis=1), [-1, 4, 4, 3])

    return lambda target, prediction: network([image(target), image(prediction)])


def quantised(layer, *arguments, **options):
    def weights():
        return quantized_bits(5, 1, 0, keep_negative=1, alpha=1)

    return layer(*arguments, kernel_quantizer=weights(), bias_quantizer=weights(), **options)


def autoencoder():
    image = layers.Input((8, 8, 1))
    x = QActivation(quantized_bits(10, 3, 0, keep_negative=1, alpha=1))(image)
    x = QActivation(quantized_relu(11, 3))(quantised(QConv2D, 8, 3, strides=2, padding="same")(x))
    latent = QActivation(quantized_relu(9, 1))(quantised(QDense, 16)(layers.Flatten()(x)))
    x = layers.Reshape((4, 4, 8))(layers.Dense(128, activation="relu")(latent))
    x = layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(1, 3, padding="same")(x)
    return Model(image, layers.Activation("sigmoid")(x))


class Clock(callbacks.Callback):
    """Time of the epochs, validation included; decoded validation modules now and then, outside of that time."""

    def __init__(self, validation):
        super().__init__()
        self.validation = validation
        self.epochs = []
        self.wall = self.cpu = 0.0

    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter(), time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        self.wall += time.perf_counter() - self.began[0]
        self.cpu += time.process_time() - self.began[1]
        snapshot = (epoch + 1) % SPEC["snapshotEvery"] == 0
        if snapshot:
            self.save(f"decoded-{epoch + 1}.npy")
        self.epochs.append({"epoch": epoch + 1, "wall": self.wall, "cpu": self.cpu, "snapshot": snapshot})

    def save(self, name):
        decoded = self.model.predict(self.validation, batch_size=2000, verbose=0)
        np.save(os.path.join(SPEC["folder"], name), decoded.astype("float32"))


train = np.load(SPEC["train"])
validation = np.load(SPEC["validation"])
losses = {"telescope": lambda: telescope, "weighted-mse": lambda: weighted_mse, "emd": emd_network}
model = autoencoder()
model.compile(optimizer=optimizers.Adam(1e-3), loss=losses[SPEC["loss"]]())
clock = Clock(validation)
stopping = callbacks.EarlyStopping("val_loss", mode="min", patience=30, min_delta=0)
model.fit(
    train,
    train,
    batch_size=500,
    epochs=SPEC["epochs"],
    shuffle=True,
    validation_data=(validation, validation),
    callbacks=[stopping, clock],
    verbose=0,
)
clock.save("decoded.npy")
with open(os.path.join(SPEC["folder"], "epochs.json"), "w") as file:
    json.dump(clock.epochs, file)
