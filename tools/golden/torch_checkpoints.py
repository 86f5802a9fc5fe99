"""Small autoencoders of jets as PyTorch saves them, and what they make of three jets.

    python tools/golden/torch_checkpoints.py data/golden/torch

needs torch (the files are of 2.13). `named` and `leaky` are archives, `sequence` and `normalised` have the form before
PyTorch 1.6; `sequence` has the state of an optimiser, too. Parameters are named as in the ATLAS trigger-level studies.
"""

import json
import os
import sys

import torch
from torch import nn

ROWS = 3


def sawtooth(shape, offset):
    count = int(torch.Size(shape).numel())
    return ((7 * (torch.arange(count) + offset) % 31 - 15) / 16).reshape(shape)


class Named(nn.Module):
    """en1, en2, de1, de2, tanh between them; the latent vector is squashed by the decoder."""

    def __init__(self):
        super().__init__()
        self.en1, self.en2 = nn.Linear(4, 5), nn.Linear(5, 3)
        self.de1, self.de2 = nn.Linear(3, 6), nn.Linear(6, 4)

    def encode(self, x):
        return self.en2(torch.tanh(self.en1(x)))

    def decode(self, z):
        return self.de2(torch.tanh(self.de1(torch.tanh(z))))


class NamedNormalised(Named):
    """The same with batch normalisation after each tanh: bn1, and from bn3 on those of the decoder."""

    def __init__(self):
        super().__init__()
        self.bn1, self.bn3, self.bn4 = nn.BatchNorm1d(5), nn.BatchNorm1d(3), nn.BatchNorm1d(6)

    def encode(self, x):
        return self.en2(self.bn1(torch.tanh(self.en1(x))))

    def decode(self, z):
        return self.de2(self.bn4(torch.tanh(self.de1(self.bn3(torch.tanh(z))))))


class Leaky(nn.Module):
    """Layers in a row: Linear, LeakyReLU, BatchNorm1d; no bias at the end."""

    def __init__(self):
        super().__init__()
        part = lambda a, b: [nn.Linear(a, b), nn.LeakyReLU(), nn.BatchNorm1d(b)]
        self.encoder = nn.Sequential(*part(4, 5), *part(5, 2))
        self.decoder = nn.Sequential(*part(2, 5), nn.Linear(5, 4, bias=False))

    def encode(self, x):
        return self.encoder(x)

    def decode(self, z):
        return self.decoder(z)


def filled(model):
    for offset, (name, tensor) in enumerate(model.state_dict().items()):
        if tensor.is_floating_point():
            numbers = sawtooth(tensor.shape, offset)
            tensor.copy_(numbers.abs() + 0.5 if name.endswith("running_var") else numbers)
    return model.eval()


def optimiser_state(model):
    optimiser = torch.optim.Adam(model.parameters(), betas=(0.9, 0.99), eps=1e-8)
    for offset, parameter in enumerate(model.parameters()):
        parameter.grad = sawtooth(parameter.shape, offset).to(parameter.dtype)
    optimiser.step()
    return optimiser.state_dict()


def main(folder):
    numbers = {}
    jets = sawtooth((ROWS, 4), 3).double()

    def record(stem, model, content, **options):
        torch.save(content, os.path.join(folder, f"{stem}.pth"), **options)
        with torch.no_grad():
            latent = model.encode(jets.to(next(model.parameters()).dtype))
            output = model.decode(latent)
        numbers[stem] = {"latent": latent.double().flatten().tolist(), "output": output.double().flatten().tolist()}

    named = filled(Named().double())
    record("named", named, {"model": named.state_dict()})
    normalised = filled(NamedNormalised())
    record("normalised", normalised, normalised.state_dict(), _use_new_zipfile_serialization=False)
    leaky = filled(Leaky())
    record("leaky", leaky, {"model": leaky.state_dict()})
    trained = filled(Named().double())
    optimiser = optimiser_state(trained)
    record("sequence", trained, {"model": trained.state_dict(), "opt": optimiser}, _use_new_zipfile_serialization=False)
    with open(os.path.join(folder, "outputs.json"), "w", encoding="utf-8") as file:
        json.dump({"torch": torch.__version__, "jets": jets.flatten().tolist(), **numbers}, file)


main(sys.argv[1])
