"""Twin of the autoencoder 8x8_c8_S2_tele."""

from keras import Model, layers


def autoencoder():
    image = layers.Input((8, 8, 1))
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(image)
    latent = layers.Dense(16, activation="relu")(layers.Flatten()(x))
    x = layers.Reshape((4, 4, 8))(layers.Dense(128, activation="relu")(latent))
    x = layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(1, 3, padding="same")(x)
    return Model(image, layers.Activation("sigmoid")(x))
