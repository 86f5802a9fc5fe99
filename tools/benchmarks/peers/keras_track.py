"""Twin of the track classifier with `fit` on arrays."""

from keras import optimizers

from keras_fit import SETTINGS, load, measure_fit
from track_twin import classifier

model = classifier()
model.compile(optimizer=optimizers.Adam(SETTINGS["learningRate"]), loss="binary_crossentropy")
columns = [load("regular_input_layer"), load("categorical_input_layer")]
measure_fit(model, columns, load("target"), load("sampleWeight"))
