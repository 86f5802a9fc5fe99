"""Twin of the jet tagger's main network."""

from keras import Model, layers, optimizers

from calratio_twin import Tagger
from keras_fit import SETTINGS, load, measure_fit

inputs = {name: layers.Input(shape) for name, shape in SETTINGS["shapes"].items()}
model = Model(list(inputs.values()), Tagger(SETTINGS["classes"])(inputs))
model.compile(optimizer=optimizers.Nadam(SETTINGS["learningRate"]), loss="categorical_crossentropy")
measure_fit(model, [load(name) for name in SETTINGS["shapes"]], load("target"))
